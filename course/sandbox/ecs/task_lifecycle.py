"""The life of a task: which stage follows which, and how long each lasts.

Pure rules over the stage table (``stages.toml``): PROVISIONING, PENDING,
ACTIVATING, RUNNING, DEACTIVATING, STOPPING, DEPROVISIONING, STOPPED. Nothing
here changes a task; the control plane enters the stages these rules name.

AWS: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-lifecycle-explanation.html
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from course.sandbox.ecs.resources import Task


@dataclass(frozen=True, slots=True)
class Stage:
    """One step of a task's life: the lastStatus shown, and the timestamp set on entering it."""

    name: str
    status: str
    stamp: str | None = None


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads((files("course.sandbox.ecs") / "stages.toml").read_text("utf-8"))


@cache
def stages() -> dict[str, Stage]:
    """All stages by name, in the order of a task's life."""
    return {row["name"]: Stage(**row) for row in _table()["stage"]}


def profiles() -> list[str]:
    """The speeds a world can have: typical, brisk, slow, instant."""
    return list(_table()["scale"])


@cache
def seconds(stage: str, *, profile: str, launch_type: str) -> float:
    """How many virtual seconds a stage lasts; the profile scales the table of the launch type.

    Also answers for the waits that are no stages, ``ending``, ``healthy`` and those of instances.
    """
    length = _table()["seconds"]["typical"][launch_type][stage] * _table()["scale"][profile]
    return float(round(length)) if length >= 1 else float(length > 0)


def pace(task: Task) -> str:
    """The table of the stages' lengths that a task goes by."""
    if task.launch_type == "FARGATE":
        return "FARGATE"
    return "EC2_AWSVPC" if task.interface else "EC2"


def first_stage(task: Task) -> Stage:
    """Where a task begins: on an instance, without an interface of its own, nothing is to be provisioned.

    What no instance has room for yet waits.
    """
    if task.awaits is not None:
        return stages()["waiting"]
    return stages()["connecting" if pace(task) == "EC2" else "provisioning"]


def next_stage(task: Task) -> Stage | None:
    """The stage that follows the task's present one; None while it simply runs, or is stopped."""
    if not task.wanted:
        return _towards_stopped(task)
    if task.stage in ("waiting", "running"):
        return None
    if task.stage == "starting" and not task.registers:
        return stages()["running"]
    return _following(task.stage)


def _towards_stopped(task: Task) -> Stage | None:
    """A task asked to stop: one that ran walks the whole way, one that did not skips ahead."""
    if task.stage == "stopped":
        return None
    if task.last_status in ("PROVISIONING", "PENDING", "ACTIVATING"):
        runs = any(one.last_status == "RUNNING" for one in task.containers)
        return stages()[
            "stopping" if runs or task.last_status == "ACTIVATING" else "deprovisioning"
        ]
    return _following(task.stage)


def _following(name: str) -> Stage | None:
    names = list(stages())
    place = names.index(name) + 1
    return stages()[names[place]] if place < len(names) else None
