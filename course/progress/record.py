"""One lesson's record: what is remembered of it, and the way to remember more."""

from collections.abc import Callable
from datetime import UTC, datetime

from course.progress.events import Event, new_event
from course.progress.journal import Journal, NotKept
from course.progress.summary import Item, Summary, fold


def wall_clock() -> datetime:
    """The real time of day; progress is about the learner, not about the sandbox."""
    return datetime.now(UTC)


class Record:
    """Reads and writes the journal for one lesson."""

    def __init__(
        self, lesson: str, journal: Journal | None = None, now: Callable[[], datetime] = wall_clock
    ) -> None:
        self.lesson = lesson
        self.journal = journal or Journal()
        self._now = now
        self.notes: list[str] = []

    def remember(
        self,
        kind: str,
        id: str = "",
        *,
        response: tuple[str, ...] = (),
        outcome: str = "",
        detail: str = "",
    ) -> str:
        """Append one event. Returns "", or one line for the learner when it is not on disk."""
        event = new_event(
            self._now(), kind, self.lesson, id, response=response, outcome=outcome, detail=detail
        )
        try:
            self.journal.append(event)
        except NotKept as error:
            return str(error)
        return ""

    def now(self) -> datetime:
        """The present time of this record's clock."""
        return self._now()

    def events(self) -> list[Event]:
        """All events of all lessons; what is odd about the file is in ``notes`` afterwards."""
        events, self.notes = self.journal.read()
        return events

    def summary(self) -> Summary:
        """The fold over everything remembered."""
        return fold(self.events())

    def item(self, id: str) -> Item:
        """What is remembered of one id of this lesson."""
        return self.summary().item(self.lesson, id)
