"""Refused: the exceptions ECS answers with, by their names in the API.

They leave the sandbox as botocore's ``ClientError``. Texts are AWS's where a
public output or model shows them; where none was found the text is our own,
and marked "our words": do not match on those.

AWS: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/CommonErrors.html
"""

from typing import Any


class Refused(Exception):
    """ECS refuses a call: *code* is the exception's name, *message* its text, *members* what else it tells."""

    def __init__(self, code: str, message: str, **members: Any) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.members = members


def client_exception(message: str) -> Refused:
    """ClientException: the request is wrong in itself."""
    return Refused("ClientException", message)


def invalid_parameter(message: str) -> Refused:
    """InvalidParameterException: a parameter is missing, malformed or out of range."""
    return Refused("InvalidParameterException", message)


def role_not_assumable(role_arn: str) -> str:
    """What RunTask answers, and a service's event says, of a role that is not there or not trusting.

    Seen in service events from 2019 on (boto3#1878); as an exception of RunTask only remembered.
    """
    return (
        f"ECS was unable to assume the role '{role_arn}' that was provided for this task. Please "
        "verify that the role being passed has the proper trust relationship and permissions and "
        "that your IAM user has permissions to pass this role."
    )


def cluster_not_found() -> Refused:
    """ClusterNotFoundException: no ACTIVE cluster of this name in this Region."""
    return Refused("ClusterNotFoundException", "Cluster not found.")


def service_not_found() -> Refused:
    """ServiceNotFoundException: no such service in this cluster."""
    return Refused("ServiceNotFoundException", "Service not found.")


def service_not_active() -> Refused:
    """ServiceNotActiveException: the service is DRAINING or INACTIVE."""
    return Refused("ServiceNotActiveException", "Service was not ACTIVE.")
