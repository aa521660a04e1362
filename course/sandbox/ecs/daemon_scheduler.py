"""The DAEMON strategy: one task on each container instance that the constraints allow. Pure.

It comes and goes with the instances. A new revision replaces the old on each
instance, which has room for one of them; minimumHealthyPercent says how many
may be gone at once (none has to stay, by default).

AWS: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service_definition_parameters.html
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from course.sandbox.ecs.cluster_query import parse
from course.sandbox.ecs.deployments import has_tripped
from course.sandbox.ecs.places import candidate_of
from course.sandbox.ecs.resources import ContainerInstance, Service, Task
from course.sandbox.ecs.service_scheduler import (
    Action,
    FailDeployment,
    StartTasks,
    StopTasks,
    closes,
    lower_bound,
    may_start,
    reports,
    unhealthy_tasks,
)


def daemon_places(
    instances: Iterable[ContainerInstance], constraints: Sequence[Mapping[str, str]]
) -> list[ContainerInstance]:
    """The ACTIVE instances that meet every memberOf constraint; the agent may be away for a while."""
    expressions = [parse(one["expression"]) for one in constraints if one["type"] == "memberOf"]
    return [
        one
        for one in instances
        if one.status == "ACTIVE" and all(fits(candidate_of(one)) for fits in expressions)
    ]


def reconcile_daemon(
    service: Service, places: Sequence[ContainerInstance], now: datetime
) -> list[Action]:
    """What to do next for a DAEMON service, which should have a task on each of *places*."""
    if service.status == "INACTIVE":
        return []
    if service.status == "ACTIVE" and has_tripped(service):
        return [FailDeployment(service.primary)]
    moves = _starts(service, places, now) + _stops(service, places, now)
    return moves or closes(service) or reports(service, now)


def _starts(service: Service, places: Sequence[ContainerInstance], now: datetime) -> list[Action]:
    """A task of the newest revision on each place that has none of the service's, not even one stopping."""
    if not may_start(service.primary, now):
        return []
    taken = {
        task.container_instance_arn for one in service.deployments for task in one.tasks.values()
    }
    free = [
        one for one in places if one.agent_connected and one.container_instance_arn not in taken
    ]
    return [StartTasks(service.primary, len(free), instances=tuple(free))] if free else []


def _stops(service: Service, places: Sequence[ContainerInstance], now: datetime) -> list[Action]:
    """What is on no place of the service's, or unhealthy; and of older revisions what can be spared."""
    allowed = {one.container_instance_arn for one in places}
    wanted = [task for one in service.deployments for task in one.wanted_tasks()]
    astray = [task for task in wanted if task.container_instance_arn not in allowed]
    if astray:
        return [StopTasks(tuple(astray), replaced=True)]
    older = _older(service)
    bad = unhealthy_tasks(service, service.primary, now)
    if older or bad:
        return [StopTasks(tuple(older or bad), replaced=bool(bad and not older))]
    return []


def _older(service: Service) -> list[Task]:
    """Tasks of older revisions that can go; one that does not run yet serves nobody."""
    older = [task for one in service.deployments[1:] for task in one.wanted_tasks()]
    if not older or not service.primary.may_launch:
        return []
    serving = [task for task in older if task.last_status == "RUNNING"]
    spare = service.primary.healthy_count + len(serving) - lower_bound(service)
    waiting = [task for task in older if task.last_status != "RUNNING"]
    return waiting + serving[: max(0, spare)]
