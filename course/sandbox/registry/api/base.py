"""What ECR's operations stand on: parameters in, repositories and images found, pages out."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from typing import Any, ClassVar, Protocol

from moto.core.responses import ActionResult
from moto.ecr.responses import ECRResponse

from course.sandbox.ecs.errors import Refused, invalid_parameter
from course.sandbox.registry.kept import Repository
from course.sandbox.registry.upkeep import RegistryUpkeep
from course.sandbox.world import World

Image = Any
"""moto's image; typed loosely, as moto is."""


class Plane(Protocol):
    """What operations ask of the control plane."""

    world: World
    registries: RegistryUpkeep


class EcrOperations(ECRResponse):
    """Finds what a call names, in the Region it was sent to."""

    plane: ClassVar[Plane]

    def given(self, name: str, default: Any = None) -> Any:
        """A parameter of the call by its API name, or the default when it is absent."""
        value = self._get_param(name)
        return default if value is None else value

    def repository(self) -> Repository:
        """The repository the call names. Raises RepositoryNotFoundException."""
        backend: Any = self.ecr_backend
        return backend._get_repository(self.given("repositoryName"), self.given("registryId"))

    def image(self, repository: Repository, image_id: dict[str, str]) -> Image:
        """The image of this tag or digest, or of both. Raises ImageNotFoundException."""
        if not image_id.get("imageTag") and not image_id.get("imageDigest"):
            raise invalid_parameter(
                "Invalid parameter at 'imageId' failed to satisfy constraint: "
                "'both tag and digest cannot be null'"
            )  # our words
        return repository._get_image(image_id.get("imageTag"), image_id.get("imageDigest"))

    def place(self, repository: Repository) -> dict[str, str]:
        """The two members that begin most answers."""
        return {"registryId": repository.registry_id, "repositoryName": repository.name}

    def page(self, name: str, items: Sequence[Any], more: dict[str, Any]) -> ActionResult:
        """The answer of a paginated operation; *more* are its other members."""
        size, token = self.given("maxResults", 100), self.given("nextToken")
        start = self._start(token, len(items)) if token else 0
        answer = {**more, name: list(items[start : start + size])}
        if start + size < len(items):
            after = f"{self._get_action()}:{start + size}"
            answer["nextToken"] = urlsafe_b64encode(after.encode()).decode()
        return ActionResult(answer)

    def _start(self, token: str, length: int) -> int:
        try:
            operation, _, start = urlsafe_b64decode(token.encode()).decode().partition(":")
        except ValueError:
            operation, start = "", ""
        if operation != self._get_action() or not start.isdecimal() or int(start) > length:
            raise invalid_parameter(
                "Invalid parameter at 'nextToken' failed to satisfy constraint: 'Invalid token'"
            )  # our words
        return int(start)


def with_tag_status(images: Sequence[Any], status: str) -> list[Any]:
    """Of images with tags, those that are TAGGED, UNTAGGED or ANY."""
    if status == "ANY":
        return list(images)
    return [one for one in images if bool(one.image_tags) is (status == "TAGGED")]


def refused(code: str, message: str) -> Refused:
    """ECR refuses a call, by an exception of its own model."""
    return Refused(code, message)
