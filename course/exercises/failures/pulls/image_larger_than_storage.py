"""The image takes more room than the task's ephemeral storage has."""

from typing import Any

SYMPTOM = (
    "CannotPullContainerError: ref pull has been retried <n> time(s): failed to extract layer"
    "...: write /var/lib/containerd/...: no space left on device"
)
FIELD, STAGE = "stoppedReason", "pull"
LOOK = (
    "the image's size, packed and unpacked, against `ephemeralStorage` (20 GiB unless it is given)"
)
REPAIR = "A smaller image, or more ephemeralStorage in the task definition."
ROW, EVIDENCE = 12, "U"


def cause(aws: Any, app: Any) -> None:
    """Deploy an image that brings its training data along: 30 GiB."""
    container = app.container | {"image": "registry.example.com/web-heavy:1.0"}
    aws.client("ecs").register_task_definition(**app.definition, containerDefinitions=[container])


def repair(aws: Any, app: Any) -> None:
    """Ask for more storage."""
    container = app.container | {"image": "registry.example.com/web-heavy:1.0"}
    aws.client("ecs").register_task_definition(
        **app.definition, containerDefinitions=[container], ephemeralStorage={"sizeInGiB": 50}
    )
