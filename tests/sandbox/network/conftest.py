"""A small Region as plain objects: a public subnet, a private one behind NAT, one behind endpoints."""

from dataclasses import replace
from typing import Any

import pytest

from course.sandbox.network.picture import (
    AclEntry,
    Endpoint,
    NatGateway,
    Network,
    NetworkAcl,
    Place,
    Route,
    RouteTable,
    Rule,
    SecurityGroup,
    Subnet,
    Vpc,
)

EVERYWHERE = "0.0.0.0/0"
S3, S3_BLOCK = "pl-s3", "52.216.0.0/15"
OPEN = (AclEntry(100, True, EVERYWHERE),)
OUT = (Rule(cidr=EVERYWHERE),)
ALLOW_ALL = '{"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}]}'
LOCAL = Route("10.0.0.0/16", "local")


def _subnet(name: str, number: int, zone: str = "a") -> Subnet:
    return Subnet(
        f"subnet-{name}", "vpc-1", zone, f"10.0.{number}.0/24", f"rtb-{name}", f"acl-{name}"
    )


def _by_id(*held: Any) -> dict[str, Any]:
    return {one.id: one for one in held}


@pytest.fixture
def network() -> Network:
    """Subnets public, nat, closed; closed has endpoints of ecr.api, and S3's as a route."""
    names = ("public", "nat", "closed")
    return Network(
        region="us-east-1",
        vpcs=_by_id(Vpc("vpc-1", gateway="igw-1"), Vpc("vpc-2")),
        subnets=_by_id(
            *(_subnet(name, number) for number, name in enumerate(names, 1)),
            Subnet("subnet-far", "vpc-2", "a", "10.9.0.0/24", "rtb-far", "acl-far"),
        ),
        route_tables=_by_id(
            RouteTable("rtb-public", (LOCAL, Route(EVERYWHERE, "igw-1"))),
            RouteTable("rtb-nat", (LOCAL, Route(EVERYWHERE, "nat-1"))),
            RouteTable("rtb-closed", (LOCAL, Route(S3, "vpce-s3"))),
            RouteTable("rtb-far", (Route("10.9.0.0/16", "local"),)),
        ),
        acls=_by_id(*(NetworkAcl(f"acl-{one}", OPEN, OPEN) for one in (*names, "far"))),
        groups=_by_id(
            SecurityGroup("sg-web", (Rule(EVERYWHERE, protocol="tcp", ports=(80, 80)),), OUT),
            SecurityGroup("sg-task", (Rule(group="sg-web", protocol="tcp", ports=(80, 80)),), OUT),
            SecurityGroup("sg-endpoint", (Rule("10.0.0.0/16", protocol="tcp", ports=(443, 443)),)),
        ),
        nats=_by_id(NatGateway("nat-1", "subnet-public")),
        endpoints=_by_id(
            Endpoint(
                "vpce-api",
                "vpc-1",
                "com.amazonaws.us-east-1.ecr.api",
                nodes=(("subnet-public", "10.0.1.4"), ("subnet-closed", "10.0.3.4")),
                groups=("sg-endpoint",),
                policy=ALLOW_ALL,
            ),
            Endpoint(
                "vpce-s3", "vpc-1", "com.amazonaws.us-east-1.s3", gateway=True, policy=ALLOW_ALL
            ),
        ),
        prefix_lists={S3: (S3_BLOCK, "3.5.0.0/19")},
        service_lists={"com.amazonaws.us-east-1.s3": S3},
    )


@pytest.fixture
def places() -> dict[str, Place]:
    """A place in each subnet, by the subnet's name; the public ones have public addresses."""
    task = ("sg-task",)
    return {
        "public": Place("eni-public", "subnet-public", "10.0.1.10", task, "44.0.0.1"),
        "web": Place("eni-web", "subnet-public", "10.0.1.20", ("sg-web",), "44.0.0.2"),
        "nat": Place("eni-nat", "subnet-nat", "10.0.2.10", task),
        "closed": Place("eni-closed", "subnet-closed", "10.0.3.10", task),
        "far": Place("eni-far", "subnet-far", "10.9.0.10", task),
    }


@pytest.fixture
def changed() -> Any:
    """``changed(network, "acls", NetworkAcl(...))``: the same picture with this one put in its place."""

    def change(network: Network, what: str, *held: Any) -> Network:
        return replace(network, **{what: {**getattr(network, what), **_by_id(*held)}})

    return change
