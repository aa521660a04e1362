"""AWS/ECS: what services use of what they reserved, and clusters of what they have.

CPU is our model: the part of its capacity that a program's requests need is the part of its CPU
that is busy; memory is the image's own curve (docs/workload-model.md). One sample a minute for each
RUNNING task, so that SampleCount is their number.

AWS: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/available-metrics.html
     https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service_utilization.html
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from course.sandbox.ecs.resources import Region, Task
from course.sandbox.observability.metrics.publishing import Minutes, together
from course.sandbox.observability.metrics.series import MINUTE, Metric
from course.sandbox.traffic.finding import CPU_UNITS, vcpus
from course.sandbox.workloads.images import find_image
from course.sandbox.workloads.program import memory_at
from course.sandbox.world import World

NAMESPACE = "AWS/ECS"
UNDESCRIBED_MIB = 10.0
"""Memory of a program of which the workload model says nothing."""


@dataclass(frozen=True, slots=True)
class Use:
    """What one task uses and reserves: CPU units and MiB."""

    task: Task
    cpu: float
    memory: float
    reserved_cpu: float
    reserved_memory: float


def publish(world: World, minutes: Minutes) -> dict[str, list[Use]]:
    """The metrics of services and clusters; returns what the running tasks use, by Region."""
    found = {}
    for name, region in world.regions.items():
        uses = found[name] = [_use(task, minutes) for task in _running(region)]
        _services(name, uses, minutes)
        _clusters(region, uses, minutes)
    return found


def moves(world: World, at: datetime) -> bool:
    """Whether the memory of some program still changes, although nothing happens."""
    for region in world.regions.values():
        for task in _running(region):
            for container in task.containers:
                curve = find_image(container.image).memory
                if container.began and curve:
                    age = (at - container.began).total_seconds()
                    if container.last_status == "RUNNING" and age < curve[-1][0]:
                        return True
    return False


def _running(region: Region) -> Iterator[Task]:
    for tasks in region.tasks.values():
        for task in tasks.values():
            if task.last_status == "RUNNING":
                yield task


def _use(task: Task, minutes: Minutes) -> Use:
    busy = min(1.0, minutes.passed.busy.get(task.id, 0.0) / MINUTE)
    units = 0.0
    if busy:
        serving = (one for one in task.containers if one.program.server)
        container = next(serving, task.containers[0])
        units = busy * CPU_UNITS * vcpus(task, container)
    cpu = float(task.cpu or 0) or sum(float(one.cpu) for one in task.containers)
    memory = float(task.memory or 0) or sum(
        float(one.memory_reservation or one.memory or 0) for one in task.containers
    )
    return Use(task, units, _memory(task, minutes.end), cpu, memory)


def _memory(task: Task, at: datetime) -> float:
    used = 0.0
    for container in task.containers:
        if container.last_status != "RUNNING" or container.began is None:
            continue
        age = (at - container.began).total_seconds()
        found = memory_at(find_image(container.image), age)
        used += UNDESCRIBED_MIB if found is None else found
    return used


def _services(region: str, uses: list[Use], minutes: Minutes) -> None:
    by_service: dict[tuple[str, str], list[Use]] = {}
    for use in uses:
        if use.task.deployment is not None:
            cluster = use.task.cluster_arn.rsplit("/", 1)[-1]
            service = use.task.group.removeprefix("service:")
            by_service.setdefault((cluster, service), []).append(use)
    for (cluster, service), own in by_service.items():
        for name, parts in (
            ("CPUUtilization", ((one.cpu, one.reserved_cpu) for one in own)),
            ("MemoryUtilization", ((one.memory, one.reserved_memory) for one in own)),
        ):
            sums = together(100 * used / reserved for used, reserved in parts if reserved)
            if sums:
                metric = Metric.of(NAMESPACE, name, ClusterName=cluster, ServiceName=service)
                minutes.publish(region, metric, sums, "Percent")


def _clusters(region: Region, uses: list[Use], minutes: Minutes) -> None:
    """Of clusters with container instances: what is reserved of them, and what is used."""
    for cluster in region.container_instances:
        instances = region.instances_of(cluster)
        if not instances:
            continue
        of_each: dict[str, list[Use]] = {}
        for use in uses:
            if use.task.instance:
                of_each.setdefault(use.task.instance.id, []).append(use)
        for part, capacity, left, used in (
            ("CPU", "cpu", "remaining_cpu", "cpu"),
            ("Memory", "memory", "remaining_memory", "memory"),
        ):
            whole = sum(getattr(one, capacity) for one in instances)
            taken = whole - sum(getattr(one, left) for one in instances)
            name = Metric.of(NAMESPACE, f"{part}Reservation", ClusterName=cluster)
            minutes.value(region.name, name, 100 * taken / whole if whole else 0.0, "Percent")
            utilised = together(
                100
                * sum(getattr(use, used) for use in of_each.get(one.id, ()))
                / getattr(one, capacity)
                for one in instances
                if getattr(one, capacity)
            )
            if utilised and any(one.id in of_each for one in instances):
                name = Metric.of(NAMESPACE, f"{part}Utilization", ClusterName=cluster)
                minutes.publish(region.name, name, utilised, "Percent")
