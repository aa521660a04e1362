"""The service scheduler: from what a service is to what to do next.

``reconcile`` compares desired with actual and names the actions that bring
them nearer; it changes nothing. The control plane carries them out and asks
again, until there is nothing left to do.

AWS: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_services.html
and, for the two percents of a rolling update,
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-ecs.html
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from heapq import heapify, heappop, heappush

from course.sandbox.ecs.resources import Deployment, Service, Task

STEADY_AGAIN = 6 * 3600
"""Seconds after which a service that stays steady says so again."""

LONGEST_HOLD = 27 * 60
"""Seconds the restart throttle waits at most between tasks that never reach RUNNING."""


@dataclass(frozen=True, slots=True)
class StartTasks:
    """Start this many tasks of a deployment."""

    deployment: Deployment
    count: int


@dataclass(frozen=True, slots=True)
class StopTasks:
    """Stop these tasks, because the service has too many or is replacing them."""

    tasks: tuple[Task, ...]


@dataclass(frozen=True, slots=True)
class RetireDeployment:
    """Take an older deployment off the service: it has no tasks left."""

    deployment: Deployment


@dataclass(frozen=True, slots=True)
class CompleteDeployment:
    """The newest deployment has all its tasks, healthy: rolloutState COMPLETED."""

    deployment: Deployment


@dataclass(frozen=True, slots=True)
class ReachSteadyState:
    """Nothing is left to do; say so in an event."""


@dataclass(frozen=True, slots=True)
class ReportBlocked:
    """The two percents leave no room to start or to stop anything."""


@dataclass(frozen=True, slots=True)
class Deactivate:
    """A service being deleted has no running task left: INACTIVE."""


Action = (
    StartTasks
    | StopTasks
    | RetireDeployment
    | CompleteDeployment
    | ReachSteadyState
    | ReportBlocked
    | Deactivate
)


def reconcile(service: Service, now: datetime) -> list[Action]:
    """What to do next for one service; an empty list when there is nothing."""
    if service.status == "INACTIVE":
        return []
    moves = _starts(service, now) + _stops(service)
    return moves or _closes(service) or _reports(service, now)


def lower_bound(service: Service) -> int:
    """Tasks that must stay in service during a deployment: desired x minimumHealthyPercent, up."""
    percent: int = service.deployment_configuration["minimumHealthyPercent"]
    return -(-service.desired_count * percent // 100)


def upper_bound(service: Service) -> int:
    """Tasks that may be RUNNING or PENDING at once: desired x maximumPercent, rounded down."""
    percent: int = service.deployment_configuration["maximumPercent"]
    return service.desired_count * percent // 100


def hold_seconds(failures: int) -> int:
    """The restart throttle: longer after each task that never reached RUNNING.

    AWS gives the longest wait (27 minutes); the doubling in between is our model.
    """
    return int(min(LONGEST_HOLD, 10 * 2 ** min(failures - 1, 10))) if failures > 0 else 0


def _starts(service: Service, now: datetime) -> list[Action]:
    primary = service.primary
    missing = service.desired_count - primary.wanted_count
    room = upper_bound(service) - service.running_count - service.pending_count
    count = min(missing, room)
    if count <= 0 or (primary.hold_until and now < primary.hold_until):
        return []
    return [StartTasks(primary, count)]


def _stops(service: Service) -> list[Action]:
    surplus = service.primary.wanted_count - service.desired_count
    tasks = choose_to_stop(service.primary.wanted_tasks(), surplus) if surplus > 0 else ()
    tasks += _replaced(service)
    return [StopTasks(tasks)] if tasks else []


def _replaced(service: Service) -> tuple[Task, ...]:
    """Tasks of older deployments that can go: those not serving yet, and what the lower bound spares."""
    older = [task for d in service.deployments[1:] for task in d.wanted_tasks()]
    if not older:
        return ()
    serving = [task for task in older if task.last_status == "RUNNING"]
    spare = len(serving) + service.primary.healthy_count - lower_bound(service)
    waiting = tuple(task for task in older if task.last_status != "RUNNING")
    return waiting + choose_to_stop(serving, max(0, spare))


def choose_to_stop(tasks: Iterable[Task], count: int) -> tuple[Task, ...]:
    """Which tasks go first: those not RUNNING yet, then from the fullest subnet, newest first.

    AWS says only that scaling in keeps the Availability Zones balanced; the
    order within a zone is our model.
    """
    by_subnet: dict[str, list[Task]] = defaultdict(list)
    chosen: list[Task] = []
    for task in tasks:
        waiting = task.last_status != "RUNNING" and len(chosen) < count
        (chosen if waiting else by_subnet[task.subnet_id or ""]).append(task)
    fullest = [(-len(held), subnet) for subnet, held in by_subnet.items()]
    heapify(fullest)
    while fullest and len(chosen) < count:
        size, subnet = heappop(fullest)
        chosen.append(by_subnet[subnet].pop())
        if size < -1:
            heappush(fullest, (size + 1, subnet))
    return tuple(chosen[:count])


def _closes(service: Service) -> list[Action]:
    """Older deployments without tasks are retired; a drained service becomes INACTIVE."""
    if service.status == "DRAINING":
        return [Deactivate()] if _is_drained(service) else []
    return [RetireDeployment(older) for older in service.deployments[1:] if not older.tasks]


def _is_drained(service: Service) -> bool:
    """Whether all tasks are STOPPING or beyond, which is when DRAINING ends."""
    return all(
        task.last_status in ("STOPPING", "DEPROVISIONING")
        for deployment in service.deployments
        for task in deployment.tasks.values()
    )


def _reports(service: Service, now: datetime) -> list[Action]:
    primary = service.primary
    if len(service.deployments) > 1:
        return [ReportBlocked()] if _is_blocked(service) else []
    arrived = primary.healthy_count == primary.wanted_count == service.desired_count
    under_way = service.pending_count or primary.stopping_count
    if not arrived or under_way or service.running_count != service.desired_count:
        return []
    if primary.rollout_state == "IN_PROGRESS":
        return [CompleteDeployment(primary)]
    again = timedelta(seconds=STEADY_AGAIN)
    if service.steady_since is None or now >= service.steady_since + again:
        return [ReachSteadyState()]
    return []


def _is_blocked(service: Service) -> bool:
    """During a deployment: nothing may start, nothing may stop, and nothing is under way."""
    quiet = not any(d.stopping_count or d.pending_count for d in service.deployments)
    serving = all(d.healthy_count == d.wanted_count for d in service.deployments)
    return quiet and serving and not service.primary.hold_until and not service.blocked
