"""A command that does its work and ends is run as a service."""

from typing import Any

SYMPTOM = "Essential container in task exited"
FIELD, STAGE = "stoppedReason", "run"
EXIT_CODE = 0
LOOK = "exitCode 0: nothing went wrong, it was done"
REPAIR = "Run a job with RunTask or a schedule; a service is for what goes on."
ROW, EVIDENCE = 52, "V"


def cause(aws: Any, app: Any) -> None:
    """Run a report that takes ten seconds."""
    container = app.container | {
        "image": "public.ecr.aws/docker/library/busybox:1.37",
        "command": ["sh", "-c", "echo report written; sleep 10"],
    }
    aws.client("ecs").register_task_definition(**app.definition, containerDefinitions=[container])


def repair(aws: Any, app: Any) -> None:
    """Run what goes on."""
    aws.client("ecs").register_task_definition(
        **app.definition, containerDefinitions=[app.container]
    )
