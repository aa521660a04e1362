"""The schedule: when a card comes back, by FSRS, a published model of forgetting. Pure.

Ratings are events of the journal, and where a card stands is worked out from them each time,
so nothing is stored twice and a journal from another computer brings its schedule along. Without
fuzz the same ratings give the same days. Without learning steps a card comes back in days; the
model has steps of minutes, which a lesson has no place for. One that was not known is due at once:
the next warm-up asks it again.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from fsrs import Card, Rating, Scheduler

RATINGS = {"again": Rating.Again, "hard": Rating.Hard, "good": Rating.Good, "easy": Rating.Easy}
"""How well a card was known, from not at all to at once."""

_SCHEDULER = Scheduler(enable_fuzzing=False, learning_steps=(), relearning_steps=())


@dataclass(frozen=True)
class Review:
    """A card was looked at: when by the wall clock, and how well it was known (one of RATINGS)."""

    at: datetime
    rating: str


@dataclass(frozen=True)
class Standing:
    """Where a card stands: when it is *due*, how often it was reviewed, and if it was *known* then."""

    due: datetime
    reviews: int = 0
    known: bool = False

    def is_due(self, now: datetime) -> bool:
        return self.due <= now


def standing(begun: datetime, reviews: Iterable[Review]) -> Standing:
    """Where a card stands that is there since *begun*, after its reviews; a new one is due at once.

    Reviews in any order; the times are aware datetimes. Raises KeyError for an unknown rating.
    """
    card = Card(card_id=0, due=begun.astimezone(UTC))
    stands = Standing(begun)
    for review in sorted(reviews, key=lambda one: one.at):
        rating, at = RATINGS[review.rating], review.at.astimezone(UTC)
        card, _ = _SCHEDULER.review_card(card, rating, at)
        known = rating is not Rating.Again
        stands = Standing(card.due if known else at, stands.reviews + 1, known)
    return stands


def spoken(due: datetime, now: datetime) -> str:
    """When that is, for people: ``now``, ``tomorrow``, ``in 11 days``, ``in 5 months``."""
    if due <= now:
        return "now"
    days = max(1, round((due - now).total_seconds() / 86_400))
    if days == 1:
        return "tomorrow"
    return f"in {days} days" if days < 60 else f"in {round(days / 30.4)} months"
