"""The execution role may pull images and not write logs."""

import json
from typing import Any

SYMPTOM = (
    "ResourceInitializationError: failed to validate logger args: create stream has been retried "
    "<n> times: failed to create Cloudwatch log stream: AccessDeniedException: "
)
FIELD, STAGE = "stoppedReason", "start"
LOOK = "the role in the text, and its policies"
REPAIR = (
    "Allow logs:CreateLogStream and logs:PutLogEvents, as AmazonECSTaskExecutionRolePolicy does."
)
ROW, EVIDENCE = 31, "U"


def cause(aws: Any, app: Any) -> None:
    """Put a policy for pulls alone in the place of AWS's."""
    actions = ["ecr:GetAuthorizationToken", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
    statement = {"Effect": "Allow", "Action": actions, "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    iam = aws.client("iam")
    iam.detach_role_policy(RoleName=app.role, PolicyArn=app.role_policy)
    iam.put_role_policy(RoleName=app.role, PolicyName="pull", PolicyDocument=policy)


def repair(aws: Any, app: Any) -> None:
    """Attach AWS's policy for execution roles."""
    aws.client("iam").attach_role_policy(RoleName=app.role, PolicyArn=app.role_policy)
