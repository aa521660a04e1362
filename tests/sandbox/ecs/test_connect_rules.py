"""Which Service Connect configurations are refused, and what is filled into the others; as tables."""

from __future__ import annotations

from typing import Any

import pytest

from course.sandbox.clock import START
from course.sandbox.discovery.resources import Namespace
from course.sandbox.ecs.connect_rules import check_connect, check_free, offers
from course.sandbox.ecs.errors import Refused
from course.sandbox.ecs.resources import Endpoint, TaskDefinition

SHOP = Namespace("arn:ns", "ns-1", "Shop", "Shop", "HTTP")


def definition(mode: str = "awsvpc", memory: str | None = "512") -> TaskDefinition:
    ports = [
        {"containerPort": 8080, "name": "http", "appProtocol": "http"},
        {"containerPort": 9090, "name": "admin"},
        {"containerPort": 7070},
    ]
    container = {"name": "app", "portMappings": ports}
    return TaskDefinition(
        "arn:web:1", "web", 1, [{"name": "side"}, container], mode, [], START, memory=memory
    )


def refusal(function: Any, *args: Any) -> str:
    """Code and text of the refusal, or nothing."""
    try:
        function(*args)
    except Refused as refused:
        return f"{refused.code}: {refused.message}"
    return ""


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"portName": "http"}, ("http", "http.shop", 8080, "http", None)),
        ({"portName": "admin"}, ("admin", "admin.shop", 9090, "tcp", None)),
        (
            {"portName": "http", "discoveryName": "api"},
            ("api", "api.shop", 8080, "http", None),
        ),
        (
            {"portName": "http", "clientAliases": [{"port": 80}]},
            ("http", "http.shop", 80, "http", None),
        ),
        (
            {"portName": "http", "clientAliases": [{"port": 80, "dnsName": "api"}]},
            ("http", "api", 80, "http", None),
        ),
        (
            {"portName": "http", "ingressPortOverride": 15000},
            ("http", "http.shop", 8080, "http", 15000),
        ),
    ],
)
def test_what_is_left_out_is_filled_in(given: dict[str, Any], expected: tuple[Any, ...]) -> None:
    (made,) = offers({"services": [given]}, definition(), SHOP)
    assert (made.discovery_name, made.dns_name, made.port, made.protocol, made.ingress) == expected
    assert made.container == "app"


def test_without_services_it_is_a_client_only() -> None:
    assert offers({"enabled": True}, definition(), SHOP) == []


HTTP = {"portName": "http"}


@pytest.mark.parametrize(
    ("services", "says"),
    [
        ([{"portName": "nope"}], "The portName nope is the name of no port mapping"),
        ([HTTP | {"discoveryName": "-api"}], "no discovery name"),
        ([HTTP | {"discoveryName": "API"}], "no discovery name"),
        ([HTTP | {"discoveryName": "a" * 65}], "no discovery name"),
        ([HTTP | {"clientAliases": [{"port": 1}, {"port": 2}]}], "one client alias at most"),
        ([HTTP | {"clientAliases": [{"port": 1, "dnsName": "-a"}]}], "no DNS name"),
        ([HTTP, HTTP], "The discovery name http is there twice"),
        (
            [
                HTTP | {"clientAliases": [{"port": 1, "dnsName": "a"}]},
                HTTP | {"discoveryName": "b", "clientAliases": [{"port": 1, "dnsName": "a"}]},
            ],
            "The endpoint a:1 is there twice",
        ),
        (
            [
                HTTP | {"ingressPortOverride": 9},
                {"portName": "admin", "ingressPortOverride": 9},
            ],
            "The ingress port 9 is there twice",
        ),
    ],
)
def test_what_makes_no_endpoint(services: list[dict[str, Any]], says: str) -> None:
    found = refusal(offers, {"services": services}, definition(), SHOP)
    assert found.startswith("InvalidParameterException") and says in found


def test_two_names_for_one_port_are_two_endpoints() -> None:
    two = [HTTP, HTTP | {"discoveryName": "second"}]
    assert len(offers({"services": two}, definition(), SHOP)) == 2


OUTSIDE = "UnsupportedFeatureException"


@pytest.mark.parametrize(
    ("config", "made", "launch_type", "says"),
    [
        ({}, definition(), "FARGATE", ""),
        ({}, definition("bridge"), "EC2", ""),
        ({}, definition("bridge", None), "EC2", "a memory limit of the task"),
        ({}, definition("host"), "EC2", "the network mode awsvpc or bridge, not host"),
        ({}, definition("none"), "EC2", "not none"),
        ({"accessLogConfiguration": {"format": "JSON"}}, definition(), "FARGATE", "logConfig"),
        (
            {"services": [HTTP | {"tls": {"issuerCertificateAuthority": {}}}]},
            definition(),
            "FARGATE",
            OUTSIDE,
        ),
        (
            {"services": [HTTP | {"clientAliases": [{"port": 1, "testTrafficRules": {"x": 1}}]}]},
            definition(),
            "FARGATE",
            OUTSIDE,
        ),
    ],
)
def test_what_it_does_not_go_with(
    config: dict[str, Any], made: TaskDefinition, launch_type: str, says: str
) -> None:
    found = refusal(check_connect, config, made, launch_type)
    assert says in found and bool(says) == bool(found)


def test_an_ingress_port_under_bridge_is_outside() -> None:
    config = {"services": [HTTP | {"ingressPortOverride": 15000}]}
    assert refusal(offers, config, definition("bridge"), SHOP).startswith(OUTSIDE)


@pytest.mark.parametrize(
    ("other", "free"),
    [
        (Endpoint("http.shop", 8080, "x"), False),
        (Endpoint("http.shop", 80, "x"), True),
        (Endpoint("api", 8080, "x"), True),
    ],
)
def test_an_endpoint_is_there_once(other: Endpoint, free: bool) -> None:
    made = offers({"services": [HTTP]}, definition(), SHOP)
    assert (refusal(check_free, made, [other]) == "") == free
