"""A task as it is born: from a task definition and the call, or the service, that wants it.

AWS: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Task.html
"""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from course.sandbox.ecs.resources import (
    Attachment,
    Cluster,
    Container,
    Deployment,
    Task,
    TaskDefinition,
)
from course.sandbox.workloads.images import find_image
from course.sandbox.workloads.program import Program, program_of
from course.sandbox.world import World

FARGATE_PLATFORM = "1.4.0"
"""What LATEST means for Linux (November 2026)."""

FARGATE_STORAGE_GIB = 20
STOP_TIMEOUT = 30
"""Seconds between the stop signal and SIGKILL, unless the container definition says otherwise."""


@dataclass(frozen=True)
class Launch:
    """What it takes to start one task, whoever asks for it."""

    region: str
    cluster: Cluster
    definition: TaskDefinition
    group: str
    launch_type: str
    capacity_provider: str | None = None
    platform_version: str | None = None
    network: dict[str, Any] | None = None
    subnet_id: str | None = None
    availability_zone: str | None = None
    overrides: dict[str, Any] = field(default_factory=dict)
    started_by: str | None = None
    tags: list[dict[str, str]] = field(default_factory=list)
    enable_execute_command: bool = False
    deployment: Deployment | None = None


def emptiest_subnet(network: dict[str, Any] | None, placed: Counter[str]) -> str | None:
    """The subnet with the fewest tasks: Fargate spreads a service over its Availability Zones."""
    subnets = (network or {}).get("subnets") or []
    return min(subnets, key=lambda subnet: placed[subnet]) if subnets else None


def new_task(world: World, launch: Launch) -> Task:
    """The task of a launch, not yet in any state; ids come from the world's seeded chance."""
    region, cluster = world.ecs(launch.region), launch.cluster
    arn = region.arn(f"task/{cluster.cluster_name}/{world.hexadecimal(32)}")
    definition, fargate = launch.definition, launch.launch_type == "FARGATE"
    task = Task(
        task_arn=arn,
        cluster_arn=cluster.cluster_arn,
        task_definition_arn=definition.task_definition_arn,
        group=launch.group,
        created_at=world.clock.now(),
        containers=[
            _container(world, launch, arn, one) for one in definition.container_definitions
        ],
        launch_type=None if launch.capacity_provider else launch.launch_type,
        capacity_provider_name=launch.capacity_provider,
        availability_zone=launch.availability_zone,
        attributes=[{"name": "ecs.cpu-architecture", "value": _architecture(definition)}],
        cpu=launch.overrides.get("cpu") or definition.cpu,
        memory=launch.overrides.get("memory") or definition.memory,
        overrides=_overrides(launch),
        started_by=launch.started_by,
        tags=launch.tags,
        enable_execute_command=launch.enable_execute_command,
        network=launch.network,
        deployment=launch.deployment,
    )
    if fargate:
        _on_fargate(task, launch)
    if definition.network_mode == "awsvpc" and launch.subnet_id:
        subnet = {"name": "subnetId", "value": launch.subnet_id}
        task.attachments.append(Attachment(world.uuid(), details=[subnet]))
    return task


def _on_fargate(task: Task, launch: Launch) -> None:
    version = launch.platform_version
    task.launch_type = "FARGATE"
    task.platform_version = FARGATE_PLATFORM if version in (None, "LATEST") else version
    task.platform_family = platform_family(launch.definition)
    storage = launch.overrides.get("ephemeralStorage") or launch.definition.ephemeral_storage
    task.ephemeral_storage = storage or {"sizeInGiB": FARGATE_STORAGE_GIB}
    task.fargate_ephemeral_storage = dict(task.ephemeral_storage)


def platform_family(definition: TaskDefinition) -> str:
    """``Linux``, or the Windows edition as DescribeTasks spells it."""
    family = (definition.runtime_platform or {}).get("operatingSystemFamily", "LINUX")
    return "_".join(word.capitalize() for word in family.split("_"))


def _architecture(definition: TaskDefinition) -> str:
    platform = definition.runtime_platform or {}
    return "arm64" if platform.get("cpuArchitecture") == "ARM64" else "x86_64"


def _container(
    world: World, launch: Launch, task_arn: str, definition: dict[str, Any]
) -> Container:
    region, cluster = world.ecs(launch.region), launch.cluster.cluster_name
    task_id = task_arn.rsplit("/", 1)[-1]
    given = _container_override(launch, definition["name"])
    cpu = given.get("cpu", definition.get("cpu", 0))
    memory = given.get("memory", definition.get("memory"))
    reservation = given.get("memoryReservation", definition.get("memoryReservation"))
    return Container(
        container_arn=region.arn(f"container/{cluster}/{task_id}/{world.uuid()}"),
        task_arn=task_arn,
        name=definition["name"],
        image=definition["image"],
        cpu=str(cpu),
        memory=None if memory is None else str(memory),
        memory_reservation=None if reservation is None else str(reservation),
        essential=definition.get("essential", True),
        program=_program(definition, given),
        stop_timeout=definition.get("stopTimeout", STOP_TIMEOUT),
    )


def _container_override(launch: Launch, name: str) -> dict[str, Any]:
    overrides = launch.overrides.get("containerOverrides") or []
    return next((one for one in overrides if one.get("name") == name), {})


def _overrides(launch: Launch) -> dict[str, Any]:
    """The overrides as DescribeTasks lists them: every container, with what was overridden."""
    names = [one["name"] for one in launch.definition.container_definitions]
    every = [{"name": name, **_container_override(launch, name)} for name in names]
    return {
        **launch.overrides,
        "containerOverrides": every,
        "inferenceAcceleratorOverrides": [],
    }


def _program(definition: dict[str, Any], override: dict[str, Any]) -> Program:
    command = override.get("command", definition.get("command")) or []
    entry_point = definition.get("entryPoint") or []
    return program_of(find_image(definition["image"]), [*entry_point, *command])
