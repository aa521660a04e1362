"""The service scheduler by tables: what a service is -> what to do next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from course.sandbox.clock import START
from course.sandbox.ecs.resources import Service, Task
from course.sandbox.ecs.service_scheduler import (
    LONGEST_HOLD,
    STEADY_AGAIN,
    Action,
    CompleteDeployment,
    Deactivate,
    FailDeployment,
    ReachSteadyState,
    ReportBlocked,
    ReportProtected,
    RetireDeployment,
    StartTasks,
    StopTasks,
    choose_to_stop,
    hold_seconds,
    lower_bound,
    reconcile,
    upper_bound,
)

ServiceOf = Callable[..., Service]
MakeTask = Callable[..., Task]


def spoken(service: Service, actions: list[Action]) -> list[str]:
    """The actions in words; of the tasks to stop, how many of each deployment."""
    words = []
    for action in actions:
        match action:
            case StartTasks(deployment, count):
                words.append(f"start {count} of {deployment.id[-1]}")
            case StopTasks(tasks):
                of = Counter(one.deployment.id[-1] for one in tasks if one.deployment)
                words += [f"stop {count} of {number}" for number, count in sorted(of.items())]
            case ReportProtected(deployment):
                words.append(f"protected {deployment.id[-1]}")
            case RetireDeployment(deployment):
                words.append(f"retire {deployment.id[-1]}")
            case other:
                words.append(type(other).__name__)
    return words


def decided(service: Service) -> list[str]:
    return spoken(service, reconcile(service, START))


@pytest.mark.parametrize(
    ("desired", "tasks", "actions"),
    [
        (0, "", ["CompleteDeployment"]),
        (2, "", ["start 2 of 1"]),
        (2, "pending", ["start 1 of 1"]),
        (2, "provisioning pending", []),
        (2, "activating running", []),
        (2, "running running", []),
        (2, "healthy running", []),
        (2, "healthy healthy", ["CompleteDeployment"]),
        (2, "healthy asked", ["start 1 of 1"]),
        (2, "healthy healthy asked", []),
        (2, "healthy healthy deactivating", []),
        (2, "healthy healthy stopping", []),
        (2, "healthy healthy deprovisioning", []),
        (2, "healthy deprovisioning", ["start 1 of 1"]),
        (5, "healthy healthy", ["start 3 of 1"]),
        (1, "healthy healthy healthy", ["stop 2 of 1"]),
        (0, "healthy pending", ["stop 2 of 1"]),
        (0, "asked", []),
    ],
)
def test_one_deployment(
    service_of: ServiceOf, desired: int, tasks: str, actions: list[str]
) -> None:
    assert decided(service_of(desired, tasks)) == actions


@pytest.mark.parametrize(
    ("minimum", "maximum", "desired", "new", "old", "actions"),
    [
        # 100/200, the defaults: new ones first, an old one goes for each new one that is healthy.
        (100, 200, 2, "", "healthy healthy", ["start 2 of 2"]),
        (100, 200, 2, "pending pending", "healthy healthy", []),
        (100, 200, 2, "running running", "healthy healthy", []),
        (100, 200, 2, "healthy running", "healthy healthy", ["stop 1 of 1"]),
        (100, 200, 2, "healthy healthy", "healthy healthy", ["stop 2 of 1"]),
        (100, 200, 2, "healthy healthy", "asked deprovisioning", []),
        (100, 200, 2, "healthy healthy", "", ["retire 1"]),
        # 100/150: room for half as many again.
        (100, 150, 4, "", "healthy " * 4, ["start 2 of 2"]),
        (100, 150, 4, "healthy healthy", "healthy " * 4, ["stop 2 of 1"]),
        (100, 150, 4, "healthy healthy", "healthy healthy asked asked", []),
        (100, 150, 4, "healthy healthy", "healthy healthy stopping stopping", ["start 2 of 2"]),
        # 50/100: room is made first (AWS: 50 % of 4 may stop 2).
        (50, 100, 4, "", "healthy " * 4, ["stop 2 of 1"]),
        (50, 100, 4, "", "healthy healthy asked asked", []),
        (50, 100, 4, "", "healthy healthy deactivating deactivating", ["start 2 of 2"]),
        (50, 100, 4, "healthy healthy", "healthy healthy", ["stop 2 of 1"]),
        # 0/100: everything may go at once.
        (0, 100, 3, "", "healthy " * 3, ["stop 3 of 1"]),
        # 75/100 of 2: two must stay, and no more than two may be: no move at all.
        (75, 100, 2, "", "healthy healthy", ["ReportBlocked"]),
        (100, 125, 3, "", "healthy " * 3, ["ReportBlocked"]),
        (100, 100, 2, "", "healthy healthy", ["ReportBlocked"]),
        # Old tasks that do not serve yet are no loss.
        (100, 200, 2, "pending pending", "pending healthy", ["stop 1 of 1"]),
        # Scaling in the middle of a deployment.
        (100, 200, 4, "healthy healthy", "healthy healthy", ["start 2 of 2"]),
        (100, 200, 1, "healthy healthy", "healthy healthy", ["stop 1 of 2", "stop 2 of 1"]),
    ],
)
def test_a_rolling_update(
    service_of: ServiceOf,
    minimum: int,
    maximum: int,
    desired: int,
    new: str,
    old: str,
    actions: list[str],
) -> None:
    service = service_of(desired, new, old, minimum=minimum, maximum=maximum)
    assert sorted(decided(service)) == sorted(actions)


@pytest.mark.parametrize(
    ("desired", "percent", "lower", "upper"),
    [(4, 50, 2, 2), (2, 75, 2, 1), (4, 200, 8, 8), (3, 125, 4, 3), (0, 100, 0, 0), (3, 50, 2, 1)],
)
def test_bounds_round_to_the_safe_side(
    service_of: ServiceOf, desired: int, percent: int, lower: int, upper: int
) -> None:
    service = service_of(desired, "", minimum=percent, maximum=percent)
    assert (lower_bound(service), upper_bound(service)) == (lower, upper)


@pytest.mark.parametrize(
    ("tasks", "actions"),
    [
        ("healthy pending", ["stop 2 of 1"]),
        ("asked", []),
        ("deactivating", []),
        ("stopping deactivating", []),
        ("stopping", ["Deactivate"]),
        ("stopping deprovisioning", ["Deactivate"]),
        ("", ["Deactivate"]),
    ],
)
def test_a_draining_service_is_inactive_once_its_tasks_are_stopping(
    service_of: ServiceOf, tasks: str, actions: list[str]
) -> None:
    assert decided(service_of(0, tasks, status="DRAINING")) == actions


def test_draining_stops_the_tasks_of_every_deployment(service_of: ServiceOf) -> None:
    service = service_of(0, "pending", "healthy healthy", status="DRAINING")
    assert decided(service) == ["stop 2 of 1", "stop 1 of 2"]


def test_an_inactive_service_is_left_alone(service_of: ServiceOf) -> None:
    assert decided(service_of(3, "", status="INACTIVE")) == []


def completed(service: Service, **more: Any) -> Service:
    service.primary.rollout_state = "COMPLETED"
    for name, value in more.items():
        setattr(service, name, value)
    return service


def test_steady_state_is_said_once_and_again_after_six_hours(service_of: ServiceOf) -> None:
    service = completed(service_of(1, "healthy"))
    assert decided(service) == ["ReachSteadyState"]
    service.steady_since = START
    assert decided(service) == []
    almost = START + timedelta(seconds=STEADY_AGAIN - 1)
    assert reconcile(service, almost) == []
    assert reconcile(service, almost + timedelta(seconds=1)) == [ReachSteadyState()]
    assert STEADY_AGAIN == 6 * 3600


def test_a_deployment_completes_before_the_service_is_steady(service_of: ServiceOf) -> None:
    service = service_of(1, "healthy")
    assert reconcile(service, START) == [CompleteDeployment(service.primary)]


def test_blocked_is_said_once(service_of: ServiceOf) -> None:
    service = service_of(2, "", "healthy healthy", maximum=100)
    assert reconcile(service, START) == [ReportBlocked()]
    service.blocked = True
    assert reconcile(service, START) == []


def test_the_restart_throttle_holds_back_starts_until_its_time(service_of: ServiceOf) -> None:
    service = service_of(2, "")
    service.primary.hold_until = START + timedelta(seconds=10)
    assert reconcile(service, START) == []
    assert reconcile(service, START + timedelta(seconds=10)) == [StartTasks(service.primary, 2)]


def test_the_restart_throttle_grows_up_to_27_minutes() -> None:
    waits = [hold_seconds(failures) for failures in range(12)]
    assert waits[0] == 0 and waits[1] > 0
    assert waits == sorted(waits)
    assert waits[-1] == LONGEST_HOLD == 27 * 60
    assert hold_seconds(10_000) == LONGEST_HOLD


def test_deciding_changes_nothing(service_of: ServiceOf) -> None:
    service = service_of(3, "running pending", "healthy healthy healthy", minimum=50)
    before = repr(service)
    assert reconcile(service, START) == reconcile(service, START)
    assert repr(service) == before


def test_deactivate_is_the_last_word(service_of: ServiceOf) -> None:
    assert reconcile(service_of(0, "", "", status="DRAINING"), START) == [Deactivate()]


# --- Deployments that fail, and what older ones lose


def breaking(service: Service, failures: int, **breaker: Any) -> Service:
    """The service with a circuit breaker, and so many failures of its newest deployment."""
    service.deployment_configuration["deploymentCircuitBreaker"] = {"enable": True, **breaker}
    service.primary.failure_count = failures
    return service


@pytest.mark.parametrize(
    ("failures", "actions"), [(0, ["start 2 of 2"]), (2, ["start 2 of 2"]), (3, ["FailDeployment"])]
)
def test_the_circuit_breaker_trips_before_anything_starts(
    service_of: ServiceOf, failures: int, actions: list[str]
) -> None:
    assert decided(breaking(service_of(2, "", "healthy healthy"), failures)) == actions


def test_only_an_active_service_has_a_deployment_to_fail(service_of: ServiceOf) -> None:
    service = breaking(service_of(0, "", status="DRAINING"), 5)
    assert reconcile(service, START) == [Deactivate()]
    service = breaking(service_of(1, "healthy"), 5)
    assert reconcile(service, START) == [FailDeployment(service.primary)]


@pytest.mark.parametrize(
    ("desired", "new", "old", "actions"),
    [
        (2, "", "healthy healthy", []),
        (2, "running", "healthy healthy", []),
        (2, "unhealthy", "healthy healthy", []),
        # What serves is kept at the desired count, but not above it.
        (2, "healthy", "healthy healthy", ["stop 1 of 1"]),
        (1, "", "healthy healthy", ["stop 1 of 1"]),
        (3, "", "healthy healthy", []),
    ],
)
def test_a_failed_deployment_launches_nothing_and_the_older_one_serves_on(
    service_of: ServiceOf, desired: int, new: str, old: str, actions: list[str]
) -> None:
    service = service_of(desired, new, old)
    service.primary.rollout_state = "FAILED"
    service.deployments[1].desired_count = 2
    assert decided(service) == actions


@pytest.mark.parametrize(
    ("new", "old", "actions"),
    [
        ("pending pending", "healthy", ["start 1 of 1"]),
        ("pending pending", "", ["start 2 of 1"]),
        ("healthy pending", "", ["start 1 of 1"]),
        ("healthy running", "healthy", []),
        ("pending pending", "healthy pending", []),
        ("healthy pending", "healthy pending", ["stop 1 of 1"]),
        ("", "healthy", ["start 2 of 2", "start 1 of 1"]),
    ],
)
def test_what_an_older_deployment_loses_is_replaced_by_its_own_revision(
    service_of: ServiceOf, new: str, old: str, actions: list[str]
) -> None:
    service = service_of(2, new, old)
    service.deployments[1].desired_count, service.deployments[1].replaces_lost = 2, True
    assert decided(service) == actions


# --- Unhealthy tasks


@pytest.mark.parametrize(
    ("maximum", "tasks", "actions"),
    [
        (200, "healthy unhealthy", ["start 1 of 1", "stop 1 of 1"]),
        (200, "unhealthy unhealthy", ["start 2 of 1", "stop 2 of 1"]),
        (150, "unhealthy unhealthy", ["start 1 of 1", "stop 1 of 1"]),
        (100, "unhealthy unhealthy", ["stop 1 of 1"]),
        (100, "unhealthy asked", []),
        (100, "unhealthy pending", []),
        (100, "unhealthy stopping", ["start 1 of 1"]),
    ],
)
def test_unhealthy_tasks_are_replaced_first_where_there_is_room(
    service_of: ServiceOf, maximum: int, tasks: str, actions: list[str]
) -> None:
    assert decided(service_of(2, tasks, minimum=50, maximum=maximum)) == actions


def test_an_unhealthy_task_is_replaced_by_its_own_revision(service_of: ServiceOf) -> None:
    service = service_of(2, "pending", "healthy unhealthy", maximum=250)
    assert decided(service) == ["start 1 of 2"]
    service = service_of(2, "pending pending", "healthy unhealthy", maximum=250)
    assert decided(service) == ["start 1 of 1", "stop 1 of 1"]
    service = service_of(2, "pending pending", "healthy unhealthy")
    assert decided(service) == ["stop 1 of 1"]


def test_the_grace_period_comes_first(service_of: ServiceOf) -> None:
    service = service_of(2, "healthy unhealthy", health_check_grace_period_seconds=60)
    assert decided(service) == []
    later = START + timedelta(seconds=60)
    assert spoken(service, reconcile(service, later)) == ["start 1 of 1", "stop 1 of 1"]


def test_a_failed_deployment_replaces_no_unhealthy_task(service_of: ServiceOf) -> None:
    service = service_of(2, "healthy unhealthy")
    service.primary.rollout_state = "FAILED"
    assert decided(service) == []


# --- Protected tasks


@pytest.mark.parametrize(
    ("desired", "tasks", "actions"),
    [
        (1, "protected healthy", ["stop 1 of 1"]),
        (1, "protected protected healthy", ["stop 1 of 1"]),
        (1, "protected protected", ["protected 1"]),
        (0, "protected pending", ["stop 1 of 1"]),
        (0, "protected", ["protected 1"]),
        (2, "protected protected", ["CompleteDeployment"]),
    ],
)
def test_scaling_in_leaves_protected_tasks(
    service_of: ServiceOf, desired: int, tasks: str, actions: list[str]
) -> None:
    assert decided(service_of(desired, tasks)) == actions


@pytest.mark.parametrize(
    ("new", "old", "actions"),
    [
        ("", "protected healthy", ["start 2 of 2"]),
        ("healthy running", "protected healthy", ["stop 1 of 1"]),
        ("healthy healthy", "protected healthy", ["stop 1 of 1"]),
        ("healthy healthy", "protected", ["protected 1"]),
        ("healthy pending", "protected", []),
    ],
)
def test_a_deployment_leaves_protected_tasks(
    service_of: ServiceOf, new: str, old: str, actions: list[str]
) -> None:
    assert decided(service_of(2, new, old)) == actions


def test_protection_ends(service_of: ServiceOf) -> None:
    service = service_of(0, "protected")
    assert reconcile(service, START + timedelta(hours=2, seconds=-1)) == [
        ReportProtected(service.primary)
    ]
    after = reconcile(service, START + timedelta(hours=2))
    assert spoken(service, after) == ["stop 1 of 1"]


def test_too_many_protected_tasks_are_reported_once(service_of: ServiceOf) -> None:
    service = service_of(0, "protected", blocked=True)
    assert decided(service) == []


def test_deleting_a_service_is_no_scaling_in(service_of: ServiceOf) -> None:
    assert decided(service_of(0, "protected", status="DRAINING")) == ["stop 1 of 1"]


# --- Which tasks go first


def test_what_is_unhealthy_goes_first(task: MakeTask) -> None:
    unhealthy, healthy = task("unhealthy"), task("healthy")
    assert choose_to_stop([unhealthy, healthy], 1) == (unhealthy,)


def test_what_does_not_run_yet_goes_first(task: MakeTask) -> None:
    running, pending = task("running"), task("pending")
    assert choose_to_stop([running, pending], 1) == (pending,)
    assert choose_to_stop([pending, running], 2) == (pending, running)


def test_scaling_in_keeps_the_zones_balanced(task: MakeTask) -> None:
    tasks = [task("healthy", subnet) for subnet in "aaabbc"]
    left = [one.subnet_id for one in tasks if one not in choose_to_stop(tasks, 3)]
    assert left == ["a", "b", "c"]


def test_within_a_zone_the_newest_goes_first(task: MakeTask) -> None:
    tasks = [task("healthy", "a") for _ in range(3)]
    assert choose_to_stop(tasks, 2) == (tasks[2], tasks[1])


@pytest.mark.parametrize("count", [0, 1, 4, 6, 9])
def test_no_more_than_there_are_and_none_twice(task: MakeTask, count: int) -> None:
    tasks = [task(state, subnet) for state in ("pending", "healthy") for subnet in ("a", "b", None)]
    chosen = choose_to_stop(tasks, count)
    assert len(chosen) == len({one.task_arn for one in chosen}) == min(count, 6)
