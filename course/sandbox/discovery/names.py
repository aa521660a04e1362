"""Names inside a VPC: from ``<service>.<namespace>`` to addresses, by the records of private namespaces. Pure.

The hosted zone of a private namespace is its VPC's own, and the VPC needs both of its
DNS settings to look anything up there. TTLs and caches are not modelled.

AWS: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-discovery.html
     https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/hosted-zone-private-considerations.html
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from course.sandbox.discovery.resources import UNHEALTHY, Instance, Registry
from course.sandbox.network.picture import Vpc

MOST = 8
"""Route 53 answers with at most so many records."""

Instances = Callable[[str], Sequence[Instance]]
"""The instances of a service, by its ARN."""


@dataclass(frozen=True, slots=True)
class Looked:
    """The addresses of a name; where there are none, why."""

    addresses: tuple[str, ...] = ()
    why: str = ""


def look_up(host: str, vpc: Vpc, registries: Iterable[Registry], instances: Instances) -> Looked:
    """What a task of the VPC gets for a name: up to eight healthy addresses, or as many unhealthy ones.

    A service with SRV records has no address of its own; each of its instances has a name that has one.
    """
    name, held = host.rstrip(".").lower(), [one for one in registries if one.records]
    found = [one for one in held if one.dns_name == name or name.endswith(f".{one.dns_name}")]
    private = [one for one in found if one.namespace.kind == "DNS_PRIVATE"]
    own = [one for one in private if one.namespace.vpc_id == vpc.id]
    if not own:
        return Looked(why=_elsewhere(found, vpc))
    for setting, is_on in (
        ("enableDnsSupport", vpc.dns_support),
        ("enableDnsHostnames", vpc.dns_hostnames),
    ):
        if not is_on:
            return Looked(why=f"{setting} of {vpc.id} is off")
    (registry,) = sorted(own, key=lambda one: len(one.dns_name))[-1:]
    return _records(name, registry, instances(registry.arn))


def _elsewhere(found: Sequence[Registry], vpc: Vpc) -> str:
    """Why a name of Cloud Map is none in this VPC; empty for a name that Cloud Map does not have."""
    for one in found:
        if one.namespace.kind == "DNS_PUBLIC":
            return f"{one.namespace.name} is public, and its domain is registered nowhere here"
        return f"{one.namespace.name} is a namespace of {one.namespace.vpc_id}, not of {vpc.id}"
    return ""


def _records(name: str, registry: Registry, instances: Sequence[Instance]) -> Looked:
    if name != registry.dns_name:
        wanted = name.removesuffix(f".{registry.dns_name}")
        named = "SRV" in registry.records
        one = [each for each in instances if named and each.instance_id.lower() == wanted]
        return Looked(tuple(each.address for each in one))
    if "A" not in registry.records:
        types = " and ".join(registry.records)
        return Looked(why=f"{name} has {types} records, and no address of its own")
    well = [one for one in instances if one.health_status != UNHEALTHY]
    chosen = [one.address for one in well or instances if one.address]
    return Looked(tuple(chosen[:MOST]), "" if chosen else f"{name} has no instance")


def is_private(host: str, registries: Iterable[Registry]) -> Registry | None:
    """The service of a private namespace that this is the name of, or of an instance of its."""
    name = host.rstrip(".").lower()
    for one in registries:
        known = one.dns_name == name or name.endswith(f".{one.dns_name}")
        if known and one.records and one.namespace.kind == "DNS_PRIVATE":
            return one
    return None
