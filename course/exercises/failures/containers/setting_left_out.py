"""The program ends at once, since a variable of its environment is missing."""

from typing import Any

SYMPTOM = "Essential container in task exited"
FIELD, STAGE = "stoppedReason", "run"
EXIT_CODE = 1
LOOK = "exitCode 1, and the last line in the log: it names the variable"
REPAIR = "Give it the variable, as environment or as a secret."
ROW, EVIDENCE = 52, "V"


def cause(aws: Any, app: Any) -> None:
    """Deploy a release that wants to be told of its database, and do not tell it."""
    container = app.container | {"image": "registry.example.com/web-needs:1.0"}
    aws.client("ecs").register_task_definition(**app.definition, containerDefinitions=[container])


def repair(aws: Any, app: Any) -> None:
    """Tell it."""
    container = app.container | {
        "image": "registry.example.com/web-needs:1.0",
        "environment": [{"name": "DATABASE_URL", "value": "postgres://orders.internal/shop"}],
    }
    aws.client("ecs").register_task_definition(**app.definition, containerDefinitions=[container])
