"""The command is not in the image."""

from typing import Any

SYMPTOM = (
    "CannotStartContainerError: ResourceInitializationError: failed to create new container "
    'runtime task: failed to create shim: OCI runtime create failed: ...exec: "<command>": '
    "executable file not found in $PATH"
)
FIELD, STAGE = "stoppedReason", "start"
LOOK = "`command` and `entryPoint` of the task definition, each word an item of its own"
REPAIR = "Name a program of the image; a line for a shell needs sh -c."
ROW, EVIDENCE = 36, "U"


def cause(aws: Any, app: Any) -> None:
    """Write the whole line as one word, as if a shell would read it."""
    container = app.container | {
        "image": "public.ecr.aws/docker/library/httpd:2.4",
        "command": ["httpd-foreground -D FOREGROUND"],
    }
    aws.client("ecs").register_task_definition(**app.definition, containerDefinitions=[container])


def repair(aws: Any, app: Any) -> None:
    """Each word by itself."""
    container = app.container | {
        "image": "public.ecr.aws/docker/library/httpd:2.4",
        "command": ["httpd-foreground", "-D", "FOREGROUND"],
    }
    aws.client("ecs").register_task_definition(**app.definition, containerDefinitions=[container])
