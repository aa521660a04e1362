"""The execution role may not read the parameter."""

import json
from typing import Any

SYMPTOM = (
    "ResourceInitializationError: unable to pull secrets or registry auth: execution resource "
    "retrieval failed: unable to retrieve secrets from ssm: service call has been retried <n> "
    "time(s): AccessDeniedException: User: <session> is not authorized to perform: "
    "ssm:GetParameters"
)
NEEDS = ("parameter",)
FIELD, STAGE = "stoppedReason", "before the pull"
LOOK = "the role in the text: the execution role, not the task role"
REPAIR = "Allow ssm:GetParameters on the parameter to the execution role."
ROW, EVIDENCE = 21, "U"


def cause(aws: Any, app: Any) -> None:
    """Allow the singular, which containers' parameters are not read with."""
    statement = {"Effect": "Allow", "Action": "ssm:GetParameter", "Resource": "*"}
    aws.client("iam").put_role_policy(
        RoleName=app.role,
        PolicyName="parameters",
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [statement]}),
    )


def repair(aws: Any, app: Any) -> None:
    """Allow the plural."""
    statement = {"Effect": "Allow", "Action": "ssm:GetParameters", "Resource": "*"}
    aws.client("iam").put_role_policy(
        RoleName=app.role,
        PolicyName="parameters",
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [statement]}),
    )
