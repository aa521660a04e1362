"""Container health checks: what a passed or failed check makes of a container, and of its task.

Pure rules. A check fails when its command exits with anything but 0 or takes
longer than its timeout; so many in a row (``retries``) make the container
UNHEALTHY. Failures in the start period do not count before the first pass.

AWS: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_HealthCheck.html
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from course.sandbox.ecs.resources import Container, HealthCheck
from course.sandbox.workloads.images import find_image
from course.sandbox.workloads.shell import Agent, Elsewhere, Inside, answer


@dataclass(frozen=True, slots=True)
class Health:
    """A container's healthStatus, and what counts towards the next one."""

    status: str
    passed: bool
    failures: int


def judge(before: Health, check: HealthCheck, passed: bool, seconds_up: float) -> Health:
    """The health after one more check, *seconds_up* after the container started."""
    if passed:
        return Health("HEALTHY", passed=True, failures=0)
    if seconds_up <= check.start_period and not before.passed:
        return before
    failures = min(before.failures + 1, check.retries)
    status = "UNHEALTHY" if failures >= check.retries else before.status
    return Health(status, before.passed, failures)


def task_health(containers: Sequence[Container]) -> str:
    """The task's healthStatus, from those of its essential containers."""
    states = {one.health_status for one in containers if one.essential}
    if "UNHEALTHY" in states:
        return "UNHEALTHY"
    return "HEALTHY" if states == {"HEALTHY"} else "UNKNOWN"


def passes_all(containers: Sequence[Container]) -> bool | None:
    """Whether every essential container that has a health check passes it; None without any.

    An essential container without one leaves the task's healthStatus UNKNOWN
    for good; that it does not hold a service up is our model.
    """
    checked = [one for one in containers if one.essential and one.health_check]
    return all(one.health_status == "HEALTHY" for one in checked) if checked else None


def inside(
    container: Container,
    containers: Sequence[Container],
    now: datetime,
    agent: Agent | None = None,
    elsewhere: Elsewhere | None = None,
) -> Inside:
    """What a command in a container sees; under awsvpc the task's containers share ``localhost``.

    *agent* answers at ECS's own address, where somebody asks for that. A health check sees
    its task only, ECS Exec what is *elsewhere* too.
    """

    def reach(port: int, path: str) -> int | None:
        found = (one.status_at(now, port, path, from_task=True) for one in containers)
        return next((status for status in found if status is not None), None)

    task_id = container.task_arn.rsplit("/", 1)[-1]
    process = " ".join(container.command) or container.image
    image, variables = find_image(container.image), container.variables
    return Inside(image, variables, task_id[:12], process, reach, agent, elsewhere)


def passes(container: Container, containers: Sequence[Container], now: datetime) -> bool:
    """Run a container's health check once."""
    check = container.health_check
    assert check is not None, "only a container with a health check is checked"
    kind, *words = check.command
    command = ["sh", "-c", " ".join(words)] if kind == "CMD-SHELL" else words
    done = answer(inside(container, containers, now), command)
    return done.code == 0 and done.seconds <= check.timeout


def is_settled(containers: Sequence[Container], now: datetime) -> bool:
    """Whether the task's servers are all up by now, so that a check answers the same tomorrow."""
    return all(
        one.began is not None and now >= one.began + timedelta(seconds=one.program.server.starts)
        for one in containers
        if one.program.server and one.last_status == "RUNNING"
    )
