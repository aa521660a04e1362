"""Golden timelines: each story is a text file that a reviewer reads as ECS."""

from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest

from course import sandbox
from course.sandbox.sandbox import Sandbox

FOLDER = Path(__file__).parent


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--rewrite-timelines",
        action="store_true",
        help="write tests/timelines/*.txt anew from what happens now; read the difference",
    )


class Golden:
    """Compares a timeline with the file of its story, or writes the file."""

    def __init__(self, story: str, rewrite: bool) -> None:
        self.path = FOLDER / f"{story}.txt"
        self._rewrite = rewrite

    def check(self, timeline: object) -> None:
        told = f"{timeline!r}\n"
        if self._rewrite:
            self.path.write_text(told, "utf-8")
        assert self.path.exists(), "a new story: run pytest tests/timelines --rewrite-timelines"
        assert told == self.path.read_text("utf-8")


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Golden:
    """The file named after the test: test_scaled_to_none -> scaled-to-none.txt."""
    story = request.node.name.removeprefix("test_").replace("_", "-")
    return Golden(story, request.config.getoption("--rewrite-timelines", default=False))


@pytest.fixture
def aws() -> Iterator[Sandbox]:
    with sandbox.open() as opened:
        yield opened


@pytest.fixture
def public_subnets(aws: Sandbox) -> list[str]:
    """Two subnets of two zones, in a VPC of their own, with a route to an internet gateway."""
    ec2 = boto3.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    own = [{"Name": "vpc-id", "Values": [vpc]}]
    (table,) = ec2.describe_route_tables(Filters=own)["RouteTables"]
    ec2.create_route(
        RouteTableId=table["RouteTableId"], DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway
    )
    made = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{number}.0/24", AvailabilityZone=zone)
        for number, zone in ((1, "us-east-1a"), (2, "us-east-1b"))
    ]
    return [one["Subnet"]["SubnetId"] for one in made]
