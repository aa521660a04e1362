"""The stack: everything that comes back, from three sources, and when. Pure: a fold over the journal.

The learner's own cards; the closing tables of lessons they finished; questions they missed, in a
lesson or an exam. A card is rated by the learner, a question by its answer: right is good,
anything else is again.
"""

from collections import defaultdict
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from course.curriculum.closing import Closing
from course.flashcards.deck import Card, fold
from course.flashcards.schedule import RATINGS, Review, Standing, standing
from course.flashcards.tables import cards_of
from course.progress.events import Event


@dataclass(frozen=True)
class Held:
    """One card as it stands. A missed question has no *card*: its id is the question's.

    *lesson* is where it comes from, and where its answers count.
    """

    id: str
    lesson: str
    standing: Standing
    seen_at: datetime
    card: Card | None = None

    @property
    def source(self) -> str:
        """``own``, ``table`` or ``missed``."""
        if self.card is None:
            return "missed"
        return "table" if self.card.table else "own"


@dataclass(frozen=True)
class Stack:
    """All that comes back, the learner's own first."""

    held: tuple[Held, ...]

    def due(self, now: datetime) -> tuple[Held, ...]:
        """What is due at this moment: that which waits longest, or was not seen for longest, first."""
        waiting = [one for one in self.held if one.standing.is_due(now)]
        return tuple(sorted(waiting, key=lambda one: max(one.standing.due, one.seen_at)))

    def of(self, source: str) -> tuple[Held, ...]:
        """The part from one source."""
        return tuple(one for one in self.held if one.source == source)

    @property
    def next_due(self) -> datetime | None:
        """When the first of them is due, or None if there is none."""
        return min((one.standing.due for one in self.held), default=None)


def stack(events: Sequence[Event], questions: Container[str], tables: Iterable[Closing]) -> Stack:
    """Everything that comes back; *questions* says which ids the bank still has."""
    cards = (*fold(events).cards, *cards_of(tables, _finished(events)))
    reviews, seen = _reviews(events), _seen(events)
    turned = (_turned(card, reviews[card.id], seen.get(card.id)) for card in cards)
    return Stack((*turned, *_missed(events, questions)))


def reviews_of(id: str, events: Iterable[Event]) -> list[Review]:
    """The ratings of one card."""
    return _reviews(event for event in events if event.id == id)[id]


def _turned(card: Card, reviews: list[Review], seen: datetime | None) -> Held:
    begun = card.begun_at or card.seen_at
    at = max(card.seen_at, seen) if seen else card.seen_at
    return Held(card.id, card.lesson, standing(begun, reviews), at, card)


def _reviews(events: Iterable[Event]) -> dict[str, list[Review]]:
    """Ratings by card; one that was thrown away and written anew begins anew."""
    found: dict[str, list[Review]] = defaultdict(list)
    for event in events:
        if event.kind == "rated" and event.outcome in RATINGS:
            found[event.id].append(Review(event.at, event.outcome))
        elif event.kind == "dropped":
            found[event.id].clear()
    return found


def _seen(events: Iterable[Event]) -> dict[str, datetime]:
    return {event.id: event.at for event in events if event.kind == "recalled"}


def _finished(events: Iterable[Event]) -> dict[str, datetime]:
    """When a lesson was finished, the first time since it was begun anew."""
    finished: dict[str, datetime] = {}
    for event in events:
        if event.kind == "finished":
            finished.setdefault(event.lesson, event.at)
        elif event.kind == "reset":
            finished.pop(event.lesson, None)
    return finished


def _missed(events: Iterable[Event], questions: Container[str]) -> list[Held]:
    """Questions from the first answer on that was not right, the longest ago first."""
    answers: dict[str, list[Event]] = defaultdict(list)
    for event in events:
        if event.kind == "answered" and event.id in questions:
            answers[event.id].append(event)
        elif event.kind == "reset":
            for id, given in answers.items():
                answers[id] = [one for one in given if one.lesson != event.lesson]
    held = (_from_first_miss(id, given) for id, given in answers.items())
    return [one for one in held if one]


def _from_first_miss(id: str, given: list[Event]) -> Held | None:
    misses = [one for one in given if one.outcome != "right"]
    if not misses:
        return None
    since = given[given.index(misses[0]) :]
    reviews = [Review(one.at, "good" if one.outcome == "right" else "again") for one in since]
    return Held(id, misses[-1].lesson, standing(since[0].at, reviews), since[-1].at)
