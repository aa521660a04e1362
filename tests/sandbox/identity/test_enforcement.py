"""Users and sessions of roles are held to their policies; the learner is an administrator."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from course.sandbox.world import ACCOUNT_ID
from tests.sandbox.identity.held import DEV, Dev, allow, denial, document, refusal

ECS = f"arn:aws:ecs:us-east-1:{ACCOUNT_ID}"


def test_without_a_policy_nothing_is_allowed(dev: Dev) -> None:
    assert refusal(dev.client("ecs").describe_clusters, clusters=["lab"]) == (
        "AccessDeniedException",
        denial("ecs:DescribeClusters", f"{ECS}:cluster/lab"),
    )


def test_a_policy_allows_from_when_it_is_there(dev: Dev) -> None:
    dev.may(allow("ecs:DescribeClusters", on=f"{ECS}:cluster/lab"))
    assert refusal(dev.client("ecs").describe_clusters, clusters=["lab"]) == ("", "")
    assert (
        refusal(dev.client("ecs").describe_clusters, clusters=["prod"])[0]
        == "AccessDeniedException"
    )
    dev.may(allow("ecs:*"), {"Effect": "Deny", "Action": "ecs:Describe*", "Resource": "*"})
    told = refusal(dev.client("ecs").describe_clusters, clusters=["lab"])[1]
    assert told.endswith("with an explicit deny in an identity-based policy")


def test_the_learner_is_held_to_nothing(lab: Any, dev: Dev) -> None:
    assert refusal(lab.ecs.describe_clusters, clusters=["lab"]) == ("", "")
    assert lab.aws.world.history[-1].decisions == ()


def test_what_is_refused_changes_nothing(lab: Any, dev: Dev) -> None:
    assert refusal(dev.client("ecs").create_cluster, clusterName="theirs")[0]
    assert lab.ecs.list_clusters()["clusterArns"] == [f"{ECS}:cluster/lab"]


def test_the_row_of_the_list_of_failures_on_run_task(lab: Any, dev: Dev) -> None:
    """102: the task definition is what RunTask is asked on, in its latest revision."""
    code, told = refusal(dev.client("ecs").run_task, cluster="lab", taskDefinition="web")
    assert code == "AccessDeniedException"
    assert told == denial("ecs:RunTask", f"{ECS}:task-definition/web:1")


@pytest.fixture
def roles(lab: Any) -> list[str]:
    trust = document({"Effect": "Allow", "Principal": {"Service": "ecs-tasks.amazonaws.com"},
                      "Action": "sts:AssumeRole"})  # fmt: skip
    iam = lab.aws.client("iam")
    return [
        iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust)["Role"]["Arn"]
        for name in ("execution", "task")
    ]


def definition(roles: list[str]) -> dict[str, Any]:
    return {
        "family": "passing",
        "requiresCompatibilities": ["FARGATE"],
        "networkMode": "awsvpc",
        "cpu": "256",
        "memory": "512",
        "executionRoleArn": roles[0],
        "taskRoleArn": roles[1],
        "containerDefinitions": [{"name": "app", "image": "nginx"}],
    }


def test_both_roles_have_to_be_passed(lab: Any, dev: Dev, roles: list[str]) -> None:
    """101, at each call that hands a role on."""
    register = dev.client("ecs").register_task_definition
    for granted, missing in ((roles[:0], roles[0]), (roles[:1], roles[1])):
        dev.may(allow("ecs:*"), *(allow("iam:PassRole", on=one) for one in granted))
        assert refusal(register, **definition(roles)) == (
            "AccessDeniedException",
            denial("iam:PassRole", missing),
        )
    dev.may(allow("ecs:*"), allow("iam:PassRole", on=roles))
    assert refusal(register, **definition(roles)) == ("", "")
    dev.may(allow("ecs:*"))
    network = lab.network(*lab.subnets)
    for call, more in (
        ("run_task", {}),
        ("create_service", {"serviceName": "s", "desiredCount": 0}),
    ):
        given = {"cluster": "lab", "taskDefinition": "passing", "networkConfiguration": network}
        told = refusal(getattr(dev.client("ecs"), call), launchType="FARGATE", **given, **more)[1]
        assert "iam:PassRole" in told, call


def test_pass_role_knows_whom_the_role_is_for(dev: Dev, roles: list[str]) -> None:
    register = dev.client("ecs").register_task_definition
    for service, refused in (("ec2.amazonaws.com", True), ("ecs-tasks.amazonaws.com", False)):
        passed = {"StringEquals": {"iam:PassedToService": service}}
        dev.may(allow("ecs:*"), allow("iam:PassRole", Condition=passed))
        assert bool(refusal(register, **definition(roles))[0]) is refused, service


TABLE: list[tuple[str, str, dict[str, Any], str, str, str]] = [
    ("sqs", "create_queue", {"QueueName": "q"}, "AccessDenied", "sqs:CreateQueue",
     f"arn:aws:sqs:us-east-1:{ACCOUNT_ID}:q"),
    ("logs", "create_log_group", {"logGroupName": "/ecs/x"}, "AccessDeniedException",
     "logs:CreateLogGroup", f"arn:aws:logs:us-east-1:{ACCOUNT_ID}:log-group:/ecs/x:log-stream:"),
    ("iam", "get_role", {"RoleName": "x"}, "AccessDenied", "iam:GetRole",
     f"arn:aws:iam::{ACCOUNT_ID}:role/x"),
    ("elbv2", "describe_load_balancers", {}, "AccessDenied",
     "elasticloadbalancing:DescribeLoadBalancers", "*"),
    ("s3", "get_object", {"Bucket": "a-bucket", "Key": "a/b"}, "AccessDenied", "s3:GetObject",
     "arn:aws:s3:::a-bucket/a/b"),
    ("s3", "list_objects_v2", {"Bucket": "a-bucket"}, "AccessDenied", "s3:ListBucket",
     "arn:aws:s3:::a-bucket"),
    ("lambda", "list_functions", {}, "AccessDeniedException", "lambda:ListFunctions", "*"),
    ("eks", "list_clusters", {}, "AccessDeniedException", "eks:ListClusters", "*"),
    ("cloudwatch", "list_metrics", {}, "AccessDenied", "cloudwatch:ListMetrics", "*"),
    ("ecr", "describe_images", {"repositoryName": "web"}, "AccessDeniedException",
     "ecr:DescribeImages", f"arn:aws:ecr:us-east-1:{ACCOUNT_ID}:repository/web"),
    ("secretsmanager", "get_secret_value", {"SecretId": "db"}, "AccessDeniedException",
     "secretsmanager:GetSecretValue", "db"),
    ("ssm", "get_parameter", {"Name": "/web/url"}, "AccessDeniedException", "ssm:GetParameter",
     f"arn:aws:ssm:us-east-1:{ACCOUNT_ID}:parameter/web/url"),
]  # fmt: skip


@pytest.mark.parametrize(("service", "method", "given", "code", "action", "resource"), TABLE)
def test_each_protocol_refuses_with_its_own_code(
    dev: Dev,
    service: str,
    method: str,
    given: dict[str, Any],
    code: str,
    action: str,
    resource: str,
) -> None:
    assert refusal(getattr(dev.client(service), method), **given) == (
        code,
        denial(action, resource),
    )


def test_ec2_says_it_in_its_own_way(dev: Dev) -> None:
    code, told = refusal(dev.client("ec2").describe_vpcs)
    assert code == "UnauthorizedOperation"
    assert told.startswith("You are not authorized to perform this operation.")
    code, told = refusal(dev.client("ec2").create_vpc, CidrBlock="10.9.0.0/16")
    assert code == "UnauthorizedOperation"
    assert "ec2:CreateVpc" in told


CONDITIONS: list[tuple[str, str, dict[str, Any], dict[str, Any]]] = [
    ("ecs:cluster", "list_services", {"cluster": "lab"}, {"cluster": "default"}),
    ("aws:RequestTag/team", "create_cluster",
     {"clusterName": "a", "tags": [{"key": "team", "value": "blue"}]},
     {"clusterName": "a", "tags": [{"key": "team", "value": "red"}]}),
    ("aws:ResourceTag/team", "describe_clusters", {"clusters": ["blue"]}, {"clusters": ["lab"]}),
    ("ecs:account-setting", "put_account_setting",
     {"name": "containerInsights", "value": "enabled"},
     {"name": "serviceLongArnFormat", "value": "enabled"}),
]  # fmt: skip
WANTED = {
    "ecs:cluster": f"{ECS}:cluster/lab",
    "aws:RequestTag/team": "blue",
    "aws:ResourceTag/team": "blue",
    "ecs:account-setting": "containerInsights",
}


@pytest.mark.parametrize(("key", "method", "fits", "differs"), CONDITIONS)
def test_condition_keys(
    lab: Any, dev: Dev, key: str, method: str, fits: dict[str, Any], differs: dict[str, Any]
) -> None:
    lab.ecs.create_cluster(clusterName="blue", tags=[{"key": "team", "value": "blue"}])
    dev.may(allow("ecs:*", Condition={"StringEquals": {key: WANTED[key]}}))
    assert refusal(getattr(dev.client("ecs"), method), **fits)[0] == ""
    assert refusal(getattr(dev.client("ecs"), method), **differs)[0] == "AccessDeniedException"


def test_groups_and_boundaries_count(lab: Any, dev: Dev) -> None:
    iam = lab.aws.client("iam")
    iam.create_group(GroupName="team")
    iam.put_group_policy(
        GroupName="team", PolicyName="look", PolicyDocument=document(allow("ecs:List*"))
    )
    assert refusal(dev.client("ecs").list_clusters)[0] == "AccessDeniedException"
    iam.add_user_to_group(GroupName="team", UserName="dev")
    assert refusal(dev.client("ecs").list_clusters) == ("", "")


def test_nothing_remembered_outlives_a_change(lab: Any, dev: Dev) -> None:
    """What is remembered is remembered of a text; which text counts is looked up at each call."""
    iam, look = lab.aws.client("iam"), dev.client("ecs").list_clusters
    yes = document(allow("ecs:List*"))
    no = document({"Effect": "Deny", "Action": "ecs:List*", "Resource": "*"})
    arn = iam.create_policy(PolicyName="look", PolicyDocument=yes)["Policy"]["Arn"]
    steps: list[tuple[bool, Callable[[], Any]]] = [
        (True, lambda: iam.attach_user_policy(UserName="dev", PolicyArn=arn)),
        (True, lambda: iam.create_policy_version(PolicyArn=arn, PolicyDocument=no)),
        (False, lambda: iam.set_default_policy_version(PolicyArn=arn, VersionId="v2")),
        (True, lambda: iam.set_default_policy_version(PolicyArn=arn, VersionId="v1")),
        (False, lambda: dev.may({"Effect": "Deny", "Action": "ecs:List*", "Resource": "*"})),
        (True, lambda: dev.may(allow("ecs:List*"))),
        (True, lambda: iam.detach_user_policy(UserName="dev", PolicyArn=arn)),
        (False, lambda: iam.delete_user_policy(UserName="dev", PolicyName="given")),
    ]
    for number, (allowed, change) in enumerate(steps):
        change()
        assert (refusal(look)[0] == "") is allowed, f"step {number}"


def test_a_key_that_was_taken_back_is_nobodys(lab: Any, dev: Dev) -> None:
    iam, ecs = lab.aws.client("iam"), dev.client("ecs")
    dev.may(allow("ecs:*"))
    iam.update_access_key(UserName="dev", AccessKeyId=dev.key_id, Status="Inactive")
    assert refusal(ecs.list_clusters)[0] == "UnrecognizedClientException"
    iam.update_access_key(UserName="dev", AccessKeyId=dev.key_id, Status="Active")
    assert refusal(ecs.list_clusters) == ("", "")
    iam.delete_access_key(UserName="dev", AccessKeyId=dev.key_id)
    assert refusal(ecs.list_clusters)[0] == "UnrecognizedClientException"


def test_a_user_is_held_under_a_new_name_and_keeps_what_they_have(lab: Any, dev: Dev) -> None:
    iam = lab.aws.client("iam")
    dev.may(allow("ecs:ListClusters"))
    assert refusal(iam.delete_user, UserName="dev")[0] == "DeleteConflict"
    assert refusal(dev.client("ecs").list_clusters) == ("", "")
    iam.update_user(UserName="dev", NewUserName="ops")
    assert refusal(dev.client("ecs").list_clusters) == ("", "")
    assert "user/ops is not authorized" in refusal(dev.client("ecs").describe_clusters)[1]


def test_everybody_may_ask_who_they_are(dev: Dev) -> None:
    assert dev.client("sts").get_caller_identity()["Arn"] == DEV


def test_the_history_knows_what_was_decided(lab: Any, dev: Dev) -> None:
    dev.may(allow("ecs:ListClusters"))
    dev.client("ecs").list_clusters()
    refusal(dev.client("ecs").list_services, cluster="lab")
    listed, refused = lab.aws.world.history[-2:]
    assert [one.allowed for one in listed.decisions] == [True]
    assert listed.decisions[0].policy == "given"
    assert (refused.error, [one.allowed for one in refused.decisions]) == (
        "AccessDeniedException",
        [False],
    )


def test_api_gateway_is_asked_by_method_and_address(lab: Any, dev: Dev) -> None:
    """The address in an ARN is that of the API without its version."""
    api = lab.aws.client("apigatewayv2").create_api(Name="shop", ProtocolType="HTTP")["ApiId"]
    apis = "arn:aws:apigateway:us-east-1::/apis"
    dev.may(allow("apigateway:GET", on=f"{apis}/{api}"))
    client = dev.client("apigatewayv2")
    assert client.get_api(ApiId=api)["Name"] == "shop"
    code, text = refusal(client.get_apis)
    assert code == "AccessDeniedException" and text == denial("apigateway:GET", apis)
