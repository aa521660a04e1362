"""Namespaces, services and service instances of Cloud Map, as the rules see them.

Namespaces and services are pictures of moto's; an instance is ours, and lies in moto's own list of
its service, so that a snapshot keeps the two together.

AWS: https://docs.aws.amazon.com/cloud-map/latest/dg/what-is-cloud-map.html
"""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from course.sandbox.ecs.resources import Task

HEALTHY, UNHEALTHY, UNKNOWN = "HEALTHY", "UNHEALTHY", "UNKNOWN"


@dataclass(frozen=True, slots=True)
class Namespace:
    """A namespace: HTTP, DNS_PRIVATE or DNS_PUBLIC; a private one has a VPC."""

    arn: str
    id: str
    name: str
    http_name: str
    kind: str
    vpc_id: str = ""


@dataclass(frozen=True, slots=True)
class Registry:
    """A service of Cloud Map, which ECS calls a service registry.

    *records* are the types of DNS records it makes, none in an HTTP namespace; *checked*, that it
    has a custom health check; *made_for* is the ARN of the ECS service for which Service Connect
    made it.
    """

    arn: str
    id: str
    name: str
    namespace: Namespace
    records: tuple[str, ...] = ()
    checked: bool = False
    made_for: str = ""

    @property
    def dns_name(self) -> str:
        """What it is called in the DNS of its namespace."""
        return f"{self.name}.{self.namespace.name}".lower()


@dataclass(eq=False)
class Instance:
    """One instance of a service.

    ``service_id`` and ``service_arn`` are those of its service, ``checked`` says that this has a
    custom health check, without which an instance's health is UNKNOWN. ``task`` is the task that
    ECS registered, None for one registered by hand. ``asked`` is the health it is to have, which
    holds after half a minute; ``turn`` counts those alarms, so that an earlier one is known to be
    out of date; ``was_healthy`` that it has ever been HEALTHY.
    """

    service_id: str
    service_arn: str
    instance_id: str
    attributes: dict[str, str]
    checked: bool
    creator_request_id: str = ""
    task: "Task | None" = field(default=None, repr=False)
    health_status: str = UNKNOWN
    asked: str = ""
    turn: int = 0
    was_healthy: bool = False

    def __post_init__(self) -> None:
        if self.checked:
            self.asked = self.health_status = self.attributes.get("AWS_INIT_HEALTH_STATUS", HEALTHY)
        self.was_healthy = self.health_status == HEALTHY

    @property
    def is_sick(self) -> bool:
        """Whether it was well and is so no more: one that has yet to become HEALTHY is not sick."""
        return self.health_status == UNHEALTHY and self.was_healthy

    @property
    def address(self) -> str:
        """The private address that its name leads to; empty for one without."""
        return self.attributes.get("AWS_INSTANCE_IPV4", "")

    @property
    def port(self) -> int | None:
        """The port that goes with it; an A record has none."""
        given = self.attributes.get("AWS_INSTANCE_PORT", "")
        return int(given) if given.isdecimal() else None

    def to_json(self) -> dict[str, Any]:
        """As GetInstance shows it."""
        return {"Id": self.instance_id, "Attributes": self.attributes} | (
            {"CreatorRequestId": self.creator_request_id} if self.creator_request_id else {}
        )
