"""Everything ECS holds in one Region of one account."""

from dataclasses import dataclass, field
from typing import Any, Protocol

from course.sandbox.ecs.resources.capacity_provider import CapacityProvider
from course.sandbox.ecs.resources.cluster import Cluster
from course.sandbox.ecs.resources.container_instance import ContainerInstance
from course.sandbox.ecs.resources.service import Service
from course.sandbox.ecs.resources.task import Task
from course.sandbox.ecs.resources.task_definition import TaskDefinition


class Tagged(Protocol):
    """A resource that carries tags."""

    tags: list[dict[str, str]]


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

    def find_definition(self, name: str) -> TaskDefinition | None:
        """A task definition in any status, by ``family:revision`` or ARN; a bare family means its newest ACTIVE one."""
        family, _, revision = name.rsplit("/", 1)[-1].partition(":")
        revisions = self.task_definitions.get(family, {})
        if revision:
            return revisions.get(int(revision)) if revision.isdigit() else None
        active = [one for one in revisions.values() if one.status == "ACTIVE"]
        return active[-1] if active else None

    def find_tagged(self, arn: str) -> Tagged | None:
        """The resource of an ARN, if it is here and can carry tags."""
        kind, _, rest = arn.split(":", 5)[-1].partition("/")
        cluster, _, last = rest.partition("/")
        match kind:
            case "cluster":
                return self.clusters.get(rest)
            case "service":
                return self.services.get(rest.replace("/", ":", 1))
            case "task-set":
                sets = (one for service in self.services.values() for one in service.task_sets)
                return next((one for one in sets if one.task_set_arn == arn), None)
            case "task":
                return self.tasks.get(cluster, {}).get(arn)
            case "container-instance":
                return self.container_instances.get(cluster, {}).get(last)
            case "task-definition":
                return self.find_definition(rest)
            case "capacity-provider":
                return self.capacity_providers.get(rest)
        return None
