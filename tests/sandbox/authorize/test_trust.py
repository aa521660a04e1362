"""Whom a role trusts."""

import json
from typing import Any

import pytest

from course.sandbox.authorize.trust import EC2, ECS, ECS_TASKS, assuming

GIVEN = {
    "aws:SourceAccount": "123456789012",
    "aws:SourceArn": "arn:aws:ecs:us-east-1:123456789012:task",
}


def trusting(principal: Any = None, **members: Any) -> str:
    statement = {
        "Effect": "Allow",
        "Principal": principal or {"Service": ECS_TASKS},
        "Action": "sts:AssumeRole",
    } | members
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


@pytest.mark.parametrize(
    ("trust", "allowed"),
    [
        (trusting(), True),
        (trusting({"Service": [EC2, ECS_TASKS]}), True),
        (trusting({"Service": ECS}), False),  # the classic mistake
        (trusting({"AWS": "arn:aws:iam::123456789012:root"}), False),
        (trusting({"AWS": "*"}), False),
        (trusting("*"), True),
        (trusting(Action="sts:*"), True),
        (trusting(Action="sts:AssumeRoleWithWebIdentity"), False),
        (trusting(Effect="Deny"), False),
        (trusting(Condition={"StringEquals": {"aws:SourceAccount": "123456789012"}}), True),
        (trusting(Condition={"StringEquals": {"aws:SourceAccount": "210987654321"}}), False),
        (
            trusting(
                Condition={"ArnLike": {"aws:SourceArn": "arn:aws:ecs:us-east-1:123456789012:*"}}
            ),
            True,
        ),
        (
            trusting(
                Condition={"ArnLike": {"aws:SourceArn": "arn:aws:ecs:eu-west-1:123456789012:*"}}
            ),
            False,
        ),
        ("", False),
    ],
)
def test_ecs_tasks_may_assume_a_role(trust: str, allowed: bool) -> None:
    assert assuming(trust, ECS_TASKS, GIVEN).allowed is allowed


@pytest.mark.parametrize("service", [EC2, ECS])
def test_a_service_is_trusted_by_its_own_name(service: str) -> None:
    assert assuming(trusting({"Service": service}), service).allowed
    assert not assuming(trusting(), service).allowed
