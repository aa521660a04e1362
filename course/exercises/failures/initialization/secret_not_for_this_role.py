"""The execution role may not read the secret."""

import json
from typing import Any

SYMPTOM = (
    "ResourceInitializationError: unable to pull secrets or registry auth: execution resource "
    "retrieval failed: unable to retrieve secret from asm: service call has been retried <n> "
    "time(s): failed to fetch secret <arn> from secrets manager: AccessDeniedException: User: "
    "<session> is not authorized to perform: secretsmanager:GetSecretValue"
)
NEEDS = ("secret",)
FIELD, STAGE = "stoppedReason", "before the pull"
LOOK = "the role in the text: the execution role, not the task role"
REPAIR = "Allow secretsmanager:GetSecretValue on the secret to the execution role."
ROW, EVIDENCE = 22, "U"


def cause(aws: Any, app: Any) -> None:
    """Take the policy away: AWS's own for execution roles reads no secrets."""
    aws.client("iam").delete_role_policy(RoleName=app.role, PolicyName="secrets")


def repair(aws: Any, app: Any) -> None:
    """Allow this secret to the execution role."""
    statement = {
        "Effect": "Allow",
        "Action": "secretsmanager:GetSecretValue",
        "Resource": app.container["secrets"][0]["valueFrom"],
    }
    aws.client("iam").put_role_policy(
        RoleName=app.role,
        PolicyName="secrets",
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [statement]}),
    )
