"""The execution role's policy allows pulls from other repositories only."""

import json
from typing import Any

SYMPTOM = (
    "CannotPullContainerError: The task can\u2019t pull the image. Check that the role has the "
    "permissions to pull images from the registry. <raw> is not authorized to perform: "
    "ecr:BatchGetImage on resource"
)
FIELD, STAGE = "stoppedReason", "pull"
LOOK = "the ARNs in the text: which role, which repository? Then that role's policies"
REPAIR = "Attach AmazonECSTaskExecutionRolePolicy, or allow the pull of this repository."
ROW, EVIDENCE = 1, "V"


def cause(aws: Any, app: Any) -> None:
    """Put a policy that names another repository in the place of AWS's."""
    other = app.repository_arn.replace(app.name, "orders")
    token = {"Effect": "Allow", "Action": "ecr:GetAuthorizationToken", "Resource": "*"}
    pulls = ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
    allowed = [token, {"Effect": "Allow", "Action": pulls, "Resource": other}]
    policy = json.dumps({"Version": "2012-10-17", "Statement": allowed})
    iam = aws.client("iam")
    iam.detach_role_policy(RoleName=app.role, PolicyArn=app.role_policy)
    iam.put_role_policy(RoleName=app.role, PolicyName="pull", PolicyDocument=policy)


def repair(aws: Any, app: Any) -> None:
    """Attach AWS's policy for execution roles."""
    aws.client("iam").attach_role_policy(RoleName=app.role, PolicyArn=app.role_policy)
