"""What several policies come to, as a table and as laws: the largest wins, and their order never matters."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.sandbox.scaling.application.choice import (
    AT_DESIRED,
    AT_MAX,
    AT_MIN,
    FLAPPING,
    UNSCALABLE,
    Change,
    NotScaled,
    Situation,
    Wish,
    choose,
)


def same(current: int, wanted: int) -> int:
    return wanted


def plus(current: int, by: int) -> int:
    return max(0, current + by)


def out(wanted: int, policy: str = "cpu") -> Wish:
    return Wish(policy, f"{policy}-high", partial(same, wanted=wanted), False, True)


def into(wanted: int, policy: str = "cpu") -> Wish:
    return Wish(policy, f"{policy}-low", partial(same, wanted=wanted), True, True)


def step(by: int, policy: str = "step") -> Wish:
    return Wish(policy, f"{policy}-alarm", partial(plus, by=by), False)


def at(current: int = 4, **more: Any) -> Situation:
    return Situation(current, 2, 10, **({"agreement": frozenset({"cpu"})} | more))


BOTH = frozenset({"cpu", "requests"})


@pytest.mark.parametrize(
    ("wishes", "situation", "outcome"),
    [
        ([], at(), None),
        ([out(6)], at(), 6),
        ([out(6), out(8, "requests")], at(), 8),
        ([out(40)], at(), 10),
        ([out(40)], at(10), AT_MAX),
        ([out(6), into(2, "requests")], at(agreement=BOTH), 6),
        # scaling in: all that may have to want it, and the largest wins
        ([into(3)], at(), 3),
        ([into(3)], at(agreement=BOTH), None),
        ([into(3), into(2, "requests")], at(agreement=BOTH), 3),
        ([into(0)], at(), 2),
        ([into(0)], at(2), AT_MIN),
        ([into(4)], at(), FLAPPING),
        # step scaling asks nobody, and says its direction by what it comes to
        ([step(-1)], at(agreement=BOTH), 3),
        ([step(-1), into(2)], at(agreement=BOTH), 3),
        ([step(2)], at(), 6),
        ([step(0)], at(), AT_DESIRED),
        ([step(-1), out(6)], at(), 6),
        # a scale-out cools down: its own tasks count as part of the next one
        ([step(2)], at(6, cooling="out", before=4), AT_DESIRED),
        ([step(3)], at(6, cooling="out", before=4), 7),
        ([out(6)], at(6, cooling="out", before=4), AT_DESIRED),
        ([out(8)], at(6, cooling="out", before=4), 8),
        ([into(3)], at(6, cooling="out", before=4), 3),
        # a scale-in does: no other one, but outwards at once
        ([into(3)], at(cooling="in"), AT_DESIRED),
        ([step(-1)], at(cooling="in"), AT_DESIRED),
        ([out(6)], at(cooling="in"), 6),
        # a deployment, and suspended processes
        ([into(3)], at(deploying=True), UNSCALABLE),
        ([out(6)], at(deploying=True), 6),
        ([into(3)], at(in_suspended=True), None),
        ([out(6)], at(out_suspended=True), None),
        ([out(6), into(3, "requests")], at(out_suspended=True, agreement=frozenset({"requests"})), 3),
        # bounds that have moved
        ([out(6)], at(1), 6),
        ([into(12)], at(14), 10),
    ],
)  # fmt: skip
def test_one_thing_is_done_or_a_reason_given(
    wishes: list[Wish], situation: Situation, outcome: int | str | None
) -> None:
    found = choose(wishes, situation)
    match found:
        case Change(capacity=capacity):
            assert capacity == outcome
        case NotScaled(code=code):
            assert code == outcome
        case None:
            assert outcome is None


def test_only_time_stands_in_the_way_of_some() -> None:
    passing = [
        choose([into(3)], at(cooling="in")),
        choose([out(6)], at(6, cooling="out", before=4)),
        choose([into(3)], at(deploying=True)),
    ]
    lasting = [choose([out(40)], at(10)), choose([into(0)], at(2)), choose([step(0)], at())]
    assert all(isinstance(one, NotScaled) and one.passing for one in passing)
    assert not any(isinstance(one, NotScaled) and one.passing for one in lasting)


wish = st.one_of(
    st.builds(out, st.integers(0, 30), st.sampled_from(["a", "b", "c"])),
    st.builds(into, st.integers(0, 30), st.sampled_from(["a", "b", "c"])),
    st.builds(step, st.integers(-5, 5), st.sampled_from(["s", "t"])),
)
situation = st.builds(
    Situation,
    current=st.integers(0, 20),
    minimum=st.integers(0, 5),
    maximum=st.integers(5, 15),
    agreement=st.frozensets(st.sampled_from(["a", "b", "c"])),
    cooling=st.sampled_from(["", "in", "out"]),
    before=st.integers(0, 20),
    deploying=st.booleans(),
    out_suspended=st.booleans(),
    in_suspended=st.booleans(),
)


@given(st.lists(wish, max_size=5), situation, st.randoms())
def test_the_order_of_policies_never_matters(
    wishes: list[Wish], how: Situation, chance: Any
) -> None:
    shuffled = list(wishes)
    chance.shuffle(shuffled)
    first, second = choose(wishes, how), choose(shuffled, how)
    assert getattr(first, "capacity", first and first.wish.policy) == getattr(
        second, "capacity", second and second.wish.policy
    )


@given(st.lists(wish, max_size=5), situation)
def test_a_change_is_within_the_bounds_and_in_a_direction_that_is_open(
    wishes: list[Wish], how: Situation
) -> None:
    found = choose(wishes, how)
    if not isinstance(found, Change):
        return
    assert how.minimum <= found.capacity <= how.maximum and found.capacity != how.current
    if found.capacity < how.current:
        assert not how.deploying and not how.in_suspended and how.cooling != "in"
        if found.wish.agreeing:
            assert how.agreement <= {one.policy for one in wishes}
    else:
        assert not how.out_suspended


@given(st.lists(wish, min_size=1, max_size=5), situation, wish)
def test_another_policy_never_makes_it_less_than_one_that_scales_out(
    wishes: list[Wish], how: Situation, more: Wish
) -> None:
    before = choose(wishes, how)
    after = choose([*wishes, more], how)
    if isinstance(before, Change) and before.capacity > how.current:
        assert isinstance(after, Change) and after.capacity >= before.capacity
