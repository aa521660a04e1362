"""The policies that a user, a group or a role has now: read from moto's IAM, where learners keep them.

An adapter. moto changes its objects in place, so they are read anew each time;
what costs, reading a policy's text, is remembered by that text.

AWS: https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_managed-vs-inline.html
"""

from collections.abc import Iterator
from typing import Any

from moto.iam.models import iam_backends

from course.sandbox.authorize.policy import Policy, read_policy

PARTITION = "aws"


def iam_of(account: str) -> Any:
    """moto's IAM of an account."""
    return iam_backends[account][PARTITION]


def policies_of(held: Any) -> Iterator[Policy]:
    """Inline policies by their names, attached ones by their ARNs in their default version."""
    for name, text in held.policies.items():
        yield read_policy(name, text)
    for arn, attached in held.managed_policies.items():
        yield read_policy(arn, default_version(attached))


def default_version(managed: Any) -> str:
    """The text of a managed policy in the version that counts."""
    texts = (one.document for one in managed.versions if one.is_default_version)
    return str(next(texts, ""))


def boundary_of(held: Any, account: str) -> Policy | None:
    """The policy of a permissions boundary; one that has been deleted allows nothing."""
    arn = getattr(held, "permissions_boundary_arn", None)  # moto's users have none
    if not arn:
        return None
    managed = iam_of(account).managed_policies.get(arn)
    return read_policy(arn, default_version(managed) if managed else "")
