"""Who asks, and whether a Principal element names them. Pure.

AWS: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum


@dataclass(frozen=True, slots=True)
class Principal:
    """Who makes a request: a session of a role, a user, or a service of AWS.

    ``arn`` is what denials print; ``role`` is the ARN of the role that a
    session belongs to; ``service`` a name such as ``ecs-tasks.amazonaws.com``.
    """

    arn: str = ""
    account: str = ""
    role: str = ""
    service: str = ""


class Named(IntEnum):
    """How closely a Principal element names someone; a closer one grants more."""

    NOT = 0
    ACCOUNT = 1
    """Its account, which leaves it to the account's own policies."""
    ROLE = 2
    """Its role, or the service."""
    ITSELF = 3
    """The very user or session, or everyone: neither a boundary nor a session policy limits that."""


_ACCOUNT = re.compile(r"(?:arn:[\w-]+:iam::)?(\d{12})(?::root)?")


def how_named(element: object, principal: Principal) -> Named:
    """How closely a Principal element, ``"*"`` or ``{"AWS": ..., "Service": ...}``, names someone."""
    if element == "*":
        return Named.ITSELF
    if not isinstance(element, Mapping):
        return Named.NOT
    found = [
        _one(kind, name, principal)
        for kind, names in element.items()
        for name in (names if isinstance(names, list) else [names])
    ]
    return max(found, default=Named.NOT)


def _one(kind: str, name: object, principal: Principal) -> Named:
    if kind == "Service":
        return Named.ROLE if principal.service and name == principal.service else Named.NOT
    if kind != "AWS" or not isinstance(name, str) or principal.service:
        return Named.NOT
    if name in ("*", principal.arn):
        return Named.ITSELF
    if name == principal.role:
        return Named.ROLE
    account = _ACCOUNT.fullmatch(name)
    return Named.ACCOUNT if account and account[1] == principal.account else Named.NOT
