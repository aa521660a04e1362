"""The circuit breaker's rules by tables: thresholds, what counts, where to go back to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from course.sandbox.ecs.deployments import (
    breaker_of,
    counts_failed_start,
    has_tripped,
    rollback_target,
    threshold,
)
from course.sandbox.ecs.resources import Service

ServiceOf = Callable[..., Service]


def of(kind: str | None = None, value: int | None = None) -> dict[str, Any]:
    """A circuit breaker with this threshold configuration."""
    given = {"type": kind, "value": value}
    configured = {name: one for name, one in given.items() if one is not None}
    return {"enable": True, **({"thresholdConfiguration": configured} if configured else {})}


@pytest.mark.parametrize(
    ("breaker", "desired", "failures"),
    [
        # AWS's own table, for the default.
        (of(), 1, 3),
        (of(), 25, 13),
        (of(), 400, 200),
        (of(), 800, 200),
        (of(), 0, 3),
        (of(), 6, 3),
        (of(), 7, 4),
        (of("BOUNDED_PERCENT", 50), 25, 13),
        (of("BOUNDED_PERCENT"), 25, 13),
        (of("BOUNDED_PERCENT", 10), 25, 3),
        (of("BOUNDED_PERCENT", 100), 25, 25),
        (of("BOUNDED_PERCENT", 100), 500, 200),
        (of("UNBOUNDED_PERCENT", 50), 800, 400),
        (of("UNBOUNDED_PERCENT", 50), 1, 1),
        (of("UNBOUNDED_PERCENT", 1), 25, 1),
        (of("UNBOUNDED_PERCENT", 50), 0, 1),
        (of("COUNT", 5), 1, 5),
        (of("COUNT", 5), 800, 5),
        (of("COUNT", 1), 10, 1),
        (of(None, 20), 100, 20),
    ],
)
def test_the_threshold(breaker: dict[str, Any], desired: int, failures: int) -> None:
    assert threshold(breaker, desired) == failures


def breaking(service: Service, **breaker: Any) -> Service:
    service.deployment_configuration["deploymentCircuitBreaker"] = {"enable": True, **breaker}
    return service


@pytest.mark.parametrize(
    ("tasks", "reset", "counts"),
    [
        ("pending", None, True),
        ("pending asked", True, False),
        ("running", None, False),
        ("running", True, False),
        ("healthy", None, False),
        ("running", False, True),
        ("healthy", False, True),
        ("deprovisioning", None, True),
    ],
)
def test_a_failed_start_counts_while_no_task_runs_or_where_failures_accumulate(
    service_of: ServiceOf, tasks: str, reset: bool | None, counts: bool
) -> None:
    service = service_of(2, tasks)
    breaker = {"enable": True} | ({} if reset is None else {"resetOnHealthyTask": reset})
    assert counts_failed_start(service.primary, breaker) == counts


@pytest.mark.parametrize(
    ("failures", "state", "trips"),
    [
        (2, "IN_PROGRESS", False),
        (3, "IN_PROGRESS", True),
        (4, "IN_PROGRESS", True),
        (3, "COMPLETED", False),
        (3, "FAILED", False),
    ],
)
def test_only_a_deployment_in_progress_trips(
    service_of: ServiceOf, failures: int, state: str, trips: bool
) -> None:
    service = breaking(service_of(2, ""))
    service.primary.failure_count, service.primary.rollout_state = failures, state
    assert has_tripped(service) == trips


def test_the_latest_desired_count_decides(service_of: ServiceOf) -> None:
    service = breaking(service_of(2, ""))
    service.primary.failure_count = 5
    assert has_tripped(service)
    service.desired_count = 20
    assert not has_tripped(service)
    service.desired_count = 10
    assert has_tripped(service)


@pytest.mark.parametrize("breaker", [{"enable": False}, {}, None])
def test_without_a_circuit_breaker_nothing_trips(service_of: ServiceOf, breaker: Any) -> None:
    service = service_of(2, "")
    service.deployment_configuration["deploymentCircuitBreaker"] = breaker
    service.primary.failure_count = 1000
    assert breaker_of(service) == {}
    assert not has_tripped(service)


def test_back_to_the_newest_that_completed(service_of: ServiceOf) -> None:
    service = service_of(2, "", "healthy healthy")
    assert rollback_target(service) is None
    older = service.last_completed = service.deployments[1]
    assert rollback_target(service) is None, "it is in progress itself"
    older.rollout_state = "COMPLETED"
    assert rollback_target(service) is older
    service.last_completed = service.primary
    service.primary.rollout_state = "COMPLETED"
    assert rollback_target(service) is None, "a deployment is no way back from itself"
