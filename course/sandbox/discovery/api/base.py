"""What Cloud Map's operations stand on: parameters in, namespaces and services found, pages out.

AWS: https://docs.aws.amazon.com/cloud-map/latest/api/Welcome.html
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from typing import Any, ClassVar, Protocol

from moto.servicediscovery.models import Operation
from moto.servicediscovery.responses import ServiceDiscoveryResponse

from course.sandbox.discovery.cloud_map import CloudMap
from course.sandbox.discovery.operations import Operations
from course.sandbox.discovery.registries import Registries
from course.sandbox.discovery.resources import Instance, Registry
from course.sandbox.discovery.rules import invalid, missing
from course.sandbox.ecs.errors import Refused
from course.sandbox.world import World


class Tasks(Protocol):
    """Where the control plane keeps what its tasks are registered as."""

    registries: Registries


class Plane(Protocol):
    """The part of the control plane these operations lean on."""

    world: World

    @property
    def tasks(self) -> Tasks: ...
    @property
    def cloud_map_operations(self) -> Operations: ...


class CloudMapBase(ServiceDiscoveryResponse):
    """Finds what a call names, in the Region it was sent to."""

    plane: ClassVar[Plane]

    @property
    def given(self) -> dict[str, Any]:
        """The call's parameters, by their API names."""
        found: dict[str, Any] = json.loads(self.body or "{}")
        return found

    @property
    def held(self) -> Any:
        """moto's Cloud Map, which holds namespaces, services and operations."""
        return self.servicediscovery_backend

    @property
    def cloud_map(self) -> CloudMap:
        return CloudMap(self.current_account, self.region)

    def namespace(self, id_or_arn: str | None) -> Any:
        """moto's namespace by its id or ARN. Raises NamespaceNotFound."""
        found = self.held.namespaces.get(_short(id_or_arn))
        if found is None or id_or_arn not in (found.id, found.arn):
            raise missing("Namespace", str(id_or_arn))
        return found

    def service(self, id_or_arn: str | None) -> Any:
        """moto's service by its id or ARN. Raises ServiceNotFound."""
        found = self.held.services.get(_short(id_or_arn))
        if found is None or id_or_arn not in (found.id, found.arn):
            raise missing("Service", str(id_or_arn))
        return found

    def registry(self, id_or_arn: str | None) -> Registry:
        """The service as the rules see it. Raises ServiceNotFound."""
        found = self.cloud_map.registry(self.service(id_or_arn).arn)
        if found is None:
            raise missing("Service", str(id_or_arn))
        return found

    def instance(self, service: Any, instance_id: str) -> Instance:
        """An instance of a service. Raises InstanceNotFound."""
        for one in service.instances:
            if one.instance_id == instance_id:
                return one  # type: ignore[no-any-return]
        raise missing("Instance", instance_id)

    def operation(self, kind: str, **targets: str) -> Any:
        """A new operation of moto's, of which GetOperation tells."""
        made = Operation(kind, targets)
        self.held.operations[made.id] = made
        return made

    def told(self, what: str) -> None:
        """The learner has asked for this: put it on the timeline."""
        self.plane.world.record("you", what)

    def page(self, name: str, items: Sequence[Any], **more: Any) -> str:
        """The answer of a List operation: one page, with NextToken while there are more."""
        size, token = self.given.get("MaxResults", 100), self.given.get("NextToken")
        start = self._start(token, len(items)) if token else 0
        answer = {**more, name: list(items[start : start + size])}
        if start + size < len(items):
            after = f"{self._get_action()}:{start + size}"
            answer["NextToken"] = urlsafe_b64encode(after.encode()).decode()
        return json.dumps(answer)

    def _start(self, token: str, length: int) -> int:
        try:
            operation, _, start = urlsafe_b64decode(token.encode()).decode().partition(":")
        except ValueError:
            operation, start = "", ""
        if operation != self._get_action() or not start.isdecimal() or int(start) > length:
            raise invalid("NextToken is not one that this operation gave.")  # our words
        return int(start)


def in_use(message: str) -> Refused:
    """ResourceInUse: what is to be deleted contains something."""
    return Refused("ResourceInUse", message)


def _short(id_or_arn: str | None) -> str:
    return str(id_or_arn).rsplit("/", 1)[-1]
