"""Roles as they are now, with their policies, as learners keep them in IAM (``attached``).

AWS: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles.html
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from course.sandbox.authorize.attached import boundary_of, iam_of, policies_of
from course.sandbox.authorize.decision import Decision
from course.sandbox.authorize.patterns import Context, context
from course.sandbox.authorize.policy import Policy, Request
from course.sandbox.authorize.principals import Principal
from course.sandbox.authorize.resource_policies import Guard, decide_on


@dataclass(frozen=True, slots=True)
class Role:
    """A role at one moment: whom it trusts, what it may do, and its boundary if it has one."""

    arn: str
    name: str
    account: str
    trust: str
    policies: tuple[Policy, ...]
    boundary: Policy | None
    tags: tuple[tuple[str, str], ...] = ()

    def session(self, name: str) -> Principal:
        """Someone who has assumed the role, as denials print them."""
        arn = f"arn:aws:sts::{self.account}:assumed-role/{self.name}/{name}"
        return Principal(arn, self.account, self.arn)

    def known_of(self, session: Principal) -> Context:
        """The condition keys that every request of a session has."""
        return context(
            {
                "aws:PrincipalArn": self.arn,
                "aws:PrincipalAccount": self.account,
                "aws:PrincipalType": "AssumedRole",
                **{f"aws:PrincipalTag/{key}": value for key, value in self.tags},
            }
        )

    def may(
        self,
        session: str,
        action: str,
        resource: str = "*",
        *,
        guard: Guard | None = None,
        given: Mapping[str, object] | None = None,
    ) -> Decision:
        """Decide what a session of the role, by name, asks for.

        *guard* is what the resource brings itself (``resource_policies.guard_of``);
        *given* are more condition keys.
        """
        who = self.session(session)
        known = {**self.known_of(who), **context(given or {})}
        asked = Request(who, action, resource, known)
        return decide_on(guard, asked, self.policies, boundary=self.boundary)


def find_role(name_or_arn: str, account: str) -> Role | None:
    """A role by ARN, or by its short name in an account; None if there is no such role."""
    if name_or_arn.startswith("arn:"):
        account = name_or_arn.split(":", 5)[4] if name_or_arn.count(":") >= 5 else account
    for held in iam_of(account).roles.values():
        if name_or_arn in (held.arn, held.name):
            return _read(held, account)
    return None


def role_id(arn: str, account: str) -> str:
    """The id of a role, which its sessions' user ids begin with; empty for one that is not there."""
    held = (one for one in iam_of(account).roles.values() if one.arn == arn)
    return str(next((one.id for one in held), ""))


def role_of_instance_profile(name_or_arn: str, account: str) -> Role | None:
    """The role in an instance profile, which is what an EC2 instance may do; None without one."""
    for profile in iam_of(account).instance_profiles.values():
        if name_or_arn in (profile.arn, profile.name):
            return _read(profile.roles[0], account) if profile.roles else None
    return None


def _read(held: Any, account: str) -> Role:
    return Role(
        arn=held.arn,
        name=held.name,
        account=account,
        trust=held.assume_role_policy_document,
        policies=tuple(policies_of(held)),
        boundary=boundary_of(held, account),
        tags=tuple((one["Key"], one["Value"]) for one in held.tags),
    )
