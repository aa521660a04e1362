"""The program needs more memory than its container may have."""

from typing import Any

SYMPTOM = "OutOfMemoryError: Container killed due to memory usage"
FIELD, STAGE = "containers[].reason", "run"
EXIT_CODE = 137
LOOK = "containers[].reason with exitCode 137; the metric MemoryUtilization"
REPAIR = "More memory, or a program that needs less."
ROW, EVIDENCE = 46, "V"


def cause(aws: Any, app: Any) -> None:
    """Allow 100 MiB to a program that soon needs 120."""
    container = app.container | {"image": "registry.example.com/web:1.0", "memory": 100}
    aws.client("ecs").register_task_definition(**app.definition, containerDefinitions=[container])


def repair(aws: Any, app: Any) -> None:
    """Allow it 256 MiB."""
    container = app.container | {"image": "registry.example.com/web:1.0", "memory": 256}
    aws.client("ecs").register_task_definition(**app.definition, containerDefinitions=[container])
