"""The secret that a container asks for is not there any more."""

import json
from typing import Any

SYMPTOM = (
    "ResourceInitializationError: The task can\u2019t pull the secret from Secrets Manager. The "
    "task can't retrieve the secret with ARN '<arn>' from Secrets Manager. Check whether the "
    "secret exists in the specified Region."
)
NEEDS = ("secret",)
FIELD, STAGE = "stoppedReason", "before the pull"
LOOK = "`describe_secret`, in the Region that the ARN names"
REPAIR = "Make the secret anew, and give its new ARN in valueFrom."
ROW, EVIDENCE = 23, "V"


def cause(aws: Any, app: Any) -> None:
    """Delete the secret at once."""
    aws.client("secretsmanager").delete_secret(
        SecretId="shop-password", ForceDeleteWithoutRecovery=True
    )


def repair(aws: Any, app: Any) -> None:
    """Make it again: the new one has another ARN, which the role's policy has to name too."""
    made = aws.client("secretsmanager").create_secret(Name="shop-password", SecretString="1234")
    statement = {
        "Effect": "Allow",
        "Action": "secretsmanager:GetSecretValue",
        "Resource": made["ARN"],
    }
    aws.client("iam").put_role_policy(
        RoleName=app.role,
        PolicyName="secrets",
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [statement]}),
    )
    container = app.container | {"secrets": [{"name": "PASSWORD", "valueFrom": made["ARN"]}]}
    aws.client("ecs").register_task_definition(**app.definition, containerDefinitions=[container])
