"""The fold over a ledger's lines: what may be there after each line, and what it has cost."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from course.live.books import Attempt, fold
from course.live.ledger import Ledger

START = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)
BEGAN = {
    "event": "began",
    "lesson": "fargate-tutorial",
    "region": "us-east-1",
    "account": "9012",
    "usd": 1.0,
    "until": (START + timedelta(hours=1)).isoformat(),
}


def line(minutes: float, event: str, **said: Any) -> dict[str, Any]:
    at = START + timedelta(minutes=minutes)
    return {"at": at.isoformat(), "attempt": "a1", "event": event, **said}


def attempt(*lines: dict[str, Any]) -> Attempt:
    began = {**BEGAN, "at": START.isoformat(), "attempt": "a1"}
    return fold([began, *lines]).attempts["a1"]


def intends(minutes: float, **said: Any) -> dict[str, Any]:
    given = {"thing": "t1", "kind": "service", "name": "web", "within": "c", "tasks": 2, **said}
    return line(minutes, "intends", **given)


@pytest.mark.parametrize(
    ("lines", "there"),
    [
        ([], []),
        ([intends(0)], ["web"]),  # killed before the answer: it may be there
        ([intends(0), line(1, "made", thing="t1", name="web-1")], ["web-1"]),
        ([intends(0), line(1, "refused", thing="t1")], []),
        ([intends(0), line(1, "removed", thing="t1")], []),
        ([line(1, "made", thing="unknown", name="x")], []),
        ([line(1, "a word of a newer version", thing="t1")], []),
    ],
)
def test_what_may_be_there(lines: list[dict[str, Any]], there: list[str]) -> None:
    assert [one.name for one in attempt(*lines).there()] == there


def test_a_rate_costs_from_its_moment_to_the_next_and_nothing_once_it_is_gone() -> None:
    found = attempt(
        intends(0, rate=6.0),
        line(10, "changed", thing="t1", tasks=4, rate=12.0),
        line(20, "removed", thing="t1"),
    )
    costs = {
        minutes: round(found.cost(START + timedelta(minutes=minutes)), 6) for minutes in (5, 15, 30)
    }
    assert costs == {5: 0.5, 15: 2.0, 30: 3.0}
    assert round(found.cost_at_the_end(START), 6) == 3.0


def test_what_stays_costs_until_the_time_is_over() -> None:
    found = attempt(intends(0, rate=6.0))
    assert round(found.cost_at_the_end(START + timedelta(minutes=10)), 6) == 6.0
    late = START + timedelta(minutes=90)
    assert round(found.cost_at_the_end(late), 6) == 9.0  # it is still there, and still costs


def test_an_attempt_that_ended_is_not_open() -> None:
    began = {**BEGAN, "at": START.isoformat(), "attempt": "a1"}
    assert fold([began]).open_attempts()
    assert not fold([began, line(1, "ended")]).open_attempts()


def test_a_torn_last_line_is_left_out_and_the_next_one_has_a_line_of_its_own(
    tmp_path: Path,
) -> None:
    ledger = Ledger(tmp_path)
    ledger.write("a1", **BEGAN)
    with open(ledger.path, "ab") as file:
        file.write(json.dumps(intends(0)).encode()[:40])
    assert ledger.books().attempts["a1"].there() == []
    ledger.write("a1", "intends", thing="t2", kind="cluster", name="c")
    assert [one.name for one in ledger.books().attempts["a1"].there()] == ["c"]
