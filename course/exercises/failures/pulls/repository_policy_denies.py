"""The repository's own policy denies the execution role."""

import json
from typing import Any

SYMPTOM = (
    "CannotPullContainerError: The task can\u2019t pull the image. Check that the role has the "
    "permissions to pull images from the registry. <raw> is not authorized to perform: "
    "ecr:BatchGetImage on resource"
)
FIELD, STAGE = "stoppedReason", "pull"
LOOK = '"with an explicit deny in a resource-based policy": `get_repository_policy` of ECR'
REPAIR = "Take the statement out of the repository's policy."
ROW, EVIDENCE = 1, "V"


def cause(aws: Any, app: Any) -> None:
    """Deny the execution role what its own policy allows."""
    statement = {
        "Effect": "Deny",
        "Principal": {"AWS": app.role_arn},
        "Action": "ecr:BatchGetImage",
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    aws.client("ecr").set_repository_policy(repositoryName=app.name, policyText=policy)


def repair(aws: Any, app: Any) -> None:
    """Leave it to the role's policies."""
    aws.client("ecr").delete_repository_policy(repositoryName=app.name)
