"""The secret is encrypted with a customer key that the execution role may not use."""

import json
from typing import Any

SYMPTOM = (
    "ResourceInitializationError: unable to pull secrets or registry auth: execution resource "
    "retrieval failed: unable to retrieve secret from asm: service call has been retried <n> "
    "time(s): failed to fetch secret <arn> from secrets manager: AccessDeniedException: Access "
    "to KMS is not allowed"
)
NEEDS = ("secret",)
FIELD, STAGE = "stoppedReason", "before the pull"
LOOK = "`describe_secret`: its KmsKeyId; then the role's policies and the key's"
REPAIR = "Allow kms:Decrypt on the key to the execution role."
ROW, EVIDENCE = 22, "U"


def cause(aws: Any, app: Any) -> None:
    """Encrypt the secret with a key of one's own, and forget the role."""
    key = aws.client("kms").create_key()["KeyMetadata"]["Arn"]
    aws.client("secretsmanager").update_secret(SecretId="shop-password", KmsKeyId=key)


def repair(aws: Any, app: Any) -> None:
    """Let the role decrypt with that key."""
    secret = aws.client("secretsmanager").describe_secret(SecretId="shop-password")
    statement = {"Effect": "Allow", "Action": "kms:Decrypt", "Resource": secret["KmsKeyId"]}
    aws.client("iam").put_role_policy(
        RoleName=app.role,
        PolicyName="keys",
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [statement]}),
    )
