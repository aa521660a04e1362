"""The program crashes in native code: the kernel ends it with SIGSEGV (128 + 11)."""

from typing import Any

SYMPTOM = "Essential container in task exited"
FIELD, STAGE = "stoppedReason", "run"
EXIT_CODE = 139
LOOK = "exitCode 139, and nothing in the log: the program had no time for a last word"
REPAIR = (
    "The release before it; then the base image's libraries (a wheel for glibc on musl, for one)."
)
ROW, EVIDENCE = 52, "V"


def cause(aws: Any, app: Any) -> None:
    """Deploy a release with a library that does not fit its base image."""
    container = app.container | {"image": "registry.example.com/web-crashes:1.1"}
    aws.client("ecs").register_task_definition(**app.definition, containerDefinitions=[container])


def repair(aws: Any, app: Any) -> None:
    """Go back to the release before it."""
    container = app.container | {"image": "registry.example.com/web:1.0"}
    aws.client("ecs").register_task_definition(**app.definition, containerDefinitions=[container])
