"""A policy of a user, a group or a role names nobody: whose it is says who is meant."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.identity.held import allow, document, refusal

TRUST = {
    "Effect": "Allow",
    "Principal": {"Service": "ecs-tasks.amazonaws.com"},
    "Action": "sts:AssumeRole",
}
FORBIDDEN = ("MalformedPolicyDocument", "Policy document should not specify a principal.")


@pytest.fixture
def iam(lab: Any) -> Any:
    iam = lab.aws.client("iam")
    iam.create_user(UserName="dev")
    iam.create_group(GroupName="team")
    iam.create_role(RoleName="app", AssumeRolePolicyDocument=document(TRUST))
    return iam


@pytest.mark.parametrize(
    "statement",
    [TRUST, allow("ecs:*", Principal="*"), allow("ecs:*", NotPrincipal={"AWS": "*"})],
    ids=["a trust policy", "everybody", "all but"],
)
def test_a_principal_is_refused_wherever_a_policy_is_given(iam: Any, statement: Any) -> None:
    text, good = document(statement), document(allow("ecs:*"))
    arn = iam.create_policy(PolicyName="good", PolicyDocument=good)["Policy"]["Arn"]
    calls = [
        (iam.put_user_policy, {"UserName": "dev", "PolicyName": "given"}),
        (iam.put_group_policy, {"GroupName": "team", "PolicyName": "given"}),
        (iam.put_role_policy, {"RoleName": "app", "PolicyName": "given"}),
        (iam.create_policy, {"PolicyName": "given"}),
        (iam.create_policy_version, {"PolicyArn": arn}),
    ]
    for call, given in calls:
        assert refusal(call, **given, PolicyDocument=text) == FORBIDDEN
        assert refusal(call, **given, PolicyDocument=good) == ("", "")
