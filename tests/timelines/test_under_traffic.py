"""Stories of a service behind a load balancer while requests come in, with what became of them.

Rewritten as those of ``test_timelines.py`` are.
"""

from __future__ import annotations

from typing import Any

import boto3
import pytest

from course.sandbox.sandbox import Sandbox

DELAY = "deregistration_delay.timeout_seconds"


@pytest.fixture
def network(public_subnets: list[str]) -> dict[str, Any]:
    """The public subnets, and a security group that lets everything in."""
    ec2 = boto3.client("ec2")
    (first, _) = ec2.describe_subnets(SubnetIds=public_subnets)["Subnets"]
    group = ec2.create_security_group(GroupName="open", Description="open", VpcId=first["VpcId"])
    ec2.authorize_security_group_ingress(
        GroupId=group["GroupId"], IpProtocol="tcp", FromPort=80, ToPort=8080, CidrIp="0.0.0.0/0"
    )
    groups = [group["GroupId"]]
    return {"subnets": public_subnets, "securityGroups": groups, "assignPublicIp": "ENABLED"}


class Site:
    """A service of two web apps behind an Application Load Balancer."""

    def __init__(self, aws: Sandbox, network: dict[str, Any]) -> None:
        self.aws, self.network = aws, network
        self.ecs, self.elb = boto3.client("ecs"), boto3.client("elbv2")
        made = self.elb.create_load_balancer(
            Name="web", Subnets=network["subnets"], SecurityGroups=network["securityGroups"]
        )["LoadBalancers"][0]
        self.url = f"http://{made['DNSName']}/"
        self.targets = self._listen(made["LoadBalancerArn"], made["VpcId"])
        self.ecs.create_cluster(clusterName="lab")
        self.define("registry.example.com/web:1")

    def _listen(self, balancer: str, vpc: str) -> str:
        group = self.elb.create_target_group(
            Name="web",
            Protocol="HTTP",
            Port=8080,
            VpcId=vpc,
            TargetType="ip",
            HealthCheckIntervalSeconds=10,
            HealthyThresholdCount=2,
        )["TargetGroups"][0]["TargetGroupArn"]
        forward: Any = {"Type": "forward", "TargetGroupArn": group}
        self.elb.create_listener(
            LoadBalancerArn=balancer, Protocol="HTTP", Port=80, DefaultActions=[forward]
        )
        return group

    def delay(self, seconds: int) -> None:
        given: Any = [{"Key": DELAY, "Value": str(seconds)}]
        self.elb.modify_target_group_attributes(TargetGroupArn=self.targets, Attributes=given)

    def define(self, image: str) -> None:
        ports: Any = [{"containerPort": 8080}]
        self.ecs.register_task_definition(
            family="web",
            requiresCompatibilities=["FARGATE"],
            networkMode="awsvpc",
            cpu="256",
            memory="512",
            containerDefinitions=[{"name": "app", "image": image, "portMappings": ports}],
        )

    def start(self) -> None:
        """The service, steady."""
        target: Any = {"targetGroupArn": self.targets, "containerName": "app"}
        network: Any = {"awsvpcConfiguration": self.network}
        self.ecs.create_service(
            cluster="lab",
            serviceName="web",
            taskDefinition="web",
            desiredCount=2,
            launchType="FARGATE",
            networkConfiguration=network,
            loadBalancers=[target | {"containerPort": 8080}],
        )
        self.aws.clock.advance(minutes=6)

    def roll(self, image: str, minutes: float) -> Any:
        """A new revision under 80 requests a second; what happened since."""
        began = self.aws.now()
        load = self.aws.traffic(self.url, rate=80)
        self.define(image)
        self.ecs.update_service(cluster="lab", service="web", taskDefinition="web")
        self.aws.clock.advance(minutes=minutes)
        load.stop()
        shown = type(self.aws.timeline)(self.aws.timeline.start)
        shown.entries = [one for one in self.aws.timeline.entries if one.when >= began]
        return shown


@pytest.fixture
def site(aws: Sandbox, network: dict[str, Any]) -> Site:
    return Site(aws, network)


def test_a_rolling_update_under_traffic_drops_nothing(site: Site, golden: Any) -> None:
    site.delay(300)
    site.start()
    golden.check(site.roll("registry.example.com/web:2", minutes=8))


def test_a_rolling_update_without_a_deregistration_delay(site: Site, golden: Any) -> None:
    site.delay(0)
    site.start()
    golden.check(site.roll("registry.example.com/web:2", minutes=3))
