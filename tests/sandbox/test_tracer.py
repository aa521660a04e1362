"""Traces between what a learner has: tasks, load balancers, instances, services, the internet."""

from __future__ import annotations

import json
from typing import Any

import pytest

from course.exercises.images import push_image

REPOSITORY = "123456789012.dkr.ecr.us-east-1.amazonaws.com/app"


@pytest.fixture
def task(lab: Any) -> str:
    """A running task in the lab's first subnet, behind a NAT gateway."""
    (arn,) = lab.run(networkConfiguration=lab.network(lab.subnets[0]))
    lab.clock.advance(minutes=1)
    return str(arn)


def _group(lab: Any, name: str) -> str:
    made = lab.ec2.create_security_group(GroupName=name, Description=name, VpcId=lab.vpc)
    return str(made["GroupId"])


def _open(lab: Any, group: str, port: int) -> None:
    lab.ec2.authorize_security_group_ingress(
        GroupId=group, IpProtocol="tcp", FromPort=port, ToPort=port, CidrIp="0.0.0.0/0"
    )


def test_a_task_reaches_the_internet_by_the_nat_gateway(lab: Any, task: str) -> None:
    found = lab.aws.trace(task, "internet")
    assert found.reached
    assert lab.nat in [step.element for step in found.decides.verdict.path]
    assert (found.source, found.target) == (f"task {task.rpartition('/')[2][:8]}", "internet")
    lab.ec2.delete_nat_gateway(NatGatewayId=lab.nat)
    assert lab.aws.trace(task, "internet").decides.verdict.element == lab.nat


def test_nobody_outside_reaches_a_task_without_a_public_address(lab: Any, task: str) -> None:
    found = lab.aws.trace("internet", task)
    assert not found.reached
    assert found.decides.verdict.kind == "public address"


def test_a_pull_takes_three_ways_and_the_first_that_fails_decides(lab: Any, task: str) -> None:
    found = lab.aws.trace(task, "ecr")
    assert [leg.to for leg in found.legs] == ["ecr.api", "ecr.dkr", "s3"]
    assert found.reached
    endpoint = lab.ec2.create_vpc_endpoint(
        VpcId=lab.vpc,
        ServiceName="com.amazonaws.us-east-1.ecr.dkr",
        VpcEndpointType="Interface",
        SubnetIds=lab.subnets,
        SecurityGroupIds=[group := _group(lab, "endpoint")],
        PrivateDnsEnabled=True,
    )["VpcEndpoint"]["VpcEndpointId"]
    lab.ec2.modify_vpc_attribute(VpcId=lab.vpc, EnableDnsHostnames={"Value": True})
    shut = lab.aws.trace(task, "ecr")
    assert [leg.verdict.reached for leg in shut.legs] == [True, False, True]
    assert (shut.decides.to, shut.decides.verdict.element) == ("ecr.dkr", group)
    assert endpoint in [step.element for step in shut.decides.verdict.path]


def test_an_endpoints_policy_is_asked_as_the_tasks_execution_role(lab: Any) -> None:
    ecr = lab.aws.client("ecr")
    ecr.create_repository(repositoryName="app")
    push_image(ecr, "app", "1.0")
    container = {"name": "app", "image": f"{REPOSITORY}:1.0"}
    lab.define("app", executionRoleArn=lab.role(), containerDefinitions=[container])
    (task,) = lab.run(taskDefinition="app")
    lab.clock.advance(minutes=1)
    group = _group(lab, "endpoint")
    _open(lab, group, 443)
    lab.ec2.modify_vpc_attribute(VpcId=lab.vpc, EnableDnsHostnames={"Value": True})
    nothing = {"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*"}
    endpoint = lab.ec2.create_vpc_endpoint(
        VpcId=lab.vpc,
        ServiceName="com.amazonaws.us-east-1.ecr.api",
        VpcEndpointType="Interface",
        SubnetIds=lab.subnets,
        SecurityGroupIds=[group],
        PolicyDocument=json.dumps({"Statement": [nothing]}),
    )["VpcEndpoint"]["VpcEndpointId"]
    decides = lab.aws.trace(task, "ecr").decides
    assert (decides.verdict.kind, decides.verdict.element) == ("endpoint policy", endpoint)


def test_a_load_balancer_reaches_a_task_through_its_security_group(lab: Any) -> None:
    balancers, group = lab.aws.client("elbv2"), _group(lab, "balancer")
    own = _group(lab, "task")
    place = lab.network(lab.subnets[0], securityGroups=[own])
    (task,) = lab.run(networkConfiguration=place)
    lab.clock.advance(minutes=1)
    arn = balancers.create_load_balancer(
        Name="web", Subnets=lab.subnets, SecurityGroups=[group], Scheme="internal"
    )["LoadBalancers"][0]["LoadBalancerArn"]
    assert lab.aws.trace(arn, task).decides.verdict.element == own
    _open(lab, own, 80)
    assert lab.aws.trace(arn, task).reached
    assert not lab.aws.trace(arn, task, 8080).reached
    assert lab.aws.trace("internet", arn).decides.verdict.element == "web", "it is internal"
    assert lab.aws.trace(task, arn).decides.verdict.element == group


def test_instances_and_interfaces_by_their_ids(lab: Any, task: str) -> None:
    (instance,) = lab.launch()
    assert lab.aws.trace(instance, "ecs").reached
    details = {one["name"]: one["value"] for one in lab.task(task)["attachments"][0]["details"]}
    found = lab.aws.trace(instance, details["networkInterfaceId"], 22)
    assert found.legs[0].port == 22
    assert found.reached, "both have the default group, which lets its members in"


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("internet", "i-0123456789abcdef0"),
        ("eni-0123456789abcdef0", "internet"),
        ("arn:aws:ecs:us-east-1:123456789012:task/lab/0", "ecr"),
        ("ecr", "internet"),
        ("internet", "internet"),
    ],
)
def test_what_is_not_there_says_what_there_could_be(lab: Any, source: str, target: str) -> None:
    with pytest.raises(LookupError, match="has no place in the network: name a task"):
        lab.aws.trace(source, target)


def test_a_service_that_is_none_is_named_with_those_there_are(lab: Any, task: str) -> None:
    with pytest.raises(LookupError, match=r"'ecrr' has .*ecr\.api, ecr\.dkr, s3"):
        lab.aws.trace(task, "ecrr")


def test_a_stopped_task_has_no_place(lab: Any, task: str) -> None:
    lab.stop(task)
    lab.clock.advance(minutes=2)
    with pytest.raises(LookupError, match="there now"):
        lab.aws.trace(task, "internet")


def test_looking_changes_nothing(lab: Any, task: str) -> None:
    state, calls = lab.aws.world.random.getstate(), len(lab.aws.world.history)
    lab.aws.trace(task, "ecr")
    assert (lab.aws.world.random.getstate(), len(lab.aws.world.history)) == (state, calls)


def test_from_a_vpc_link_to_a_task(lab: Any, task: str) -> None:
    """Its interfaces are two: what one of them does not reach decides."""
    link = lab.aws.client("apigatewayv2").create_vpc_link(Name="in", SubnetIds=lab.subnets)
    name = link["VpcLinkId"]
    found = lab.aws.trace(name, task, 80)
    assert found.reached and found.source == "VPC link in"  # both have the default security group
    lab.ec2.modify_network_interface_attribute(
        NetworkInterfaceId=lab.interfaces()[-1]["NetworkInterfaceId"], Groups=[_group(lab, "other")]
    )
    assert not lab.aws.trace(name, task, 80).reached
