"""ECS's resources as they are: clusters, task definitions, tasks, services, deployments.

Plain dataclasses. Their attributes carry the API's member names in snake_case,
which is how answers are made from them without rendering code; attributes the
API does not know (``turn``, ``stage`` ...) never show. Counts are kept, not
recounted, so a thousand tasks cost no more each than ten.

AWS: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Types.html
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from course.sandbox.workloads.program import Program

SERVER = Program(runs=None, sigterm=143, stops=1)
"""What a container does of which nothing is said: it runs on, and ends on SIGTERM (128 + 15)."""

PENDING_STATUSES = ("PROVISIONING", "PENDING", "ACTIVATING")
EVENTS_SHOWN = 100
"""DescribeServices returns at most this many events, newest first."""


@dataclass
class Cluster:
    """A name under which tasks and services run, with the counters AWS shows for it."""

    cluster_arn: str
    cluster_name: str
    settings: list[dict[str, str]]
    configuration: dict[str, Any] | None = None
    capacity_providers: list[str] = field(default_factory=list)
    default_capacity_provider_strategy: list[dict[str, Any]] = field(default_factory=list)
    service_connect_defaults: dict[str, str] | None = None
    tags: list[dict[str, str]] = field(default_factory=list)
    status: str = "ACTIVE"
    statistics: list[dict[str, str]] = field(default_factory=list)
    running_tasks_count: int = 0
    pending_tasks_count: int = 0
    active_services_count: int = 0
    registered_container_instances_count: int = 0

    @property
    def arn(self) -> str:
        return self.cluster_arn

    @property
    def name(self) -> str:
        return self.cluster_name


@dataclass
class TaskDefinition:
    """One revision of a family; immutable once registered, but for its status."""

    task_definition_arn: str
    family: str
    revision: int
    container_definitions: list[dict[str, Any]]
    network_mode: str
    compatibilities: list[str]
    registered_at: datetime
    requires_compatibilities: list[str] | None = None
    requires_attributes: list[dict[str, str]] = field(default_factory=list)
    cpu: str | None = None
    memory: str | None = None
    task_role_arn: str | None = None
    execution_role_arn: str | None = None
    volumes: list[dict[str, Any]] = field(default_factory=list)
    placement_constraints: list[dict[str, Any]] = field(default_factory=list)
    runtime_platform: dict[str, str] | None = None
    ephemeral_storage: dict[str, int] | None = None
    pid_mode: str | None = None
    ipc_mode: str | None = None
    proxy_configuration: dict[str, Any] | None = None
    inference_accelerators: list[dict[str, Any]] = field(default_factory=list)
    enable_fault_injection: bool | None = None
    tags: list[dict[str, str]] = field(default_factory=list)
    status: str = "ACTIVE"
    deregistered_at: datetime | None = None
    delete_requested_at: datetime | None = None

    @property
    def arn(self) -> str:
        return self.task_definition_arn

    @property
    def name(self) -> str:
        """``family:revision``, the short form that calls accept."""
        return f"{self.family}:{self.revision}"


@dataclass
class Container:
    """A container of a task, as DescribeTasks shows it."""

    container_arn: str
    task_arn: str
    name: str
    image: str
    image_digest: str | None = None
    runtime_id: str | None = None
    last_status: str = "PENDING"
    exit_code: int | None = None
    reason: str | None = None
    health_status: str = "UNKNOWN"
    network_bindings: list[dict[str, Any]] = field(default_factory=list)
    network_interfaces: list[dict[str, str]] = field(default_factory=list)
    cpu: str = "0"
    memory: str | None = None
    memory_reservation: str | None = None
    essential: bool = True
    program: Program = SERVER
    stop_timeout: float = 30

    @property
    def ending(self) -> tuple[float, int]:
        """Seconds from the stop signal to its end, and the exit code then."""
        return self.program.stopping(self.stop_timeout)


@dataclass
class Attachment:
    """Something attached to a task; here the elastic network interface of awsvpc mode."""

    id: str
    type: str = "ElasticNetworkInterface"
    status: str = "PRECREATED"
    details: list[dict[str, str]] = field(default_factory=list)

    def detail(self, name: str) -> str | None:
        """The value of one detail (``subnetId``, ``networkInterfaceId`` ...), or None."""
        return next((d["value"] for d in self.details if d["name"] == name), None)


@dataclass
class Task:
    """A running (or starting, or stopping, or stopped) copy of a task definition.

    ``stage`` is the finer step within ``last_status`` that the stage table
    names; ``turn`` counts stage changes, so that an alarm set for an earlier
    stage is known to be out of date; ``registers`` says whether it registers
    with a target group or Cloud Map, which is what ACTIVATING is for.
    """

    task_arn: str
    cluster_arn: str
    task_definition_arn: str
    group: str
    created_at: datetime
    containers: list[Container]
    stage: str = ""
    turn: int = 0
    last_status: str = ""
    desired_status: str = "RUNNING"
    launch_type: str | None = None
    capacity_provider_name: str | None = None
    platform_version: str | None = None
    platform_family: str | None = None
    availability_zone: str | None = None
    attachments: list[Attachment] = field(default_factory=list)
    attributes: list[dict[str, str]] = field(default_factory=list)
    cpu: str | None = None
    memory: str | None = None
    ephemeral_storage: dict[str, int] | None = None
    fargate_ephemeral_storage: dict[str, int] | None = None
    overrides: dict[str, Any] = field(default_factory=dict)
    started_by: str | None = None
    tags: list[dict[str, str]] = field(default_factory=list)
    enable_execute_command: bool = False
    health_status: str = "UNKNOWN"
    connectivity: str | None = None
    connectivity_at: datetime | None = None
    pull_started_at: datetime | None = None
    pull_stopped_at: datetime | None = None
    started_at: datetime | None = None
    stopping_at: datetime | None = None
    execution_stopped_at: datetime | None = None
    stopped_at: datetime | None = None
    stop_code: str | None = None
    stopped_reason: str | None = None
    version: int = 0
    network: dict[str, Any] | None = None
    deployment: "Deployment | None" = None
    healthy: bool = False
    registers: bool = False

    @property
    def id(self) -> str:
        """The last part of the ARN: 32 hexadecimal digits."""
        return self.task_arn.rsplit("/", 1)[-1]

    @property
    def family(self) -> str:
        return self.task_definition_arn.rsplit("/", 1)[-1].rsplit(":", 1)[0]

    @property
    def wanted(self) -> bool:
        """Whether ECS means to keep it: neither stopped nor asked to stop."""
        return self.desired_status == "RUNNING"

    @property
    def interface(self) -> Attachment | None:
        """The network interface's attachment, in awsvpc mode."""
        return next((a for a in self.attachments if a.type == "ElasticNetworkInterface"), None)

    @property
    def subnet_id(self) -> str | None:
        return self.interface.detail("subnetId") if self.interface else None


@dataclass
class Deployment:
    """One set of tasks of a service that run one revision; counts are kept per task change."""

    id: str
    status: str
    task_definition: str
    desired_count: int
    created_at: datetime
    updated_at: datetime
    launch_type: str | None = None
    capacity_provider_strategy: list[dict[str, Any]] = field(default_factory=list)
    platform_version: str | None = None
    platform_family: str | None = None
    network_configuration: dict[str, Any] | None = None
    rollout_state: str = "IN_PROGRESS"
    rollout_state_reason: str = ""
    failed_tasks: int = 0
    pending_count: int = 0
    running_count: int = 0
    wanted_count: int = 0
    healthy_count: int = 0
    stopping_count: int = 0
    hold_until: datetime | None = None
    failed_at: datetime | None = None
    failed_rounds: int = 0
    tasks: dict[str, Task] = field(default_factory=dict)
    placed: Counter[str] = field(default_factory=Counter)
    provided: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.rollout_state_reason = (
            self.rollout_state_reason or f"ECS deployment {self.id} in progress."
        )

    def start_anew(self) -> None:
        """A task runs: failures before it no longer count, and nothing is held back."""
        self.failed_tasks, self.failed_rounds, self.hold_until = 0, 0, None

    def count(self, task: Task, by: int) -> None:
        """Add a task's present state to the counts, or with *by* -1 take it out."""
        self.pending_count += by * (task.last_status in PENDING_STATUSES)
        self.running_count += by * (task.last_status == "RUNNING")
        self.wanted_count += by * task.wanted
        self.healthy_count += by * (task.wanted and task.healthy)
        self.stopping_count += by * (not task.wanted and task.last_status != "STOPPED")
        if task.wanted:
            self.placed[task.subnet_id or ""] += by
            self.provided[task.capacity_provider_name or ""] += by

    def wanted_tasks(self) -> Iterator[Task]:
        """The tasks ECS means to keep, oldest first."""
        return (task for task in self.tasks.values() if task.wanted)


@dataclass
class Service:
    """What keeps a number of copies of a task definition running."""

    service_arn: str
    service_name: str
    cluster_arn: str
    desired_count: int
    created_at: datetime
    role_arn: str
    deployment_configuration: dict[str, Any]
    deployments: list[Deployment] = field(default_factory=list)
    status: str = "ACTIVE"
    launch_type: str | None = None
    capacity_provider_strategy: list[dict[str, Any]] = field(default_factory=list)
    platform_version: str | None = None
    platform_family: str | None = None
    network_configuration: dict[str, Any] | None = None
    load_balancers: list[dict[str, Any]] = field(default_factory=list)
    service_registries: list[dict[str, Any]] = field(default_factory=list)
    placement_constraints: list[dict[str, Any]] = field(default_factory=list)
    placement_strategy: list[dict[str, Any]] = field(default_factory=list)
    scheduling_strategy: str = "REPLICA"
    deployment_controller: dict[str, str] = field(default_factory=lambda: {"type": "ECS"})
    health_check_grace_period_seconds: int = 0
    enable_ecs_managed_tags: bool = False
    propagate_tags: str = "NONE"
    enable_execute_command: bool = False
    availability_zone_rebalancing: str = "ENABLED"
    resource_management_type: str | None = None
    tags: list[dict[str, str]] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)
    client_token: str | None = None
    steady_since: datetime | None = None
    blocked: bool = False

    @property
    def arn(self) -> str:
        return self.service_arn

    @property
    def key(self) -> str:
        """``cluster:service``, the name under which a Region keeps it."""
        return f"{self.cluster_arn.rsplit('/', 1)[-1]}:{self.service_name}"

    @property
    def primary(self) -> Deployment:
        """The newest deployment: what the service is on its way to."""
        return self.deployments[0]

    @property
    def task_definition(self) -> str:
        return self.primary.task_definition

    @property
    def running_count(self) -> int:
        return sum(deployment.running_count for deployment in self.deployments)

    @property
    def pending_count(self) -> int:
        return sum(deployment.pending_count for deployment in self.deployments)

    def tell(self, event_id: str, when: datetime, message: str) -> None:
        """Put one event on top of the list that DescribeServices shows."""
        self.events.insert(0, {"id": event_id, "createdAt": when, "message": message})
        del self.events[EVENTS_SHOWN:]


@dataclass
class Region:
    """Everything ECS holds in one Region of one account, in the shapes moto's ECS keeps."""

    name: str
    account_id: str
    clusters: dict[str, Cluster] = field(default_factory=dict)
    task_definitions: dict[str, dict[int, TaskDefinition]] = field(default_factory=dict)
    tasks: dict[str, dict[str, Task]] = field(default_factory=dict)
    services: dict[str, Service] = field(default_factory=dict)

    def arn(self, resource: str) -> str:
        """The ARN of an ECS resource of this Region, such as ``cluster/lab``."""
        return f"arn:aws:ecs:{self.name}:{self.account_id}:{resource}"
