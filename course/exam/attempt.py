"""An attempt at a mock exam, as a fold over the journal's events. Pure.

What was answered lies in the journal the moment it was given, so an attempt
outlives the kernel and the browser. The time runs on meanwhile, as it does in the
real exam: when it is over the attempt counts as submitted, whoever was looking.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import msgspec

from course.progress.events import Event

LESSON = "practice-exam"

BEGUN, ANSWERED, FLAGGED, SUBMITTED = (
    "exam-begun",
    "exam-answered",
    "exam-flagged",
    "exam-submitted",
)


class Terms(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an attempt was begun with: exam version, seed, minutes, and the items in their order."""

    version: str
    seed: str
    minutes: int
    items: tuple[str, ...]


@dataclass(frozen=True)
class Given:
    """One item's answer: option ids, and whether the learner was sure ("sure", "unsure", or "")."""

    response: tuple[str, ...]
    confidence: str = ""


@dataclass
class Attempt:
    """One attempt as it stands: its terms, its answers by item, its flags, when it ended if it did.

    It is known by the event that began it.
    """

    id: str
    begun: datetime
    terms: Terms
    answers: dict[str, Given] = field(default_factory=dict)
    flags: set[str] = field(default_factory=set)
    submitted: datetime | None = None

    @property
    def deadline(self) -> datetime:
        """When the time is over."""
        return self.begun + timedelta(minutes=self.terms.minutes)

    def seconds_left(self, now: datetime) -> int:
        """Whole seconds until the deadline; 0 when it is over or the attempt was submitted."""
        if self.submitted:
            return 0
        return max(0, int((self.deadline - now).total_seconds()))

    def is_over(self, now: datetime) -> bool:
        """Whether it was submitted, or its time is over."""
        return self.submitted is not None or now >= self.deadline

    def open_items(self) -> tuple[str, ...]:
        """The items without an answer, in their order."""
        return tuple(
            one for one in self.terms.items if not self.answers.get(one, Given(())).response
        )


def fold(events: Iterable[Event]) -> tuple[Attempt, ...]:
    """Every attempt, the oldest first. What came after a deadline or a submission is passed over."""
    attempts: dict[str, Attempt] = {}
    for event in events:
        if event.kind == BEGUN:
            _begin(attempts, event)
        elif event.id in attempts:
            _go_on(attempts[event.id], event)
    return tuple(attempts.values())


def _begin(attempts: dict[str, Attempt], event: Event) -> None:
    try:
        terms = msgspec.json.decode(event.detail, type=Terms)
    except msgspec.DecodeError:
        return  # of another shape than ours: not an attempt that can be shown
    attempts.setdefault(event.uid, Attempt(event.uid, event.at, terms))


def _go_on(attempt: Attempt, event: Event) -> None:
    if attempt.submitted:
        return
    if event.kind == SUBMITTED:
        attempt.submitted = min(event.at, attempt.deadline)
    elif event.at <= attempt.deadline and event.response:
        item, *rest = event.response
        if item not in attempt.terms.items:
            return
        if event.kind == ANSWERED:
            attempt.answers[item] = Given(tuple(rest), event.detail)
        elif event.kind == FLAGGED and event.detail == "on":
            attempt.flags.add(item)
        elif event.kind == FLAGGED:
            attempt.flags.discard(item)
