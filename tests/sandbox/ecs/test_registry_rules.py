"""Which service registries go with which tasks, as a table."""

from __future__ import annotations

from typing import Any

import pytest

from course.sandbox.clock import START
from course.sandbox.discovery.resources import Namespace, Registry
from course.sandbox.ecs.errors import Refused
from course.sandbox.ecs.registry_rules import check_registries
from course.sandbox.ecs.resources import TaskDefinition

SPACE = Namespace("arn:ns", "ns-1", "shop.local", "shop.local", "DNS_PRIVATE", "vpc-1")
HELD = {
    f"arn:{'+'.join(types) or 'http'}": Registry(
        f"arn:{'+'.join(types) or 'http'}", "srv-1", "api", SPACE, types
    )
    for types in ((), ("A",), ("SRV",), ("A", "SRV"))
}
APP = {"containerName": "app", "containerPort": 8080}
DO_NOT_REQUIRE = "The values specified for serviceRegistries do not require a value for"
HOST_OR_BRIDGE = "When specifying 'host' or 'bridge' for networkMode, values for 'containerName'"


def definition(mode: str) -> TaskDefinition:
    container = {"name": "app", "portMappings": [{"containerPort": 8080}]}
    return TaskDefinition("arn:web:1", "web", 1, [container], mode, [], START)


def refusal(mode: str, *given: dict[str, Any]) -> str:
    """The text of the refusal, or nothing."""
    try:
        check_registries(definition(mode), given, HELD.get)
    except Refused as refused:
        assert refused.code == "InvalidParameterException"
        return refused.message
    return ""


@pytest.mark.parametrize(
    ("mode", "registry", "given", "says"),
    [
        ("awsvpc", "A", {}, ""),
        ("awsvpc", "A", {"containerName": "app"}, ""),
        ("awsvpc", "A", {"containerPort": 8080}, f"{DO_NOT_REQUIRE} 'containerPort'"),
        ("awsvpc", "A", APP, f"{DO_NOT_REQUIRE} 'containerPort'. Remove the value and retry."),
        ("awsvpc", "A", {"port": 8080}, f"{DO_NOT_REQUIRE} 'port'"),
        ("awsvpc", "SRV", {"port": 8080}, ""),
        ("awsvpc", "SRV", APP, ""),
        ("awsvpc", "SRV", {}, "is required"),
        ("awsvpc", "SRV", {"containerName": "app"}, "is required"),
        ("awsvpc", "SRV", APP | {"port": 8080}, "but not both"),
        ("awsvpc", "A+SRV", {"port": 8080}, ""),
        ("awsvpc", "A+SRV", {}, "is required"),
        ("awsvpc", "http", {}, ""),
        ("awsvpc", "http", {"port": 8080}, ""),
        ("awsvpc", "SRV", APP | {"containerName": "nope"}, "does not exist in the task definition"),
        ("awsvpc", "SRV", APP | {"containerPort": 1}, "did not have a container port 1 defined"),
        ("bridge", "SRV", APP, ""),
        ("host", "SRV", APP, ""),
        ("bridge", "http", APP, ""),
        ("bridge", "SRV", {}, HOST_OR_BRIDGE),
        ("host", "SRV", {"port": 8080}, HOST_OR_BRIDGE),
        ("bridge", "A", APP, "has to make SRV records, and it makes A records"),
        ("none", "A", {}, "needs the network mode awsvpc, bridge or host"),
        ("awsvpc", "nope", {}, "The service registry arn:nope does not exist."),
    ],
)
def test_what_goes_together(mode: str, registry: str, given: dict[str, Any], says: str) -> None:
    found = refusal(mode, {"registryArn": f"arn:{registry}", **given})
    assert says in found
    assert bool(says) == bool(found)


def test_a_service_has_one() -> None:
    assert "one service registry at most" in refusal("awsvpc", *[{"registryArn": "arn:A"}] * 2)


def test_without_any_nothing_is_refused() -> None:
    assert refusal("none") == ""
