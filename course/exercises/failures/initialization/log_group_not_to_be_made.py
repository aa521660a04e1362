"""awslogs-create-group is on, and the execution role may not make log groups."""

import json
from typing import Any

SYMPTOM = (
    "ResourceInitializationError: failed to validate logger args: create stream has been retried "
    "<n> times: failed to create Cloudwatch log group: AccessDeniedException: User: <session> is "
    "not authorized to perform: logs:CreateLogGroup"
)
FIELD, STAGE = "stoppedReason", "start"
LOOK = "the action in the text: AWS's managed policy does not have it"
REPAIR = "Allow logs:CreateLogGroup to the execution role, or make the group."
ROW, EVIDENCE = 30, "U"


def cause(aws: Any, app: Any) -> None:
    """Name a group that is to be made with the first task."""
    logger = app.container["logConfiguration"]
    options = logger["options"] | {
        "awslogs-group": "/ecs/shop-new",
        "awslogs-create-group": "true",
    }
    container = app.container | {"logConfiguration": logger | {"options": options}}
    aws.client("ecs").register_task_definition(**app.definition, containerDefinitions=[container])


def repair(aws: Any, app: Any) -> None:
    """Let the execution role make log groups."""
    statement = {"Effect": "Allow", "Action": "logs:CreateLogGroup", "Resource": "*"}
    aws.client("iam").put_role_policy(
        RoleName=app.role,
        PolicyName="logs",
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [statement]}),
    )
