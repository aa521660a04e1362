"""Stories of a service behind an Application Load Balancer: its targets, and what becomes of them.

Rewritten as those of ``test_timelines.py`` are.
"""

from __future__ import annotations

from typing import Any

import boto3
import pytest

from course.sandbox.sandbox import Sandbox


@pytest.fixture
def network(public_subnets: list[str]) -> dict[str, Any]:
    return {"subnets": public_subnets, "assignPublicIp": "ENABLED"}


@pytest.fixture
def group(aws: Sandbox, network: dict[str, Any]) -> str:
    """ARN of a target group with AWS's defaults, behind a load balancer that is active."""
    elb, ec2 = boto3.client("elbv2"), boto3.client("ec2")
    (front,) = elb.create_load_balancer(Name="front", Subnets=network["subnets"])["LoadBalancers"]
    (subnet,) = ec2.describe_subnets(SubnetIds=network["subnets"][:1])["Subnets"]
    (made,) = elb.create_target_group(
        Name="web", Protocol="HTTP", Port=8080, VpcId=subnet["VpcId"], TargetType="ip"
    )["TargetGroups"]
    forward: Any = {"Type": "forward", "TargetGroupArn": made["TargetGroupArn"]}
    elb.create_listener(
        LoadBalancerArn=front["LoadBalancerArn"],
        Protocol="HTTP",
        Port=80,
        DefaultActions=[forward],
    )
    elb.get_waiter("load_balancer_available").wait(Names=["front"])
    return made["TargetGroupArn"]


@pytest.fixture
def ecs(aws: Sandbox, network: dict[str, Any], group: str) -> Any:
    """A client, with a service of two web apps that has just been created."""
    client = boto3.client("ecs")
    client.create_cluster(clusterName="lab")
    define(client)
    client.create_service(
        cluster="lab",
        serviceName="web",
        taskDefinition="web",
        desiredCount=2,
        launchType="FARGATE",
        networkConfiguration={"awsvpcConfiguration": network},
        loadBalancers=[{"targetGroupArn": group, "containerName": "app", "containerPort": 8080}],
    )
    return client


def define(client: Any) -> None:
    container = {
        "name": "app",
        "image": "registry.example.com/web:1",
        "portMappings": [{"containerPort": 8080}],
    }
    client.register_task_definition(
        family="web",
        requiresCompatibilities=["FARGATE"],
        networkMode="awsvpc",
        cpu="256",
        memory="512",
        containerDefinitions=[container],
    )


def since(aws: Sandbox, minutes: float) -> Any:
    """What the last minutes brought, in the timeline's own form."""
    shown = type(aws.timeline)(aws.timeline.start)
    first = aws.clock.now().timestamp() - 60 * minutes
    shown.entries = [one for one in aws.timeline.entries if one.when.timestamp() >= first]
    return shown


def test_a_bad_health_check_path(aws: Sandbox, ecs: Any, group: str, golden: Any) -> None:
    """The targets were healthy; then the path is one that the program answers with 404."""
    aws.clock.advance(minutes=6)
    boto3.client("elbv2").modify_target_group(TargetGroupArn=group, HealthCheckPath="/healthz")
    aws.clock.advance(minutes=3)
    golden.check(since(aws, 3))


def test_a_rolling_update_behind_a_balancer(
    aws: Sandbox, ecs: Any, group: str, golden: Any
) -> None:
    """The old tasks serve until the new ones are healthy, and get SIGTERM 300 s after their last request may come."""
    aws.clock.advance(minutes=6)
    define(ecs)
    ecs.update_service(cluster="lab", service="web", taskDefinition="web:2")
    aws.clock.advance(minutes=10)
    golden.check(since(aws, 10))
