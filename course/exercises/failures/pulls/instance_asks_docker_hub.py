"""On a container instance: the image's name has no registry in front, so that Docker Hub is asked."""

from typing import Any

SYMPTOM = (
    "CannotPullContainerError: The task can\u2019t pull the image. Check whether the image exists. "
    "<raw>denied: requested access to the resource is denied"
)
NEEDS = ("instance",)
FIELD, STAGE = "stoppedReason", "pull"
LOOK = "the name in the text: one without a registry is Docker Hub's"
REPAIR = "The repository's whole URI; for a private one elsewhere, repositoryCredentials."
ROW, EVIDENCE = 2, "VA"


def cause(aws: Any, app: Any) -> None:
    """Name the image as one does on the computer that built it."""
    container = app.container | {"image": "shop:1.0"}
    aws.client("ecs").register_task_definition(**app.definition, containerDefinitions=[container])


def repair(aws: Any, app: Any) -> None:
    """Name the registry too."""
    container = app.container | {"image": f"{app.repository}:1.0"}
    aws.client("ecs").register_task_definition(**app.definition, containerDefinitions=[container])
