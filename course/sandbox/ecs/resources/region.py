"""Everything ECS holds in one Region of one account."""

from dataclasses import dataclass, field
from typing import Any

from course.sandbox.ecs.resources.capacity_provider import CapacityProvider
from course.sandbox.ecs.resources.cluster import Cluster
from course.sandbox.ecs.resources.container_instance import ContainerInstance
from course.sandbox.ecs.resources.service import Service
from course.sandbox.ecs.resources.task import Task
from course.sandbox.ecs.resources.task_definition import TaskDefinition


@dataclass
class Region:
    """Everything ECS holds in one Region of one account, in the shapes moto's ECS keeps."""

    name: str
    account_id: str
    clusters: dict[str, Cluster] = field(default_factory=dict)
    task_definitions: dict[str, dict[int, TaskDefinition]] = field(default_factory=dict)
    tasks: dict[str, dict[str, Task]] = field(default_factory=dict)
    services: dict[str, Service] = field(default_factory=dict)
    capacity_providers: dict[str, CapacityProvider] = field(default_factory=dict)
    run_tokens: dict[tuple[str, str], Any] = field(default_factory=dict, repr=False, compare=False)
    """What RunTask was asked for and answered, by cluster and client token (``run_tokens``)."""
    container_instances: dict[str, dict[str, ContainerInstance]] = field(default_factory=dict)
    """By cluster name and id; INACTIVE ones stay, and can be described."""
    settings: dict[str, dict[str, str]] = field(default_factory=dict)
    """Account settings that were changed, by the principal whose they are."""

    def instances_of(self, cluster: str) -> list[ContainerInstance]:
        """The container instances of a cluster, by its name; without those deregistered."""
        held = self.container_instances.get(cluster, {}).values()
        return [one for one in held if one.status != "INACTIVE"]

    def arn(self, resource: str) -> str:
        """The ARN of an ECS resource of this Region, such as ``cluster/lab``."""
        return f"arn:aws:ecs:{self.name}:{self.account_id}:{resource}"
