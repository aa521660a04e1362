"""What a call may ask for in LIVE: one call that passes, and each change that does not."""

from typing import Any

import pytest

from course.live.allowed import operations
from course.live.limits import beyond

WEB = {"name": "web", "image": "public.ecr.aws/docker/library/httpd:latest"}
DEFINITION = {
    "family": "web",
    "requiresCompatibilities": ["FARGATE"],
    "networkMode": "awsvpc",
    "cpu": "256",
    "memory": "512",
    "containerDefinitions": [WEB],
}
SERVICE = {"cluster": "c", "serviceName": "s", "taskDefinition": "web", "launchType": "FARGATE"}
INGRESS = {
    "GroupId": "sg-1",
    "IpProtocol": "tcp",
    "FromPort": 80,
    "ToPort": 80,
    "CidrIp": "0.0.0.0/0",
}
UPDATE = {"cluster": "c", "service": "s", "desiredCount": 2}

CASES: list[tuple[str, dict[str, Any], dict[str, Any], str]] = [
    ("RegisterTaskDefinition", DEFINITION, {"executionRoleArn": "r"}, "with executionRoleArn"),
    ("RegisterTaskDefinition", DEFINITION, {"taskRoleArn": "r"}, "with taskRoleArn"),
    ("RegisterTaskDefinition", DEFINITION, {"volumes": []}, "with volumes"),
    ("RegisterTaskDefinition", DEFINITION, {"tags": []}, "with tags"),
    ("RegisterTaskDefinition", DEFINITION, {"requiresCompatibilities": ["EC2"]}, "['FARGATE']"),
    ("RegisterTaskDefinition", DEFINITION, {"cpu": "1024"}, "cpu is 1024 CPU units"),
    ("RegisterTaskDefinition", DEFINITION, {"cpu": "1 vCPU"}, "cpu is needed"),
    ("RegisterTaskDefinition", DEFINITION, {"memory": "8192"}, "memory is 8192 MiB"),
    (
        "RegisterTaskDefinition",
        DEFINITION,
        {"containerDefinitions": [{**WEB, "image": "123.dkr.ecr.us-east-1.amazonaws.com/web"}]},
        "public.ecr.aws/",
    ),
    (
        "RegisterTaskDefinition",
        DEFINITION,
        {"containerDefinitions": [{**WEB, "privileged": True}]},
        "with privileged",
    ),
    (
        "RegisterTaskDefinition",
        DEFINITION,
        {"containerDefinitions": [{**WEB, "secrets": []}]},
        "with secrets",
    ),
    ("CreateService", SERVICE, {"launchType": "EC2"}, "FARGATE"),
    ("CreateService", SERVICE, {"loadBalancers": []}, "with loadBalancers"),
    ("CreateService", SERVICE, {"enableExecuteCommand": True}, "with enableExecuteCommand"),
    ("CreateService", SERVICE, {"deploymentConfiguration": {"maximumPercent": 300}}, "300"),
    ("CreateService", SERVICE, {"deploymentConfiguration": {"alarms": {}}}, "with alarms"),
    ("RunTask", {"taskDefinition": "web", "launchType": "FARGATE"}, {"overrides": {}}, "overrides"),
    (
        "RunTask",
        {"taskDefinition": "web", "launchType": "FARGATE"},
        {"launchType": None},
        "FARGATE",
    ),
    ("UpdateService", UPDATE, {"networkConfiguration": {}}, "with networkConfiguration"),
    ("UpdateService", UPDATE, {"deploymentConfiguration": {"maximumPercent": 201}}, "201"),
    ("AuthorizeSecurityGroupIngress", INGRESS, {"FromPort": 22, "ToPort": 22}, "tcp port 80"),
    ("AuthorizeSecurityGroupIngress", INGRESS, {"FromPort": 0}, "tcp port 80"),
    ("AuthorizeSecurityGroupIngress", INGRESS, {"IpProtocol": "-1"}, "tcp port 80"),
    ("AuthorizeSecurityGroupIngress", INGRESS, {"IpPermissions": []}, "with IpPermissions"),
    (
        "CreateCluster",
        {"clusterName": "c"},
        {"capacityProviders": ["FARGATE"]},
        "capacityProviders",
    ),
    (
        "CreateSecurityGroup",
        {"GroupName": "g", "Description": "d"},
        {"DryRun": True},
        "with DryRun",
    ),
]


@pytest.mark.parametrize(("name", "well", "change", "says"), CASES)
def test_one_change_too_much(
    name: str, well: dict[str, Any], change: dict[str, Any], says: str
) -> None:
    (operation,) = (one for one in operations().values() if one.name == name)
    assert beyond(operation, well) == ""
    assert says in beyond(operation, {**well, **change})


def test_every_operation_that_creates_or_changes_has_a_closed_list_of_parameters() -> None:
    acting = [one for one in operations().values() if one.how in ("creates", "changes")]
    assert len(acting) == 7
    assert all(one.parameters and one.kind for one in acting)
    tried = {name for name, *_ in CASES}
    assert tried == {one.name for one in acting}
