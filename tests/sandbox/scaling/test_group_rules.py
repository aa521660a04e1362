"""Auto Scaling groups by tables: where the next instance goes, and which one goes first."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.sandbox.clock import START
from course.sandbox.scaling.group_rules import Member, choose_to_terminate, next_zone


def members(text: str) -> list[Member]:
    """``a1 b2!`` is an instance in zone a, started first, and a protected one in zone b, second."""
    return [
        Member(one, one[0], START + timedelta(seconds=int(one[1])), one.endswith("!"))
        for one in text.split()
    ]


@pytest.mark.parametrize(
    ("zones", "held", "zone"),
    [
        ("ab", "", "a"),
        ("ab", "a1", "b"),
        ("ab", "a1 b2", "a"),
        ("abc", "a1 b2", "c"),
        ("b", "", "b"),
    ],
)
def test_the_next_instance_goes_to_the_emptiest_zone(zones: str, held: str, zone: str) -> None:
    assert next_zone(list(zones), members(held)) == zone


@pytest.mark.parametrize(
    ("held", "count", "going"),
    [
        ("a1 a2 b3", 1, "a1"),
        ("a1 a2 b3", 2, "a1 a2"),
        ("b1 a2 a3", 1, "a2"),
        ("a2 b1", 1, "b1"),
        ("a1! a2 b3", 1, "a2"),
        ("a1! a2! b3", 2, "b3"),
        ("a1! b2!", 2, ""),
        ("a1", 5, "a1"),
    ],
)
def test_the_oldest_of_the_fullest_zone_goes_first(held: str, count: int, going: str) -> None:
    assert " ".join(choose_to_terminate(members(held), count)) == going


@given(st.lists(st.sampled_from("abc"), max_size=12), st.integers(0, 12))
def test_zones_that_were_balanced_stay_balanced(zones: list[str], count: int) -> None:
    held: list[Member] = []
    for number, _ in enumerate(zones):
        zone = next_zone("abc", held)
        held.append(Member(f"{zone}{number}", zone, START + timedelta(seconds=number)))
    gone = set(choose_to_terminate(held, count))
    left = [one.zone for one in held if one.instance_id not in gone]
    assert len(gone) == min(count, len(held))
    counts = [left.count(zone) for zone in "abc"]
    assert max(counts) - min(counts) <= 1
