"""The rules of Cloud Map as tables: what is refused, and what is discovered."""

from __future__ import annotations

from typing import Any

import pytest

from course.sandbox.discovery.resources import Instance, Namespace
from course.sandbox.discovery.rules import (
    check_attributes,
    check_namespace,
    check_service,
    discovered,
    matching,
)
from course.sandbox.ecs.errors import Refused


def space(kind: str = "DNS_PRIVATE", vpc: str = "vpc-1", name: str = "shop.local") -> Namespace:
    return Namespace("arn:ns-1", "ns-1", name, name, kind, vpc)


def code(function: Any, *args: Any) -> str:
    """The code of the refusal, or nothing."""
    try:
        function(*args)
    except Refused as refused:
        return refused.code
    return ""


@pytest.mark.parametrize(
    ("name", "kind", "vpc", "expected"),
    [
        ("shop.local", "DNS_PRIVATE", "vpc-1", "NamespaceAlreadyExists"),
        ("SHOP.local", "DNS_PRIVATE", "vpc-1", "NamespaceAlreadyExists"),
        ("shop.local", "DNS_PRIVATE", "vpc-2", ""),
        ("shop.local", "HTTP", "", ""),
        ("other.local", "DNS_PRIVATE", "vpc-1", ""),
    ],
)
def test_a_name_is_taken_within_its_vpc(name: str, kind: str, vpc: str, expected: str) -> None:
    assert code(check_namespace, name, kind, vpc, [space()]) == expected


def records(*types: str) -> dict[str, Any]:
    return {"DnsConfig": {"DnsRecords": [{"Type": one, "TTL": 10} for one in types]}}


@pytest.mark.parametrize(
    ("kind", "given", "expected"),
    [
        ("DNS_PRIVATE", records("A"), ""),
        ("DNS_PRIVATE", records("SRV"), ""),
        ("DNS_PRIVATE", records("A", "SRV"), ""),
        ("DNS_PRIVATE", records("A", "CNAME"), "InvalidInput"),
        ("DNS_PRIVATE", records("A", "A"), "InvalidInput"),
        ("DNS_PRIVATE", {}, "InvalidInput"),
        ("DNS_PRIVATE", {"Type": "HTTP"}, ""),
        ("HTTP", {}, ""),
        ("HTTP", records("A"), "InvalidInput"),
        ("HTTP", {"HealthCheckConfig": {"Type": "HTTP"}}, "NotImplemented"),
        ("DNS_PRIVATE", records("A") | {"HealthCheckConfig": {"Type": "HTTP"}}, "InvalidInput"),
        (
            "HTTP",
            {"HealthCheckConfig": {"Type": "HTTP"}, "HealthCheckCustomConfig": {}},
            "InvalidInput",
        ),
    ],
)
def test_records_and_checks_go_with_the_namespace(
    kind: str, given: dict[str, Any], expected: str
) -> None:
    assert code(check_service, given, space(kind)) == expected


@pytest.mark.parametrize(
    ("types", "given", "expected"),
    [
        (("A",), {"AWS_INSTANCE_IPV4": "10.0.0.1"}, ""),
        (("A",), {"AWS_INSTANCE_PORT": "80"}, "InvalidInput"),
        (("SRV",), {"AWS_INSTANCE_IPV4": "10.0.0.1"}, "InvalidInput"),
        (("SRV",), {"AWS_INSTANCE_IPV4": "10.0.0.1", "AWS_INSTANCE_PORT": "80"}, ""),
        (("CNAME",), {"AWS_INSTANCE_IPV4": "10.0.0.1"}, "InvalidInput"),
        ((), {"color": "green"}, ""),
        ((), {"AWS_INIT_HEALTH_STATUS": "POORLY"}, "InvalidInput"),
        (("A",), {"AWS_ALIAS_DNS_NAME": "front.example"}, "NotImplemented"),
    ],
)
def test_an_instance_has_what_its_records_are_made_of(
    types: tuple[str, ...], given: dict[str, str], expected: str
) -> None:
    assert code(check_attributes, given, types) == expected


def instances(*states: str, checked: bool = True) -> list[Instance]:
    return [
        Instance(
            "srv-1",
            "arn:srv-1",
            f"{number}{state[0]}",
            {"AWS_INIT_HEALTH_STATUS": state, "zone": "ab"[number % 2], "app": "api"},
            checked,
        )
        for number, state in enumerate(states)
    ]


H, U = "HEALTHY", "UNHEALTHY"


@pytest.mark.parametrize(
    ("states", "health", "expected"),
    [
        ((H, U, H), None, "0H 2H"),
        ((H, U, H), "HEALTHY", "0H 2H"),
        ((H, U, H), "UNHEALTHY", "1U"),
        ((H, U, H), "ALL", "0H 1U 2H"),
        ((H, U, H), "HEALTHY_OR_ELSE_ALL", "0H 2H"),
        ((U, U), "HEALTHY_OR_ELSE_ALL", "0U 1U"),
        ((U, U), "HEALTHY", ""),
        ((U, U), None, ""),
        ((), "ALL", ""),
    ],
)
def test_discovered_by_health(states: tuple[str, ...], health: str | None, expected: str) -> None:
    found = discovered(instances(*states), health, {}, {})
    assert " ".join(one.instance_id for one in found) == expected


@pytest.mark.parametrize("health", [None, "HEALTHY", "UNHEALTHY", "ALL", "HEALTHY_OR_ELSE_ALL"])
def test_without_a_health_check_the_health_asked_for_is_ignored(health: str | None) -> None:
    found = discovered(instances(H, U, checked=False), health, {}, {})
    assert [one.health_status for one in found] == ["UNKNOWN", "UNKNOWN"]


@pytest.mark.parametrize(
    ("wanted", "preferred", "expected"),
    [
        ({"zone": "a"}, {}, "0H 2H"),
        ({"zone": "c"}, {}, ""),
        ({"app": "api"}, {"zone": "b"}, "1H"),
        ({"app": "api"}, {"zone": "c"}, "0H 1H 2H"),
        ({"app": "api", "zone": "b"}, {"zone": "a"}, "1H"),
    ],
)
def test_discovered_by_attributes(
    wanted: dict[str, str], preferred: dict[str, str], expected: str
) -> None:
    found = discovered(instances(H, H, H), None, wanted, preferred)
    assert " ".join(one.instance_id for one in found) == expected


def test_an_unknown_health_is_refused() -> None:
    assert code(discovered, [], "POORLY", {}, {}) == "InvalidInput"


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ([], "a ab b"),
        ([{"Name": "NAME", "Values": ["a"]}], "a"),
        ([{"Name": "NAME", "Values": ["a", "b"], "Condition": "IN"}], "a b"),
        ([{"Name": "NAME", "Values": ["a"], "Condition": "BEGINS_WITH"}], "a ab"),
        (
            [
                {"Name": "NAME", "Values": ["a"], "Condition": "BEGINS_WITH"},
                {"Name": "NAME", "Values": ["ab"]},
            ],
            "ab",
        ),
    ],
)
def test_filters(filters: list[dict[str, Any]], expected: str) -> None:
    passes = matching(filters, {"NAME": str})
    assert " ".join(one for one in ("a", "ab", "b") if passes(one)) == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"Name": "COLOR", "Values": ["red"]}, "InvalidInput"),
        ({"Name": "NAME", "Values": ["1", "2"], "Condition": "BETWEEN"}, "NotImplemented"),
    ],
)
def test_filters_that_are_not_there(given: dict[str, Any], expected: str) -> None:
    assert code(matching, [given], {"NAME": str}) == expected


@pytest.mark.parametrize(
    ("before", "now", "sick"), [(H, U, True), (U, U, False), (U, H, False), (H, H, False)]
)
def test_only_what_was_well_is_sick(before: str, now: str, sick: bool) -> None:
    (one,) = instances(before)
    one.health_status = now
    assert one.is_sick == sick


@pytest.mark.parametrize(("given", "port"), [({}, None), ({"AWS_INSTANCE_PORT": "80"}, 80)])
def test_the_port_of_an_instance(given: dict[str, str], port: int | None) -> None:
    assert Instance("srv-1", "arn:srv-1", "x", given, checked=False).port == port
