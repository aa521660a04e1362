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

from course.sandbox.ecs.deployments import has_tripped
from course.sandbox.ecs.resources import ContainerInstance, Deployment, Service, Task

STEADY_AGAIN = 6 * 3600
"""Seconds after which a service that stays steady says so again."""

LONGEST_HOLD = 27 * 60
"""Seconds the restart throttle waits at most between tasks that never reach RUNNING."""


@dataclass(frozen=True, slots=True)
class StartTasks:
    """Start this many tasks of a deployment, so many of them in the place of unhealthy ones.

    *instances* are where, one for each task, for a service that says so: DAEMON.
    """

    deployment: Deployment
    count: int
    unhealthy: int = 0
    instances: tuple[ContainerInstance, ...] = ()


@dataclass(frozen=True, slots=True)
class StopTasks:
    """Stop these tasks, because there are too many; or, *replaced*, to put others in their place."""

    tasks: tuple[Task, ...]
    replaced: bool = False


@dataclass(frozen=True, slots=True)
class RetireDeployment:
    """Take an older deployment off the service: it has no tasks left."""

    deployment: Deployment


@dataclass(frozen=True, slots=True)
class CompleteDeployment:
    """The newest deployment has all its tasks, healthy: rolloutState COMPLETED."""

    deployment: Deployment


@dataclass(frozen=True, slots=True)
class FailDeployment:
    """The circuit breaker has tripped: rolloutState FAILED, and back to what worked if wanted."""

    deployment: Deployment


@dataclass(frozen=True, slots=True)
class ReachSteadyState:
    """Nothing is left to do; say so in an event."""


@dataclass(frozen=True, slots=True)
class ReportBlocked:
    """The two percents leave no room to start or to stop anything."""


@dataclass(frozen=True, slots=True)
class ReportProtected:
    """Tasks that ought to go are protected: nothing moves until they are not."""

    deployment: Deployment


@dataclass(frozen=True, slots=True)
class Deactivate:
    """A service being deleted has no running task left: INACTIVE."""


Action = (
    StartTasks
    | StopTasks
    | RetireDeployment
    | CompleteDeployment
    | FailDeployment
    | ReachSteadyState
    | ReportBlocked
    | ReportProtected
    | Deactivate
)


def reconcile(service: Service, now: datetime) -> list[Action]:
    """What to do next for one service; an empty list when there is nothing.

    For a service with the EXTERNAL deployment controller see ``task_sets``.
    """
    if service.status == "INACTIVE":
        return []
    if service.status == "ACTIVE" and has_tripped(service):
        return [FailDeployment(service.primary)]
    moves = _starts(service, now) + _stops(service, now) or _unhealthy(service, now)
    return moves or closes(service) or reports(service, now)


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


def _room(service: Service) -> int:
    return upper_bound(service) - service.running_count - service.pending_count


def _starts(service: Service, now: datetime) -> list[Action]:
    """The newest deployment's missing tasks; then those that older ones have lost."""
    room, actions = _room(service), list[Action]()
    spare = service.desired_count - service.primary.healthy_count
    spare -= sum(older.wanted_count for older in service.deployments[1:])
    for deployment in service.deployments:
        newest = deployment is service.primary
        wanted = service.desired_count if newest else deployment.desired_count
        count = min(wanted - deployment.settled_count, room)
        count = count if newest else min(count, spare)
        if count > 0 and may_start(deployment, now):
            actions.append(StartTasks(deployment, count))
            room -= count
            spare -= 0 if newest else count
    return actions


def may_start(deployment: Deployment, now: datetime) -> bool:
    """Whether a deployment has not failed, and is not held back by its last failures."""
    held = deployment.hold_until and now < deployment.hold_until
    return deployment.may_launch and not held


def _unhealthy(service: Service, now: datetime) -> list[Action]:
    """Replace tasks that have failed their health checks, by tasks of the same revision.

    The replacements start first where maximumPercent leaves room for them;
    where not, one unhealthy task is stopped at a time.
    """
    for deployment in service.deployments:
        bad = unhealthy_tasks(service, deployment, now)
        if not bad or service.status != "ACTIVE":
            continue
        count = min(len(bad), _room(service))
        if count > 0:
            stop = StopTasks(tuple(bad[:count]), replaced=True)
            return [StartTasks(deployment, count, unhealthy=count), stop]
        if not deployment.stopping_count and not deployment.pending_count:
            return [StopTasks((bad[0],), replaced=True)]
    return []


def unhealthy_tasks(service: Service, deployment: Deployment, now: datetime) -> list[Task]:
    """The deployment's unhealthy tasks that are past the grace period and can be replaced."""
    if not deployment.unhealthy_count or not deployment.may_launch:
        return []
    return [
        task
        for task in deployment.wanted_tasks()
        if task.unhealthy and now >= grace_ends(service, task)
    ]


def grace_ends(service: Service, task: Task) -> datetime:
    """Until when health checks of a task that runs are ignored."""
    assert task.started_at is not None, "an unhealthy task has run"
    return task.started_at + timedelta(seconds=service.health_check_grace_period_seconds)


def _stops(service: Service, now: datetime) -> list[Action]:
    """What is too many, or of an older revision; protected tasks are left alone."""
    chosen = _surplus(service, now) + _replaced(service, now)
    moved = () if chosen else _displaced(service)
    stops = StopTasks(chosen), StopTasks(moved, replaced=True)
    return [one for one in stops if one.tasks]


def _surplus(service: Service, now: datetime) -> tuple[Task, ...]:
    count = service.primary.settled_count - service.desired_count
    if count <= 0:
        return ()
    settled = (task for task in service.primary.wanted_tasks() if not task.displaced)
    return choose_to_stop(stoppable(service, settled, now), count)


def _displaced(service: Service) -> tuple[Task, ...]:
    """Tasks on instances being drained that can go: those not RUNNING at once, others as the lower bound spares.

    Their replacements start as ``_starts`` finds room below the upper bound.
    """
    if not any(one.displaced_count for one in service.deployments):
        return ()
    wanted = [task for one in service.deployments for task in one.wanted_tasks()]
    waiting = [task for task in wanted if task.displaced and task.last_status != "RUNNING"]
    serving = [task for task in wanted if task.displaced and task.last_status == "RUNNING"]
    elsewhere = sum(one.healthy_count for one in service.deployments)
    elsewhere -= sum(task.healthy for task in serving)
    spare = elsewhere + len(serving) - lower_bound(service)
    return tuple(waiting) + choose_to_stop(serving, max(0, spare))


def stoppable(service: Service, tasks: Iterable[Task], now: datetime) -> list[Task]:
    """All but the protected ones; deleting a service is no scaling in, and takes them all."""
    if service.status == "DRAINING":
        return list(tasks)
    return [task for task in tasks if not task.is_protected(now)]


def _replaced(service: Service, now: datetime) -> tuple[Task, ...]:
    """Tasks of older deployments that can go: those not serving yet, and what the lower bound spares."""
    older = [task for d in service.deployments[1:] for task in d.wanted_tasks()]
    if not older:
        return ()
    primary, serving = service.primary, [one for one in older if one.last_status == "RUNNING"]
    spare = len(serving) + primary.healthy_count - lower_bound(service)
    if not primary.may_launch:  # stalled: nothing comes in the place of what goes
        spare = min(spare, len(serving) + primary.wanted_count - service.desired_count)
    going = choose_to_stop(stoppable(service, serving, now), max(0, spare))
    enough = primary.healthy_count + len(serving) >= service.desired_count
    waiting = [task for task in older if task.last_status != "RUNNING"]
    waiting = [task for task in waiting if enough or not _is_needed(task)]
    return tuple(stoppable(service, waiting, now)) + going


def _is_needed(task: Task) -> bool:
    """Whether a task of an older deployment was started in the place of one it has lost."""
    return task.deployment is not None and task.deployment.replaces_lost


def choose_to_stop(tasks: Iterable[Task], count: int) -> tuple[Task, ...]:
    """Which tasks go first: not RUNNING yet or unhealthy, then of the fullest subnet, newest first.

    AWS says only that scaling in keeps the Availability Zones balanced; the
    order within a zone is our model.
    """
    by_subnet: dict[str, list[Task]] = defaultdict(list)
    chosen: list[Task] = []
    for task in tasks:
        first = (task.last_status != "RUNNING" or task.unhealthy) and len(chosen) < count
        (chosen if first else by_subnet[task.subnet_id or ""]).append(task)
    fullest = [(-len(held), subnet) for subnet, held in by_subnet.items()]
    heapify(fullest)
    while fullest and len(chosen) < count:
        size, subnet = heappop(fullest)
        chosen.append(by_subnet[subnet].pop())
        if size < -1:
            heappush(fullest, (size + 1, subnet))
    return tuple(chosen[:count])


def closes(service: Service) -> list[Action]:
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


def reports(service: Service, now: datetime) -> list[Action]:
    """What to say when nothing moves: completed, steady, or kept from going on."""
    primary = service.primary
    kept = _kept_by_protection(service, now)
    if kept:
        return [] if service.blocked else [ReportProtected(kept)]
    if len(service.deployments) > 1:
        return [ReportBlocked()] if _is_blocked(service) else []
    arrived = primary.healthy_count == primary.wanted_count == service.desired_count
    arrived = arrived and not primary.displaced_count
    under_way = service.pending_count or primary.stopping_count
    if not arrived or under_way or service.running_count != service.desired_count:
        return []
    if primary.rollout_state == "IN_PROGRESS":
        return [CompleteDeployment(primary)]
    again = timedelta(seconds=STEADY_AGAIN)
    if service.steady_since is None or now >= service.steady_since + again:
        return [ReachSteadyState()]
    return []


def _kept_by_protection(service: Service, now: datetime) -> Deployment | None:
    """The deployment whose protected tasks are more than may stay; None while others can move."""
    too_many = sum(one.wanted_count for one in service.deployments) > service.desired_count
    if not too_many or any(one.pending_count for one in service.deployments):
        return None
    settled = service.primary.healthy_count >= service.desired_count
    for deployment in reversed(service.deployments):
        wanted = deployment.wanted_tasks() if settled else ()
        if any(task.is_protected(now) for task in wanted):
            return deployment
    return None


def _is_blocked(service: Service) -> bool:
    """During a deployment: nothing may start, nothing may stop, and nothing is under way."""
    quiet = not any(d.stopping_count or d.pending_count for d in service.deployments)
    serving = all(d.healthy_count == d.wanted_count for d in service.deployments)
    able = service.primary.may_launch and not service.primary.hold_until
    return quiet and serving and able and not service.blocked
