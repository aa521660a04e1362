"""Shapes of traffic: what is sent, and when the rate changes."""

from collections.abc import Callable
from itertools import pairwise
from math import inf, pi

import pytest
from hypothesis import given
from hypothesis import strategies as st

import course
from course.sandbox.errors import SandboxError
from course.sandbox.traffic.shapes import Constant, Shape, Spike, Wave, sent, shape_of, spoken

DAY = 24 * 3600
RATES = st.floats(0, 5000)
SHAPES = st.one_of(
    st.builds(Constant, RATES),
    st.builds(Spike, RATES, RATES, st.floats(0, 1000), st.floats(1, 1000)),
    st.builds(
        lambda low, more, period: Wave(low, low + more, period), RATES, RATES, st.floats(60, DAY)
    ),
)
MOMENTS = st.lists(st.floats(0, 2 * DAY), min_size=2, max_size=10).map(sorted)


@pytest.mark.parametrize(
    ("shape", "start", "end", "requests"),
    [
        (Constant(50), 0, 60, 3000),
        (Constant(0.5), 0, 1, 0),
        (Constant(0.5), 1, 2, 1),  # what was left over of the second before
        (Constant(0.1), 0, 30, 3),
        (Spike(10, 100, at=60, lasts=30), 0, 60, 600),
        (Spike(10, 100, at=60, lasts=30), 60, 90, 3000),
        (Spike(10, 100, at=60, lasts=30), 80, 100, 1100),
        (Wave(0, 100, period=3600), 0, 3600, 180_000),
        (Wave(100, 100, period=3600), 0, 600, 60_000),
    ],
)
def test_so_many_are_sent(shape: Shape, start: float, end: float, requests: int) -> None:
    assert sent(shape, start, end) == requests


def test_a_wave_is_lowest_at_first_and_highest_half_way() -> None:
    wave = Wave(100, 1000, period=DAY)
    rates = [wave.rate(minute * 60) for minute in range(24 * 60)]
    assert min(rates) == rates[0] == pytest.approx(100, abs=0.01)
    assert max(rates) == pytest.approx(1000, abs=0.01)
    assert rates.index(max(rates)) in (719, 720)
    quarter = (wave.total(DAY / 4) - 550 * DAY / 4) / (DAY / 2 / pi)
    assert quarter == pytest.approx(-450, rel=1e-6)


@pytest.mark.parametrize(
    ("shape", "at", "then"),
    [
        (Constant(1), 7, inf),
        (Spike(1, 2, at=60, lasts=30), 0, 60),
        (Spike(1, 2, at=60, lasts=30), 60, 90),
        (Spike(1, 2, at=60, lasts=30), 90, inf),
        (Wave(1, 2, period=DAY), 0, 60),
        (Wave(1, 2, period=DAY), 61, 120),
        (Wave(1, 2, period=240), 0, 10),
    ],
)
def test_when_the_rate_changes(shape: Shape, at: float, then: float) -> None:
    assert shape.next_change(at) == then


@given(SHAPES, MOMENTS)
def test_what_is_sent_does_not_depend_on_how_often_one_looks(
    shape: Shape, moments: list[float]
) -> None:
    parts = [sent(shape, *pair) for pair in pairwise(moments)]
    assert all(part >= 0 for part in parts)
    assert sum(parts) == sent(shape, moments[0], moments[-1])


@given(SHAPES, st.floats(0, DAY))
def test_between_two_changes_the_rate_is_constant(shape: Shape, at: float) -> None:
    end = min(shape.next_change(at), at + 600)
    assert end > at
    requests = shape.total(end) - shape.total(at)
    assert requests == pytest.approx(shape.rate(at) * (end - at), abs=0.01, rel=1e-6)


def test_as_a_notebook_asks_for_them() -> None:
    assert course.wave(100, 1000) == Wave(100, 1000, DAY)
    assert course.wave(1, 2, minutes=30, hours=1) == Wave(1, 2, 5400)
    assert course.spike(50, 400, after=5, minutes=2) == Spike(50, 400, 300, 120)
    assert shape_of(7) == Constant(7)
    assert shape_of(Wave(1, 2, 3)) == Wave(1, 2, 3)


@pytest.mark.parametrize(
    "asked",
    [
        lambda: shape_of(-1),
        lambda: shape_of(inf),
        lambda: course.wave(2, 1),
        lambda: course.wave(-1, 1),
        lambda: course.wave(1, 2, hours=-1),
        lambda: course.spike(1, 2, after=-1, minutes=1),
        lambda: course.spike(1, 2, after=1, minutes=0),
        lambda: course.spike(1, -2, after=1, minutes=1),
    ],
)
def test_what_is_no_shape_is_refused(asked: Callable[[], Shape]) -> None:
    with pytest.raises(SandboxError, match="was refused"):
        asked()


@pytest.mark.parametrize(
    ("seconds", "text"), [(5, "5 s"), (90, "90 s"), (300, "5 min"), (DAY, "24 h"), (0.5, "0.5 s")]
)
def test_a_length_of_time_in_words(seconds: float, text: str) -> None:
    assert spoken(seconds) == text


def test_what_a_shape_says_of_itself() -> None:
    assert str(Constant(50)) == "50 requests/s"
    assert str(Wave(100, 1000, DAY)) == "100 to 1000 requests/s in waves of 24 h"
    assert str(Spike(50, 400, 300, 120)) == "50 requests/s, and 400 for 2 min after 5 min"
