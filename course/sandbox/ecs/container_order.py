"""The order in which a task's containers start and stop: ``dependsOn``. Pure rules.

A container starts when each of its dependencies has met its condition; one that
can never be met is final, and the container does not start at all. At stop the
order is reversed. An UNHEALTHY dependency is not final, as it may yet pass: the
task stays PENDING until its ``startTimeout`` (containers-roadmap#2379, 2024).

AWS: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDependency.html
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from course.sandbox.ecs.resources import Container, Dependency, Task
from course.sandbox.ecs.task_health import drains

GIVEN_UP_EXIT = 143
"""The exit code that ECS's agent gives a container which its dependencies kept from starting
(amazon-ecs-agent#3218, 2022-05)."""


@dataclass(frozen=True, slots=True)
class Obstacle:
    """What keeps a container from starting; *final* when that can never change."""

    reason: str
    final: bool = False


def obstacle(target: Container, containers: Sequence[Container], now: datetime) -> Obstacle | None:
    """The first thing that keeps a container from starting; what is final comes first."""
    by_name = {one.name: one for one in containers}
    found = [_unmet(target, by_name[wait.name], wait, now) for wait in target.depends_on]
    unmet = [one for one in found if one]
    return next((one for one in unmet if one.final), unmet[0] if unmet else None)


def _unmet(
    target: Container, dependency: Container, wait: Dependency, now: datetime
) -> Obstacle | None:
    """Why one condition is not met; texts are the agent's (its source, 2022 to 2026)."""
    failed = (
        f"dependency graph: failed to resolve container ordering dependency [{_told(dependency)}] "
        f"for target [{_told(target)}]"
    )
    stopped = dependency.last_status == "STOPPED"
    if wait.condition == "SUCCESS" and stopped and dependency.exit_code != 0:
        return Obstacle(f"{failed} as dependency did not exit successfully.", final=True)
    if stopped and dependency.began is None:
        return Obstacle(f"{failed} because dependency will never start", final=True)
    if is_met(wait.condition, dependency):
        return None
    if stopped:  # HEALTHY, of a container that has ended before it was
        return Obstacle(f"{failed} because dependency stopped", final=True)  # our words
    if wait.condition != "START" and _timed_out(dependency, now):
        late = f"container ordering dependency [{_told(dependency)}] for target [{_told(target)}]"
        return Obstacle(f"dependency graph: {late} has timed out.", final=True)
    return Obstacle(f"waits for {dependency.name}: {wait.condition}")


def is_met(condition: str, dependency: Container) -> bool:
    """Whether a container is as far as a ``dependsOn`` condition asks."""
    if condition == "START":
        return dependency.began is not None
    if condition == "HEALTHY":
        return dependency.last_status == "RUNNING" and dependency.health_status == "HEALTHY"
    ended = dependency.last_status == "STOPPED" and dependency.exit_code is not None
    return ended and (condition == "COMPLETE" or dependency.exit_code == 0)


def _timed_out(dependency: Container, now: datetime) -> bool:
    if dependency.began is None or dependency.start_timeout is None:
        return False
    return now >= dependency.began + timedelta(seconds=dependency.start_timeout)


def _told(container: Container) -> str:
    """A container as the agent prints it: name, image, known and desired status, exit code."""
    known = "NONE" if container.last_status == "PENDING" else container.last_status
    code = "" if container.exit_code is None else f" - Exit: {container.exit_code}"
    return f"{container.name}({container.image}) ({known}->RUNNING){code}"


def next_to_stop(containers: Sequence[Container]) -> list[Container]:
    """Running containers to be signalled now: those on which no running one depends."""
    running = [one for one in containers if one.last_status == "RUNNING"]
    needed = {wait.name for one in running for wait in one.depends_on}
    return [one for one in running if one.name not in needed and not one.signalled]


def holds(task: Task) -> bool:
    """Whether a task has to stay in its stage: for its containers to start or to end, or its targets to drain."""
    if task.stage == "starting":
        return task.wanted and any(one.last_status == "PENDING" for one in task.containers)
    if task.stage == "deactivating":
        return drains(task)
    return task.stage == "stopping" and any(one.last_status == "RUNNING" for one in task.containers)
