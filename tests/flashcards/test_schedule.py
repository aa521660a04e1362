"""When a card comes back: a table of ratings and days, and what holds of any ratings."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.flashcards.schedule import RATINGS, Review, Standing, spoken, standing

AT = datetime(2026, 11, 2, 9, tzinfo=UTC)


def when_due(*ratings: str) -> list[float]:
    """The days until a card is due after each rating, given whenever it is due."""
    days, reviews, at = [], [], AT
    for rating in ratings:
        reviews.append(Review(at, rating))
        due = standing(AT, reviews).due
        days.append((due - at) / timedelta(days=1))
        at = max(due, at + timedelta(days=1))
    return days


@pytest.mark.parametrize(
    ("ratings", "days"),
    [
        (("good", "good", "good", "good"), [2, 11, 46, 163]),
        (("hard", "good"), [1, 5]),
        (("easy", "good"), [8, 39]),
        (("again", "good", "good"), [0, 2, 6]),
        (("good", "again", "good"), [2, 0, 2]),
    ],
)
def test_these_ratings_give_these_days(ratings: tuple[str, ...], days: list[int]) -> None:
    assert when_due(*ratings) == days


def test_a_new_card_is_due_at_once_and_one_not_known_again() -> None:
    assert standing(AT, []) == Standing(AT)
    later = AT + timedelta(days=3)
    assert standing(AT, [Review(later, "again")]) == Standing(later, 1, known=False)
    assert standing(AT, [Review(later, "good")]).known


rated = st.lists(
    st.tuples(st.integers(0, 400 * 86_400), st.sampled_from(list(RATINGS))), min_size=1, max_size=12
)


@given(rated)
def test_the_same_ratings_give_the_same_day_in_any_order_and_time_zone(
    given: list[tuple[int, str]],
) -> None:
    given = list({at: (at, rating) for at, rating in given}.values())
    reviews = [Review(AT + timedelta(seconds=at), rating) for at, rating in given]
    once = standing(AT, reviews)
    east = timezone(timedelta(hours=9))
    elsewhere = [Review(one.at.astimezone(east), one.rating) for one in reversed(reviews)]
    assert standing(AT.astimezone(east), elsewhere) == once
    last = max(reviews, key=lambda one: one.at)
    assert once.is_due(last.at) == (last.rating == "again")
    assert once.due >= last.at
    assert once.reviews == len(reviews)


@given(rated)
def test_a_better_rating_never_brings_a_card_back_sooner(given: list[tuple[int, str]]) -> None:
    before = [Review(AT + timedelta(seconds=at), rating) for at, rating in given]
    now = AT + timedelta(days=500)
    due = [standing(AT, [*before, Review(now, rating)]).due for rating in RATINGS]
    assert due == sorted(due)


@pytest.mark.parametrize(
    ("hours", "says"),
    [
        *((-1, "now"), (0, "now"), (1, "tomorrow"), (30, "tomorrow"), (48, "in 2 days")),
        *((24 * 59, "in 59 days"), (24 * 163, "in 5 months")),
    ],
)
def test_it_is_said_for_people(hours: int, says: str) -> None:
    assert spoken(AT + timedelta(hours=hours), AT) == says
