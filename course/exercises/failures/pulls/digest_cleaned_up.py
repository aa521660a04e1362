"""A service's digest was deleted: its tag has moved to another image since, and nobody asks for the tag."""

import json
from typing import Any

SYMPTOM = (
    "CannotPullContainerError: pull image manifest has been retried <n> time(s): failed to "
    "resolve ref <image>@sha256:<digest>: ...: not found"
)
FIELD, STAGE = "stoppedReason", "pull"
SEEN_BY = "replacement"
LOOK = (
    "`describe_service_revisions`: which imageDigest? Then `describe_images` of ECR, and the "
    "repository's lifecycle policy"
)
REPAIR = "Force a new deployment, which asks what the tag names now; keep digests that are in use."
ROW, EVIDENCE = 5, "U"


def cause(aws: Any, app: Any) -> None:
    """Push another image under the tag, and delete the one that has none left."""
    ecr = aws.client("ecr")
    named = {"repositoryName": app.name, "imageIds": [{"imageTag": "1.0"}]}
    (image,) = ecr.batch_get_image(**named)["images"]
    manifest = json.loads(image["imageManifest"]) | {"annotations": {"build": "2"}}
    ecr.put_image(repositoryName=app.name, imageManifest=json.dumps(manifest), imageTag="1.0")
    ecr.batch_delete_image(
        repositoryName=app.name, imageIds=[{"imageDigest": image["imageId"]["imageDigest"]}]
    )


def repair(aws: Any, app: Any) -> None:
    """Deploy again, as the digest is asked for then."""
    aws.client("ecs").update_service(
        cluster=app.cluster, service=app.service, forceNewDeployment=True
    )
