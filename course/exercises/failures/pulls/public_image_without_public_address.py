"""A task in a public subnet has no public address and pulls from the internet."""

from typing import Any

SYMPTOM = (
    "CannotPullContainerError: pull image manifest has been retried <n> time(s): failed to "
    'resolve ref <image>: failed to do request: Head "<url>": dial tcp: i/o timeout'
)
FIELD, STAGE = "stoppedReason", "pull"
LOOK = "`assignPublicIp` of the service's networkConfiguration, then the subnet's route table"
REPAIR = "assignPublicIp ENABLED in a public subnet; a NAT gateway for a private one."
ROW, EVIDENCE = 34, "U"


def cause(aws: Any, app: Any) -> None:
    """Take a public image, and leave the public address out."""
    container = app.container | {"image": "public.ecr.aws/docker/library/httpd:2.4"}
    aws.client("ecs").register_task_definition(**app.definition, containerDefinitions=[container])
    place = app.network["awsvpcConfiguration"] | {"assignPublicIp": "DISABLED"}
    aws.client("ecs").update_service(
        cluster=app.cluster,
        service=app.service,
        networkConfiguration={"awsvpcConfiguration": place},
    )


def repair(aws: Any, app: Any) -> None:
    """Ask for a public address."""
    aws.client("ecs").update_service(
        cluster=app.cluster, service=app.service, networkConfiguration=app.network
    )
