"""The learner's namespaces and services of Cloud Map, as the rules see them; and their instances.

An adapter: namespaces and services are moto's, and plain objects are made of them here. The
instances in a service's list are ours (``resources``).

AWS: https://docs.aws.amazon.com/cloud-map/latest/dg/what-is-cloud-map.html
"""

from collections.abc import Iterator, Mapping
from typing import Any

from moto.servicediscovery.models import (
    Namespace as MotoNamespace,
)
from moto.servicediscovery.models import (
    Operation,
    Service,
    random_id,
    servicediscovery_backends,
)

from course.sandbox.discovery.resources import UNHEALTHY, Instance, Namespace, Registry

ID_LENGTH = 16
"""Of the ids of namespaces and services, in AWS's samples; moto's are of other lengths."""

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

    def begin_namespace(self, name: str) -> tuple[Any, Any]:
        """An HTTP namespace that ECS makes for a cluster, not there yet; and moto's operation for it."""
        made = new_namespace(self._backend, name, "HTTP")
        operation: Any = Operation("CREATE_NAMESPACE", {"NAMESPACE": made.id})
        operation.makes = made
        self._backend.operations[operation.id] = operation
        return operation, made

    def finish_namespace(self, made: Any) -> None:
        """Now it is there."""
        self._backend.namespaces[made.id] = made

    def registries(self) -> list[Registry]:
        """Every service, in the order they were made."""
        return [one for one in map(self._registry, self._backend.services.values()) if one]

    def registry(self, arn: str) -> Registry | None:
        """A service by its ARN; None for one that is not there."""
        found = self._find(arn)
        return self._registry(found) if found else None

    def make_registry(self, namespace: Namespace, name: str, made_for: str) -> Registry | None:
        """The service that Service Connect makes of a discovery name; one of its own is used again.

        None where a service of that name is there already, and not this one's.
        """
        for one in self.registries():
            if (one.namespace.id, one.name) == (namespace.id, name):
                return one if one.made_for == made_for else None
        given = {"Name": name, "HealthCheckCustomConfig": {}}
        made = new_service(self._backend, self._backend.namespaces[namespace.id], given)
        made.made_for = made_for
        return self._registry(made)

    def unmake_registries(self, made_for: str) -> None:
        """Delete the services that Service Connect made for a service of ECS."""
        for arn in [one.arn for one in self.registries() if one.made_for == made_for]:
            del self._backend.services[arn.rsplit("/", 1)[-1]]

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


def new_namespace(
    backend: Any,
    name: str,
    kind: str,
    *,
    token: str = "",
    description: str | None = None,
    dns_properties: dict[str, Any] | None = None,
    http_name: str = "",
    vpc: str | None = None,
) -> Any:
    """A namespace of moto's, with an id like AWS's, that is not there yet."""
    made = MotoNamespace(
        account_id=backend.account_id,
        region=backend.region_name,
        name=name,
        ns_type=kind,
        creator_request_id=token,
        description=description,  # type: ignore[arg-type]
        dns_properties=dns_properties or {"SOA": {}},
        http_properties={"HttpName": http_name or name},
        vpc=vpc,
    )
    _give_id(made, "ns")
    return made


def new_service(backend: Any, namespace: Any, given: Mapping[str, Any]) -> Any:
    """A service of moto's in a namespace of moto's, with an id like AWS's, by CreateService's parameters."""
    config = given.get("DnsConfig") or {}
    records = config.get("DnsRecords") or []
    routing = config.get("RoutingPolicy") or "MULTIVALUE"
    shown = {"NamespaceId": namespace.id, "RoutingPolicy": routing, "DnsRecords": records}
    check = given.get("HealthCheckCustomConfig")
    made = Service(
        account_id=backend.account_id,
        region=backend.region_name,
        name=given["Name"],
        namespace_id=namespace.id,
        description=given.get("Description"),  # type: ignore[arg-type]
        creator_request_id=given.get("CreatorRequestId") or "",
        dns_config=shown if records else {},
        health_check_config=None,  # type: ignore[arg-type]
        health_check_custom_config=None if check is None else {"FailureThreshold": 1},  # type: ignore[arg-type]
        service_type="DNS_HTTP" if records else "HTTP",
    )
    _give_id(made, "srv")
    backend.services[made.id] = made
    return made


def _give_id(thing: Any, prefix: str) -> None:
    """Give something of moto's an id as long as AWS's are, and the ARN that goes with it."""
    thing.id = f"{prefix}-{random_id(ID_LENGTH)}"
    thing.arn = f"{thing.arn.rsplit('/', 1)[0]}/{thing.id}"


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
