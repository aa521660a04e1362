"""On a container instance in a private subnet: endpoints lead to AWS, and a public image lies elsewhere."""

from typing import Any

SYMPTOM = (
    "CannotPullContainerError: The task can\u2019t pull the image. Check your network "
    "configuration. <raw>net/http: request canceled while waiting for connection"
)
NEEDS = ("endpoints", "instance")
FIELD, STAGE = "stoppedReason", "pull"
LOOK = "the registry in the text; the route table of the instance's subnet"
REPAIR = "The image in ECR, by a copy or a pull through cache; or a NAT gateway."
ROW, EVIDENCE = 3, "VA"


def cause(aws: Any, app: Any) -> None:
    """Deploy a public image."""
    container = app.container | {"image": "public.ecr.aws/docker/library/httpd:2.4"}
    aws.client("ecs").register_task_definition(**app.definition, containerDefinitions=[container])


def repair(aws: Any, app: Any) -> None:
    """Take what lies in ECR."""
    container = app.container | {"image": f"{app.repository}:1.0"}
    aws.client("ecs").register_task_definition(**app.definition, containerDefinitions=[container])
