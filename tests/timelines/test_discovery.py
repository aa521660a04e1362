"""Stories of discovery: who is found by name, and when."""

import json
from typing import Any

import boto3
import pytest

from course.sandbox.ecs.task_roles import EXEC_ACTIONS
from course.sandbox.sandbox import Sandbox

CHECK = ["CMD-SHELL", "curl -f http://localhost:8080/ || exit 1"]


TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": "ecs-tasks.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }
    ],
}
EXEC = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": list(EXEC_ACTIONS), "Resource": "*"}],
}


def define(revision: str = "1", role: str = "", **more: Any) -> None:
    container = {
        "name": "app",
        "image": f"registry.example.com/web:{revision}",
        "portMappings": [{"containerPort": 8080, "name": "http", "appProtocol": "http"}],
        **more,
    }
    boto3.client("ecs").register_task_definition(
        family="api",
        requiresCompatibilities=["FARGATE"],
        networkMode="awsvpc",
        cpu="256",
        memory="512",
        containerDefinitions=[container],
        **({"taskRoleArn": role} if role else {}),
    )


@pytest.fixture
def ecs(aws: Sandbox) -> Any:
    client = boto3.client("ecs")
    client.create_cluster(clusterName="lab")
    return client


def create(ecs: Any, name: str, subnets: list[str], **more: Any) -> None:
    network = {"subnets": subnets, "assignPublicIp": "ENABLED"}
    given = {"taskDefinition": "api", "desiredCount": 2, "launchType": "FARGATE"} | more
    ecs.create_service(
        cluster="lab",
        serviceName=name,
        networkConfiguration={"awsvpcConfiguration": network},
        **given,
    )


def since(aws: Sandbox, minutes: float) -> Any:
    """What the last minutes brought, in the timeline's own form."""
    shown = type(aws.timeline)(aws.timeline.start)
    first = aws.clock.now().timestamp() - 60 * minutes
    shown.entries = [one for one in aws.timeline.entries if one.when.timestamp() >= first]
    return shown


def test_a_service_with_a_registry_rolls(
    aws: Sandbox, ecs: Any, public_subnets: list[str], golden: Any
) -> None:
    """New instances are HEALTHY in Cloud Map before the old ones go: two are found at every second."""
    cloud_map = boto3.client("servicediscovery")
    cloud_map.create_http_namespace(Name="shop")
    aws.clock.advance(5)
    (space,) = cloud_map.list_namespaces()["Namespaces"]
    registry = cloud_map.create_service(
        Name="api", NamespaceId=space["Id"], HealthCheckCustomConfig={}
    )["Service"]
    define(healthCheck={"command": CHECK, "interval": 10})
    create(ecs, "api", public_subnets, serviceRegistries=[{"registryArn": registry["Arn"]}])
    aws.clock.advance(minutes=3)
    define("2", healthCheck={"command": CHECK, "interval": 10})
    ecs.update_service(cluster="lab", service="api", taskDefinition="api:2")
    for _ in range(180):
        aws.clock.advance(1)
        found = cloud_map.discover_instances(NamespaceName="shop", ServiceName="api")
        assert len(found["Instances"]) >= 2
    golden.check(since(aws, 3))


def test_a_service_connect_client_before_and_after_its_redeployment(
    aws: Sandbox, ecs: Any, public_subnets: list[str], golden: Any
) -> None:
    """The client is older than the endpoint: its tasks learn the name by a new deployment only."""
    boto3.client("iam").create_role(RoleName="app", AssumeRolePolicyDocument=json.dumps(TRUST))
    boto3.client("iam").put_role_policy(
        RoleName="app", PolicyName="exec", PolicyDocument=json.dumps(EXEC)
    )
    boto3.client("servicediscovery").create_http_namespace(Name="shop")
    aws.clock.advance(5)
    define(role="arn:aws:iam::123456789012:role/app")
    connect: dict[str, Any] = {"enabled": True, "namespace": "shop"}
    create(
        ecs,
        "client",
        public_subnets,
        desiredCount=1,
        enableExecuteCommand=True,
        serviceConnectConfiguration=connect,
    )
    aws.clock.advance(minutes=2)
    offered = [{"portName": "http", "discoveryName": "api"}]
    create(
        ecs,
        "api",
        public_subnets,
        desiredCount=1,
        serviceConnectConfiguration={**connect, "services": offered},
    )
    aws.clock.advance(minutes=2)
    ask(ecs)
    ecs.update_service(cluster="lab", service="client", forceNewDeployment=True)
    aws.clock.advance(minutes=3)
    ask(ecs)
    golden.check(since(aws, 5))


def ask(ecs: Any) -> None:
    (task,) = ecs.list_tasks(cluster="lab", serviceName="client")["taskArns"]
    ecs.execute_command(
        cluster="lab", task=task, command="curl http://api.shop:8080/", interactive=True
    )
