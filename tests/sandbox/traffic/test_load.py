"""What becomes of requests: by tables, and whatever happens, by Hypothesis."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from math import inf

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course.sandbox.clock import START
from course.sandbox.traffic.address import read_url
from course.sandbox.traffic.ledger import ROWS, Fate, Ledger
from course.sandbox.traffic.load import REFUSES, TOO_MUCH, Load
from course.sandbox.traffic.shapes import Constant, Shape, Spike, Wave
from course.sandbox.traffic.way import Api, Between, Refusal, Serving, Way

LONG = 100_000.0


def place(key: str = "a", **changes: object) -> Serving:
    given = Serving(key, f"task-{key}", share=1, status=200, capacity=50, latency=0.1)
    return replace(given, **changes)  # type: ignore[arg-type]


def both(**changes: object) -> Way:
    """Two servers behind a balancer, each with half of the requests."""
    places = tuple(place(key, share=0.5, **changes) for key in "ab")
    return Way(places, balanced=True)


def load(rate: float = 20, shape: Shape | None = None) -> Load:
    return Load(read_url("http://x/"), shape or Constant(rate), START)


def goes_by(one: Load, way: Way, start: float, end: float) -> None:
    """As the clock lets it: look, then carry stretch by stretch."""
    one.look(way, start)
    while start < end:
        to = one.next_change(start, end)
        one.carry(way, start, to)
        start = to


def fates(ledger: Ledger) -> dict[tuple[str, int | None], int]:
    return {(fate.word, fate.status): count for fate, count in ledger.fates.items()}


def test_requests_are_shared_evenly_and_answered() -> None:
    one = load(rate=25)
    goes_by(one, both(), 0, 60)
    total = one.ledger.total
    assert (total.sent, total.refused, total.dropped) == (1500, 0, 0)
    # each takes 12.5 a second of the 50 it could, which makes 0.1 s a little longer
    assert one.ledger.total.latency == pytest.approx(0.1 / 0.75)
    assert one.ledger.in_flight == 2  # 12.5 * 0.133 is 1.67: one at each
    assert {name: row.answered for name, row in one.ledger.tasks.items()} == {
        "task-a": 749,
        "task-b": 749,
    }


@pytest.mark.parametrize("rate", [1, 3, 7, 10, 33])
def test_what_cannot_be_divided_goes_in_turns(rate: float) -> None:
    one, places = load(rate), tuple(place(key, share=1 / 3) for key in "abc")
    for second in range(100):
        goes_by(one, Way(places), second, second + 1)
    counts = [row.answered for row in one.ledger.tasks.values()]
    assert max(counts) - min(counts) <= 1 and sum(counts) + one.ledger.in_flight == 100 * rate


def test_shares_by_weight() -> None:
    one = load(rate=10)
    goes_by(one, Way((place("a", share=0.9), place("b", share=0.1))), 0, 1000)
    counts = {name: row.answered for name, row in one.ledger.tasks.items()}
    assert counts["task-b"] == pytest.approx(1000, abs=2)


@pytest.mark.parametrize(
    ("way", "fate"),
    [
        (Way((place(),)), ("answered", 200)),
        (Way((place(status=404),)), ("answered", 404)),
        (Way((place(status=None),), balanced=True), ("refused", 502)),
        (Way((place(status=None),)), ("refused", None)),
        (Way(answered=301, balanced=True), ("answered", 301)),
        (Way(refusal=Refusal(503, "no target"), balanced=True), ("refused", 503)),
        (Way(refusal=Refusal(None, "no listener")), ("refused", None)),
    ],
)
def test_what_a_client_sees(way: Way, fate: tuple[str, int | None]) -> None:
    one = load(rate=1)
    goes_by(one, way, 0, 60)
    assert fates(one.ledger) == {fate: 60}


@pytest.mark.parametrize(
    ("rate", "late", "seconds"), [(50, 0, 2), (100, 3000, 2), (200, 9000, 2), (25, 0, 0.2)]
)
def test_beyond_its_capacity_a_server_is_too_late(rate: float, late: int, seconds: float) -> None:
    one = load(rate)
    goes_by(one, Way((place(),), balanced=True), 0, 60)
    assert one.ledger.fates.get(Fate("refused", 504, TOO_MUCH), 0) == late
    assert one.ledger.slowest == pytest.approx(seconds)


def test_a_server_that_leaves_finishes_what_it_has() -> None:
    one, slow = load(), both(latency=10, capacity=inf)
    goes_by(one, slow, 0, 60)
    assert one.flows["b"].in_flight == 100  # 10 a second, 10 s each
    only_a = Way((replace(slow.servers[0], share=1),), balanced=True)
    goes_by(one, only_a, 60, 65)
    assert one.flows["b"].in_flight == 50
    goes_by(one, only_a, 65, 70)
    assert "b" not in one.flows and one.ledger.total.dropped == 0


def test_a_server_that_is_cut_off_drops_what_it_has() -> None:
    one, slow = load(), both(latency=10, capacity=inf)
    goes_by(one, slow, 0, 60)
    only_a = Way((replace(slow.servers[0], share=1),), balanced=True)
    goes_by(one, only_a, 60, 65)
    cut = replace(only_a, cut={"b": "killed"})
    assert one.look(cut, 65) == [("task-b", 50, "killed")]
    assert one.ledger.fates[Fate("dropped", 502, "killed")] == 50
    assert one.ledger.tasks["task-b"].dropped == 50
    assert one.look(cut, 65) == []


def test_a_server_that_comes_back_goes_on() -> None:
    one = load()
    goes_by(one, both(), 0, 60)
    goes_by(one, Way((place(),), balanced=True), 60, 120)
    goes_by(one, both(), 120, 180)
    assert one.flows["b"].left_at is None and one.ledger.total.sent == 3600


def test_when_it_ends_the_last_ones_are_answered() -> None:
    one = load()
    one.ends = 30
    goes_by(one, both(), 0, 30)
    assert one.ledger.in_flight and not one.is_over(30)
    goes_by(one, both(), 30, 31)
    assert one.is_over(31)
    assert (one.ledger.total.sent, one.ledger.total.answered) == (600, 600)


def test_rows_grow_longer_and_never_more() -> None:
    one = load(rate=1)
    goes_by(one, both(), 0, 24 * 3600)
    assert len(one.ledger.rows) <= ROWS and one.ledger.row_seconds == 960
    assert sum(row.sent for row in one.ledger.rows) == 24 * 3600


def test_tasks_of_long_ago_are_summed_up() -> None:
    ledger = Ledger()
    for number in range(1000):
        ledger.settle(0, Fate("answered", 200), 1, task=f"task-{number}")
    assert len(ledger.tasks) <= 201
    assert sum(row.answered for row in ledger.tasks.values()) == 1000


# --- Whatever happens

KEYS = "abcd"


@st.composite
def ways(draw: st.DrawFn) -> Way:
    keys = draw(st.lists(st.sampled_from(KEYS), max_size=4, unique=True))
    weights = draw(st.lists(st.integers(1, 9), min_size=len(keys), max_size=len(keys)))
    places = tuple(
        place(
            key,
            share=weight / sum(weights),
            status=draw(st.sampled_from([200, 200, 404, 500, None])),
            capacity=draw(st.floats(0.5, 500)),
            latency=draw(st.floats(0.001, 30)),
        )
        for key, weight in zip(keys, weights, strict=True)
    )
    gone = [key for key in KEYS if key not in keys or draw(st.booleans())]
    cut = {key: "gone" for key in gone if draw(st.booleans())}
    cut = {key: why for key, why in cut.items() if key not in keys}
    nobody = draw(st.sampled_from([Refusal(503, "nobody"), Refusal(None, "no way"), None]))
    api = draw(st.sampled_from([None, Api("/", 30), Api("/", 0.05)]))
    if places:
        return Way(places, cut=cut, balanced=draw(st.booleans()), api=api)
    return Way((), nobody, None if nobody else 200, cut, balanced=True)


SHAPES = st.one_of(
    st.builds(Constant, st.floats(0, 300)),
    st.builds(Spike, st.floats(0, 50), st.floats(0, 500), st.floats(0, 300), st.floats(1, 300)),
    st.builds(lambda low, more: Wave(low, low + more, 1800), st.floats(0, 50), st.floats(0, 300)),
)
STRETCHES = st.lists(
    st.tuples(ways(), st.sampled_from([0.0, 1.0, 2.5, 30.0, 61.0, 600.0])), min_size=1, max_size=8
)


def holds(one: Load) -> None:
    """Everything adds up, in every way of counting."""
    ledger, total = one.ledger, one.ledger.total
    assert total.sent == total.answered + total.refused + total.dropped + ledger.in_flight
    assert ledger.in_flight == sum(flow.in_flight for flow in one.flows.values()) >= 0
    assert all(count > 0 for count in ledger.fates.values())
    assert all(flow.in_flight >= 0 for flow in one.flows.values())
    for word in ("answered", "refused", "dropped"):
        by_fate = sum(count for fate, count in ledger.fates.items() if fate.word == word)
        by_row = sum(getattr(row, word) for row in ledger.rows)
        assert by_fate == by_row == getattr(total, word)
    assert sum(row.sent for row in ledger.rows) == total.sent


@settings(deadline=None)
@given(SHAPES, STRETCHES)
def test_sent_is_answered_refused_and_dropped(
    shape: Shape, stretches: list[tuple[Way, float]]
) -> None:
    one, at = load(shape=shape), 0.0
    for way, seconds in stretches:
        before = deepcopy(one.ledger.total)
        goes_by(one, way, at, at + seconds)
        at += seconds
        holds(one)
        total = one.ledger.total
        for word in ("sent", "answered", "refused", "dropped", "waited"):
            assert getattr(total, word) >= getattr(before, word)
    one.ends = at
    goes_by(one, Way(refusal=Refusal(503, "nobody")), at, at + LONG)
    holds(one)
    total = one.ledger.total
    assert one.is_over(at + LONG) and one.ledger.in_flight == 0
    assert total.sent == total.answered + total.refused + total.dropped


@settings(deadline=None)
@given(SHAPES, STRETCHES)
def test_the_same_again_is_the_same_ledger(
    shape: Shape, stretches: list[tuple[Way, float]]
) -> None:
    ledgers = []
    for _ in range(2):
        one, at = load(shape=shape), 0.0
        for way, seconds in stretches:
            goes_by(one, way, at, at + seconds)
            at += seconds
        ledgers.append(one.ledger)
    assert ledgers[0] == ledgers[1]


@settings(deadline=None)
@given(st.floats(0, 400), st.integers(1, 6))
def test_more_is_never_answered_less(rate: float, servers: int) -> None:
    def ended(rate: float, servers: int) -> Ledger:
        places = tuple(place(str(one), share=1 / servers) for one in range(servers))
        one = load(rate)
        goes_by(one, Way(places, balanced=True), 0, 600)
        return one.ledger

    less, more, wider = ended(rate, servers), ended(rate + 50, servers), ended(rate, servers + 1)
    assert more.total.answered >= less.total.answered - servers
    assert more.total.refused >= less.total.refused - servers
    assert wider.total.refused <= less.total.refused + servers
    assert wider.total.latency <= less.total.latency + 1e-9


@pytest.mark.parametrize(
    ("between", "lost", "unreached", "late"),
    [
        (Between(), None, None, None),
        (Between(balanced=True), 502, 504, 504),
        (Between(api=Api("/", 30)), 503, 503, 503),
        (Between(balanced=True, api=Api("/", 30)), 502, 504, 503),
    ],
)
def test_who_stands_between_says_what_went_wrong(
    between: Between, lost: int | None, unreached: int | None, late: int | None
) -> None:
    assert (between.lost, between.unreached, between.late) == (lost, unreached, late)


def test_an_api_gives_up_on_a_program_that_takes_longer_than_it_waits() -> None:
    one = load(rate=10)
    goes_by(one, Way((place(),), balanced=True, api=Api("/", 0.1)), 0, 60)
    assert fates(one.ledger) == {("dropped", 503): 600}
    goes_by(one, Way((place(),), balanced=True, api=Api("/", 0.2)), 60, 120)
    assert fates(one.ledger)["answered", 200] >= 598
    holds(one)


def test_what_listens_nowhere_says_so() -> None:
    one = load(rate=1)
    goes_by(one, Way((place(status=None),), balanced=True), 0, 60)
    assert one.ledger.fates == {Fate("refused", 502, REFUSES): 60}
