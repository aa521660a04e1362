"""The learner's namespaces and services of Cloud Map, as the rules see them; and their instances.

An adapter: namespaces and services are moto's, and plain objects are made of them here. The
instances in a service's list are ours (``resources``).

AWS: https://docs.aws.amazon.com/cloud-map/latest/dg/what-is-cloud-map.html
"""

from collections.abc import Iterator
from typing import Any

from moto.servicediscovery.models import servicediscovery_backends

from course.sandbox.discovery.resources import UNHEALTHY, Instance, Namespace, Registry

MOST_INSTANCES = 1000
"""Instances of one service (Cloud Map's quota, and the ECS guide of 2023)."""


class TooManyInstances(Exception):
    """The service has as many instances as it may have."""


class CloudMap:
    """Looks Cloud Map up, in one Region of one account."""

    def __init__(self, account_id: str, region: str) -> None:
        self._account_id = account_id
        self._region = region

    @property
    def _backend(self) -> Any:
        return servicediscovery_backends[self._account_id][self._region]

    def namespaces(self) -> list[Namespace]:
        """Every namespace, in the order they were made."""
        return [_namespace(one) for one in self._backend.namespaces.values()]

    def namespace(self, name: str) -> Namespace | None:
        """A namespace by its ARN, id, HTTP name or name."""
        every = self.namespaces()
        for known in ("arn", "id", "http_name", "name"):
            found = next((one for one in every if getattr(one, known) == name), None)
            if found:
                return found
        return None

    def registries(self) -> list[Registry]:
        """Every service, in the order they were made."""
        return [one for one in map(self._registry, self._backend.services.values()) if one]

    def registry(self, arn: str) -> Registry | None:
        """A service by its ARN; None for one that is not there."""
        found = self._find(arn)
        return self._registry(found) if found else None

    def instances(self, arn: str) -> list[Instance]:
        """The instances of a service, in the order they were registered; of none that is not there."""
        found = self._find(arn)
        return list(found.instances) if found else []

    def register(self, instance: Instance) -> None:
        """Put an instance into its service, in the place of one with its id.

        Raises LookupError for a service that is not there, TooManyInstances for a full one.
        """
        found = self._find(instance.service_arn)
        if found is None:
            raise LookupError(f"there is no Cloud Map service {instance.service_arn}")
        others = [one for one in found.instances if one.instance_id != instance.instance_id]
        if len(others) >= MOST_INSTANCES:
            raise TooManyInstances(
                f"{found.name} has {MOST_INSTANCES} instances, and takes no more"
            )
        found.instances = [*others, instance]
        _count(found, instance.instance_id)

    def deregister(self, arn: str, instance_id: str) -> Instance | None:
        """Take an instance out of its service, and return it; None where it is no more."""
        found = self._find(arn)
        held = [one for one in found.instances if one.instance_id == instance_id] if found else []
        if not found or not held:
            return None
        found.instances.remove(held[0])
        _count(found, instance_id)
        taken: Instance = held[0]
        return taken

    def note_health(self, instance: Instance) -> None:
        """The health of an instance has changed: whoever asks for the revision sees another one."""
        found = self._find(instance.service_arn)
        if found:
            _count(found, instance.instance_id)

    def _find(self, arn: str) -> Any:
        found = self._backend.services.get(arn.rsplit("/", 1)[-1])
        return found if found and found.arn == arn else None

    def _registry(self, service: Any) -> Registry | None:
        space = self._backend.namespaces.get(service.namespace_id)
        if space is None:
            return None
        records = (service.dns_config or {}).get("DnsRecords") or []
        return Registry(
            arn=service.arn,
            id=service.id,
            name=service.name,
            namespace=_namespace(space),
            records=tuple(one["Type"] for one in records),
            checked=service.health_check_custom_config is not None,
            made_for=getattr(service, "made_for", ""),
        )


def healthy_instances(service_arn: str) -> Iterator[tuple[str, int | None]]:
    """Address and port of each instance of a Cloud Map service that may be sent requests.

    Those that are not UNHEALTHY; the port is None where the service makes no SRV records and so
    nobody knows it. Of a service that is not there nothing comes.
    """
    _, _, _, region, account_id, _ = service_arn.split(":", 5)
    for one in CloudMap(account_id, region).instances(service_arn):
        if one.health_status != UNHEALTHY and one.address:
            yield one.address, one.port


def _namespace(held: Any) -> Namespace:
    http_name = (held.http_properties or {}).get("HttpName") or held.name
    return Namespace(held.arn, held.id, held.name, http_name, held.type, held.vpc or "")


def _count(service: Any, instance_id: str) -> None:
    revisions = service.instances_revision
    revisions[instance_id] = revisions.get(instance_id, 0) + 1
