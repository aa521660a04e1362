"""Who makes a call, by the access key it is signed with, and what they may do.

A user whose key IAM has, or a session of a role that STS gave a key to; they are
held to their policies. A key that looks like one of the account's and that nobody
has is of a world before this one, and good for nothing. Every other key is the
learner's own, an administrator, for whom nothing is decided. An adapter: keys and
sessions are moto's.

AWS: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

from base64 import b32encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from moto.iam.utils import ACCOUNT_OFFSET
from moto.sts.models import sts_backends

from course.sandbox.authorize.attached import PARTITION, boundary_of, iam_of, policies_of
from course.sandbox.authorize.decision import Decision
from course.sandbox.authorize.patterns import Context, context
from course.sandbox.authorize.policy import Policy, Request, read_policy
from course.sandbox.authorize.principals import Principal
from course.sandbox.authorize.resource_policies import Guard, decide_on
from course.sandbox.authorize.roles import Role, find_role

OF_TASKS = "ASIA0"
"""How the keys of tasks' roles begin; AWS's own have no 0 in them. One that no session has is nobody's."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Someone with their policies at one moment; a session may have a policy that narrows it."""

    principal: Principal
    policies: tuple[Policy, ...]
    boundary: Policy | None
    session_policy: Policy | None
    known: Context

    def may(
        self,
        action: str,
        resource: str,
        *,
        guard: Guard | None = None,
        given: Mapping[str, object] | None = None,
    ) -> Decision:
        """Decide one action on one resource; *guard* is what it brings itself, *given* more keys."""
        asked = Request(self.principal, action, resource, {**self.known, **context(given or {})})
        return decide_on(
            guard, asked, self.policies, boundary=self.boundary, session=self.session_policy
        )


@dataclass(frozen=True, slots=True)
class Unusable:
    """A key that IAM or STS gave and that is not good: taken back, expired, or of a world before this one."""

    expired: bool = False


def caller_of(access_key: str, account: str, now: datetime) -> Caller | Unusable | None:
    """Whom a key belongs to now; None for a key that is the learner's own."""
    sessions = sts_backends[account][PARTITION]
    session = sessions.get_assumed_role_from_access_key(access_key)
    if session is not None:
        return _session(session, account, now)
    if access_key.startswith(OF_TASKS):
        return Unusable()
    key = iam_of(account).access_keys.get(access_key)
    if key is None:
        return Unusable() if access_key[4:12] == _in_keys_of(account) else None
    if key.user_name is None:
        return None
    users = iam_of(account).users.values()
    user = next((one for one in users if key in one.access_keys), None)  # whatever the name is now
    if user is None or key.status != "Active":
        return Unusable()
    return _user(user, account, now)


def has_its_token(access_key: str, token: str, account: str) -> bool:
    """Whether a session's key comes with the session's token; a key of another kind needs none."""
    session = sts_backends[account][PARTITION].get_assumed_role_from_access_key(access_key)
    return session is None or session.session_token == token


def _in_keys_of(account: str) -> str:
    """What every key of an account has after its first four letters, as moto makes keys."""
    number = int(account) // 2 + ACCOUNT_OFFSET
    return b32encode(number.to_bytes(5, "big")).decode()


def in_session(role: Role, name: str, now: datetime) -> Caller:
    """Whoever has assumed a role, under this session name; no session policy narrows it."""
    who = role.session(name)
    return Caller(who, role.policies, role.boundary, None, {**role.known_of(who), **_moment(now)})


def _moment(now: datetime) -> Context:
    """The condition keys of the time at which a call is made."""
    return context(
        {"aws:CurrentTime": f"{now:%Y-%m-%dT%H:%M:%SZ}", "aws:EpochTime": int(now.timestamp())}
    )


def learner(account: str) -> tuple[str, str, str]:
    """User id, ARN and account of the learner, as GetCallerIdentity tells them."""
    told: tuple[str, str, str] = sts_backends[account][PARTITION].get_caller_identity(
        "", "us-east-1"
    )
    return told


def _session(session: Any, account: str, now: datetime) -> Caller | Unusable:
    if session.expiration <= now.replace(tzinfo=session.expiration.tzinfo):
        return Unusable(expired=True)
    role = find_role(session.role_arn, account)
    if role is None:
        return Unusable()
    who = role.session(session.session_name)
    narrowed = read_policy("session policy", session.policy) if session.policy else None
    more = {"aws:userid": session.user_id, "aws:MultiFactorAuthPresent": False}
    known = {**role.known_of(who), **_moment(now), **context(more)}
    return Caller(who, role.policies, role.boundary, narrowed, known)


def _user(user: Any, account: str, now: datetime) -> Caller:
    who = Principal(user.arn, account)
    groups = iam_of(account).get_groups_for_user(user.name)
    policies = [*policies_of(user), *(one for group in groups for one in policies_of(group))]
    tags = user.tags if isinstance(user.tags, list) else []
    known = {
        "aws:PrincipalArn": user.arn,
        "aws:PrincipalAccount": account,
        "aws:PrincipalType": "User",
        "aws:username": user.name,
        "aws:userid": user.id,
        **{f"aws:PrincipalTag/{one['Key']}": one["Value"] for one in tags},
    }
    keys = {**context(known), **_moment(now)}
    return Caller(who, tuple(policies), boundary_of(user, account), None, keys)
