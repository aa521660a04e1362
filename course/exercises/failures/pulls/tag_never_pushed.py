"""The task definition asks for a tag that nobody has pushed."""

from typing import Any

SYMPTOM = (
    "CannotPullContainerError: pull image manifest has been retried <n> time(s): failed to "
    "resolve ref <image>"
)
FIELD, STAGE = "stoppedReason", "pull"
LOOK = "`describe_images` of ECR: which tags are there?"
REPAIR = "Push the tag, or name one that is there."
ROW, EVIDENCE = 5, "V"


def cause(aws: Any, app: Any) -> None:
    """Name a tag that is not in the repository."""
    container = app.container | {"image": f"{app.repository}:1.1"}
    aws.client("ecs").register_task_definition(**app.definition, containerDefinitions=[container])


def repair(aws: Any, app: Any) -> None:
    """Give the image that is there this tag too."""
    ecr = aws.client("ecr")
    named = {"repositoryName": app.name, "imageIds": [{"imageTag": "1.0"}]}
    (image,) = ecr.batch_get_image(**named)["images"]
    ecr.put_image(repositoryName=app.name, imageManifest=image["imageManifest"], imageTag="1.1")
