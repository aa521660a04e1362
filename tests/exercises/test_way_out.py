"""A service in a VPC of the learner's own: what counts is whether its subnets lead out, not how."""

from typing import Any

import pytest

from course.exercises.exercise import Finding, check
from course.exercises.fargate_tutorial.service import CLUSTER, KEEP_TWO_RUNNING, SHOP
from course.exercises.way_out import lead_out_by_nat, way_out


@pytest.fixture
def subnets(place: Any) -> list[str]:
    """Two subnets, in two zones of a VPC of one's own."""
    ec2 = place.session.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    zones = {"10.0.1.0/24": "us-east-1a", "10.0.2.0/24": "us-east-1b"}
    made = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=cidr, AvailabilityZone=zone)["Subnet"]
        for cidr, zone in zones.items()
    ]
    return [one["SubnetId"] for one in made]


def _serve(place: Any, subnets: list[str], public: str) -> dict[str, Finding | None]:
    """The service in these subnets, and what the check finds two minutes later."""
    ecs = place.session.client("ecs")
    KEEP_TWO_RUNNING.setup(place.session)
    ecs.register_task_definition(
        family=SHOP,
        networkMode="awsvpc",
        requiresCompatibilities=["FARGATE"],
        cpu="256",
        memory="512",
        containerDefinitions=[{"name": "web", "image": "httpd"}],
    )
    ecs.create_service(
        cluster=CLUSTER,
        serviceName=SHOP,
        taskDefinition=SHOP,
        desiredCount=2,
        launchType="FARGATE",
        networkConfiguration={
            "awsvpcConfiguration": {"subnets": subnets, "assignPublicIp": public}
        },
    )
    place.aws.clock.advance(minutes=2)
    return {line.criterion.id: line.finding for line in check(KEEP_TWO_RUNNING, place.session)}


def test_a_nat_gateway_is_a_way_out_without_public_addresses(
    place: Any, subnets: list[str]
) -> None:
    ec2 = place.session.client("ec2")
    (shape,) = ec2.describe_subnets(SubnetIds=subnets[:1])["Subnets"]
    nat = lead_out_by_nat(ec2, shape["VpcId"])
    assert way_out(ec2, subnets[0])[1] == nat
    found = _serve(place, subnets, "DISABLED")
    assert all(finding and finding.met for finding in found.values())
    ec2.delete_nat_gateway(NatGatewayId=nat)
    assert way_out(ec2, subnets[0])[1] == "", "a blackhole"


@pytest.mark.parametrize("public", ["ENABLED", "DISABLED"])
def test_a_subnet_that_nothing_leads_out_of_is_named(
    place: Any, subnets: list[str], public: str
) -> None:
    finding = _serve(place, subnets, public)["public"]
    assert finding and not finding.met
    assert finding.found == f"none that leads out of {subnets[0]}"


def test_in_the_default_vpc_it_takes_a_public_address(place: Any) -> None:
    ec2 = place.session.client("ec2")
    default = [one["SubnetId"] for one in ec2.describe_subnets()["Subnets"]][:2]
    finding = _serve(place, default, "DISABLED")["public"]
    assert finding and finding.found.startswith("DISABLED, and rtb-")
