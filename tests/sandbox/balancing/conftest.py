"""A lab with an Application Load Balancer, active, and a target group behind its listener."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

WEB = "registry.example.com/web"


class Balanced:
    """What a test says to Elastic Load Balancing, in one line each."""

    def __init__(self, lab: Any) -> None:
        self.lab, self.elb = lab, lab.aws.client("elbv2")
        made = self.elb.create_load_balancer(Name="front", Scheme="internal", Subnets=lab.subnets)
        self.balancer = str(made["LoadBalancers"][0]["LoadBalancerArn"])
        lab.clock.advance(minutes=2)
        self.tg = self.group("web")
        self.listener = self.listen(self.tg)
        self.define()

    @property
    def clock(self) -> Any:
        return self.lab.clock

    def group(self, name: str, *, delay: int = 60, **more: Any) -> str:
        """ARN of a new target group: HTTP 8080, checked at / every 10 s, twice for either state."""
        given = {
            "Name": name,
            "Protocol": "HTTP",
            "Port": 8080,
            "VpcId": self.lab.vpc,
            "TargetType": "ip",
            "HealthCheckIntervalSeconds": 10,
            "HealthyThresholdCount": 2,
            "UnhealthyThresholdCount": 2,
        } | more
        arn = str(self.elb.create_target_group(**given)["TargetGroups"][0]["TargetGroupArn"])
        self.drain(arn, delay)
        return arn

    def drain(self, arn: str, seconds: int) -> None:
        delay = {"Key": "deregistration_delay.timeout_seconds", "Value": str(seconds)}
        self.elb.modify_target_group_attributes(TargetGroupArn=arn, Attributes=[delay])

    def listen(self, arn: str, port: int = 80, protocol: str = "HTTP", **more: Any) -> str:
        given = {"LoadBalancerArn": self.balancer} | more
        made = self.elb.create_listener(
            Protocol=protocol,
            Port=port,
            DefaultActions=[{"Type": "forward", "TargetGroupArn": arn}],
            **given,
        )
        return str(made["Listeners"][0]["ListenerArn"])

    def define(self, image: str = WEB, port: int = 8080, **more: Any) -> None:
        """The next revision of ``web``, with a container ``app``."""
        one = {"name": "app", "image": image, "portMappings": [{"containerPort": port}]} | more
        self.lab.define("web", containerDefinitions=[one])

    def asked(self, *groups: str, container: str = "app", port: int = 8080) -> list[dict[str, Any]]:
        """The ``loadBalancers`` of a service with these target groups, or with the lab's own."""
        return [
            {"targetGroupArn": arn, "containerName": container, "containerPort": port}
            for arn in groups or (self.tg,)
        ]

    def service(self, desired: int = 2, *groups: str, **more: Any) -> None:
        self.lab.service("web", desired, loadBalancers=self.asked(*groups), **more)

    def health(self, arn: str = "", *targets: dict[str, Any]) -> list[tuple[str, str | None]]:
        """State and reason code of each target, in the order of registration."""
        given: dict[str, Any] = {"Targets": list(targets)} if targets else {}
        found = self.elb.describe_target_health(TargetGroupArn=arn or self.tg, **given)
        states = [one["TargetHealth"] for one in found["TargetHealthDescriptions"]]
        return [(one["State"], one.get("Reason")) for one in states]

    def registered(self, arn: str = "") -> list[tuple[str, int]]:
        """Id and port of each target."""
        found = self.elb.describe_target_health(TargetGroupArn=arn or self.tg)
        named = [one["Target"] for one in found["TargetHealthDescriptions"]]
        return [(one["Id"], one["Port"]) for one in named]

    def tasks(self) -> list[dict[str, Any]]:
        """What DescribeTasks says of all tasks, stopped ones too."""
        arns = [one.task_arn for one in self.lab.held_tasks()]
        return [self.lab.task(arn) for arn in arns]


@pytest.fixture
def balanced(lab: Any) -> Balanced:
    return Balanced(lab)


@pytest.fixture
def make_balanced(make_lab: Callable[..., Any]) -> Callable[..., Balanced]:
    """A balanced lab in a world of the test's choosing."""

    def make(**options: Any) -> Balanced:
        return Balanced(make_lab(**options))

    return make
