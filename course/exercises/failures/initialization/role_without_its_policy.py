"""The execution role has no policy that lets it ask ECR for a token."""

from typing import Any

SYMPTOM = (
    "ResourceInitializationError: unable to pull secrets or registry auth: execution resource "
    "retrieval failed: unable to retrieve ecr registry auth: service call has been retried <n> "
    "time(s): AccessDeniedException: User: <session> is not authorized to perform: "
    "ecr:GetAuthorizationToken on resource: * "
)
FIELD, STAGE = "stoppedReason", "before the pull"
LOOK = "the role in the text; its policies: `list_attached_role_policies`"
REPAIR = "Attach AmazonECSTaskExecutionRolePolicy to the execution role."
ROW, EVIDENCE = 19, "U"


def cause(aws: Any, app: Any) -> None:
    """Detach the policy."""
    aws.client("iam").detach_role_policy(RoleName=app.role, PolicyArn=app.role_policy)


def repair(aws: Any, app: Any) -> None:
    """Attach it again."""
    aws.client("iam").attach_role_policy(RoleName=app.role, PolicyArn=app.role_policy)
