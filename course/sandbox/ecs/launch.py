"""A task as it is born: from a task definition and the call, or the service, that wants it.

AWS: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Task.html
"""

from collections import Counter
from dataclasses import dataclass, field
from string import ascii_letters, digits
from typing import Any

from course.sandbox.ecs.fargate_sizes import is_windows
from course.sandbox.ecs.image_versions import pinned
from course.sandbox.ecs.resources import (
    Attachment,
    AwsLogs,
    Cluster,
    Container,
    ContainerInstance,
    Dependency,
    Deployment,
    HealthCheck,
    PortMapping,
    RestartPolicy,
    Secret,
    Share,
    Task,
    TaskDefinition,
)
from course.sandbox.ecs.task_roles import roles_of
from course.sandbox.workloads.images import find_image
from course.sandbox.workloads.program import configured, limited, on, program_of
from course.sandbox.world import World

FARGATE_PLATFORM, WINDOWS_PLATFORM = "1.4.0", "1.0.0"
"""What LATEST means for Linux and for Windows (November 2026)."""

FARGATE_STORAGE_GIB = 20
STOP_TIMEOUT = 30
"""Seconds between the stop signal and SIGKILL, unless the container definition says otherwise."""

PROXY, LETTERS = "ecs-service-connect", ascii_letters + digits
"""What Service Connect's container is called, and of what the five characters after it are."""

EXEC_AGENT = {"name": "ExecuteCommandAgent", "lastStatus": "PENDING"}
"""The managed agent of a container whose task was run with enableExecuteCommand."""


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
    managed_tags: bool = False
    enable_execute_command: bool = False
    deployment: Deployment | None = None
    instance: ContainerInstance | None = None
    share: Share | None = None
    awaits: Any = None
    load_balancers: list[dict[str, Any]] = field(default_factory=list)
    service_registries: list[dict[str, Any]] = field(default_factory=list)


def emptiest_subnet(network: dict[str, Any] | None, placed: Counter[str]) -> str | None:
    """The subnet with the fewest tasks: Fargate spreads a service over its Availability Zones."""
    subnets = (network or {}).get("subnets") or []
    return min(subnets, key=lambda subnet: placed[subnet]) if subnets else None


def new_task(world: World, launch: Launch) -> Task:
    """The task of a launch, not yet in any state; ids come from the world's seeded chance."""
    region, cluster = world.ecs(launch.region), launch.cluster
    arn = region.arn(f"task/{cluster.cluster_name}/{world.hexadecimal(32)}")
    definition, fargate = launch.definition, launch.launch_type == "FARGATE"
    execution_role, task_role = roles_of(definition, launch.overrides)
    task = Task(
        task_arn=arn,
        cluster_arn=cluster.cluster_arn,
        task_definition_arn=definition.task_definition_arn,
        group=launch.group,
        created_at=world.clock.now(),
        containers=[
            _container(world, launch, arn, one) for one in definition.container_definitions
        ],
        launch_type=launch.launch_type,
        capacity_provider_name=launch.capacity_provider,
        availability_zone=launch.availability_zone,
        attributes=[{"name": "ecs.cpu-architecture", "value": _architecture(launch)}],
        cpu=launch.overrides.get("cpu") or definition.cpu,
        memory=launch.overrides.get("memory") or definition.memory,
        overrides=_overrides(launch),
        started_by=launch.started_by,
        tags=[*launch.tags, *_managed_tags(launch)],
        enable_execute_command=launch.enable_execute_command,
        execution_role_arn=execution_role,
        task_role_arn=task_role,
        network=launch.network,
        deployment=launch.deployment,
        instance=launch.instance,
        share=launch.share,
        awaits=launch.awaits,
        load_balancers=list(launch.load_balancers),
        service_registries=list(launch.service_registries),
    )
    if fargate:
        _on_fargate(task, launch)
    if launch.deployment and launch.deployment.connection:
        _connect(world, task, launch)
    if definition.network_mode == "awsvpc" and launch.subnet_id:
        subnet = {"name": "subnetId", "value": launch.subnet_id}
        task.attachments.append(Attachment(world.uuid(), details=[subnet]))
    return task


def _connect(world: World, task: Task, launch: Launch) -> None:
    """Service Connect's proxy, a container that no task definition has (outputs of 2023 and 2024)."""
    letters = "".join(world.random.choices(LETTERS, k=5))
    name, region = f"{PROXY}-{letters}", world.ecs(launch.region)
    place = f"{launch.cluster.cluster_name}/{task.id}"
    arn = region.arn(f"container/{place}/{world.uuid()}")
    task.proxy = Container(arn, task.task_arn, name, image="", essential=False)
    details = [{"name": "ContainerName", "value": name}]
    task.attachments.append(Attachment(world.uuid(), "ServiceConnect", details=details))


def _managed_tags(launch: Launch) -> list[dict[str, str]]:
    """What enableECSManagedTags adds to a task: its cluster's name, and its service's."""
    if not launch.managed_tags:
        return []
    tags = {"aws:ecs:clusterName": launch.cluster.cluster_name}
    if launch.deployment:
        tags["aws:ecs:serviceName"] = launch.group.removeprefix("service:")
    return [{"key": key, "value": value} for key, value in tags.items()]


def _on_fargate(task: Task, launch: Launch) -> None:
    task.launch_type = "FARGATE"
    task.platform_version = platform_version(launch.definition, launch.platform_version)
    task.platform_family = platform_family(launch.definition)
    storage = launch.overrides.get("ephemeralStorage") or launch.definition.ephemeral_storage
    task.ephemeral_storage = storage or {"sizeInGiB": FARGATE_STORAGE_GIB}
    task.fargate_ephemeral_storage = dict(task.ephemeral_storage)


def platform_version(definition: TaskDefinition, asked: str | None) -> str:
    """The platform version that a call's, or LATEST, stands for."""
    if asked not in (None, "LATEST"):
        return str(asked)
    return WINDOWS_PLATFORM if is_windows(definition.runtime_platform) else FARGATE_PLATFORM


def platform_family(definition: TaskDefinition) -> str:
    """``Linux``, or the Windows edition as DescribeTasks spells it."""
    family = (definition.runtime_platform or {}).get("operatingSystemFamily", "LINUX")
    return "_".join(word.capitalize() for word in family.split("_"))


def _architecture(launch: Launch) -> str:
    """The instance's own on EC2; on Fargate what the task definition asks for."""
    own = launch.instance.attributes.get("ecs.cpu-architecture") if launch.instance else None
    if own:
        return own
    platform = launch.definition.runtime_platform or {}
    return "arm64" if platform.get("cpuArchitecture") == "ARM64" else "x86_64"


def _container(
    world: World, launch: Launch, task_arn: str, definition: dict[str, Any]
) -> Container:
    region, cluster = world.ecs(launch.region), launch.cluster.cluster_name
    task_id = task_arn.rsplit("/", 1)[-1]
    given = {**definition, **_container_override(launch, definition["name"])}
    memory, reservation = given.get("memory"), given.get("memoryReservation")
    container = Container(
        container_arn=region.arn(f"container/{cluster}/{task_id}/{world.uuid()}"),
        task_arn=task_arn,
        name=definition["name"],
        image=definition["image"],
        pinned=pinned(launch.deployment, definition),
        consistent=definition.get("versionConsistency") != "disabled",
        cpu=str(given.get("cpu", 0)),
        memory=None if memory is None else str(memory),
        memory_reservation=None if reservation is None else str(reservation),
        essential=definition.get("essential", True),
        environment=_environment(launch, definition),
        secrets=_secrets(definition),
        logs=_logs(definition),
        ports=tuple(one["containerPort"] for one in definition.get("portMappings") or []),
        mappings=_mappings(launch, definition),
        stop_timeout=definition.get("stopTimeout", STOP_TIMEOUT),
        managed_agents=[dict(EXEC_AGENT)] if launch.enable_execute_command else None,
    )
    _give_program(container, launch, given)
    _give_conditions(container, definition)
    return container


def _secrets(definition: dict[str, Any]) -> tuple[Secret, ...]:
    """What is to be fetched before it starts: its own secrets, and those of its log driver."""
    logger = definition.get("logConfiguration") or {}
    own = [Secret(one["name"], one["valueFrom"]) for one in definition.get("secrets") or []]
    more = [
        Secret(one["name"], one["valueFrom"], of_logger=True)
        for one in logger.get("secretOptions") or []
    ]
    return (*own, *more)


def _logs(definition: dict[str, Any]) -> AwsLogs | None:
    """Where awslogs takes its lines; other drivers are not modelled."""
    logger = definition.get("logConfiguration") or {}
    if logger.get("logDriver") != "awslogs":
        return None
    options = logger["options"]
    return AwsLogs(
        options["awslogs-group"],
        options["awslogs-region"],
        options.get("awslogs-stream-prefix"),
        create_group=options.get("awslogs-create-group") == "true",
    )


def _mappings(launch: Launch, definition: dict[str, Any]) -> tuple[PortMapping, ...]:
    """The ports of the instance that lead to the container: under bridge and host there are some."""
    if launch.definition.network_mode not in ("bridge", "host"):
        return ()
    return tuple(
        PortMapping(one["containerPort"], one.get("hostPort") or 0, one.get("protocol", "tcp"))
        for one in definition.get("portMappings") or []
        if one.get("containerPort")
    )


def _give_program(container: Container, launch: Launch, given: dict[str, Any]) -> None:
    """What it runs, within its memory: the container's own hard limit, or else the task's."""
    image = find_image(container.image)
    limit = container.memory or launch.overrides.get("memory") or launch.definition.memory
    container.command = (*(given.get("entryPoint") or []), *(given.get("command") or []))
    program = configured(program_of(image, container.command), image, _variables(container, given))
    program = limited(program, image, float(limit) if limit else None)
    platform = launch.definition.runtime_platform or {}
    architecture = platform.get("cpuArchitecture", "X86_64")
    container.program = on(program, image, architecture, container.command)


def _variables(container: Container, given: dict[str, Any]) -> set[str]:
    """The names of the variables that its program finds, secrets among them."""
    return {*container.environment, *(one["name"] for one in given.get("secrets") or [])}


def _give_conditions(container: Container, definition: dict[str, Any]) -> None:
    """What starts, checks and restarts it."""
    container.depends_on = tuple(
        Dependency(one["containerName"], one["condition"])
        for one in definition.get("dependsOn") or []
    )
    container.start_timeout = definition.get("startTimeout")
    check, restart = definition.get("healthCheck"), definition.get("restartPolicy")
    if check and check["command"] and check["command"][0] != "NONE":
        container.health_check = _health_check(check)
    if restart and restart.get("enabled"):
        container.restart_policy = RestartPolicy(
            tuple(restart.get("ignoredExitCodes") or []),
            restart.get("restartAttemptPeriod", RestartPolicy().attempt_period),
        )


def _health_check(given: dict[str, Any]) -> HealthCheck:
    names = {"interval": "interval", "timeout": "timeout", "retries": "retries"}
    names["start_period"] = "startPeriod"
    numbers = {ours: given[api] for ours, api in names.items() if given.get(api) is not None}
    return HealthCheck(tuple(given["command"]), **numbers)


def _environment(launch: Launch, definition: dict[str, Any]) -> dict[str, str]:
    """The definition's variables, then those of the override, which win."""
    override = _container_override(launch, definition["name"])
    every = [*(definition.get("environment") or []), *(override.get("environment") or [])]
    return {one["name"]: one.get("value", "") for one in every}


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
