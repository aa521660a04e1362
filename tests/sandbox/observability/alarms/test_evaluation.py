"""In which state an alarm is: the tables of CloudWatch's page on missing data, and laws around them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.sandbox.observability.alarms.alarm import ALARM, INSUFFICIENT, OK
from course.sandbox.observability.alarms.evaluation import (
    BREACHING,
    IGNORE,
    MISSING,
    NOT_BREACHING,
    TREATMENTS,
    Rule,
    decide,
)

SEEN = {"0": False, "X": True, "-": None}
KEPT = None

# "Configuring how CloudWatch alarms treat missing data", user guide of 2021 to 2026: the datapoints, the oldest
# first, and the state with MISSING, IGNORE, BREACHING, NOT BREACHING.
THREE_OF_THREE = [
    ("0 - X - X", OK, OK, OK, OK),
    ("- - - - 0", OK, OK, OK, OK),
    ("- - - - -", INSUFFICIENT, KEPT, ALARM, OK),
    ("0 X X - X", ALARM, ALARM, ALARM, ALARM),
    ("- - X - -", ALARM, KEPT, ALARM, OK),
]
TWO_OF_THREE = [
    ("0 - X - X", ALARM, ALARM, ALARM, ALARM),
    ("0 0 X 0 X", ALARM, ALARM, ALARM, ALARM),
    ("0 - X - -", OK, OK, ALARM, OK),
    ("- - - - 0", OK, OK, ALARM, OK),
    ("- - - X -", ALARM, KEPT, ALARM, OK),
]
# The same page of 2020, where it had other rows.
THREE_OF_THREE_OF_2020 = [
    ("0 - - - -", OK, OK, OK, OK),
    ("- - - - X", INSUFFICIENT, KEPT, ALARM, OK),
    ("X - - - -", ALARM, KEPT, ALARM, OK),
]
TWO_OF_THREE_OF_2020 = [("- - - - X", INSUFFICIENT, KEPT, ALARM, OK)]
# "Avoiding premature transitions": the alarm waits while the breaching datapoint may be followed by a better one.
PREMATURE = [("- - - X -", INSUFFICIENT, KEPT, ALARM, OK)]

ROWS = [
    *((row, 3) for row in [*THREE_OF_THREE, *THREE_OF_THREE_OF_2020, *PREMATURE]),
    *((row, 2) for row in [*TWO_OF_THREE, *TWO_OF_THREE_OF_2020]),
]
CASES = [
    pytest.param(row[0], least, treatment, state, id=f"{least}-of-3 {row[0]} {treatment}")
    for row, least in ROWS
    for treatment, state in zip((MISSING, IGNORE, BREACHING, NOT_BREACHING), row[1:], strict=True)
]


@pytest.mark.parametrize(("points", "least", "treatment", "state"), CASES)
def test_tables(points: str, least: int, treatment: str, state: str | None) -> None:
    seen = [SEEN[one] for one in points.split()]
    assert decide(seen, Rule(3, least, treatment)).state == state


def test_range_is_longer_than_the_evaluation_periods() -> None:
    assert Rule(3, 3).asked_for == 5  # as in the tables


@pytest.mark.parametrize(
    ("points", "least", "evaluated", "filled"),
    [
        ("0 X X - X", 3, (1, 2, 4), 0),
        ("0 - X - -", 2, (0, 2), 1),
        ("- - - - -", 3, (), 3),
    ],
)
def test_as_few_missing_ones_as_possible(
    points: str, least: int, evaluated: tuple[int, ...], filled: int
) -> None:
    verdict = decide([SEEN[one] for one in points.split()], Rule(3, least, BREACHING))
    assert (verdict.evaluated, verdict.filled) == (evaluated, filled)


ranges = st.integers(1, 5).flatmap(
    lambda periods: st.tuples(
        st.just(periods),
        st.integers(1, periods),
        st.lists(st.sampled_from((True, False, None)), min_size=periods + 2, max_size=periods + 2),
    )
)


@given(ranges, st.sampled_from(TREATMENTS))
def test_with_enough_data_only_the_newest_count(
    case: tuple[int, int, list[bool | None]], treatment: str
) -> None:
    periods, least, seen = case
    there = [one for one in seen if one is not None]
    if len(there) >= periods:
        bad = sum(there[-periods:]) >= least
        assert decide(seen, Rule(periods, least, treatment)).state == (ALARM if bad else OK)


@given(ranges)
def test_missing_data_that_breaches_is_never_milder_than_any_other(
    case: tuple[int, int, list[bool | None]],
) -> None:
    periods, least, seen = case
    strict = decide(seen, Rule(periods, least, BREACHING)).state
    mild = decide(seen, Rule(periods, least, NOT_BREACHING)).state
    for treatment in TREATMENTS:
        state = decide(seen, Rule(periods, least, treatment)).state
        assert state != ALARM or strict == ALARM
        assert mild != ALARM or state == ALARM


@given(ranges, st.sampled_from(TREATMENTS))
def test_insufficient_data_is_only_where_missing_is_missing(
    case: tuple[int, int, list[bool | None]], treatment: str
) -> None:
    periods, least, seen = case
    verdict = decide(seen, Rule(periods, least, treatment))
    if verdict.state == INSUFFICIENT:
        assert treatment == MISSING
        assert False not in seen
    if verdict.state is None:
        assert treatment == IGNORE
