"""Names inside a VPC, as a table: what is looked up, and why not."""

from __future__ import annotations

import pytest

from course.sandbox.discovery.names import is_private, look_up
from course.sandbox.discovery.resources import Instance, Namespace, Registry
from course.sandbox.network.picture import Vpc


def registry(name: str, *records: str, kind: str = "DNS_PRIVATE", vpc: str = "vpc-1") -> Registry:
    space = Namespace("arn:ns", "ns-1", "shop.local", "shop.local", kind, vpc)
    return Registry(f"arn:{name}", name, name, space, records, checked=True)


REGISTRIES = [
    registry("api", "A"),
    registry("v2.api", "A"),
    registry("db", "SRV"),
    registry("both", "A", "SRV"),
    registry("empty", "A"),
    registry("sick", "A"),
    registry("many", "A"),
    registry("far", "A", vpc="vpc-2"),
    registry("open", "A", kind="DNS_PUBLIC", vpc=""),
    registry("spoken", kind="HTTP", vpc=""),
]
STATES = {
    "arn:api": "HUH",
    "arn:v2.api": "H",
    "arn:db": "HH",
    "arn:both": "H",
    "arn:sick": "UU",
    "arn:many": "H" * 9,
}


def instances(arn: str) -> list[Instance]:
    states = {"H": "HEALTHY", "U": "UNHEALTHY"}
    return [
        Instance(
            arn,
            arn,
            f"task{number}",
            {"AWS_INSTANCE_IPV4": f"10.0.0.{number}", "AWS_INIT_HEALTH_STATUS": states[letter]},
            checked=True,
        )
        for number, letter in enumerate(STATES.get(arn, ""), 1)
    ]


ON = Vpc("vpc-1")


@pytest.mark.parametrize(
    ("host", "expected", "why"),
    [
        ("api.shop.local", "1 3", ""),
        ("API.Shop.Local.", "1 3", ""),
        ("v2.api.shop.local", "1", ""),
        ("sick.shop.local", "1 2", ""),
        ("many.shop.local", "1 2 3 4 5 6 7 8", ""),
        ("both.shop.local", "1", ""),
        ("task1.both.shop.local", "1", ""),
        ("empty.shop.local", "", "empty.shop.local has no instance"),
        ("db.shop.local", "", "db.shop.local has SRV records, and no address of its own"),
        ("task2.db.shop.local", "2", ""),
        ("task3.db.shop.local", "", ""),
        ("task1.api.shop.local", "", ""),
        ("far.shop.local", "", "shop.local is a namespace of vpc-2, not of vpc-1"),
        ("open.shop.local", "", "public, and its domain is registered nowhere"),
        ("spoken.shop.local", "", ""),
        ("api", "", ""),
        ("example.com", "", ""),
    ],
)
def test_names(host: str, expected: str, why: str) -> None:
    looked = look_up(host, ON, REGISTRIES, instances)
    assert " ".join(one.rsplit(".", 1)[-1] for one in looked.addresses) == expected
    assert why in looked.why and bool(why) == bool(looked.why)


@pytest.mark.parametrize(
    ("vpc", "why"),
    [
        (Vpc("vpc-1", dns_support=False), "enableDnsSupport of vpc-1 is off"),
        (Vpc("vpc-1", dns_hostnames=False), "enableDnsHostnames of vpc-1 is off"),
    ],
)
def test_the_vpc_needs_both_of_its_dns_settings(vpc: Vpc, why: str) -> None:
    looked = look_up("api.shop.local", vpc, REGISTRIES, instances)
    assert (looked.addresses, looked.why) == ((), why)


@pytest.mark.parametrize(
    ("host", "private"),
    [
        ("api.shop.local", True),
        ("task1.db.shop.local", True),
        ("open.shop.local", False),
        ("spoken.shop.local", False),
        ("shop.local", False),
        ("example.com", False),
    ],
)
def test_which_names_are_a_vpcs_own(host: str, private: bool) -> None:
    assert (is_private(host, REGISTRIES) is not None) == private
