"""``/_course``: the clock and the timeline for whoever has the token, and for nobody else."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from course.sandbox.clock import START
from course.sandbox.endpoint.control import FURTHEST


@pytest.mark.parametrize(
    "given", [None, "", "Bearer", "Bearer wrong", "Basic {}", "{}", "Bearer {}x"]
)
def test_without_the_token_nothing_is_told_and_nothing_moves(door: Any, given: str | None) -> None:
    before = door.aws.now()
    headers = {} if given is None else {"Authorization": given.format(door.endpoint.token)}
    for method, path in (("GET", "clock"), ("POST", "clock"), ("GET", "timeline"), ("GET", "nope")):
        answer = door.ask(method, f"/_course/{path}", b'{"advance": 60}', **headers)
        assert (answer.status, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
        assert door.endpoint.token not in answer.body.decode()
    assert door.aws.now() == before


def test_the_clock_is_read_and_moved(door: Any) -> None:
    now = door.aws.now()
    assert door.course("clock").json == {"now": now.isoformat(), "rate": 0}
    moved = door.course("clock", {"advance": 90.5}).json
    assert moved["now"] == (now + timedelta(seconds=90.5)).isoformat()
    assert door.aws.now().isoformat() == moved["now"]
    assert door.course("clock", {"advance": 0}).json == moved


def test_moving_the_clock_lets_things_happen(door: Any) -> None:
    rang: list[int] = []
    door.aws.clock.after(60, rang.append, 1)
    door.course("clock", {"advance": 59})
    assert not rang
    door.course("clock", {"advance": 1})
    assert rang == [1]


@pytest.mark.parametrize(
    "body",
    [
        *(
            b"",
            b"{",
            b"60",
            b"[60]",
            b"null",
            b"{}",
            b'{"advance": 60, "and": 1}',
            b'{"Advance": 60}',
        ),
        *(b'{"advance": "60"}', b'{"advance": null}', b'{"advance": true}', b'{"advance": [1]}'),
        *(b'{"advance": -1}', b'{"advance": NaN}', b'{"advance": Infinity}', b'{"advance": 1e999}'),
        *(b'{"advance": 1%s}' % (b"0" * 400), b'{"advance": %d}' % (FURTHEST + 1), b"[" * 100_000),
        b"\xff",
    ],
)
def test_what_is_no_number_of_seconds_is_told_what_is(door: Any, body: bytes) -> None:
    before = door.aws.now()
    answer = door.course("clock", body)
    assert (answer.status, answer.json["__type"]) == (400, "BadRequest")
    assert answer.json["message"].startswith('Expected {"advance": seconds}, a number from 0 to')
    assert door.aws.now() == before


def test_the_timeline_has_what_happened_and_every_call(door: Any) -> None:
    door.ecs("CreateCluster", {"clusterName": "web"})
    door.ecs("DeleteCluster", {"cluster": "nothing"})
    told = door.course("timeline").json
    when = door.aws.now().isoformat()
    assert (told["start"], told["now"]) == (START.isoformat(), when)
    assert told["entries"] == [
        {"when": when, "actor": "you", "text": "CreateCluster web", "subject": "", "why": ""}
    ]
    assert told["calls"] == [
        {"when": when, "service": "ecs", "operation": "CreateCluster", "error": None},
        {
            "when": when,
            "service": "ecs",
            "operation": "DeleteCluster",
            "error": "ClusterNotFoundException",
        },
    ]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("DELETE", "clock", 405), ("POST", "timeline", 405), ("GET", "nope", 404), ("GET", "", 404)],
)
def test_what_is_not_there(door: Any, method: str, path: str, status: int) -> None:
    assert door.course(path, method=method).status == status
