"""Why a decision came out as it did: what each policy that had a say says of the request. Pure.

A policy that decides nothing is told by what comes nearest: a statement on the action that is
on other resources, for other principals, or under a condition that does not hold.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from course.sandbox.authorize.conditions import Unmet, unmet
from course.sandbox.authorize.decision import IDENTITY, RESOURCE, Decision
from course.sandbox.authorize.policy import Policy, Statement

NEAREST = 3
"""Of a policy with many statements on an action, so many are told."""

SPELLED = {
    key.lower(): key
    for key in (
        "aws:CurrentTime", "aws:EpochTime", "aws:PrincipalAccount", "aws:PrincipalArn",
        "aws:PrincipalType", "aws:RequestedRegion", "aws:SecureTransport", "aws:SourceAccount",
        "aws:SourceArn", "aws:SourceIp", "aws:TagKeys", "aws:UserAgent", "aws:ViaAWSService",
        "ecs:CreateAction", "iam:PassedToService", "iam:AssociatedResourceArn", "kms:CallerAccount",
        "kms:EncryptionContextKeys", "kms:ViaService",
    )
}  # fmt: skip
"""How AWS writes the condition keys that are not in small letters; they compare without regard to case."""

TAGS = {"aws:principaltag/": "aws:PrincipalTag/", "aws:requesttag/": "aws:RequestTag/",
        "aws:resourcetag/": "aws:ResourceTag/", "ecs:resourcetag/": "ecs:ResourceTag/",
        "kms:encryptioncontext:": "kms:EncryptionContext:"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Look:
    """What one policy says of a request, and whether that decided."""

    kind: str
    policy: str
    says: tuple[str, ...]
    decides: bool


def looks(decision: Decision) -> tuple[Look, ...]:
    """A line for every policy that had a say, in the order in which they are read."""
    return tuple(_look(decision, kind, policy) for kind, policy in decision.looked_at)


def verdict(decision: Decision) -> str:
    """In one sentence: who may or may not do what on what, and by what."""
    asked = decision.request
    who = asked.principal.arn or asked.principal.service
    head = f"{who} {'may' if decision.allowed else 'may not'} {asked.action} on {asked.resource}"
    return f"{head}: {decided_by(decision)}."


def decided_by(decision: Decision) -> str:
    """The statement that decided, or the kind of policy in which none allows."""
    if decision.statement is None:
        return f"no {decision.kind} allows it"
    effect = "allowed" if decision.allowed else "an explicit deny"
    named = label(decision.statement)
    return f"{effect} by {named} of the {decision.kind} {short(decision.policy)}"


def label(statement: Statement) -> str:
    """A statement by its Sid, or by its number in the policy, from 1."""
    return f"statement {statement.sid or statement.index + 1}"


def short(policy: str) -> str:
    """A policy's name, without the ARN before it."""
    return policy.rpartition("/")[2]


def keys(decision: Decision) -> tuple[tuple[str, str], ...]:
    """The condition keys that the request had, as AWS spells them, with their values."""
    known = decision.request.context
    return tuple((_spelled(key), ", ".join(values)) for key, values in sorted(known.items()))


def _look(decision: Decision, kind: str, policy: Policy) -> Look:
    decides = decision.kind == kind and (
        decision.policy == policy.name if decision.statement else kind != IDENTITY
    )
    return Look(kind, short(policy.name), tuple(_says(decision, kind, policy)), decides)


def _says(decision: Decision, kind: str, policy: Policy) -> Iterator[str]:
    """What its statements on the action come to: those that apply, or else those that nearly do."""
    asked = decision.request
    on_it = [one for one in policy.statements if one.does(asked.action)]
    apply = [one for one in on_it if not _misses(one, decision, kind)]
    for one in apply:
        yield f"{_effect(one)} by {label(one)}"
    if apply:
        return
    if not on_it:
        yield f"no statement on {asked.action}"
    for one in on_it[:NEAREST]:
        why = ", ".join(_misses(one, decision, kind))
        yield f"{label(one)} ({_effect(one)}) does not apply: {why}"
    if len(on_it) > NEAREST:
        yield f"and {len(on_it) - NEAREST} more that do not apply"


def _effect(statement: Statement) -> str:
    return "Allow" if statement.allows else "Deny"


def _misses(statement: Statement, decision: Decision, kind: str) -> list[str]:
    """What keeps a statement on the action from applying; nothing, where it does apply."""
    asked, found = decision.request, list[str]()
    if kind == RESOURCE and not statement.names(asked.principal):
        found.append("another principal")
    if not statement.is_on(asked):
        found.append("another resource")
    parts = unmet(statement.condition, asked.context, variables=statement.variables)
    return found + [_told(one) for one in parts]


def _told(part: Unmet) -> str:
    has = ", ".join(part.values) if part.values else "no such key"
    return f"{part.operator} {part.key} {' or '.join(part.wanted)}, the request has {has}"


def _spelled(key: str) -> str:
    for small, spelled in TAGS.items():
        if key.startswith(small):
            return spelled + key.removeprefix(small)
    return SPELLED.get(key, key)
