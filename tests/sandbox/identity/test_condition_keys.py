"""Condition keys as the gate fills them in: for each a call that has the value wanted, and one that has not.

Which operation has which key is AWS's service authorization reference; tests/contract compares.
"""

from __future__ import annotations

from typing import Any

import pytest

from course.sandbox.world import ACCOUNT_ID
from tests.sandbox.identity.held import Dev, allow, deny, document, refusal

ECS = f"arn:aws:ecs:us-east-1:{ACCOUNT_ID}"
WEB = f"{ECS}:task-definition/web:1"
BLUE, RED = [{"key": "team", "value": "blue"}], [{"key": "team", "value": "red"}]
VOLUME = {"name": "data", "managedEBSVolume": {"sizeInGiB": 1, "roleArn": "arn:aws:iam::1:role/x"}}
SERVICE = {"cluster": "lab", "serviceName": "web", "taskDefinition": "web"}

Given = dict[str, Any]

TABLE: list[tuple[str, str, str, str, Given, Given]] = [
    # operator, key, value, method, what fits, what does not
    ("ArnEquals", "ecs:cluster", f"{ECS}:cluster/lab", "list_services",
     {"cluster": "lab"}, {"cluster": "prod"}),
    ("ArnLike", "ecs:cluster", f"{ECS}:cluster/l*", "stop_task",
     {"cluster": "lab", "task": "x"}, {"task": "x"}),
    ("ArnEquals", "ecs:cluster", f"{ECS}:cluster/lab", "run_task",
     {"cluster": "lab", "taskDefinition": "web"}, {"cluster": "prod", "taskDefinition": "web"}),
    ("ArnEquals", "ecs:task-definition", WEB, "create_service",
     SERVICE, SERVICE | {"taskDefinition": "web:2"}),
    ("StringEquals", "ecs:enable-execute-command", "false", "run_task",
     {"taskDefinition": "web", "enableExecuteCommand": False},
     {"taskDefinition": "web", "enableExecuteCommand": True}),
    ("StringEquals", "ecs:enable-ebs-volumes", "false", "create_service",
     SERVICE, SERVICE | {"volumeConfigurations": [VOLUME]}),
    ("StringEquals", "ecs:enable-service-connect", "true", "create_service",
     SERVICE | {"serviceConnectConfiguration": {"enabled": True, "namespace": "n"}}, SERVICE),
    ("StringEquals", "ecs:namespace", "n", "create_service",
     SERVICE | {"serviceConnectConfiguration": {"enabled": True, "namespace": "n"}},
     SERVICE | {"serviceConnectConfiguration": {"enabled": True, "namespace": "m"}}),
    ("StringEquals", "ecs:auto-assign-public-ip", "DISABLED", "create_service",
     SERVICE | {"networkConfiguration": {"awsvpcConfiguration": {"subnets": ["s"], "assignPublicIp": "DISABLED"}}},
     SERVICE | {"networkConfiguration": {"awsvpcConfiguration": {"subnets": ["s"], "assignPublicIp": "ENABLED"}}}),
    ("ForAllValues:ArnLike", "ecs:subnet", "arn:aws:ec2:*:*:subnet/private-*", "create_service",
     SERVICE | {"networkConfiguration": {"awsvpcConfiguration": {"subnets": ["private-1", "private-2"]}}},
     SERVICE | {"networkConfiguration": {"awsvpcConfiguration": {"subnets": ["private-1", "public-1"]}}}),
    ("StringEquals", "ecs:capacity-provider", "FARGATE_SPOT", "run_task",
     {"taskDefinition": "web", "capacityProviderStrategy": [{"capacityProvider": "FARGATE_SPOT"}]},
     {"taskDefinition": "web", "capacityProviderStrategy": [{"capacityProvider": "FARGATE"}]}),
    ("ForAnyValue:StringEquals", "ecs:compute-compatibility", "FARGATE", "register_task_definition",
     {"family": "f", "containerDefinitions": [], "requiresCompatibilities": ["FARGATE"]},
     {"family": "f", "containerDefinitions": [], "requiresCompatibilities": ["EC2"]}),
    ("Bool", "ecs:privileged", "false", "register_task_definition",
     {"family": "f", "containerDefinitions": [{"name": "a", "privileged": False}]},
     {"family": "f", "containerDefinitions": [{"name": "a", "privileged": True}]}),
    ("NumericLessThanEquals", "ecs:task-cpu", "512", "register_task_definition",
     {"family": "f", "containerDefinitions": [], "cpu": "512"},
     {"family": "f", "containerDefinitions": [], "cpu": "1024"}),
    ("StringEquals", "ecs:container-name", "app", "execute_command",
     {"task": "x", "container": "app", "command": "sh", "interactive": True},
     {"task": "x", "container": "db", "command": "sh", "interactive": True}),
    ("StringEquals", "ecs:account-setting", "containerInsights", "put_account_setting",
     {"name": "containerInsights", "value": "enabled"},
     {"name": "serviceLongArnFormat", "value": "enabled"}),
    ("StringEquals", "aws:RequestTag/team", "blue", "create_cluster",
     {"clusterName": "a", "tags": BLUE}, {"clusterName": "a", "tags": RED}),
    ("Null", "aws:RequestTag/team", "false", "create_cluster",
     {"clusterName": "a", "tags": RED}, {"clusterName": "a"}),
    ("ForAllValues:StringEquals", "aws:TagKeys", "team", "tag_resource",
     {"resourceArn": f"{ECS}:cluster/lab", "tags": BLUE},
     {"resourceArn": f"{ECS}:cluster/lab", "tags": [*BLUE, {"key": "cost", "value": "1"}]}),
    ("ForAnyValue:StringEquals", "aws:TagKeys", "team", "untag_resource",
     {"resourceArn": f"{ECS}:cluster/lab", "tagKeys": ["team"]},
     {"resourceArn": f"{ECS}:cluster/lab", "tagKeys": ["cost"]}),
    ("StringEquals", "aws:ResourceTag/team", "blue", "describe_clusters",
     {"clusters": ["blue"]}, {"clusters": ["lab"]}),
    ("StringEquals", "ecs:ResourceTag/team", "blue", "delete_cluster",
     {"cluster": "blue"}, {"cluster": "lab"}),
    ("StringEquals", "aws:RequestedRegion", "us-east-1", "list_clusters", {}, {}),
    ("DateGreaterThan", "aws:CurrentTime", "2026-11-02T08:00:00Z", "list_clusters", {}, {}),
    ("DateLessThan", "aws:CurrentTime", "2026-11-02T09:05:00Z", "list_clusters", {}, {}),
    ("NumericGreaterThan", "aws:EpochTime", "1793600000", "list_clusters", {}, {}),
    ("Bool", "aws:ViaAWSService", "false", "list_clusters", {}, {}),
    ("Bool", "aws:SecureTransport", "true", "list_clusters", {}, {}),
    ("StringEquals", "aws:PrincipalAccount", ACCOUNT_ID, "list_clusters", {}, {}),
    ("StringEquals", "aws:PrincipalTag/team", "blue", "list_clusters", {}, {}),
    ("StringLike", "aws:username", "d*", "list_clusters", {}, {}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("operator", "key", "value", "method", "fits", "differs"),
    TABLE,
    ids=[f"{key}-{method}-{operator}" for operator, key, _, method, *_ in TABLE],
)
def test_a_key_is_there_with_the_value_of_the_call(
    lab: Any,
    dev: Dev,
    operator: str,
    key: str,
    value: str,
    method: str,
    fits: Given,
    differs: Given,
) -> None:
    """As an Allow's condition it lets one call pass and not the other; the opposite deny stops the first."""
    lab.ecs.create_cluster(clusterName="blue", tags=BLUE)
    lab.aws.client("iam").tag_user(UserName="dev", Tags=[{"Key": "team", "Value": "blue"}])
    call, condition = getattr(dev.client("ecs"), method), {operator: {key: value}}
    dev.may(allow("*", Condition=condition))
    assert not denied(call, fits)
    assert denied(call, differs) is (differs != fits)
    dev.may(allow("*"), deny("*", Condition=condition))
    assert denied(call, fits)


def denied(call: Any, given: Given) -> bool:
    """Whether policies refuse it; what ECS finds wrong with it afterwards is another matter."""
    code, text = refusal(call, **given)
    return code == "AccessDeniedException" and "is not authorized to perform" in text


def test_time_moves_a_policy_in_and_out(lab: Any, dev: Dev) -> None:
    window = {"DateGreaterThan": {"aws:CurrentTime": "2026-11-02T09:10:00Z"},
              "DateLessThan": {"aws:CurrentTime": "2026-11-02T09:20:00Z"}}  # fmt: skip
    dev.may(allow("ecs:ListClusters", Condition=window))
    seen = []
    for _ in range(3):
        seen.append(denied(dev.client("ecs").list_clusters, {}))
        lab.clock.advance(minutes=12)
    assert seen == [True, False, True]


def test_to_whom_a_role_is_passed(lab: Any, dev: Dev) -> None:
    """ecs-tasks for a task's roles, ecs for an infrastructure role, ec2 for an instance's."""
    role = lab.role("any")
    app = {"name": "a", "image": "nginx"}
    calls: dict[str, tuple[str, str, Given]] = {
        "ecs-tasks.amazonaws.com": ("ecs", "register_task_definition", {
            "family": "f", "containerDefinitions": [app], "taskRoleArn": role}),
        "ecs.amazonaws.com": ("ecs", "create_service", SERVICE | {"volumeConfigurations": [
            {"name": "data", "managedEBSVolume": {"sizeInGiB": 1, "roleArn": role}}]}),
        "lambda.amazonaws.com": ("lambda", "create_function", {
            "FunctionName": "f", "Role": role, "Code": {"ZipFile": b"x"}}),
    }  # fmt: skip
    for service, (of, method, given) in calls.items():
        call = getattr(dev.client(of), method)
        for passed_to in calls:
            only = {"StringEquals": {"iam:PassedToService": passed_to}}
            dev.may(allow("ecs:*", "lambda:*"), allow("iam:PassRole", Condition=only))
            _, text = refusal(call, **given)
            assert ("iam:PassRole" in text) is (passed_to != service), (service, passed_to)


@pytest.mark.parametrize("arn", [f"arn:aws:ecs:us-east-1:{ACCOUNT_ID}:*", "arn:aws:ecs:eu-*:*:*"])
@pytest.mark.parametrize("account", [ACCOUNT_ID, "210987654321"])
def test_for_whom_ecs_assumes_a_role(lab: Any, refused: Any, arn: str, account: str) -> None:
    """What AWS advises against the confused deputy: aws:SourceArn and aws:SourceAccount in the trust."""
    good = account == ACCOUNT_ID and "us-east-1" in arn
    condition = {"ArnLike": {"aws:SourceArn": arn}, "StringEquals": {"aws:SourceAccount": account}}
    iam = lab.aws.client("iam")
    roles = {}
    for service in ("ecs-tasks", "ecs"):
        trust = {"Effect": "Allow", "Principal": {"Service": f"{service}.amazonaws.com"},
                 "Action": "sts:AssumeRole", "Condition": condition}  # fmt: skip
        made = iam.create_role(RoleName=service, AssumeRolePolicyDocument=document(trust))
        roles[service] = made["Role"]["Arn"]
    lab.define("web", taskRoleArn=roles["ecs-tasks"])
    assert (refusal(lab.run)[0] == "") is good
    lab.define("web", volumes=[{"name": "data", "configuredAtLaunch": True}])
    volume = {"name": "data", "managedEBSVolume": {"sizeInGiB": 10, "roleArn": roles["ecs"]}}
    told = refusal(lab.service, volumeConfigurations=[volume])[1]
    assert ("unable to assume the configured ECS Infrastructure Role" in told) is not good


TAGS = {"team": "blue"}
TAGGED: list[tuple[str, str, Given]] = [
    ("logs", "create_log_group", {"logGroupName": "/a", "tags": TAGS}),
    ("sqs", "create_queue", {"QueueName": "a", "tags": TAGS}),
    ("ecr", "create_repository", {"repositoryName": "web", "tags": [{"Key": "team", "Value": "blue"}]}),
    ("ec2", "create_vpc", {"CidrBlock": "10.9.0.0/16", "TagSpecifications": [
        {"ResourceType": "vpc", "Tags": [{"Key": "team", "Value": "blue"}]}]}),
]  # fmt: skip


@pytest.mark.parametrize(("service", "method", "given"), TAGGED)
def test_other_services_tags_are_read_however_they_are_given(
    dev: Dev, service: str, method: str, given: Given
) -> None:
    call = getattr(dev.client(service), method)
    for team in ("red", "blue"):
        dev.may(allow("*", Condition={"StringEquals": {"aws:RequestTag/team": team}}))
        told = refusal(call, **given)[1]
        assert ("is not authorized to perform" in told) is (team == "red"), told
