"""Who asked for what: a call of a user asks more than itself, and each question is an act of its own."""

from __future__ import annotations

import json
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from course.sandbox.identity.acts import Act, acts
from course.sandbox.world import ACCOUNT_ID

DEV = f"arn:aws:iam::{ACCOUNT_ID}:user/dev"
WEB = f"arn:aws:ecs:us-east-1:{ACCOUNT_ID}:task-definition/web:1"


@pytest.fixture
def dev(lab: Any) -> Any:
    """ECS as a user sees it who may run tasks, and hand over no role."""
    iam = lab.aws.client("iam")
    iam.create_user(UserName="dev")
    start = {"Effect": "Allow", "Action": "ecs:RunTask", "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [start]})
    iam.put_user_policy(UserName="dev", PolicyName="start", PolicyDocument=policy)
    key = iam.create_access_key(UserName="dev")["AccessKey"]
    keys = key["AccessKeyId"], key["SecretAccessKey"]
    return boto3.Session(*keys, region_name="us-east-1").client("ecs")


def test_the_learner_asks_nothing(lab: Any) -> None:
    lab.ecs.list_clusters()
    assert list(acts(lab.aws.world)) == []


def test_a_call_and_the_role_it_hands_over_are_two_acts(lab: Any, dev: Any) -> None:
    role = f"arn:aws:iam::{ACCOUNT_ID}:role/web"
    overrides = {"taskRoleArn": role}
    with pytest.raises(ClientError, match="iam:PassRole"):
        dev.run_task(cluster="lab", taskDefinition="web", overrides=overrides)
    assert list(acts(lab.aws.world)) == [
        Act(DEV, "ecs:RunTask", WEB, True),
        Act(DEV, "iam:PassRole", role, False),
    ]


def test_what_ecs_asks_in_a_tasks_name_is_its_roles(lab: Any) -> None:
    """The session is the execution role's; the decision is kept with what was asked on."""
    nothing = {"Effect": "Deny", "Action": "*", "Resource": "*"}
    image = f"{ACCOUNT_ID}.dkr.ecr.us-east-1.amazonaws.com/web:1"
    app = {"name": "app", "image": image}
    role = lab.role("web-execution", nothing)
    lab.define("private", executionRoleArn=role, containerDefinitions=[app])
    lab.lead_out()
    lab.run(taskDefinition="private")
    lab.aws.clock.advance(minutes=1)
    asked = list(acts(lab.aws.world))[-1]
    assert asked.who.startswith(f"arn:aws:sts::{ACCOUNT_ID}:assumed-role/web-execution/")
    assert (asked.action, asked.resource, asked.allowed) == (
        "ecr:GetAuthorizationToken",
        "*",
        False,
    )
