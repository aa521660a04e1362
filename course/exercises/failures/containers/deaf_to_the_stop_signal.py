"""A shell that is process 1 passes no SIGTERM on, so that each stop ends with SIGKILL after stopTimeout."""

from typing import Any

SYMPTOM = "<whoever asked for the stop>"
FIELD, STAGE = "stoppedReason", "run"
EXIT_CODE = 137
SEEN_BY = "stop"
LOOK = "exitCode 137 without a reason, and stopTimeout (30 s) between stoppingAt and the end"
REPAIR = "exec before the last command, or the exec form of CMD; a program that heeds SIGTERM."
ROW, EVIDENCE = 52, "K"


def cause(aws: Any, app: Any) -> None:
    """Start the server from a shell that waits for it."""
    container = app.container | {
        "image": "public.ecr.aws/docker/library/httpd:2.4",
        "command": ["sh", "-c", "echo starting && httpd-foreground"],
    }
    aws.client("ecs").register_task_definition(**app.definition, containerDefinitions=[container])


def repair(aws: Any, app: Any) -> None:
    """Let the server take the shell's place."""
    container = app.container | {
        "image": "public.ecr.aws/docker/library/httpd:2.4",
        "command": ["sh", "-c", "echo starting && exec httpd-foreground"],
    }
    aws.client("ecs").register_task_definition(**app.definition, containerDefinitions=[container])
