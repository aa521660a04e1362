"""Container health checks by tables."""

from __future__ import annotations

import pytest

from course.sandbox.ecs.container_health import Health, judge, passes_all, task_health
from course.sandbox.ecs.resources import Container, HealthCheck

CHECK = HealthCheck(("CMD-SHELL", "exit 1"))
LETTERS = {"H": "HEALTHY", "U": "UNHEALTHY", "?": "UNKNOWN"}


def after(results: str, *, start_period: int = 0, interval: int = 30) -> str:
    """The healthStatus after checks that passed (+) or failed (-), one an interval."""
    check = HealthCheck(("CMD", "true"), interval, start_period=start_period)
    health = Health("UNKNOWN", passed=False, failures=0)
    for number, result in enumerate(results, start=1):
        health = judge(health, check, result == "+", number * interval)
    return health.status


def test_the_defaults_are_those_of_the_api() -> None:
    assert (CHECK.interval, CHECK.timeout, CHECK.retries, CHECK.start_period) == (30, 5, 3, 0)


@pytest.mark.parametrize(
    ("results", "status"),
    [
        ("", "UNKNOWN"),
        ("+", "HEALTHY"),
        ("--", "UNKNOWN"),
        ("---", "UNHEALTHY"),
        ("--+--", "HEALTHY"),
        ("+---", "UNHEALTHY"),
        ("---+", "HEALTHY"),
        ("-----+--", "HEALTHY"),
        ("-----+---", "UNHEALTHY"),
    ],
)
def test_so_many_failures_in_a_row(results: str, status: str) -> None:
    assert after(results) == status


@pytest.mark.parametrize(
    ("results", "status"),
    [
        ("---", "UNKNOWN"),  # 90 s: all within the start period of 100 s
        ("-----", "UNKNOWN"),  # two count
        ("------", "UNHEALTHY"),
        ("+--", "HEALTHY"),
        ("+---", "UNHEALTHY"),  # after a pass the start period is over
    ],
)
def test_failures_in_the_start_period_do_not_count(results: str, status: str) -> None:
    assert after(results, start_period=100) == status


def made(status: str, *, essential: bool = True, checked: bool = True) -> Container:
    container = Container("arn", "task", "c", "i", essential=essential)
    container.health_status = LETTERS[status]
    container.health_check = CHECK if checked else None
    return container


@pytest.mark.parametrize(
    ("states", "status"),
    # the examples of AWS's HealthCheck page
    [("U?", "U"), ("UH", "U"), ("H?", "?"), ("HH", "H"), ("U??", "U"), ("H?H", "?"), ("HHH", "H")],
)
def test_a_tasks_health_from_its_essential_containers(states: str, status: str) -> None:
    containers = [made(one) for one in states]
    assert task_health(containers) == LETTERS[status]
    assert task_health([*containers, made("U", essential=False)]) == LETTERS[status]


def test_passes_all_asks_only_those_that_are_checked() -> None:
    assert passes_all([made("?", checked=False)]) is None
    assert passes_all([made("H"), made("?", checked=False)]) is True
    assert passes_all([made("H"), made("?")]) is False
    assert passes_all([made("?", essential=False), made("?", checked=False)]) is None
