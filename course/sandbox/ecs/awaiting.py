"""Tasks that wait in PROVISIONING for an instance: who may wait, and what each wants. Pure.

Only a task of a capacity provider with managed scaling waits; any other that finds
no place fails at once.

AWS: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/cluster-auto-scaling.html
"""

from collections.abc import Sequence
from dataclasses import dataclass

from course.sandbox.ecs.placement import Demand, NotPlaced, Step
from course.sandbox.ecs.resources import Region, Task
from course.sandbox.ecs.stop_reasons import Stop

MOST_WAITING = 500
"""Tasks of a cluster that may be waiting at once (quota of 2026)."""

LONGEST_WAIT = 30 * 60
"""Seconds until a task gives up: AWS says between 10 and 30 minutes (aws/containers-roadmap#2381, 2024)."""


@dataclass(frozen=True, slots=True)
class Awaits:
    """What a task that waits wants of an instance, as its call or its service said."""

    demand: Demand
    strategy: tuple[Step, ...]
    constraints: tuple[Step, ...]


def waiting(region: Region, cluster: str, provider: str | None = None) -> list[Task]:
    """A cluster's tasks that wait for an instance, the oldest first; of one provider, if it is named."""
    return [
        task
        for task in region.tasks.get(cluster, {}).values()
        if task.awaits is not None
        and task.wanted
        and provider in (None, task.capacity_provider_name)
    ]


def has_waited_too_long(found: NotPlaced) -> Stop:
    """Why a task that found no place in all that time is stopped."""
    reason = (found.closest_reason or "EMPTY CAPACITY PROVIDER").rstrip(".")
    return Stop("TaskFailedToStart", f"TaskFailedToStart: {reason}")


def steps(*given: Sequence[Step]) -> tuple[Step, ...]:
    """Strategies, or constraints, of several origins as one."""
    return tuple(step for several in given for step in several)
