"""A start script calls a program that its image does not have."""

from typing import Any

SYMPTOM = "Essential container in task exited"
FIELD, STAGE = "stoppedReason", "run"
EXIT_CODE = 127
LOOK = "exitCode 127 of the container, and its last lines in the log"
REPAIR = "Put the program into the image, or the script without it."
ROW, EVIDENCE = 52, "V"


def cause(aws: Any, app: Any) -> None:
    """Wait for another service with a tool that is not in the image."""
    container = app.container | {
        "image": "public.ecr.aws/docker/library/httpd:2.4",
        "command": ["sh", "-c", "curl -fs http://orders/health && exec httpd-foreground"],
    }
    aws.client("ecs").register_task_definition(**app.definition, containerDefinitions=[container])


def repair(aws: Any, app: Any) -> None:
    """Start without it."""
    container = app.container | {
        "image": "public.ecr.aws/docker/library/httpd:2.4",
        "command": ["sh", "-c", "exec httpd-foreground"],
    }
    aws.client("ecs").register_task_definition(**app.definition, containerDefinitions=[container])
