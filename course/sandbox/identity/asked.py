"""What a call asks of IAM: one action or more, each on resources, with the condition keys known.

AWS: https://docs.aws.amazon.com/service-authorization/latest/reference/reference.html
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Call:
    """A call as the gate met it: botocore's name of the service, the operation, what it was given."""

    service: str
    operation: str
    given: Mapping[str, Any]
    account: str
    region: str
    method: str = "POST"
    path: str = "/"

    def arn(self, service: str, resource: str) -> str:
        """The ARN of a resource of this account in this Region."""
        return f"arn:aws:{service}:{self.region}:{self.account}:{resource}"


@dataclass(frozen=True, slots=True)
class Asked:
    """One action on one resource; ``keys`` are condition keys with their values.

    ``shown`` is what a denial calls the resource, and ``says`` its whole text, where the
    service has another than AWS's usual one.
    """

    action: str
    resource: str = "*"
    keys: Mapping[str, object] = field(default_factory=dict)
    shown: str = ""
    says: str = ""
    via_service: bool = False
    """Whether a service asks it, on behalf of who calls."""


def tag_keys(tags: Any) -> dict[str, object]:
    """The condition keys of tags in a request, each a pair or all of them in a map.

    ECS spells a pair's members in small letters and others do not; Logs, SQS and Lambda give maps.
    """
    pairs = dict(tags) if isinstance(tags, Mapping) else dict(map(_pair, tags or []))
    if not pairs:
        return {}
    return {
        "aws:TagKeys": sorted(pairs),
        **{f"aws:RequestTag/{key}": value for key, value in pairs.items()},
    }


def _pair(tag: Mapping[str, str]) -> tuple[str, str]:
    return tag.get("key", tag.get("Key", "")), tag.get("value", tag.get("Value", ""))
