"""Golden timelines: each story is a text file that a reviewer reads as ECS.

Beside each lies what ECS told EventBridge of the same minutes, one line an event.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import boto3
import pytest

from course import sandbox
from course.sandbox.clock import START
from course.sandbox.observability.eventbridge.event import Event
from course.sandbox.sandbox import Sandbox

FOLDER = Path(__file__).parent


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--rewrite-timelines",
        action="store_true",
        help="write tests/timelines/*.txt and *.events anew from what happens now; read the difference",
    )


class Golden:
    """Compares a timeline, and the events of its time, with the files of its story, or writes them."""

    def __init__(self, story: str, rewrite: bool, heard: list[Event]) -> None:
        self.path = FOLDER / f"{story}.txt"
        self._rewrite = rewrite
        self._heard = heard

    def check(self, timeline: Any) -> None:
        self._compare(self.path, f"{timeline!r}\n")
        entries = getattr(timeline, "entries", None)
        shown = [one for one in self._heard if not entries or one.when >= entries[0].when]
        lines = [f"{line(START, one)}\n" for one in shown]
        self._compare(self.path.with_suffix(".events"), "".join(lines))

    def _compare(self, path: Path, told: str) -> None:
        if self._rewrite:
            path.write_text(told, "utf-8")
        assert path.exists(), "a new story: run pytest tests/timelines --rewrite-timelines"
        assert told == path.read_text("utf-8")


def line(start: datetime, event: Event) -> str:
    """One event in one line: when, of what kind, about what, and what of it."""
    passed = int((event.when - start).total_seconds())
    detail, about = event.detail, event.resources[0].rsplit("/", 1)[-1]
    kind = event.detail_type.removeprefix("ECS ")
    when = f"+{passed // 3600}:{passed % 3600 // 60:02}:{passed % 60:02}"
    return f"{when}  {kind:<31}  {about[:8]:<8}  {_told(detail)}".rstrip()


def _told(detail: Mapping[str, Any]) -> str:
    if "alarmName" in detail:
        return f"{detail['alarmName']} {detail['previousState']['value']} -> {detail['state']['value']}"
    if "lastStatus" in detail:
        why = f"  ({detail.get('stopCode')})" if detail["lastStatus"] == "STOPPED" else ""
        return f"v{detail['version']} {detail['lastStatus']}, wanted {detail['desiredStatus']}{why}"
    if "agentConnected" in detail:
        left = [str(one.get("integerValue")) for one in detail["remainingResources"][:2]]
        agent = "agent" if detail["agentConnected"] else "no agent"
        return f"v{detail['version']} {detail['status']}, {agent}, left {' CPU '.join(left)} MiB"
    reason = detail.get("reason", "")
    return f"{detail['eventType']} {detail['eventName']}" + (f"  {reason}" if reason else "")


@pytest.fixture(autouse=True)
def heard(request: pytest.FixtureRequest) -> list[Event]:
    """Every event of ECS in the story's world, from its beginning."""
    found: list[Event] = []
    for name in {"aws", "lab"} & set(request.fixturenames):
        request.getfixturevalue(name)
    opened = sandbox.current()
    if opened is not None:
        opened._routing.plane.bus.audience.append(found.append)
    return found


@pytest.fixture
def golden(request: pytest.FixtureRequest, heard: list[Event]) -> Golden:
    """The file named after the test: test_scaled_to_none -> scaled-to-none.txt."""
    story = request.node.name.removeprefix("test_").replace("_", "-")
    rewrite = request.config.getoption("--rewrite-timelines", default=False)
    return Golden(story, rewrite, heard)


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
