"""On a container instance: neither the task nor the instance has a role that may ask ECR for a token."""

import json
from typing import Any

SYMPTOM = (
    "CannotPullECRContainerError: AccessDeniedException: User: <session> is not authorized to "
    "perform: ecr:GetAuthorizationToken on resource: * "
)
NEEDS = ("instance",)
FIELD, STAGE = "stoppedReason", "pull"
LOOK = "the role in the text: without an execution role it is the instance's own"
REPAIR = "AmazonEC2ContainerServiceforEC2Role on the instance's role, or an execution role."
ROW, EVIDENCE = 17, "VA"


def cause(aws: Any, app: Any) -> None:
    """Let the agent work and pull nothing: an image that the instance has would still do, a new tag not."""
    statement = {"Effect": "Allow", "Action": ["ecs:*", "logs:*"], "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    iam = aws.client("iam")
    iam.detach_role_policy(RoleName=app.role, PolicyArn=app.role_policy)
    iam.put_role_policy(RoleName=app.role, PolicyName="agent", PolicyDocument=policy)
    ecr, named = aws.client("ecr"), {"repositoryName": app.name}
    (image,) = ecr.batch_get_image(**named, imageIds=[{"imageTag": "1.0"}])["images"]
    ecr.put_image(**named, imageManifest=image["imageManifest"], imageTag="1.1")
    container = app.container | {"image": f"{app.repository}:1.1"}
    aws.client("ecs").register_task_definition(**app.definition, containerDefinitions=[container])


def repair(aws: Any, app: Any) -> None:
    """Attach AWS's policy for container instances."""
    aws.client("iam").attach_role_policy(RoleName=app.role, PolicyArn=app.role_policy)
