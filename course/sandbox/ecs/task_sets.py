"""What to do next for the task sets of a service with the EXTERNAL deployment controller.

Each set has its share of the service's desired count, and is kept at it; which
set serves, and how large each is, whoever conducts the deployment says. Pure.

AWS: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-external.html
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from course.sandbox.ecs.resources import Service, TaskSet
from course.sandbox.ecs.service_scheduler import (
    STEADY_AGAIN,
    Action,
    Deactivate,
    ReachSteadyState,
    StartTasks,
    StopTasks,
    choose_to_stop,
    stoppable,
)


@dataclass(frozen=True, slots=True)
class RetireTaskSet:
    """A task set that was deleted has no tasks left: take it off the service."""

    task_set: TaskSet


@dataclass(frozen=True, slots=True)
class Stabilize:
    """A task set has become steady, or is no longer: stabilityStatus changes."""

    task_set: TaskSet


TaskSetAction = Action | RetireTaskSet | Stabilize


def reconcile_task_sets(service: Service, now: datetime) -> list[TaskSetAction]:
    """What to do next for the task sets of one service; an empty list when there is nothing."""
    moves = [move for one in service.task_sets for move in _moves(service, one, now)]
    return moves or _closes(service) or _reports(service, now)


def _moves(service: Service, task_set: TaskSet, now: datetime) -> list[TaskSetAction]:
    missing = task_set.desired_count - task_set.wanted_count
    held = task_set.hold_until and now < task_set.hold_until
    if missing > 0:
        return [] if held else [StartTasks(task_set, missing)]
    ending = service.status == "DRAINING" or task_set.status == "DRAINING"
    tasks = task_set.wanted_tasks() if ending else stoppable(service, task_set.wanted_tasks(), now)
    surplus = choose_to_stop(tasks, -missing)
    return [StopTasks(surplus)] if surplus else []


def _closes(service: Service) -> list[TaskSetAction]:
    """Sets being deleted go once their tasks are gone; so does a service that is drained."""
    gone = [one for one in service.task_sets if one.status == "DRAINING" and not one.tasks]
    if gone:
        return [RetireTaskSet(one) for one in gone]
    tasks = [task for one in service.task_sets for task in one.tasks.values()]
    drained = all(task.last_status in ("STOPPING", "DEPROVISIONING") for task in tasks)
    return [Deactivate()] if service.status == "DRAINING" and drained else []


def _reports(service: Service, now: datetime) -> list[TaskSetAction]:
    changed = [one for one in service.task_sets if one.stable != one.is_steady]
    if changed:
        return [Stabilize(one) for one in changed]
    settled = service.task_sets and all(one.stable for one in service.task_sets)
    if service.status != "ACTIVE" or not settled:
        return []
    again = timedelta(seconds=STEADY_AGAIN)
    if service.steady_since is None or now >= service.steady_since + again:
        return [ReachSteadyState()]
    return []
