"""The execution role may read the manifest and not download layers."""

import json
from typing import Any

SYMPTOM = "CannotPullContainerError: error pulling image configuration: "
FIELD, STAGE = "stoppedReason", "pull"
LOOK = "the action that the text ends with: ecr:GetDownloadUrlForLayer"
REPAIR = "Allow all three actions of a pull, as AmazonECSTaskExecutionRolePolicy does."
ROW, EVIDENCE = 14, "V"


def cause(aws: Any, app: Any) -> None:
    """Put a policy that forgets one of three actions in the place of AWS's."""
    actions = ["ecr:GetAuthorizationToken", "ecr:BatchGetImage"]
    statement = {"Effect": "Allow", "Action": actions, "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    iam = aws.client("iam")
    iam.detach_role_policy(RoleName=app.role, PolicyArn=app.role_policy)
    iam.put_role_policy(RoleName=app.role, PolicyName="pull", PolicyDocument=policy)


def repair(aws: Any, app: Any) -> None:
    """Attach AWS's policy for execution roles."""
    aws.client("iam").attach_role_policy(RoleName=app.role, PolicyArn=app.role_policy)
