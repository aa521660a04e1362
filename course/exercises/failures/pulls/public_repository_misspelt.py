"""A public image's name is misspelt."""

from typing import Any

SYMPTOM = (
    "CannotPullContainerError: pull image manifest has been retried <n> time(s): failed to "
    "resolve ref public.ecr.aws/<image>: ...: not found"
)
FIELD, STAGE = "stoppedReason", "pull"
LOOK = "the name in the text, letter by letter, against the registry's gallery"
REPAIR = "Name the repository as the gallery does."
ROW, EVIDENCE = 5, "K"


def cause(aws: Any, app: Any) -> None:
    """Change two letters."""
    container = app.container | {"image": "public.ecr.aws/docker/library/ngnix:1.29"}
    aws.client("ecs").register_task_definition(**app.definition, containerDefinitions=[container])


def repair(aws: Any, app: Any) -> None:
    """Put them right."""
    container = app.container | {"image": "public.ecr.aws/docker/library/nginx:1.29"}
    aws.client("ecs").register_task_definition(**app.definition, containerDefinitions=[container])
