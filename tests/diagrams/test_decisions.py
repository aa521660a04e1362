"""lesson.why(): the table of a call that policies decided."""

from __future__ import annotations

import json
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from course.exercises.images import push_image

DEV = "arn:aws:iam::123456789012:user/dev"
EXECUTION_POLICY = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
LAB = "arn:aws:ecs:us-east-1:123456789012:cluster/lab"


@pytest.fixture
def dev(lesson: Any) -> Any:
    """ECS for a user who may look at one cluster, by a policy with a condition."""
    iam = lesson.client("iam")
    iam.create_user(UserName="dev")
    look = {"Sid": "Look", "Effect": "Allow", "Action": "ecs:Describe*", "Resource": LAB}
    stop = {"Sid": "Stop", "Effect": "Allow", "Action": "ecs:StopTask", "Resource": "*",
            "Condition": {"ArnEquals": {"ecs:cluster": LAB}}}  # fmt: skip
    policy = json.dumps({"Version": "2012-10-17", "Statement": [look, stop]})
    iam.put_user_policy(UserName="dev", PolicyName="team", PolicyDocument=policy)
    key = iam.create_access_key(UserName="dev")["AccessKey"]
    keys = (key["AccessKeyId"], key["SecretAccessKey"])
    return boto3.Session(*keys, region_name="us-east-1").client("ecs")


def test_a_denied_call(lesson: Any, dev: Any) -> None:
    with pytest.raises(ClientError):
        dev.stop_task(cluster="prod", task="abc")
    task = "arn:aws:ecs:us-east-1:123456789012:task/prod/abc"
    shown = repr(lesson.why()).splitlines()
    head = next(n for n, line in enumerate(shown) if line.startswith("what "))
    assert shown[0] == "09:00:00 ecs StopTask, AccessDeniedException."
    assert " ".join(shown[1 : head - 1]) == (
        f"{DEV} may not ecs:StopTask on {task}: no identity-based policy allows it."
    )
    told = [" ".join(line.split()) for line in shown[head + 1 :]]
    silent = told.index("identity-based policy none of them -> no statement allows ecs:StopTask")
    assert " ".join(told[:silent]) == (
        "identity-based policy team statement Stop (Allow) does not apply: ArnEquals ecs:cluster "
        f"{LAB}, the request has arn:aws:ecs:us-east-1:123456789012:cluster/prod"
    )
    assert "request aws:username dev" in told


def test_a_call_by_the_action_that_was_asked_at_it(lesson: Any, dev: Any) -> None:
    with pytest.raises(ClientError):
        dev.stop_task(cluster="prod", task="abc")
    with pytest.raises(ClientError):
        dev.list_clusters()
    for name in ("ecs:StopTask", "ECS:stoptask", "StopTask"):
        assert repr(lesson.why(name)).startswith("09:00:00 ecs StopTask")
    with pytest.raises(LookupError, match="There is no iam:PassRole on which policies decided"):
        lesson.why("iam:PassRole")


def test_an_allowed_call_and_one_by_its_name(lesson: Any, dev: Any) -> None:
    lesson.client("ecs").create_cluster(clusterName="lab")
    dev.describe_clusters(clusters=[LAB])
    with pytest.raises(ClientError):
        dev.list_clusters()
    latest, named = repr(lesson.why()), " ".join(repr(lesson.why("DescribeClusters")).split())
    assert "ListClusters" in latest and "no statement on ecs:ListClusters" in latest
    assert f"{DEV} may ecs:DescribeClusters on {LAB}: allowed by statement Look of the" in named
    assert "-> Allow by statement Look" in named


def test_it_is_a_table_that_takes_the_themes_colours(lesson: Any, dev: Any) -> None:
    with pytest.raises(ClientError):
        dev.list_clusters()
    bundle = lesson.why()._repr_mimebundle_()
    assert "<table>" in bundle["text/html"]
    assert "color" not in bundle["text/html"]
    assert bundle["text/plain"] == repr(lesson.why())


def test_where_nothing_was_decided_it_says_on_whose_calls_policies_decide(
    lesson: Any, dev: Any
) -> None:
    lesson.client("ecs").list_clusters()
    with pytest.raises(LookupError, match=r"not on calls of your own key. Decided: none so far"):
        lesson.why()
    with pytest.raises(ClientError):
        dev.list_clusters()
    with pytest.raises(LookupError, match=r"no RunTask .* Decided: ListClusters\.$"):
        lesson.why("RunTask")


def test_a_pull_that_the_execution_role_may_not(lesson: Any) -> None:
    """What ECS asks with a task's role is explained too: here the repository's policy denies it."""
    iam, ecr, ecs = (lesson.client(one) for one in ("iam", "ecr", "ecs"))
    ecr.create_repository(repositoryName="web")
    push_image(ecr, "web", "1")
    nobody = {"Sid": "Nobody", "Effect": "Deny", "Principal": "*", "Action": "ecr:BatchGetImage"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [nobody]})
    ecr.set_repository_policy(repositoryName="web", policyText=policy)
    tasks = {
        "Effect": "Allow",
        "Principal": {"Service": "ecs-tasks.amazonaws.com"},
        "Action": "sts:AssumeRole",
    }
    trust = json.dumps({"Version": "2012-10-17", "Statement": [tasks]})
    role = iam.create_role(RoleName="execution", AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    iam.attach_role_policy(RoleName="execution", PolicyArn=EXECUTION_POLICY)
    app = {"name": "app", "image": "123456789012.dkr.ecr.us-east-1.amazonaws.com/web:1"}
    ecs.create_cluster(clusterName="lab")
    ecs.register_task_definition(
        family="web", executionRoleArn=role, networkMode="awsvpc", cpu="256", memory="512",
        requiresCompatibilities=["FARGATE"], containerDefinitions=[app],
    )  # fmt: skip
    subnet = lesson.client("ec2").describe_subnets()["Subnets"][0]["SubnetId"]
    awsvpc = {"subnets": [subnet], "assignPublicIp": "ENABLED"}
    ecs.run_task(
        cluster="lab", taskDefinition="web", launchType="FARGATE",
        networkConfiguration={"awsvpcConfiguration": awsvpc},
    )  # fmt: skip
    lesson.clock.advance(minutes=2)
    shown = " ".join(repr(lesson.why("BatchGetImage")).split())
    assert "assumed-role/execution/" in shown
    assert (
        "an explicit deny by statement Nobody of the resource-based policy repository policy."
        in shown
    )
    assert "policy AmazonECSTaskExecutionRolePolicy Allow by statement 1" in shown
    assert "repository policy -> Deny by statement Nobody" in shown
