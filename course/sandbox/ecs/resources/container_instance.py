"""A container instance: an EC2 instance whose agent has registered it with a cluster.

AWS: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerInstance.html
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from course.sandbox.ecs.resources.task import Attachment, Share

if TYPE_CHECKING:
    from course.sandbox.ecs.resources.task import Task

DYNAMIC_PORTS = range(32768, 61000)
"""Host ports Docker gives out by itself: the ephemeral range of the ECS-optimized AMI's Linux."""


@dataclass
class ContainerInstance:
    """An EC2 instance under a cluster, with what its tasks leave of it.

    ``cpu`` (units) and ``memory`` (MiB) are what the agent registered, and so is
    ``interfaces``, the network interfaces left for tasks beside the instance's
    own. ``held`` is what tasks hold of it, ``tasks`` those tasks by ARN, and
    ``unheard`` what the agent could not report while it was disconnected.
    """

    container_instance_arn: str
    cluster_arn: str
    ec2_instance_id: str
    registered_at: datetime
    cpu: int
    memory: int
    interfaces: int
    attributes: dict[str, str | None]
    version_info: dict[str, str]
    reserved_tcp: frozenset[int]
    reserved_udp: frozenset[int] = frozenset()
    role_arn: str | None = None
    imds_blocked: bool = False
    """ECS_AWSVPC_BLOCK_IMDS: tasks in awsvpc mode do not reach the instance's metadata, nor its role."""
    capacity_provider_name: str | None = None
    status: str = "ACTIVE"
    status_reason: str | None = None
    agent_connected: bool = True
    agent_update_status: str | None = None
    version: int = 1
    running_tasks_count: int = 0
    pending_tasks_count: int = 0
    attachments: list[Attachment] = field(default_factory=list)
    tags: list[dict[str, str]] = field(default_factory=list)
    custom: set[str] = field(default_factory=set)
    tasks: "dict[str, Task]" = field(default_factory=dict)
    held: dict[str, Share] = field(default_factory=dict)
    images: dict[str, str] = field(default_factory=dict)
    """The digests of the images that it has from earlier tasks, by the names they were pulled under."""
    dynamic_ports: dict[int, str] = field(default_factory=dict)
    last_port: int = DYNAMIC_PORTS[-1]
    unheard: list[tuple[Callable[..., None], tuple[Any, ...]]] = field(default_factory=list)

    @property
    def id(self) -> str:
        """The last part of the ARN: 32 hexadecimal digits."""
        return self.container_instance_arn.rsplit("/", 1)[-1]

    @property
    def cluster_name(self) -> str:
        return self.cluster_arn.rsplit("/", 1)[-1]

    @property
    def availability_zone(self) -> str | None:
        return self.attributes.get("ecs.availability-zone")

    @property
    def remaining_cpu(self) -> int:
        return self.cpu - sum(one.cpu for one in self.held.values())

    @property
    def remaining_memory(self) -> int:
        return self.memory - sum(one.memory for one in self.held.values())

    @property
    def remaining_interfaces(self) -> int:
        return self.interfaces - sum(one.interface for one in self.held.values())

    @property
    def tcp_ports(self) -> frozenset[int]:
        """Fixed host ports that are taken, the agent's own first."""
        return self.reserved_tcp.union(*(one.tcp_ports for one in self.held.values()))

    @property
    def udp_ports(self) -> frozenset[int]:
        return self.reserved_udp.union(*(one.udp_ports for one in self.held.values()))

    @property
    def registered_resources(self) -> list[dict[str, Any]]:
        """What the agent had to give, in the API's form."""
        return _resources(self.cpu, self.memory, self.reserved_tcp, self.reserved_udp)

    @property
    def remaining_resources(self) -> list[dict[str, Any]]:
        """What is left: CPU and memory to give, and the ports that are taken."""
        return _resources(self.remaining_cpu, self.remaining_memory, self.tcp_ports, self.udp_ports)

    def hold(self, task: "Task") -> None:
        """Give a task its share, until ``let_go``."""
        if task.share is not None:
            self.held[task.task_arn] = task.share
        self.tasks[task.task_arn] = task
        self.version += 1

    def let_go(self, task: "Task") -> None:
        """Take a stopped task's share back."""
        self.held.pop(task.task_arn, None)
        own = [port for port, arn in self.dynamic_ports.items() if arn == task.task_arn]
        for port in own:
            del self.dynamic_ports[port]
        if self.tasks.pop(task.task_arn, None) is not None:
            self.version += 1

    def give_port(self, task: "Task") -> int:
        """A host port for a task that left the choice to Docker, which counts up and begins anew."""
        taken = self.dynamic_ports.keys() | self.tcp_ports | self.udp_ports
        port = self.last_port
        for _ in DYNAMIC_PORTS:
            port = port + 1 if port + 1 in DYNAMIC_PORTS else DYNAMIC_PORTS[0]
            if port not in taken:
                break
        self.last_port, self.dynamic_ports[port] = port, task.task_arn
        return port


def _resources(
    cpu: int, memory: int, tcp: frozenset[int], udp: frozenset[int]
) -> list[dict[str, Any]]:
    numbers = [
        _resource(name, "INTEGER", value) for name, value in (("CPU", cpu), ("MEMORY", memory))
    ]
    ports = [
        {**_resource(name, "STRINGSET", 0), "stringSetValue": [str(one) for one in sorted(taken)]}
        for name, taken in (("PORTS", tcp), ("PORTS_UDP", udp))
    ]
    return [*numbers, *ports]


def _resource(name: str, kind: str, value: int) -> dict[str, Any]:
    return {"name": name, "type": kind, "doubleValue": 0.0, "longValue": 0, "integerValue": value}
