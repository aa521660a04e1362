"""A site: a service of web apps behind an Application Load Balancer that the internet reaches."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

WEB = "registry.example.com/web"


def gateway(lab: Any) -> None:
    """Lead the lab's subnets to the internet by its gateway, where they went by NAT."""
    attached = [{"Name": "attachment.vpc-id", "Values": [lab.vpc]}]
    (made,) = lab.ec2.describe_internet_gateways(Filters=attached)["InternetGateways"]
    main = [
        {"Name": "vpc-id", "Values": [lab.vpc]},
        {"Name": "association.main", "Values": ["true"]},
    ]
    (table,) = lab.ec2.describe_route_tables(Filters=main)["RouteTables"]
    lab.ec2.replace_route(
        RouteTableId=table["RouteTableId"],
        DestinationCidrBlock="0.0.0.0/0",
        GatewayId=made["InternetGatewayId"],
    )


def let_in(lab: Any, name: str, port: int, source: str = "") -> str:
    """A security group that lets a port in, from everywhere or from another group."""
    made = lab.ec2.create_security_group(GroupName=name, Description=name, VpcId=lab.vpc)
    group = str(made["GroupId"])
    rule: dict[str, Any] = {"IpProtocol": "tcp", "FromPort": port, "ToPort": port}
    rule |= (
        {"UserIdGroupPairs": [{"GroupId": source}]}
        if source
        else {"IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
    )
    lab.ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[rule])
    return group


class Site:
    """What a test says of a site, in one line each."""

    def __init__(self, lab: Any) -> None:
        gateway(lab)
        self.lab, self.elb = lab, lab.aws.client("elbv2")
        self.front_group = let_in(lab, "front", 80)
        self.task_group = let_in(lab, "tasks", 8080, self.front_group)
        made = self.elb.create_load_balancer(
            Name="front", Subnets=lab.subnets, SecurityGroups=[self.front_group]
        )["LoadBalancers"][0]
        self.balancer, self.url = made["LoadBalancerArn"], f"http://{made['DNSName']}/"
        lab.clock.advance(minutes=3)
        self.tg = self.group("web")
        self.listener = self.listen(self.tg)
        self.define()

    @property
    def clock(self) -> Any:
        return self.lab.clock

    def group(self, name: str, delay: int = 300, protocol: str = "HTTP") -> str:
        made = self.elb.create_target_group(
            Name=name,
            Protocol=protocol,
            Port=8080,
            VpcId=self.lab.vpc,
            TargetType="ip",
            HealthCheckIntervalSeconds=10,
            HealthyThresholdCount=2,
        )
        arn = str(made["TargetGroups"][0]["TargetGroupArn"])
        self.delay(arn, delay)
        return arn

    def delay(self, arn: str, seconds: int) -> None:
        name = "deregistration_delay.timeout_seconds"
        self.elb.modify_target_group_attributes(
            TargetGroupArn=arn, Attributes=[{"Key": name, "Value": str(seconds)}]
        )

    def listen(
        self, arn: str, port: int = 80, *, balancer: str = "", protocol: str = "HTTP"
    ) -> str:
        made = self.elb.create_listener(
            LoadBalancerArn=balancer or self.balancer,
            Protocol=protocol,
            Port=port,
            DefaultActions=[{"Type": "forward", "TargetGroupArn": arn}],
        )
        return str(made["Listeners"][0]["ListenerArn"])

    def define(self, image: str = WEB, **more: Any) -> None:
        """The next revision of ``web``: one container that listens on 8080."""
        one = {"name": "app", "image": image, "portMappings": [{"containerPort": 8080}]} | more
        self.lab.define("web", containerDefinitions=[one])

    def service(self, desired: int = 2, name: str = "web", tg: str = "", **more: Any) -> None:
        """A service of so many tasks; three minutes later they are healthy."""
        one = {"targetGroupArn": tg or self.tg, "containerName": "app", "containerPort": 8080}
        network = self.lab.network(securityGroups=[self.task_group], assignPublicIp="ENABLED")
        given = {"loadBalancers": [one], "networkConfiguration": network} | more
        self.lab.service(name, desired, **given)
        self.clock.advance(minutes=3)

    def traffic(self, **more: Any) -> Any:
        return self.lab.aws.traffic(self.url, **more)

    def get(self, path: str = "") -> Any:
        return self.lab.aws.get(f"{self.url}{path}")


@pytest.fixture
def site(lab: Any) -> Site:
    return Site(lab)


def network_on_internet(lab: Any) -> dict[str, Any]:
    """A network configuration with public addresses, and a security group that lets 8080 in."""
    gateway(lab)
    return dict(lab.network(assignPublicIp="ENABLED", securityGroups=[let_in(lab, "web", 8080)]))


@pytest.fixture
def on_internet() -> Callable[[Any], dict[str, Any]]:
    """``on_internet(lab)`` puts a lab on the internet, and gives a network configuration there."""
    return network_on_internet


@pytest.fixture
def running() -> Callable[..., str]:
    """``running(lab, image)`` is the ARN of a task with a public address that listens on 8080."""

    def run(lab: Any, image: str = WEB) -> str:
        one = {"name": "app", "image": image, "portMappings": [{"containerPort": 8080}]}
        lab.define("web", containerDefinitions=[one])
        arn = str(lab.run(networkConfiguration=network_on_internet(lab))[0])
        lab.clock.advance(minutes=1)
        return arn

    return run
