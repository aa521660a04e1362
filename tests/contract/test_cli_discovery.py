"""The real aws CLI sets up service discovery in Cloud Map, and observes it."""

from __future__ import annotations

import json
from typing import Any

import pytest

pytestmark = [pytest.mark.contract, pytest.mark.slow]

CONTAINER = {
    "name": "app",
    "image": "registry.example.com/web:1",
    "portMappings": [{"containerPort": 8080, "name": "http", "appProtocol": "http"}],
}
DEFINITION = {
    "family": "api",
    "networkMode": "awsvpc",
    "requiresCompatibilities": ["FARGATE"],
    "cpu": "256",
    "memory": "512",
    "containerDefinitions": [CONTAINER],
}


def ids(shell: Any, command: str) -> str:
    return str(shell.aws(f"{command} --output text"))


@pytest.fixture
def network(shell: Any) -> tuple[str, str]:
    """The default VPC and one of its subnets."""
    vpc = ids(shell, "ec2 describe-vpcs --query Vpcs[0].VpcId")
    subnet = ids(
        shell,
        f"ec2 describe-subnets --filters Name=vpc-id,Values={vpc} --query Subnets[0].SubnetId",
    )
    shell.aws("ecs create-cluster --cluster-name lab")
    (shell.home / "api.json").write_text(json.dumps(DEFINITION), "utf-8")
    shell.aws(
        "ecs register-task-definition --cli-input-json file://{home}/api.json",
        home=str(shell.home),
    )
    return vpc, subnet


def service(shell: Any, name: str, subnet: str, more: str, **given: str) -> None:
    placed = f"subnets=[{subnet}],assignPublicIp=ENABLED"
    shell.aws(
        f"ecs create-service --cluster lab --service-name {name} --task-definition api "
        "--desired-count 2 --launch-type FARGATE "
        f"--network-configuration awsvpcConfiguration={{{{{placed}}}}} {more}",
        **given,
    )


def namespace(shell: Any, command: str) -> str:
    """The id of a namespace whose operation has succeeded."""
    begun = ids(shell, f"servicediscovery {command} --query OperationId")
    shown = f"servicediscovery get-operation --operation-id {begun}"
    assert ids(shell, f"{shown} --query Operation.Status") in ("SUBMITTED", "PENDING")
    shell.course("clock", advance=60)
    assert ids(shell, f"{shown} --query Operation.Status") == "SUCCESS"
    return ids(shell, f"{shown} --query Operation.Targets.NAMESPACE")


def test_a_service_is_discovered(shell: Any, network: tuple[str, str]) -> None:
    vpc, subnet = network
    space = namespace(shell, f"create-private-dns-namespace --name shop.local --vpc {vpc}")
    records = f"NamespaceId={space},DnsRecords=[{{{{Type=A,TTL=10}}}}]"
    registry = shell.aws(
        f"servicediscovery create-service --name api --dns-config {records} "
        "--health-check-custom-config FailureThreshold=1"
    )["Service"]
    service(shell, "api", subnet, f"--service-registries registryArn={registry['Arn']}")
    assert shell.aws("ecs wait services-stable --cluster lab --services api") == ""

    tasks = shell.aws("ecs list-tasks --cluster lab --service-name api")["taskArns"]
    running = {arn.rsplit("/", 1)[-1] for arn in tasks}
    listed = shell.aws(f"servicediscovery list-instances --service-id {registry['Id']}")
    assert {one["Id"] for one in listed["Instances"]} == running
    found = shell.aws(
        "servicediscovery discover-instances --namespace-name shop.local --service-name api "
        "--query-parameters ECS_CLUSTER_NAME=lab --health-status HEALTHY"
    )["Instances"]
    assert {one["InstanceId"] for one in found} == running
    assert all(one["Attributes"]["AWS_INSTANCE_IPV4"].startswith("172.") for one in found)
    health = f"servicediscovery get-instances-health-status --service-id {registry['Id']}"
    assert shell.aws(health)["Status"] == dict.fromkeys(running, "HEALTHY")

    for command, text in (
        (f"delete-service --id {registry['Id']}", "Service contains registered instances"),
        (f"delete-namespace --id {space}", "Namespace has associated services"),
    ):
        done = shell.run(f"servicediscovery {command}")
        assert done.returncode in (254, 255)
        assert "(ResourceInUse) when calling the Delete" in done.stderr and text in done.stderr
    shell.aws("ecs update-service --cluster lab --service api --desired-count 0")
    shell.course("clock", advance=30)
    listed = shell.aws(f"servicediscovery list-instances --service-id {registry['Id']}")
    assert listed["Instances"] == []
    assert shell.aws(f"servicediscovery delete-service --id {registry['Id']}") == ""


def test_service_connect_is_set_up_and_observed(shell: Any, network: tuple[str, str]) -> None:
    _, subnet = network
    namespace(shell, "create-http-namespace --name shop")
    offered = {
        "enabled": True,
        "namespace": "shop",
        "services": [{"portName": "http", "discoveryName": "api", "clientAliases": [{"port": 80}]}],
    }
    for name, config in (("api", offered), ("client", {"enabled": True, "namespace": "shop"})):
        (shell.home / f"{name}-connect.json").write_text(json.dumps(config), "utf-8")
        given = f"--service-connect-configuration file://{{home}}/{name}-connect.json"
        service(shell, name, subnet, given, home=str(shell.home))
    assert shell.aws("ecs wait services-stable --cluster lab --services api client") == ""

    shown = shell.aws(
        "ecs describe-services --cluster lab --services api --query services[0].deployments[0]"
    )
    assert shown["serviceConnectConfiguration"] == offered
    (resource,) = shown["serviceConnectResources"]
    assert resource["discoveryName"] == "api"
    of = "ecs list-services-by-namespace --namespace shop --query serviceArns"
    assert [arn.rsplit("/", 1)[-1] for arn in shell.aws(of)] == ["api", "client"]
    tasks = shell.aws("ecs list-tasks --cluster lab --service-name api")["taskArns"]
    found = shell.aws(
        "servicediscovery discover-instances --namespace-name shop --service-name api"
    )["Instances"]
    assert {one["InstanceId"] for one in found} == {arn.rsplit("/", 1)[-1] for arn in tasks}
    assert {one["Attributes"]["AWS_INSTANCE_PORT"] for one in found} == {"8080"}
    names = ids(
        shell,
        f"ecs describe-tasks --cluster lab --tasks {tasks[0]} --query tasks[0].containers[].name",
    )
    assert names.startswith("ecs-service-connect-") and names.endswith("\tapp")

    (shell.home / "nope.json").write_text(json.dumps(offered | {"namespace": "nope"}), "utf-8")
    done = shell.run(
        "ecs update-service --cluster lab --service api "
        "--service-connect-configuration file://{home}/nope.json",
        home=str(shell.home),
    )
    assert done.returncode in (254, 255)
    assert (
        "(NamespaceNotFoundException) when calling the UpdateService operation: "
        "Failed to retrieve namespace for nope"
    ) in done.stderr
