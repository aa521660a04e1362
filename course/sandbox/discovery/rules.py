"""What Cloud Map refuses, and how it filters what it lists and discovers. Pure.

Codes are those of botocore's model. Texts are AWS's where a user copied one, and ours where not.

AWS: https://docs.aws.amazon.com/cloud-map/latest/api/API_Operations.html
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from course.sandbox.discovery.resources import HEALTHY, Instance, Namespace
from course.sandbox.ecs.errors import Refused

Parameters = Mapping[str, Any]

RECORDS = ({"A"}, {"AAAA"}, {"A", "AAAA"}, {"SRV"}, {"CNAME"}, {"A", "SRV"})
"""The types of records a service may have together; A with SRV is what ECS's guide allows."""

HEALTH = (HEALTHY, "UNHEALTHY", "ALL", "HEALTHY_OR_ELSE_ALL")


def invalid(message: str) -> Refused:
    """InvalidInput: a value is missing or makes no sense."""
    return Refused("InvalidInput", message)


def missing(kind: str, name: str) -> Refused:
    """NamespaceNotFound, ServiceNotFound, InstanceNotFound or OperationNotFound."""
    return Refused(f"{kind}NotFound", f"There is no {kind.lower()} {name}.")  # our words


def not_modelled(what: str) -> Refused:
    """Something that Cloud Map has and the sandbox does not."""
    return Refused("NotImplemented", f"{what} is not modelled here. AWS has it.")  # our words


def check_namespace(name: str, kind: str, vpc_id: str, held: Iterable[Namespace]) -> None:
    """Refuse a namespace that is there: the same name for HTTP or in public, or in the same VPC."""
    for one in held:
        if (one.name.lower(), one.kind, one.vpc_id) == (name.lower(), kind, vpc_id):
            raise Refused(  # our words
                "NamespaceAlreadyExists",
                f"There is a namespace {name} already.",
                NamespaceId=one.id,
            )


def check_service(given: Parameters, namespace: Namespace) -> None:
    """Refuse DNS records and health checks that do not go with the kind of the namespace."""
    config, by_hand = given.get("DnsConfig"), given.get("HealthCheckCustomConfig")
    types = [one.get("Type") for one in (config or {}).get("DnsRecords") or []]
    if namespace.kind == "HTTP" and types:
        raise invalid("A service in an HTTP namespace has no DNS records.")  # our words
    if namespace.kind != "HTTP" and not types and given.get("Type") != "HTTP":
        raise invalid(
            "DnsConfig is required for a service in a DNS namespace, unless its Type is HTTP."
        )  # our words
    if types and (set(types) not in RECORDS or len(set(types)) != len(types)):
        raise invalid(f"DNS records of {', '.join(map(str, types))} do not go together.")  # ours
    if given.get("HealthCheckConfig") is None:
        return
    if by_hand is not None:
        raise invalid("A service has HealthCheckConfig or HealthCheckCustomConfig, not both.")
    if namespace.kind == "DNS_PRIVATE":
        raise invalid("HealthCheckConfig is for public DNS and HTTP namespaces only.")  # our words
    raise not_modelled("A health check of Route 53 (HealthCheckConfig)")


def check_attributes(given: Mapping[str, str], records: Sequence[str]) -> None:
    """Refuse an instance that lacks what its service's records are made of."""
    wanted = {
        "A": ("AWS_INSTANCE_IPV4",),
        "AAAA": ("AWS_INSTANCE_IPV6",),
        "CNAME": ("AWS_INSTANCE_CNAME",),
        "SRV": ("AWS_INSTANCE_PORT",),
    }
    if "AWS_ALIAS_DNS_NAME" in given:
        raise not_modelled("An alias to a load balancer (AWS_ALIAS_DNS_NAME)")
    for record in records:
        for name in wanted.get(record, ()):
            if not given.get(name):
                raise invalid(f"{name} is required: the service has {record} records.")  # ours
    if given.get("AWS_INIT_HEALTH_STATUS", HEALTHY) not in (HEALTHY, "UNHEALTHY"):
        raise invalid("AWS_INIT_HEALTH_STATUS is HEALTHY or UNHEALTHY.")  # our words


def discovered(
    instances: Sequence[Instance],
    health: str | None,
    wanted: Mapping[str, str],
    preferred: Mapping[str, str],
) -> list[Instance]:
    """What DiscoverInstances returns: by attributes, then by health, then by what is preferred.

    Without a custom health check the health asked for is ignored. Healthy ones are what is
    returned to whoever does not ask for a health (Cloud Map's guide of 2026).
    """
    if health is not None and health not in HEALTH:
        raise invalid(f"HealthStatus is one of {', '.join(HEALTH)}, not {health}.")  # our words
    found = [one for one in instances if _has(one, wanted)]
    well = [one for one in found if one.health_status == HEALTHY]
    asked = health or HEALTHY
    if any(one.checked for one in found) and asked != "ALL":
        if asked == "UNHEALTHY":
            found = [one for one in found if one.health_status == "UNHEALTHY"]
        elif asked == HEALTHY or well:
            found = well
    return [one for one in found if preferred and _has(one, preferred)] or found


def _has(instance: Instance, attributes: Mapping[str, str]) -> bool:
    return all(instance.attributes.get(name) == value for name, value in attributes.items())


def matching(
    filters: Sequence[Parameters], values: Mapping[str, Callable[[Any], Any]]
) -> Callable[[Any], bool]:
    """Whether something passes all filters; *values* says what each filter's name looks at.

    Raises InvalidInput for a filter that this list does not have.
    """
    for one in filters:
        if one["Name"] not in values:
            raise invalid(f"There is no filter {one['Name']} here.")  # our words
        if one.get("Condition", "EQ") not in ("EQ", "IN", "BEGINS_WITH"):
            raise not_modelled(f"A filter by {one['Condition']}")

    def passes(thing: Any) -> bool:
        return all(_passes(one, str(values[one["Name"]](thing))) for one in filters)

    return passes


def _passes(given: Parameters, value: str) -> bool:
    if given.get("Condition") == "BEGINS_WITH":
        return any(value.startswith(one) for one in given["Values"])
    return value in given["Values"]
