"""The real aws CLI sets up a load balancer, rules, target groups and a service behind them, and observes them."""

from __future__ import annotations

import json
from typing import Any

import pytest

pytestmark = [pytest.mark.contract, pytest.mark.slow]

CONTAINER = {
    "name": "app",
    "image": "registry.example.com/web:1",
    "portMappings": [{"containerPort": 8080}],
}
DEFINITION = {
    "family": "web",
    "networkMode": "awsvpc",
    "requiresCompatibilities": ["FARGATE"],
    "cpu": "256",
    "memory": "512",
    "containerDefinitions": [CONTAINER],
}


def ids(shell: Any, command: str) -> str:
    return str(shell.aws(f"{command} --output text"))


@pytest.fixture
def network(shell: Any) -> tuple[str, list[str]]:
    """A VPC with two public subnets in two zones."""
    vpc = ids(shell, "ec2 create-vpc --cidr-block 10.0.0.0/16 --query Vpc.VpcId")
    gateway = ids(shell, "ec2 create-internet-gateway --query InternetGateway.InternetGatewayId")
    shell.aws(f"ec2 attach-internet-gateway --vpc-id {vpc} --internet-gateway-id {gateway}")
    table = ids(
        shell,
        f"ec2 describe-route-tables --filters Name=vpc-id,Values={vpc} "
        "--query RouteTables[0].RouteTableId",
    )
    shell.aws(
        f"ec2 create-route --route-table-id {table} --destination-cidr-block 0.0.0.0/0 "
        f"--gateway-id {gateway}"
    )
    subnets = [
        ids(
            shell,
            f"ec2 create-subnet --vpc-id {vpc} --cidr-block 10.0.{number}.0/24 "
            f"--availability-zone us-east-1{zone} --query Subnet.SubnetId",
        )
        for number, zone in ((1, "a"), (2, "b"))
    ]
    return vpc, subnets


def test_a_service_behind_a_load_balancer(shell: Any, network: tuple[str, list[str]]) -> None:
    vpc, subnets = network
    front = ids(
        shell,
        f"elbv2 create-load-balancer --name front --subnets {subnets[0]} {subnets[1]} "
        "--query LoadBalancers[0].LoadBalancerArn",
    )
    groups = {
        name: ids(
            shell,
            f"elbv2 create-target-group --name {name} --protocol HTTP --port 8080 --vpc-id {vpc} "
            "--target-type ip --health-check-interval-seconds 5 --health-check-timeout-seconds 4 "
            "--query TargetGroups[0].TargetGroupArn",
        )
        for name in ("web", "api")
    }
    listener = ids(
        shell,
        f"elbv2 create-listener --load-balancer-arn {front} --protocol HTTP --port 80 "
        f"--default-actions Type=forward,TargetGroupArn={groups['web']} "
        "--query Listeners[0].ListenerArn",
    )
    shell.aws(
        f"elbv2 create-rule --listener-arn {listener} --priority 10 "
        "--conditions Field=path-pattern,Values=/api/* "
        f"--actions Type=forward,TargetGroupArn={groups['api']}"
    )
    state = "elbv2 describe-load-balancers --names front --query LoadBalancers[0].State.Code"
    assert ids(shell, state) == "provisioning"
    shell.course("clock", advance=30)
    assert shell.aws("elbv2 wait load-balancer-available --names front") == ""
    assert ids(shell, state) == "active"
    rules = shell.aws(f"elbv2 describe-rules --listener-arn {listener}")["Rules"]
    assert [one["Priority"] for one in rules] == ["10", "default"]

    shell.aws("ecs create-cluster --cluster-name lab")
    (shell.home / "web.json").write_text(json.dumps(DEFINITION), "utf-8")
    shell.aws(
        "ecs register-task-definition --cli-input-json file://{home}/web.json",
        home=str(shell.home),
    )
    placed = f"subnets=[{','.join(subnets)}],assignPublicIp=ENABLED"
    given = "".join(
        f" targetGroupArn={arn},containerName=app,containerPort=8080" for arn in groups.values()
    )
    shell.aws(
        "ecs create-service --cluster lab --service-name web --task-definition web "
        "--desired-count 2 --launch-type FARGATE "
        f"--network-configuration awsvpcConfiguration={{{{{placed}}}}} --load-balancers{given}"
    )
    assert shell.aws("ecs wait services-stable --cluster lab --services web") == ""
    for arn in groups.values():
        assert shell.aws(f"elbv2 wait target-in-service --target-group-arn {arn}") == ""
        found = shell.aws(f"elbv2 describe-target-health --target-group-arn {arn}")
        targets = found["TargetHealthDescriptions"]
        assert [one["TargetHealth"] for one in targets] == [{"State": "healthy"}] * 2
        assert {one["Target"]["Port"] for one in targets} == {8080}
    said = ids(
        shell,
        "ecs describe-services --cluster lab --services web --query services[0].events[].message",
    )
    for arn in groups.values():
        assert f"(service web) registered 2 targets in (target-group {arn})" in said

    shell.aws("ecs update-service --cluster lab --service web --desired-count 0")
    shell.course("clock", advance=5)
    health = f"elbv2 describe-target-health --target-group-arn {groups['web']}"
    (reason,) = {
        one["TargetHealth"]["Reason"] for one in shell.aws(health)["TargetHealthDescriptions"]
    }
    assert reason == "Target.DeregistrationInProgress"
    shell.course("clock", advance=300)
    assert shell.aws(health)["TargetHealthDescriptions"] == []


def test_what_is_refused_is_an_error_of_the_cli(shell: Any, network: tuple[str, list[str]]) -> None:
    _, subnets = network
    done = shell.run(f"elbv2 create-load-balancer --name front --subnets {subnets[0]}")
    assert done.returncode in (254, 255)
    assert (
        "(ValidationError) when calling the CreateLoadBalancer operation: At least two subnets in "
        "two different Availability Zones must be specified"
    ) in done.stderr
