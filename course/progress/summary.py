"""Progress as it is shown: a fold over the journal's events. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from course.progress.events import Event

ANSWERED = ("answered", "predicted", "explained", "checked")
"""Kinds of event that are an attempt at something."""

SCORED = ("answered", "checked")
"""Kinds whose outcome counts: a prediction is free to be wrong, and own words are not graded."""


@dataclass
class Item:
    """What is known of one id in one lesson."""

    attempts: int = 0
    hints: int = 0
    solution_seen: bool = False
    right: bool = False
    last: Event | None = None
    committed: Event | None = None

    @property
    def scored(self) -> bool:
        """Whether it was attempted, and is something that counts."""
        return self.last is not None and self.last.kind in SCORED


@dataclass
class Summary:
    """What a learner has done, by lesson and id."""

    items: dict[tuple[str, str], Item] = field(default_factory=dict)
    finished: set[str] = field(default_factory=set)

    def item(self, lesson: str, id: str) -> Item:
        """One id's record, empty when nothing was done."""
        return self.items.get((lesson, id), Item())

    def lessons(self) -> list[str]:
        """Lessons of which anything is known, in the order of the first time."""
        return list(dict.fromkeys([lesson for lesson, _ in self.items] + sorted(self.finished)))

    def counts(self, lesson: str) -> tuple[int, int]:
        """How many questions and exercises of a lesson were attempted, and how many are right."""
        held = [item for (name, _), item in self.items.items() if name == lesson and item.scored]
        return len(held), len([item for item in held if item.right])

    def hints(self, lesson: str) -> int:
        """How often a hint was asked for in a lesson."""
        return sum(item.hints for (name, _), item in self.items.items() if name == lesson)

    def missed(self) -> list[tuple[str, str]]:
        """(lesson, id) of questions and exercises that are not right yet, oldest first."""
        return [key for key, item in self.items.items() if item.scored and not item.right]

    def forget(self, lesson: str) -> None:
        """A lesson as if nothing had been done in it."""
        self.items = {key: item for key, item in self.items.items() if key[0] != lesson}
        self.finished.discard(lesson)


def fold(events: Iterable[Event]) -> Summary:
    """Events in order to a summary; unknown kinds are passed over.

    Once right stays right, until a "reset" begins the lesson anew.
    """
    summary = Summary()
    for event in events:
        if event.kind == "reset":
            summary.forget(event.lesson)
        elif event.kind == "finished":
            summary.finished.add(event.lesson)
        elif event.kind in ANSWERED:
            _attempt(_item(summary, event), event)
        elif event.kind == "committed":
            _item(summary, event).committed = event
        elif event.kind == "hinted":
            _item(summary, event).hints += 1
        elif event.kind == "revealed":
            _item(summary, event).solution_seen = True
    return summary


def _item(summary: Summary, event: Event) -> Item:
    return summary.items.setdefault((event.lesson, event.id), Item())


def _attempt(item: Item, event: Event) -> None:
    item.attempts += 1
    item.last = event
    item.right = item.right or event.outcome == "right" or event.kind == "explained"
