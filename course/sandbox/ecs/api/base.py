"""What every ECS operation stands on: parameters in, resources found by name, pages out.

One class per resource follows, one method per operation; ``ecs_api`` puts them
together. What they do not define falls through to moto by inheritance.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, ClassVar, Protocol

from moto.core.responses import ActionResult
from moto.ecs.responses import EC2ContainerServiceResponse

from course.sandbox.ecs.errors import client_exception, cluster_not_found, invalid_parameter
from course.sandbox.ecs.launch import Launch
from course.sandbox.ecs.resources import (
    Cluster,
    Deployment,
    Region,
    Service,
    ServiceDeployment,
    Task,
    TaskDefinition,
)
from course.sandbox.ecs.task_progress import TaskProgress
from course.sandbox.world import World


class Plane(Protocol):
    """What operations ask of the control plane."""

    world: World
    tasks: TaskProgress

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

    @property
    def ecs(self) -> Region:
        """ECS's resources in the Region of this call; moto's own dictionaries hold the same ones."""
        region = self.plane.world.ecs(self.region)
        held: Any = self.ecs_backend
        if held.clusters is not region.clusters:
            held.clusters, held.services = region.clusters, region.services
            held.tasks, held.task_definitions = region.tasks, region.task_definitions
        return region

    def given(self, name: str, default: Any = None) -> Any:
        """A parameter of the call by its API name, or the default when it is absent."""
        value = self.params.get(name)
        return default if value is None else value

    def cluster(self) -> Cluster:
        """The ACTIVE cluster the call names; ``default`` when it names none.

        Raises ClusterNotFoundException.
        """
        name = short_name(self.given("cluster", "default"))
        found = self.ecs.clusters.get(name)
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
        family, _, revision = name.rsplit("/", 1)[-1].partition(":")
        revisions = self.ecs.task_definitions.get(family, {})
        if revision:
            return revisions.get(int(revision)) if revision.isdigit() else None
        active = [one for one in revisions.values() if one.status == "ACTIVE"]
        return active[-1] if active else None

    def find_service(self, cluster: Cluster, name: str) -> Service | None:
        """A service of this cluster by name or ARN, in any status."""
        if name.startswith("arn:"):
            found = self.ecs.services.get(f"{cluster.cluster_name}:{short_name(name)}")
            return found if found and found.service_arn == name else None
        return self.ecs.services.get(f"{cluster.cluster_name}:{name}")

    def show_tags_if_asked(self, path: str) -> None:
        """Leave tags out of this answer unless ``include`` has TAGS; moto remembers either."""
        asked = "TAGS" in self.given("include", [])
        (self._include_in_response if asked else self._exclude_from_response)(path)

    def page(self, name: str, items: Sequence[Any], *, default: int = 100) -> ActionResult:
        """One page of a list, with ``nextToken`` while there are more.

        Raises InvalidParameterException for a page size or token that makes no sense.
        """
        size, token = self.given("maxResults", default), self.given("nextToken", "0")
        if not 1 <= size <= 100:
            raise invalid_parameter(
                f"maxResults must be between 1 and 100, not {size}."
            )  # our words
        if not (token.isascii() and token.isdigit()):
            raise invalid_parameter("Invalid token")  # our words
        start, end = int(token), int(token) + size
        answer: dict[str, Any] = {name: list(items[start:end])}
        if end < len(items):
            answer["nextToken"] = str(end)
        return ActionResult(answer)


def short_name(name_or_arn: str) -> str:
    """The last part of an ARN, or the name itself."""
    return name_or_arn.rsplit("/", 1)[-1]


def missing(arn: str) -> dict[str, str]:
    """The failure entry for something that is not there."""
    return {"arn": arn, "reason": "MISSING"}
