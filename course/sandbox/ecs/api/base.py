"""What every ECS operation stands on: parameters in, resources found by name, pages out.

One class per resource follows, one method per operation; ``ecs_api`` puts them
together. Each says how it is treated (``treatment``).
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from datetime import datetime
from typing import Any, ClassVar, Protocol

from moto.core.responses import ActionResult
from moto.ecs.responses import EC2ContainerServiceResponse
from moto.sts.models import sts_backends

from course.sandbox.authorize.trust import ECS
from course.sandbox.discovery.cloud_map import CloudMap
from course.sandbox.discovery.operations import Operations
from course.sandbox.ecs.account_settings import effective, root_of
from course.sandbox.ecs.errors import (
    Refused,
    client_exception,
    cluster_not_found,
    invalid_parameter,
)
from course.sandbox.ecs.instances import Instances
from course.sandbox.ecs.launch import Launch
from course.sandbox.ecs.resources import (
    Cluster,
    ContainerInstance,
    Deployment,
    Region,
    Service,
    ServiceDeployment,
    Task,
    TaskDefinition,
)
from course.sandbox.ecs.task_progress import TaskProgress
from course.sandbox.ecs.validation import check_network, check_tags
from course.sandbox.identity import service_linked
from course.sandbox.scaling.auto_scaling import AutoScaling
from course.sandbox.world import World


class ManagedScaling(Protocol):
    """What carries capacity providers out, as operations see it."""

    def associate(self, region: Region, cluster: Cluster) -> None: ...


class Plane(Protocol):
    """What operations ask of the control plane."""

    world: World
    tasks: TaskProgress
    instances: Instances
    auto_scaling: AutoScaling

    @property
    def managed_scaling(self) -> ManagedScaling: ...

    @property
    def cloud_map_operations(self) -> Operations: ...

    def touch(self, service: Service) -> None: ...
    def launch(self, launch: Launch) -> Task: ...
    def availability_zone(self, region: str, subnet_id: str | None) -> str | None: ...
    def protect(self, task: Task, until: datetime | None) -> None: ...
    def begin_deployment(
        self, service: Service, deployment: Deployment, images: list[dict[str, str]]
    ) -> None: ...
    def stop_deployment(
        self, service: Service, record: ServiceDeployment, *, back: bool
    ) -> None: ...


class EcsOperations(EC2ContainerServiceResponse):
    """Finds what a call names, in the Region it was sent to."""

    plane: ClassVar[Plane]
    actor: ClassVar[str] = "you"
    """Whom the timeline names for what is called."""

    @property
    def ecs(self) -> Region:
        """ECS's resources in the Region of this call; moto's own dictionaries hold the same ones."""
        region = self.plane.world.ecs(self.region)
        held: Any = self.ecs_backend
        if held.clusters is not region.clusters:
            held.clusters, held.services = region.clusters, region.services
            held.tasks, held.task_definitions = region.tasks, region.task_definitions
            held.container_instances = region.container_instances
        return region

    def given(self, name: str, default: Any = None) -> Any:
        """A parameter of the call by its API name, or the default when it is absent."""
        value = self.params.get(name)
        return default if value is None else value

    @property
    def network(self) -> dict[str, Any] | None:
        """The call's network configuration as ECS keeps it: without a word on it, no public address.

        ``assignPublicIp`` comes back DISABLED where it was not given (the AWS CLI's example of
        create-task-set, 2019).
        """
        config = self.given("networkConfiguration")
        awsvpc = (config or {}).get("awsvpcConfiguration")
        if not awsvpc:
            return config  # type: ignore[no-any-return]
        return {"awsvpcConfiguration": {"assignPublicIp": "DISABLED", **awsvpc}}

    @property
    def cloud_map(self) -> CloudMap:
        """Cloud Map in the Region of this call."""
        return CloudMap(self.ecs.account_id, self.region)

    @property
    def caller(self) -> str:
        """The ARN of whoever calls, as STS GetCallerIdentity gives it."""
        sts = sts_backends[self.ecs.account_id][self.partition]
        return str(sts.get_caller_identity(self.access_key, self.region)[1])

    @property
    def root(self) -> str:
        """The principal whose account settings are the defaults of the account."""
        return root_of(self.ecs.account_id)

    def setting(self, name: str) -> str:
        """The value of an account setting that holds for the caller."""
        return effective(self.ecs.settings, name, self.caller, self.root)

    def check_new_tags(self, setting: str, kind: str) -> None:
        """Refuse tags on a new resource that nothing can carry, or that the old ARN format cannot.

        Raises InvalidParameterException.
        """
        tags = self.given("tags", [])
        check_tags(tags)
        if tags and self.setting(setting) == "disabled":
            raise invalid_parameter(
                f"The new ARN and resource ID format must be enabled to add tags to the {kind}. "
                "Opt in to the new format and try again."
            )

    def check_network(self, definition: TaskDefinition, config: dict[str, Any] | None) -> None:
        """Refuse a network that does not go with the tasks, or that ECS has no role to set up."""
        check_network(definition, config, self.plane.tasks.interfaces(self.region))
        linked = service_linked.exists(ECS, self.ecs.account_id)
        if definition.network_mode == "awsvpc" and not linked:
            raise invalid_parameter(  # ElectricEye#9, 2020-03
                "Unable to assume the service linked role. Please verify that the ECS service "
                "linked role exists."
            )

    def is_here(self, name_or_arn: str) -> bool:
        """Whether a name, or an ARN, can belong to this account and Region at all."""
        return not name_or_arn.startswith("arn:") or name_or_arn.startswith(self.ecs.arn(""))

    def find_cluster(self, name_or_arn: str) -> Cluster | None:
        """A cluster by name or ARN, in any status."""
        if not self.is_here(name_or_arn):
            return None
        return self.ecs.clusters.get(short_name(name_or_arn))

    def cluster(self) -> Cluster:
        """The ACTIVE cluster the call names; ``default`` when it names none.

        Raises ClusterNotFoundException.
        """
        found = self.find_cluster(self.given("cluster", "default"))
        if found is None or found.status != "ACTIVE":
            raise cluster_not_found()
        return found

    def definition(self, name: str) -> TaskDefinition:
        """The ACTIVE task definition of a family, ``family:revision`` or ARN, for starting tasks.

        Raises ClientException.
        """
        found = self.find_definition(name)
        if found is None:
            raise client_exception("TaskDefinition not found.")
        if found.status != "ACTIVE":
            raise client_exception("TaskDefinition is inactive")
        return found

    def find_definition(self, name: str) -> TaskDefinition | None:
        """A task definition in any status; a bare family means its newest ACTIVE revision."""
        return self.ecs.find_definition(name) if self.is_here(name) else None

    def find_service(self, cluster: Cluster, name: str) -> Service | None:
        """A service of this cluster by name or ARN, in any status."""
        if name.startswith("arn:"):
            found = self.ecs.services.get(f"{cluster.cluster_name}:{short_name(name)}")
            return found if found and found.service_arn == name else None
        return self.ecs.services.get(f"{cluster.cluster_name}:{name}")

    def find_instance(self, cluster: Cluster, name: str) -> ContainerInstance | None:
        """A container instance of this cluster by id or ARN, in any status."""
        held = self.ecs.container_instances.get(cluster.cluster_name, {})
        found = held.get(short_name(name))
        if name.startswith("arn:"):
            return found if found and found.container_instance_arn == name else None
        return found

    def show_tags_if_asked(self, path: str) -> None:
        """Leave tags out of this answer unless ``include`` has TAGS; moto remembers either."""
        asked = "TAGS" in self.given("include", [])
        (self._include_in_response if asked else self._exclude_from_response)(path)

    def page(
        self, name: str, items: Sequence[Any], *, default: int = 100, most: int = 100
    ) -> ActionResult:
        """The answer of a List operation: one page, with ``nextToken`` while there are more."""
        return ActionResult(self.page_of(name, items, default=default, most=most))

    def page_of(
        self, name: str, items: Sequence[Any], *, default: int = 100, most: int = 100
    ) -> dict[str, Any]:
        """The members of one page.

        Raises InvalidParameterException for a page size or token that makes no sense.
        """
        size = self.given("maxResults", default)
        if not 1 <= size <= most:
            raise invalid_parameter(
                f"maxResults must be between 1 and {most}, not {size}."
            )  # our words
        start = self._start_of_page(len(items))
        answer: dict[str, Any] = {name: list(items[start : start + size])}
        if start + size < len(items):
            token = f"{self._get_action()}:{start + size}"
            answer["nextToken"] = urlsafe_b64encode(token.encode()).decode()
        return answer

    def _start_of_page(self, length: int) -> int:
        """Where the page begins that ``nextToken`` stands for: a token this operation gave, or none."""
        token = self.given("nextToken")
        if token is None:
            return 0
        try:
            operation, _, start = urlsafe_b64decode(token.encode()).decode().partition(":")
        except ValueError:
            operation, start = "", ""
        if operation != self._get_action() or not start.isdecimal() or int(start) > length:
            raise invalid_parameter("Invalid token")  # our words
        return int(start)


def short_name(name_or_arn: str) -> str:
    """The last part of an ARN, or the name itself."""
    return name_or_arn.rsplit("/", 1)[-1]


def missing(arn: str) -> dict[str, str]:
    """The failure entry for something that is not there."""
    return {"arn": arn, "reason": "MISSING"}


def nowhere_to_run() -> Refused:
    """Why no task runs on instances: there are none."""
    return invalid_parameter("No Container Instances were found in your cluster.")
