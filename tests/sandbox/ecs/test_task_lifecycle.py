"""A task's life by tables: which stage follows which, and how long each lasts."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from botocore.session import get_session

from course.sandbox.ecs.resources import Task
from course.sandbox.ecs.task_lifecycle import (
    first_stage,
    next_stage,
    pace,
    profiles,
    seconds,
    stages,
)

MakeTask = Callable[..., Task]

STATUSES = [
    "PROVISIONING",
    "PENDING",
    "ACTIVATING",
    "RUNNING",
    "DEACTIVATING",
    "STOPPING",
    "DEPROVISIONING",
    "STOPPED",
]


def walk(task: Task) -> list[str]:
    """The lastStatus values from here to where the task stays, each once."""
    shown = [task.last_status]
    while stage := next_stage(task):
        task.stage, task.last_status = stage.name, stage.status
        if shown[-1] != stage.status:
            shown.append(stage.status)
    return shown


@pytest.fixture
def newborn(task: MakeTask) -> Task:
    made = task("provisioning")
    made.stage = first_stage(made).name
    return made


def test_the_table_has_every_status_in_order() -> None:
    assert list(dict.fromkeys(stage.status for stage in stages().values())) == STATUSES


def test_timestamps_are_names_of_the_api() -> None:
    members = get_session().get_service_model("ecs").shape_for("Task").members
    stamps = [stage.stamp for stage in stages().values() if stage.stamp]
    words = [stamp.split("_") for stamp in stamps]
    assert {first + "".join(map(str.title, rest)) for first, *rest in words} <= set(members)
    assert len(stamps) == len(set(stamps)) == 6


def test_a_task_goes_to_running_and_stays(newborn: Task) -> None:
    assert walk(newborn) == ["PROVISIONING", "PENDING", "RUNNING"]


def test_activating_is_for_what_registers_somewhere(newborn: Task) -> None:
    newborn.load_balancers = [{"targetGroupArn": "arn"}]
    assert walk(newborn) == ["PROVISIONING", "PENDING", "ACTIVATING", "RUNNING"]


@pytest.mark.parametrize(
    ("state", "way"),
    [
        ("provisioning", ["PROVISIONING", "DEPROVISIONING", "STOPPED"]),
        ("pending", ["PENDING", "DEPROVISIONING", "STOPPED"]),
        ("activating", ["ACTIVATING", "STOPPING", "DEPROVISIONING", "STOPPED"]),
        ("running", ["RUNNING", "DEACTIVATING", "STOPPING", "DEPROVISIONING", "STOPPED"]),
        ("stopping", ["STOPPING", "DEPROVISIONING", "STOPPED"]),
    ],
)
def test_a_task_asked_to_stop_walks_to_stopped(task: MakeTask, state: str, way: list[str]) -> None:
    made = task(state)
    made.desired_status = "STOPPED"
    assert walk(made) == way


def test_stopped_is_the_end(task: MakeTask) -> None:
    made = task("asked")
    walk(made)
    assert next_stage(made) is None


def until_running(profile: str, launch_type: str) -> float:
    ways = ("provisioning", "connecting", "preparing", "pulling", "starting")
    return sum(seconds(one, profile=profile, launch_type=launch_type) for one in ways)


@pytest.mark.parametrize(
    ("launch_type", "low", "high"), [("FARGATE", 20, 28), ("EC2", 8, 8.3), ("EC2_AWSVPC", 21, 21.1)]
)
def test_starting_lasts_as_long_as_in_awss_own_samples(
    launch_type: str, low: float, high: float
) -> None:
    assert low <= until_running("typical", launch_type) <= high


def test_profiles_scale_the_same_table() -> None:
    assert profiles() == ["typical", "brisk", "slow", "instant"]
    typical, brisk, slow, instant = (until_running(one, "FARGATE") for one in profiles())
    assert slow == 3 * typical
    assert typical / 7 < brisk < typical / 3
    assert instant == 0


def test_a_task_counts_as_healthy_40_seconds_after_running() -> None:
    assert seconds("healthy", profile="typical", launch_type="FARGATE") == 40


def test_on_an_instance_only_an_interface_of_its_own_is_provisioned(task: MakeTask) -> None:
    for kind, subnet, begins, table in (
        ("FARGATE", "subnet-a", "PROVISIONING", "FARGATE"),
        ("EC2", "subnet-a", "PROVISIONING", "EC2_AWSVPC"),
        ("EC2", None, "PENDING", "EC2"),
    ):
        made = task("running", subnet)
        made.launch_type = kind
        assert (first_stage(made).status, pace(made)) == (begins, table)


def test_durations_are_whole_seconds() -> None:
    for profile in profiles():
        for name in [*stages(), "ending", "healthy"]:
            if name in ("running", "stopped"):
                continue
            length = seconds(name, profile=profile, launch_type="FARGATE")
            assert length == int(length) >= 0
