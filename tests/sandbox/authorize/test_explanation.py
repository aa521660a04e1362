"""Why a decision came out as it did, told policy by policy."""

from __future__ import annotations

import json
from typing import Any

import pytest

from course.sandbox.authorize.decision import Decision, decide
from course.sandbox.authorize.explanation import decided_by, keys, looks, verdict
from course.sandbox.authorize.patterns import context
from course.sandbox.authorize.policy import Policy, Request, read_policy
from course.sandbox.authorize.principals import Principal

DEV = Principal("arn:aws:iam::123456789012:user/dev", "123456789012")
WEB = "arn:aws:ecs:us-east-1:123456789012:task-definition/web:1"
KNOWN = context(
    {"ecs:cluster": "arn:lab", "aws:RequestTag/Team": "blue", "iam:PassedToService": "x"}
)


def policy(name: str, *statements: dict[str, Any]) -> Policy:
    return read_policy(name, json.dumps({"Version": "2012-10-17", "Statement": list(statements)}))


def allow(action: str = "ecs:RunTask", on: str = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": on, **more}


def asked(*identity: Policy, **more: Any) -> Decision:
    return decide(Request(DEV, "ecs:RunTask", WEB, KNOWN), identity, **more)


IN_PROD = {"ArnEquals": {"ecs:cluster": ["arn:prod", "arn:stage"]}}
MFA = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        (allow(Sid="Run"), "Allow by statement Run"),
        (allow(), "Allow by statement 1"),
        (allow("ecs:StopTask"), "no statement on ecs:RunTask"),
        (allow(on="arn:aws:ecs:*:*:task-definition/api:*"),
         "statement 1 (Allow) does not apply: another resource"),
        (allow(Condition={"StringEquals": {"ecs:cluster": "arn:prod"}}),
         "statement 1 (Allow) does not apply: StringEquals ecs:cluster arn:prod, the request has arn:lab"),
        (allow(Condition=MFA) | {"Effect": "Deny"},
         "statement 1 (Deny) does not apply: Bool aws:MultiFactorAuthPresent true, the request has no such key"),
    ],
)  # fmt: skip
def test_what_one_policy_says(statement: dict[str, Any], says: str) -> None:
    (look,) = looks(asked(policy("team", statement)))
    assert (look.kind, look.policy, look.says) == ("identity-based policy", "team", (says,))
    assert look.decides is says.startswith("Allow by")


def test_the_statement_that_decides_is_marked_whatever_else_applies() -> None:
    forbids = policy("forbids", allow("s3:*"), allow("ecs:*") | {"Effect": "Deny", "Sid": "NoEcs"})
    made = asked(policy("team", allow()), forbids, boundary=policy("arn:aws:iam::1:policy/limit"))
    assert [(one.policy, one.decides) for one in looks(made)] == [
        ("team", False),
        ("forbids", True),
        ("limit", False),
    ]
    assert decided_by(made) == (
        "an explicit deny by statement NoEcs of the identity-based policy forbids"
    )
    assert verdict(made) == f"{DEV.arn} may not ecs:RunTask on {WEB}: {decided_by(made)}."


def test_a_boundary_that_is_silent_decides() -> None:
    made = asked(policy("team", allow()), boundary=policy("limit", allow("s3:*")))
    assert [(one.policy, one.says, one.decides) for one in looks(made)] == [
        ("team", ("Allow by statement 1",), False),
        ("limit", ("no statement on ecs:RunTask",), True),
    ]
    assert decided_by(made) == "no permissions boundary allows it"


def test_a_resource_policy_for_somebody_else() -> None:
    for_ops = allow(Principal={"AWS": "arn:aws:iam::123456789012:user/ops"})
    made = asked(resource=policy("queue policy", for_ops))
    (look,) = looks(made)
    assert look.says == ("statement 1 (Allow) does not apply: another principal",)
    assert not look.decides
    assert decided_by(made) == "no identity-based policy allows it"


def test_of_many_that_nearly_apply_three_are_told() -> None:
    many = [allow(on=f"arn:aws:ecs:*:*:task-definition/{number}:*") for number in range(5)]
    (look,) = looks(asked(policy("team", *many)))
    assert len(look.says) == 4
    assert look.says[-1] == "and 2 more that do not apply"


def test_every_part_of_a_condition_that_fails_is_told_and_what_holds_is_not() -> None:
    three = {**IN_PROD, **MFA, "StringEquals": {"aws:RequestTag/Team": "blue"}}
    (look,) = looks(asked(policy("team", allow(Condition=three))))
    (says,) = look.says
    assert says.split(": ", 1)[1].split(", ") == [
        "ArnEquals ecs:cluster arn:prod or arn:stage",
        "the request has arn:lab",
        "Bool aws:MultiFactorAuthPresent true",
        "the request has no such key",
    ]


def test_keys_are_spelled_as_aws_spells_them() -> None:
    assert keys(asked()) == (
        ("aws:RequestTag/team", "blue"),
        ("ecs:cluster", "arn:lab"),
        ("iam:PassedToService", "x"),
    )
