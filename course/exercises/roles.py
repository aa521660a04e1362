"""The task execution role: what ECS itself may do for a task, such as pulling its image.

AWS: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html
"""

import json
from typing import Any

from course.exercises.exercise import Session

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

PULL = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Action": [
                "ecr:GetAuthorizationToken",
                "ecr:BatchCheckLayerAvailability",
                "ecr:GetDownloadUrlForLayer",
                "ecr:BatchGetImage",
            ],
            "Resource": "*",  # GetAuthorizationToken takes no other
        }
    ],
}


def create_execution_role(session: Session, name: str) -> str:
    """Make a role that ECS tasks may use to pull images from private ECR; returns its ARN."""
    iam = session.client("iam")
    role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]
    iam.put_role_policy(RoleName=name, PolicyName="pull", PolicyDocument=json.dumps(PULL))
    return str(role["Arn"])


def delete_role(session: Session, name: str) -> None:
    """Delete a role with its inline and attached policies; one that is not there is no error."""
    iam = session.client("iam")
    if name not in role_names(iam):
        return
    for policy in iam.list_role_policies(RoleName=name)["PolicyNames"]:
        iam.delete_role_policy(RoleName=name, PolicyName=policy)
    for policy in iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"]:
        iam.detach_role_policy(RoleName=name, PolicyArn=policy["PolicyArn"])
    iam.delete_role(RoleName=name)


def role_names(iam: Any) -> list[str]:
    """The account's roles, without those that AWS services made for themselves."""
    pages = iam.get_paginator("list_roles").paginate()
    roles = [role for page in pages for role in page["Roles"]]
    return [one["RoleName"] for one in roles if not one["Path"].startswith("/aws-service-role/")]
