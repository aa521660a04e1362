"""lesson.endpoint(): the notebook's own world in a terminal, and time that runs while it is open."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from datetime import timedelta
from typing import Any
from urllib.request import Request, urlopen

import boto3
import pytest

import course
from course.sandbox import sandbox as sandbox_module
from course.sandbox.endpoint.playing import Playing


class Wall:
    """A wall clock that the test moves."""

    seconds = 1000.0


@pytest.fixture
def wall(monkeypatch: pytest.MonkeyPatch) -> Wall:
    moved = Wall()
    monkeypatch.setattr(sandbox_module, "monotonic", lambda: moved.seconds)
    monkeypatch.setattr("moto.settings.ec2_load_default_amis", lambda: False)
    return moved


@pytest.fixture
def lesson(wall: Wall, capsys: pytest.CaptureFixture[str]) -> Any:
    return course.lesson("start-here")


def clock(endpoint: Playing) -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {endpoint.token}"}
    with urlopen(Request(f"{endpoint.url}/_course/clock", headers=headers), timeout=30) as answer:
        return dict(json.load(answer))


def is_gone(endpoint: Playing) -> bool:
    with socket.socket() as knocking:
        return knocking.connect_ex(("127.0.0.1", int(endpoint.url.rpartition(":")[2]))) != 0


def test_the_real_cli_in_a_cell_sees_what_the_cells_made(lesson: Any) -> None:
    """As ``!aws --endpoint-url ...`` does: with the kernel's environment, and nothing exported."""
    made = boto3.client("ecs").create_cluster(clusterName="mine")["cluster"]["clusterArn"]
    with lesson.endpoint() as endpoint:
        cli = [sys.executable, "-m", "awscli", "--endpoint-url", endpoint.url]
        asked = [*cli, "ecs", "list-clusters", "--query", "clusterArns", "--output", "text"]
        done = subprocess.run(asked, capture_output=True, text=True, check=False)
    assert (done.stdout.strip(), done.stderr) == (made, "")


def test_time_runs_ten_times_as_fast_until_it_is_closed(lesson: Any, wall: Wall) -> None:
    start = lesson.now()
    wall.seconds += 3600
    assert lesson.now() == start, "before it, nothing moves by itself"
    endpoint = lesson.endpoint()
    wall.seconds += 6
    assert clock(endpoint) == {"now": (start + timedelta(seconds=60)).isoformat(), "rate": 10}
    wall.seconds += 6
    assert lesson.now() == start + timedelta(seconds=120), "a cell sees it too"
    wall.seconds += 6
    endpoint.close()
    wall.seconds += 3600
    assert lesson.now() == start + timedelta(seconds=180), "and then it stands still"
    assert lesson.clock.rate == 0


def test_it_says_what_to_type(lesson: Any) -> None:
    endpoint = lesson.endpoint()
    assert f"!aws --endpoint-url {endpoint.url} ecs list-clusters" in repr(endpoint)
    assert f"export AWS_ENDPOINT_URL='{endpoint.url}'" in repr(endpoint)
    endpoint.close()
    assert repr(endpoint) == f"{endpoint.url} is closed; lesson.endpoint() opens another one."


def test_a_cell_run_twice_keeps_the_one_that_is_open(lesson: Any) -> None:
    endpoint = lesson.endpoint()
    assert lesson.endpoint() is endpoint
    endpoint.close()
    assert lesson.endpoint() is not endpoint


@pytest.mark.parametrize("end", ["reset", "another lesson", "closed twice"])
def test_it_ends_with_its_world(lesson: Any, end: str) -> None:
    endpoint = lesson.endpoint()
    assert not is_gone(endpoint)
    if end == "reset":
        lesson.reset()
    elif end == "another lesson":
        lesson = course.lesson("start-here")
    else:
        endpoint.close()
        endpoint.close()
    assert is_gone(endpoint)
    assert lesson.clock.rate == 0


def test_a_snapshot_restored_beside_it_goes_on_running(lesson: Any, wall: Wall) -> None:
    kept = lesson.snapshot()
    endpoint = lesson.endpoint()
    wall.seconds += 60
    assert clock(endpoint)["now"] == (kept.when + timedelta(seconds=600)).isoformat()
    kept.restore()
    assert clock(endpoint) == {"now": kept.when.isoformat(), "rate": 10}
    wall.seconds += 1
    assert lesson.now() == kept.when + timedelta(seconds=10)
    endpoint.close()
    assert lesson.clock.rate == 0
