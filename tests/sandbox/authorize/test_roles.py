"""Roles and their policies as boto3 made them."""

import json
from typing import Any

import pytest

from course.sandbox.authorize.roles import Role, find_role, role_of_instance_profile
from course.sandbox.authorize.trust import EC2, ECS_TASKS, assuming
from course.sandbox.world import ACCOUNT_ID

PULL = "ecr:BatchGetImage"
EXECUTION = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"


def document(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def statement(effect: str = "Allow", action: Any = PULL, **more: Any) -> dict[str, Any]:
    return {"Effect": effect, "Action": action, "Resource": "*", **more}


TRUST = document({"Effect": "Allow", "Principal": {"Service": EC2}, "Action": "sts:AssumeRole"})


@pytest.fixture
def iam(lab: Any) -> Any:
    client = lab.aws.client("iam")
    client.create_role(
        RoleName="web",
        Path="/team/",
        AssumeRolePolicyDocument=TRUST,
        Tags=[{"Key": "team", "Value": "blue"}],
    )
    return client


def found() -> Role:
    role = find_role(f"arn:aws:iam::{ACCOUNT_ID}:role/team/web", ACCOUNT_ID)
    assert role
    return role


def test_a_role_is_found_by_arn_or_short_name(iam: Any) -> None:
    assert find_role("web", ACCOUNT_ID) == found()
    assert find_role(f"arn:aws:iam::{ACCOUNT_ID}:role/web", ACCOUNT_ID) is None  # without its path
    assert find_role("wep", ACCOUNT_ID) is None
    assert find_role("arn:aws:iam::210987654321:role/team/web", ACCOUNT_ID) is None
    assert find_role("arn:", ACCOUNT_ID) is None


def test_inline_policies_count_from_when_they_are_put_to_when_they_are_deleted(iam: Any) -> None:
    assert not found().may("1", PULL).allowed
    iam.put_role_policy(RoleName="web", PolicyName="pull", PolicyDocument=document(statement()))
    decision = found().may("1", PULL)
    assert (decision.allowed, decision.policy) == (True, "pull")
    iam.put_role_policy(
        RoleName="web", PolicyName="pull", PolicyDocument=document(statement("Deny"))
    )
    assert found().may("1", PULL).explicit
    iam.delete_role_policy(RoleName="web", PolicyName="pull")
    assert not found().may("1", PULL).explicit


def test_attached_policies_count_in_their_default_version(iam: Any) -> None:
    arn = iam.create_policy(PolicyName="mine", PolicyDocument=document(statement()))["Policy"][
        "Arn"
    ]
    iam.attach_role_policy(RoleName="web", PolicyArn=arn)
    assert found().may("1", PULL).policy == arn
    iam.create_policy_version(
        PolicyArn=arn, PolicyDocument=document(statement(action="s3:*")), SetAsDefault=True
    )
    assert not found().may("1", PULL).allowed
    iam.set_default_policy_version(PolicyArn=arn, VersionId="v1")
    assert found().may("1", PULL).allowed
    iam.detach_role_policy(RoleName="web", PolicyArn=arn)
    assert not found().may("1", PULL).allowed


def test_the_managed_policy_of_the_execution_role(iam: Any) -> None:
    iam.attach_role_policy(RoleName="web", PolicyArn=EXECUTION)
    assert found().may("1", PULL).policy == EXECUTION
    assert found().may("1", "logs:CreateLogStream").allowed
    assert not found().may("1", "logs:CreateLogGroup").allowed


def test_a_permissions_boundary_limits_a_role(iam: Any) -> None:
    iam.put_role_policy(RoleName="web", PolicyName="pull", PolicyDocument=document(statement()))
    iam.put_role_permissions_boundary(RoleName="web", PermissionsBoundary=EXECUTION)
    assert found().may("1", PULL).allowed
    only_s3 = document(statement(action="s3:*"))
    arn = iam.create_policy(PolicyName="limit", PolicyDocument=only_s3)["Policy"]["Arn"]
    iam.put_role_permissions_boundary(RoleName="web", PermissionsBoundary=arn)
    assert found().may("1", PULL).kind == "permissions boundary"
    iam.delete_role_permissions_boundary(RoleName="web")
    assert found().may("1", PULL).allowed


def test_a_session_is_printed_as_users_see_it(iam: Any) -> None:
    denial = found().may("1f22e0b0", "logs:CreateLogGroup", "arn:aws:logs:us-east-1:1:*").denial
    assert denial == (
        f"User: arn:aws:sts::{ACCOUNT_ID}:assumed-role/web/1f22e0b0 is not authorized to perform: "
        "logs:CreateLogGroup on resource: arn:aws:logs:us-east-1:1:* because no identity-based "
        "policy allows the logs:CreateLogGroup action"
    )


def test_what_is_known_of_a_session(iam: Any) -> None:
    for key, value, allowed in [
        ("aws:PrincipalTag/team", "blue", True),
        ("aws:PrincipalTag/team", "red", False),
        ("aws:PrincipalArn", f"arn:aws:iam::{ACCOUNT_ID}:role/team/web", True),
        ("aws:PrincipalAccount", ACCOUNT_ID, True),
        ("aws:username", "web", False),  # a role's session has none
        ("ecs:cluster", "lab", True),
    ]:
        text = document(statement(Condition={"StringEquals": {key: value}}))
        iam.put_role_policy(RoleName="web", PolicyName="pull", PolicyDocument=text)
        assert found().may("1", PULL, given={"ecs:cluster": "lab"}).allowed is allowed, key


def test_an_instance_profile_lends_its_role(iam: Any) -> None:
    iam.put_role_policy(RoleName="web", PolicyName="pull", PolicyDocument=document(statement()))
    arn = iam.create_instance_profile(InstanceProfileName="nodes")["InstanceProfile"]["Arn"]
    assert role_of_instance_profile("nodes", ACCOUNT_ID) is None
    iam.add_role_to_instance_profile(InstanceProfileName="nodes", RoleName="web")
    role = role_of_instance_profile(arn, ACCOUNT_ID)
    assert role and role == role_of_instance_profile("nodes", ACCOUNT_ID)
    assert assuming(role.trust, EC2).allowed and not assuming(role.trust, ECS_TASKS).allowed
    assert role.may("i-0abc", PULL).allowed
    assert role_of_instance_profile("others", ACCOUNT_ID) is None


def test_the_trust_policy_is_the_present_one(iam: Any) -> None:
    assert not assuming(found().trust, ECS_TASKS).allowed
    tasks = TRUST.replace(EC2, ECS_TASKS)
    iam.update_assume_role_policy(RoleName="web", PolicyDocument=tasks)
    assert assuming(found().trust, ECS_TASKS).allowed
