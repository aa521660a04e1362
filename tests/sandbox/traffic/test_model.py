"""How a server carries what it is sent."""

from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.sandbox.traffic.model import beyond, latency, under_way, utilisation


@pytest.mark.parametrize(
    ("rate", "capacity", "used", "seconds", "lost"),
    [
        (0, 50, 0, 0.1, 0),
        (25, 50, 0.5, 0.2, 0),
        (40, 50, 0.8, 0.5, 0),
        (50, 50, 1, 2, 0),
        (100, 50, 2, 2, 0.5),
        (200, 50, 4, 2, 0.75),
        (10, 0, inf, 2, 1),
        (0, 0, 0, 0.1, 0),
    ],
)
def test_the_nearer_to_its_capacity_the_slower(
    rate: float, capacity: float, used: float, seconds: float, lost: float
) -> None:
    assert utilisation(rate, capacity) == used
    assert latency(0.1, used) == pytest.approx(seconds)
    assert beyond(used) == lost


@given(st.floats(0, 1e4), st.floats(0, 1e4), st.floats(1, 1e4))
def test_more_requests_are_never_answered_faster_nor_lost_less(
    rate: float, more: float, capacity: float
) -> None:
    less, all_of_it = utilisation(rate, capacity), utilisation(rate + more, capacity)
    assert latency(0.1, less) <= latency(0.1, all_of_it)
    assert beyond(less) <= beyond(all_of_it)


def test_littles_law() -> None:
    assert under_way(25, 50, 0.2) == 5
    assert under_way(100, 50, 2) == 100  # what is beyond its capacity is not being answered
