"""On a container instance: the log group of the task definition is not there."""

from typing import Any

SYMPTOM = (
    "CannotStartContainerError: Error response from daemon: failed to initialize logging driver: "
    "failed to create Cloudwatch log stream: ResourceNotFoundException: The specified log group "
    "does not exist."
)
NEEDS = ("instance",)
FIELD, STAGE = "containers[].reason", "start"
LOOK = "`describe_log_groups`, in the Region of awslogs-region"
REPAIR = "Make the log group; or awslogs-create-group, and a role that may."
ROW, EVIDENCE = 40, "U"


def cause(aws: Any, app: Any) -> None:
    """Delete the log group."""
    aws.client("logs").delete_log_group(logGroupName=app.log_group)


def repair(aws: Any, app: Any) -> None:
    """Make it again."""
    aws.client("logs").create_log_group(logGroupName=app.log_group)
