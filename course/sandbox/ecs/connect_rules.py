"""What ECS refuses of a service's Service Connect, and which endpoints it makes of the rest. Pure.

Texts are AWS's where a user copied one, and ours where not.

AWS: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceConnectConfiguration.html
     https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-connect.html (copy of 2023)
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from course.sandbox.discovery.resources import Namespace
from course.sandbox.ecs.errors import Refused, invalid_parameter
from course.sandbox.ecs.resources import Endpoint, TaskDefinition
from course.sandbox.ecs.service_rules import outside

Parameters = Mapping[str, Any]

DISCOVERY_NAME = re.compile(r"[a-z0-9_][a-z0-9_-]{0,63}")
DNS_NAME = re.compile(r"[a-z0-9_][a-z0-9_.-]{0,126}")
MODES = ("awsvpc", "bridge")


@dataclass(frozen=True, slots=True)
class Offer:
    """One Service Connect service: a named port of a container, and the endpoint it makes.

    *ingress* is the port that the proxy listens on, where it is not the container's.
    """

    discovery_name: str
    dns_name: str
    port: int
    container: str
    container_port: int
    protocol: str
    ingress: int | None = None


def namespace_not_found(name: str) -> Refused:
    """NamespaceNotFoundException; seen of CreateService (terraform-aws-ecs#116, 2023-09)."""
    return Refused("NamespaceNotFoundException", f"Failed to retrieve namespace for {name}")


def already_used(namespace_arn: str) -> Refused:
    """Another service has this discovery name; seen from 2023 to 2025 (copilot-cli#5431)."""
    return invalid_parameter(f"SC service is already used by {namespace_arn}")


def check_connect(config: Parameters, definition: TaskDefinition, launch_type: str) -> None:
    """Refuse what Service Connect does not go with, before its namespace is looked for."""
    if definition.network_mode not in MODES:
        raise invalid_parameter(
            f"Service Connect needs the network mode awsvpc or bridge, not {definition.network_mode}."
        )  # our words
    if launch_type == "EC2" and not definition.memory:
        raise invalid_parameter(
            "Service Connect needs a memory limit of the task, for its proxy."
        )  # our words
    if config.get("accessLogConfiguration") and not config.get("logConfiguration"):
        raise invalid_parameter("accessLogConfiguration needs a logConfiguration.")  # our words
    for one in config.get("services") or []:
        if one.get("tls"):
            raise outside("TLS of Service Connect")
        if any(alias.get("testTrafficRules") for alias in one.get("clientAliases") or []):
            raise outside("Test traffic of a blue/green deployment")


def offers(config: Parameters, definition: TaskDefinition, namespace: Namespace) -> list[Offer]:
    """The Service Connect services of a configuration, with what was left out filled in.

    Raises Refused for a port that has no name, for names that are none, and for two alike.
    """
    made = [_offer(one, definition, namespace) for one in config.get("services") or []]
    for what, values in (
        ("discovery name", [one.discovery_name for one in made]),
        ("endpoint", [f"{one.dns_name}:{one.port}" for one in made]),
        ("ingress port", [str(one.ingress) for one in made if one.ingress is not None]),
    ):
        twice = sorted({one for one in values if values.count(one) > 1})
        if twice:
            raise invalid_parameter(f"The {what} {twice[0]} is there twice.")  # our words
    return made


def _offer(given: Parameters, definition: TaskDefinition, namespace: Namespace) -> Offer:
    container, mapping = _named_port(definition, given["portName"])
    discovery = given.get("discoveryName") or given["portName"]
    aliases: Sequence[Parameters] = given.get("clientAliases") or [{}]
    if not DISCOVERY_NAME.fullmatch(discovery):
        raise invalid_parameter(f"{discovery} is no discovery name.")  # our words
    if len(aliases) > 1:
        raise invalid_parameter("A Service Connect service has one client alias at most.")  # ours
    dns_name = aliases[0].get("dnsName") or f"{discovery}.{namespace.name}".lower()
    if not DNS_NAME.fullmatch(dns_name):
        raise invalid_parameter(f"{dns_name} is no DNS name of a client alias.")  # our words
    return Offer(
        discovery_name=discovery,
        dns_name=dns_name,
        port=int(aliases[0].get("port") or mapping["containerPort"]),
        container=container,
        container_port=int(mapping["containerPort"]),
        protocol=mapping.get("appProtocol") or "tcp",
        ingress=_ingress(given, definition),
    )


def _ingress(given: Parameters, definition: TaskDefinition) -> int | None:
    port = given.get("ingressPortOverride")
    if port is not None and definition.network_mode == "bridge":
        raise outside("ingressPortOverride under the network mode bridge")
    return None if port is None else int(port)


def _named_port(definition: TaskDefinition, name: str) -> tuple[str, Parameters]:
    """The container and the port mapping of this name."""
    for container in definition.container_definitions:
        for mapping in container.get("portMappings") or []:
            if mapping.get("name") == name and mapping.get("containerPort"):
                return container["name"], mapping
    raise invalid_parameter(
        f"The portName {name} is the name of no port mapping in the task definition "
        f"{definition.name}."
    )  # our words


def check_free(made: Iterable[Offer], others: Iterable[Endpoint]) -> None:
    """Refuse an endpoint that another service of the namespace has."""
    taken = {(one.dns_name, one.port) for one in others}
    for one in made:
        if (one.dns_name, one.port) in taken:
            raise invalid_parameter(
                f"The endpoint {one.dns_name}:{one.port} is taken in this namespace."
            )  # our words
