"""What to do next for task sets: states on the left, actions on the right."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from course.sandbox.clock import START
from course.sandbox.ecs.resources import TaskSet
from course.sandbox.ecs.task_sets import reconcile_task_sets


def set_of(service_of: Any, states: str, desired: int, **changes: Any) -> TaskSet:
    """A task set with tasks in these states that is to have so many."""
    held = vars(service_of(desired, states).deployments[0])
    return TaskSet(**{**held, "desired_count": desired, "scale": {"value": 100.0}, **changes})


def decided(service: Any, now: Any = START) -> list[str]:
    told = []
    for action in reconcile_task_sets(service, now):
        count = getattr(action, "count", None) or len(getattr(action, "tasks", ()))
        told.append(f"{type(action).__name__} {count}" if count else type(action).__name__)
    return told


@pytest.mark.parametrize(
    ("states", "desired", "actions"),
    [
        ("", 2, ["StartTasks 2"]),
        ("healthy", 2, ["StartTasks 1"]),
        ("pending running", 2, []),
        ("healthy healthy", 1, ["StopTasks 1"]),
        ("healthy protected", 0, ["StopTasks 1"]),
        ("healthy healthy", 2, ["Stabilize"]),
    ],
)
def test_a_set_is_kept_at_its_share(
    service_of: Any, states: str, desired: int, actions: list[str]
) -> None:
    service = service_of(desired)
    service.task_sets = [set_of(service_of, states, desired, status="ACTIVE")]
    assert decided(service) == actions


def test_a_set_that_is_held_back_starts_later(service_of: Any) -> None:
    service, until = service_of(2), START + timedelta(seconds=10)
    service.task_sets = [set_of(service_of, "", 2, hold_until=until)]
    assert decided(service) == []
    assert decided(service, until) == ["StartTasks 2"]


def test_a_set_on_its_way_out_goes_with_its_last_task(service_of: Any) -> None:
    service = service_of(2)
    service.task_sets = [set_of(service_of, "protected", 0, status="DRAINING")]
    assert decided(service) == ["StopTasks 1"]
    service.task_sets = [set_of(service_of, "", 0, status="DRAINING")]
    assert decided(service) == ["RetireTaskSet"]


def test_a_service_without_task_sets_starts_nothing_and_says_nothing(service_of: Any) -> None:
    assert decided(service_of(3)) == []
    assert decided(service_of(3, status="DRAINING")) == ["Deactivate"]
