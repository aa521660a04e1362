"""Service-linked roles: those that services of AWS make for themselves, and that only they change.

An adapter: they live in moto's IAM, which names them otherwise and gives them no policy.

AWS: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using-service-linked-roles.html
     https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create-service-linked-role.html
"""

from hashlib import sha256
from typing import Any

from moto.moto_api._internal import mock_random

from course.sandbox.authorize.attached import iam_of
from course.sandbox.authorize.roles import find_role
from course.sandbox.aws_owned import bring

ECS = "ecs.amazonaws.com"
SCALING = "ecs.application-autoscaling.amazonaws.com"
NAMES = {
    ECS: "AWSServiceRoleForECS",
    SCALING: "AWSServiceRoleForApplicationAutoScaling_ECSService",
}
POLICIES = {
    ECS: "AmazonECSServiceRolePolicy",
    SCALING: "AWSApplicationAutoscalingECSServicePolicy",
}
PATH = "/aws-service-role/"


def arn_of(service: str, account: str) -> str:
    """The ARN that the role of a service has in an account, whether it is there or not."""
    return f"arn:aws:iam::{account}:role{PATH}{service}/{NAMES[service]}"


def exists(service: str, account: str) -> bool:
    """Whether an account has the service's role."""
    return find_role(arn_of(service, account), account) is not None


def make(service: str, account: str, description: str = "", suffix: str = "") -> Any:
    """Make the service's role; what moto draws by chance after it is what it would have drawn without."""
    chance = mock_random.getstate()
    iam = iam_of(account)
    role = iam.create_service_linked_role(service, description, suffix)
    mock_random.setstate(chance)
    del iam.roles[role.id]
    role.name = NAMES.get(service, role.name)
    role.id = f"AROA{sha256(role.arn.encode()).hexdigest()[:17].upper()}"
    iam.roles[role.id] = role
    return role


def attach_policy(name: str, account: str) -> None:
    """Attach AWS's policy to a role that a service made for itself; only when somebody looks, for it is large."""
    iam = iam_of(account)
    for service, policy in POLICIES.items():
        arn = f"arn:aws:iam::aws:policy{PATH}{policy}"
        if NAMES[service] == name and exists(service, account):
            bring(iam, arn)
            iam.attach_role_policy(arn, name)


def is_linked(name: str, account: str) -> bool:
    """Whether a role, by its name, is one that a service made for itself."""
    found = find_role(name, account)
    return found is not None and f":role{PATH}" in found.arn
