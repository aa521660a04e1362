"""The image's name has no registry in front, so that it is looked for on Docker Hub."""

from typing import Any

SYMPTOM = (
    "CannotPullContainerError: pull image manifest has been retried <n> time(s): failed to "
    "resolve ref docker.io/library/<image>: pull access denied, repository does not exist or may "
    "require authorization: server message: insufficient_scope: authorization failed"
)
FIELD, STAGE = "stoppedReason", "pull"
LOOK = "the name in the text: docker.io/library is where a name without a registry leads"
REPAIR = "The repository's whole URI; for a private one elsewhere, repositoryCredentials."
ROW, EVIDENCE = 6, "U"


def cause(aws: Any, app: Any) -> None:
    """Name the image as one does on the computer that built it."""
    container = app.container | {"image": "shop:1.0"}
    aws.client("ecs").register_task_definition(**app.definition, containerDefinitions=[container])


def repair(aws: Any, app: Any) -> None:
    """Name the registry too."""
    container = app.container | {"image": f"{app.repository}:1.0"}
    aws.client("ecs").register_task_definition(**app.definition, containerDefinitions=[container])
