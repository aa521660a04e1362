"""A task, and what is attached to it.

AWS: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Task.html
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from course.sandbox.ecs.resources.container import Container

if TYPE_CHECKING:
    from course.sandbox.balancing.targets import Target
    from course.sandbox.discovery.resources import Instance
    from course.sandbox.ecs.resources.container_instance import ContainerInstance
    from course.sandbox.ecs.resources.deployment import Deployment

PENDING_STATUSES = ("PROVISIONING", "PENDING", "ACTIVATING")


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


@dataclass(frozen=True, slots=True)
class Share:
    """What a task holds of its container instance: CPU units, MiB, fixed host ports, an interface."""

    cpu: int = 0
    memory: int = 0
    tcp_ports: frozenset[int] = frozenset()
    udp_ports: frozenset[int] = frozenset()
    interface: bool = False


@dataclass
class Task:
    """A running (or starting, or stopping, or stopped) copy of a task definition.

    ``stage`` is the finer step within ``last_status`` that the stage table
    names; ``turn`` counts stage changes, so that an alarm set for an earlier
    stage is known to be out of date; ``heeded`` is what its deployment's circuit
    breaker has seen of it last; ``waits`` that its stage's time is over and it
    waits, for its containers or its targets;
    ``instance`` is the container instance it is on, ``share`` what it holds of it;
    ``awaits`` is what it wants of an instance while none has room for it;
    ``load_balancers`` are those of its deployment, ``targets`` what it is registered as;
    ``service_registries`` and ``registrations`` are the same of Cloud Map;
    ``proxy`` is Service Connect's container, which is only shown.
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
    execution_role_arn: str | None = None
    task_role_arn: str | None = None
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
    protected_until: datetime | None = None
    heeded: str = ""
    waits: bool = False
    instance: "ContainerInstance | None" = None
    share: Share | None = None
    awaits: Any = None
    load_balancers: list[dict[str, Any]] = field(default_factory=list)
    targets: "list[Target]" = field(default_factory=list, compare=False)
    service_registries: list[dict[str, Any]] = field(default_factory=list)
    registrations: "list[Instance]" = field(default_factory=list, compare=False)
    proxy: Container | None = None

    @property
    def target_groups(self) -> list[str]:
        """The ARNs of the target groups it registers with."""
        given = (one.get("targetGroupArn") for one in self.load_balancers)
        return [arn for arn in given if arn]

    @property
    def registers(self) -> bool:
        """Whether ACTIVATING has something to do: a target group or Cloud Map to register with."""
        return bool(self.target_groups or self.service_registries)

    @property
    def id(self) -> str:
        """The last part of the ARN: 32 hexadecimal digits."""
        return self.task_arn.rsplit("/", 1)[-1]

    @property
    def family(self) -> str:
        return self.task_definition_arn.rsplit("/", 1)[-1].rsplit(":", 1)[0]

    @property
    def container_instance_arn(self) -> str | None:
        """The container instance it runs on; None on Fargate."""
        return self.instance.container_instance_arn if self.instance else None

    @property
    def displaced(self) -> bool:
        """Whether the container instance it runs on is being drained."""
        return self.instance is not None and self.instance.status == "DRAINING"

    @property
    def wanted(self) -> bool:
        """Whether ECS means to keep it: neither stopped nor asked to stop."""
        return self.desired_status == "RUNNING"

    @property
    def unhealthy(self) -> bool:
        """Whether its container health checks have failed while it runs, or a target group or Cloud Map says so."""
        sick = self.health_status == "UNHEALTHY" or self.sick_target is not None
        return self.last_status == "RUNNING" and (sick or self.sick_registration is not None)

    @property
    def sick_target(self) -> "Target | None":
        """A target of its that is unhealthy, or was deregistered by somebody else."""
        return next((one for one in self.targets if one.state == "unhealthy" or one.lost), None)

    @property
    def sick_registration(self) -> "Instance | None":
        """An instance of its in Cloud Map that is UNHEALTHY and was not."""
        return next((one for one in self.registrations if one.is_sick), None)

    def is_protected(self, now: datetime) -> bool:
        """Whether scaling in and deployments have to leave it alone."""
        return self.protected_until is not None and now < self.protected_until

    @property
    def interface(self) -> Attachment | None:
        """The network interface's attachment, in awsvpc mode."""
        return next((a for a in self.attachments if a.type == "ElasticNetworkInterface"), None)

    @property
    def subnet_id(self) -> str | None:
        return self.interface.detail("subnetId") if self.interface else None
