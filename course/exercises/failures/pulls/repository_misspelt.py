"""The task definition names a repository that does not exist."""

from typing import Any

SYMPTOM = (
    "CannotPullContainerError: pull image manifest has been retried <n> time(s): failed to "
    "resolve ref <image>"
)
FIELD, STAGE = "stoppedReason", "pull"
LOOK = "`describe_repositories` of ECR, in the Region that the URI names"
REPAIR = "Copy the repository's URI from ECR."
ROW, EVIDENCE = 5, "V"


def cause(aws: Any, app: Any) -> None:
    """Leave out a letter of the repository's name."""
    container = app.container | {"image": f"{app.repository[:-1]}:1.0"}
    aws.client("ecs").register_task_definition(**app.definition, containerDefinitions=[container])


def repair(aws: Any, app: Any) -> None:
    """Name the repository as ECR does."""
    aws.client("ecs").register_task_definition(
        **app.definition, containerDefinitions=[app.container]
    )
