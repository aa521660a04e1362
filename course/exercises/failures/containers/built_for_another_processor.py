"""The image was built for ARM64, and the task runs on X86_64."""

from typing import Any

SYMPTOM = "exec <file>: exec format error"
FIELD, STAGE = "log", "run"
EXIT_CODE = 1
LOOK = "the log; `runtimePlatform` of the task definition against the image's architecture"
REPAIR = "runtimePlatform with cpuArchitecture ARM64, or an image for both."
ROW, EVIDENCE = 38, "U"


def cause(aws: Any, app: Any) -> None:
    """Deploy what was built on a laptop with an Arm processor."""
    container = app.container | {"image": "registry.example.com/web-arm:1.0"}
    aws.client("ecs").register_task_definition(**app.definition, containerDefinitions=[container])


def repair(aws: Any, app: Any) -> None:
    """Run it on the processor that it was built for."""
    container = app.container | {"image": "registry.example.com/web-arm:1.0"}
    aws.client("ecs").register_task_definition(
        **app.definition,
        containerDefinitions=[container],
        runtimePlatform={"cpuArchitecture": "ARM64", "operatingSystemFamily": "LINUX"},
    )
