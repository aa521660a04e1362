"""The role that ECS needs to pull from private ECR, made and removed as a person would."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from course.exercises.catalogue import find_exercise
from course.exercises.roles import PULL, create_execution_role, delete_role, role_names

PULLS = {
    "ecr:GetAuthorizationToken",
    "ecr:BatchCheckLayerAvailability",
    "ecr:GetDownloadUrlForLayer",
    "ecr:BatchGetImage",
}


def trusted_and_allowed(iam: Any, name: str) -> tuple[list[str], set[str]]:
    """Which services may take the role, and what its inline policies allow."""
    trust = iam.get_role(RoleName=name)["Role"]["AssumeRolePolicyDocument"]["Statement"]
    policies = iam.list_role_policies(RoleName=name)["PolicyNames"]
    found = [iam.get_role_policy(RoleName=name, PolicyName=one) for one in policies]
    statements = [line for one in found for line in one["PolicyDocument"]["Statement"]]
    actions = {action for line in statements for action in line["Action"]}
    return [line["Principal"]["Service"] for line in trust], actions


def test_an_execution_role_trusts_ecs_tasks_and_may_pull(place: Any) -> None:
    iam = place.session.client("iam")
    arn = create_execution_role(place.session, "pull-only")
    assert arn == "arn:aws:iam::123456789012:role/pull-only"
    assert trusted_and_allowed(iam, "pull-only") == (["ecs-tasks.amazonaws.com"], PULLS)


def test_a_role_goes_with_its_policies_and_may_be_gone_already(place: Any) -> None:
    iam = place.session.client("iam")
    create_execution_role(place.session, "pull-only")
    own = iam.create_policy(PolicyName="more", PolicyDocument=json.dumps(PULL))
    iam.attach_role_policy(RoleName="pull-only", PolicyArn=own["Policy"]["Arn"])
    delete_role(place.session, "pull-only")
    assert role_names(iam) == []
    delete_role(place.session, "pull-only")


def test_a_role_that_aws_made_for_itself_is_not_the_learners(place: Any) -> None:
    iam = place.session.client("iam")
    iam.create_service_linked_role(AWSServiceName="ecs.amazonaws.com")
    assert len(iam.list_roles()["Roles"]) == 1
    assert role_names(iam) == []


def test_the_release_to_repair_has_such_a_role_and_takes_it_away(place: Any) -> None:
    ecs, iam = place.session.client("ecs"), place.session.client("iam")
    exercise = find_exercise("fargate-image-101")
    exercise.setup(place.session)
    for revision in ("menu:1", "menu:2"):
        held = ecs.describe_task_definition(taskDefinition=revision)["taskDefinition"]
        name = held["executionRoleArn"].rpartition("/")[2]
        assert trusted_and_allowed(iam, name) == (["ecs-tasks.amazonaws.com"], PULLS)
    exercise.cleanup(place.session)
    with pytest.raises(ClientError, match="NoSuchEntity"):
        iam.get_role(RoleName=name)
