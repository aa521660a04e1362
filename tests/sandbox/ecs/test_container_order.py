"""dependsOn by tables: what keeps a container from starting, and who is stopped first."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from course.sandbox.clock import START
from course.sandbox.ecs.container_order import Obstacle, next_to_stop, obstacle
from course.sandbox.ecs.resources import Container, Dependency

STATES: dict[str, dict[str, Any]] = {
    "waiting": {},
    "running": {"last_status": "RUNNING", "began": START},
    "healthy": {"last_status": "RUNNING", "began": START, "health_status": "HEALTHY"},
    "unhealthy": {"last_status": "RUNNING", "began": START, "health_status": "UNHEALTHY"},
    "ended 0": {"last_status": "STOPPED", "began": START, "exit_code": 0},
    "ended 1": {"last_status": "STOPPED", "began": START, "exit_code": 1},
    "never started": {"last_status": "STOPPED"},
}


def made(name: str, state: str = "waiting", *needs: str, **more: Any) -> Container:
    """``made("app", "waiting", "db HEALTHY")``: a container in a state, and what it depends on."""
    depends_on = tuple(Dependency(*need.split()) for need in needs)
    return Container(
        "arn", "task", name, f"{name}:1", depends_on=depends_on, **STATES[state], **more
    )


def found(state: str, condition: str, **more: Any) -> Obstacle | None:
    app = made("app", "waiting", f"db {condition}")
    return obstacle(app, [made("db", state, **more), app], START + timedelta(seconds=10))


@pytest.mark.parametrize(
    ("condition", "starts", "waits", "never"),
    [
        ("START", "running unhealthy healthy ended-0 ended-1", "waiting", "never-started"),
        ("COMPLETE", "ended-0 ended-1", "waiting running healthy", "never-started"),
        ("SUCCESS", "ended-0", "waiting running healthy", "ended-1 never-started"),
        ("HEALTHY", "healthy", "waiting running unhealthy", "ended-0 ended-1 never-started"),
    ],
)
def test_a_condition_in_every_state(condition: str, starts: str, waits: str, never: str) -> None:
    for word in f"{starts} {waits} {never}".split():
        keeps = found(word.replace("-", " "), condition)
        assert (keeps is None) == (word in starts.split()), word
        assert bool(keeps and keeps.final) == (word in never.split()), word


@pytest.mark.parametrize(
    ("condition", "timeout", "final"),
    [
        ("HEALTHY", 10, True),
        ("COMPLETE", 10, True),
        ("SUCCESS", 10, True),
        ("HEALTHY", 11, False),
    ],
)
def test_a_dependency_may_time_out(condition: str, timeout: float, final: bool) -> None:
    keeps = found("running", condition, start_timeout=timeout)
    assert keeps and keeps.final == final
    assert ("has timed out" in keeps.reason) == final


def test_the_agents_words_name_both_containers_and_the_exit_code() -> None:
    keeps = found("ended 1", "SUCCESS")
    assert keeps and keeps.reason == (
        "dependency graph: failed to resolve container ordering dependency "
        "[db(db:1) (STOPPED->RUNNING) - Exit: 1] for target [app(app:1) (NONE->RUNNING)] "
        "as dependency did not exit successfully."
    )


def test_what_is_final_comes_before_what_only_waits() -> None:
    app = made("app", "waiting", "cache START", "init SUCCESS")
    keeps = obstacle(app, [made("cache"), made("init", "ended 1"), app], START)
    assert keeps and keeps.final


def test_at_stop_the_order_is_reversed() -> None:
    db, app = made("db", "running"), made("app", "running", "db START")
    side = made("side", "running", "app START")
    assert next_to_stop([db, app, side]) == [side]
    side.signalled = True
    assert next_to_stop([db, app, side]) == []
    side.last_status = "STOPPED"
    assert next_to_stop([db, app, side]) == [app]
