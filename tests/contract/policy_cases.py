"""Policies and requests made by chance from a seed, such as both evaluators take.

Everything in them means something to IAM: actions on resources of their own kind,
condition keys with values of their type. So that many decide, patterns are taken
from the request more often than not.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from random import Random
from typing import Any

ACCOUNT, OTHER = "123456789012", "210987654321"
REGION = "us-east-1"

RESOURCES = {
    "ecs:RunTask": f"arn:aws:ecs:{REGION}:{ACCOUNT}:task-definition/web:3",
    "ecs:StopTask": f"arn:aws:ecs:{REGION}:{ACCOUNT}:task/lab/0123456789abcdef0123456789abcdef",
    "ecs:DescribeServices": f"arn:aws:ecs:{REGION}:{ACCOUNT}:service/lab/web",
    "ecr:BatchGetImage": f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/team/web",
    "logs:CreateLogStream": f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/ecs/web:log-stream:app/web/1",
    "secretsmanager:GetSecretValue": f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:db-AbCdEf",
    "ssm:GetParameter": f"arn:aws:ssm:{REGION}:{ACCOUNT}:parameter/web/url",
    "sqs:SendMessage": f"arn:aws:sqs:{REGION}:{ACCOUNT}:orders",
}
WITH_POLICY = ("ecr:BatchGetImage", "secretsmanager:GetSecretValue", "sqs:SendMessage")
"""Actions on resources that have a policy of their own."""

TEXTS = {"aws:username": ("ann", "ben"), "aws:PrincipalTag/team": ("blue", "green", "Blue")}
ARNS = {
    "aws:PrincipalArn": (f"arn:aws:iam::{ACCOUNT}:user/ann", f"arn:aws:iam::{ACCOUNT}:user/ben")
}
NUMBERS = {"aws:MultiFactorAuthAge": ("5", "60", "3600")}
BOOLS = {"aws:SecureTransport": ("true", "false"), "aws:MultiFactorAuthPresent": ("true", "false")}
DATES = {
    "aws:CurrentTime": ("2026-01-01T00:00:00Z", "2026-06-01T12:00:00Z", "2026-12-31T23:59:59Z")
}
ADDRESSES = {"aws:SourceIp": ("203.0.113.7", "198.51.100.9", "10.0.0.5")}
LISTS = {"aws:TagKeys": ("team", "stage", "owner")}

OPERATORS: list[tuple[dict[str, tuple[str, ...]], tuple[str, ...]]] = [
    (TEXTS, ("StringEquals", "StringNotEquals", "StringLike", "StringNotLike",
             "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase")),
    (ARNS, ("ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike")),
    (NUMBERS, ("NumericEquals", "NumericNotEquals", "NumericLessThan", "NumericLessThanEquals",
               "NumericGreaterThan", "NumericGreaterThanEquals")),
    (BOOLS, ("Bool",)),
    (DATES, ("DateEquals", "DateNotEquals", "DateLessThan", "DateLessThanEquals",
             "DateGreaterThan", "DateGreaterThanEquals")),
    (ADDRESSES, ("IpAddress", "NotIpAddress")),
]  # fmt: skip


@dataclass(frozen=True)
class Case:
    """A request with all policies that speak of it; JSON-able, for the other evaluator."""

    number: int
    principal: str
    action: str
    resource: str
    context: dict[str, Any]
    identity: list[dict[str, Any]]
    boundary: dict[str, Any] | None
    session: dict[str, Any] | None
    resource_policy: dict[str, Any] | None

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def cases(seed: int, count: int) -> list[Case]:
    chance = Random(seed)
    return [_case(number, chance) for number in range(count)]


def _case(number: int, chance: Random) -> Case:
    action = chance.choice(list(RESOURCES))
    role = chance.random() < 0.4
    account = OTHER if action in WITH_POLICY and chance.random() < 0.2 else ACCOUNT
    principal = (
        f"arn:aws:sts::{account}:assumed-role/worker/one"
        if role
        else f"arn:aws:iam::{account}:user/ann"
    )
    limits = [_policy(chance, action) if chance.random() < 0.3 else None for _ in range(2)]
    return Case(
        number,
        principal,
        action,
        RESOURCES[action],
        _context(chance),
        [_policy(chance, action) for _ in range(chance.randint(0, 3))],
        limits[0],
        limits[1] if role else None,
        _policy(chance, action, principal)
        if action in WITH_POLICY and chance.random() < 0.7
        else None,
    )


def _context(chance: Random) -> dict[str, Any]:
    known: dict[str, Any] = {}
    for keys, _ in OPERATORS:
        for key, values in keys.items():
            if key != "aws:PrincipalArn" and chance.random() < 0.6:
                known[key] = chance.choice(values)
    for key, values in LISTS.items():
        if chance.random() < 0.5:
            known[key] = chance.sample(values, chance.randint(1, len(values)))
    return known


def _policy(chance: Random, action: str, principal: str | None = None) -> dict[str, Any]:
    version = "2012-10-17" if chance.random() < 0.85 else "2008-10-17"
    statements = [_statement(chance, action, principal) for _ in range(chance.randint(1, 3))]
    return {"Version": version, "Statement": statements}


def _statement(chance: Random, action: str, principal: str | None) -> dict[str, Any]:
    made: dict[str, Any] = {"Effect": "Allow" if chance.random() < 0.7 else "Deny"}
    made["NotAction" if chance.random() < 0.12 else "Action"] = _several(
        chance, _actions(chance, action)
    )
    made["NotResource" if chance.random() < 0.12 else "Resource"] = _several(
        chance, _resources(chance, RESOURCES[action])
    )
    if principal:
        made["Principal"] = _named(chance, principal)
    if chance.random() < 0.45:
        made["Condition"] = _condition(chance)
    return made


def _several(chance: Random, found: list[str]) -> Any:
    return found if len(found) > 1 or chance.random() < 0.5 else found[0]


def _actions(chance: Random, action: str) -> list[str]:
    service, _, name = action.partition(":")
    near = [action, action.upper().replace(service.upper(), service), f"{service}:*", "*",
            f"{service}:{name[:3]}*", f"{service}:{name[:-1]}?", "ec2:DescribeVpcs"]  # fmt: skip
    return chance.sample(near, chance.choice((1, 1, 2)))


def _resources(chance: Random, arn: str) -> list[str]:
    near = [arn, "*", arn[:-2] + "*", arn[:-1] + "?", arn.rsplit("/", 1)[0] + "/*",
            arn.replace(REGION, "*"), arn.replace(ACCOUNT, OTHER)]  # fmt: skip
    return chance.sample(near, chance.choice((1, 1, 2)))


def _named(chance: Random, principal: str) -> Any:
    account = principal.split(":")[4]
    role = f"arn:aws:iam::{account}:role/worker"
    near: list[Any] = [
        "*",
        {"AWS": "*"},
        {"AWS": f"arn:aws:iam::{account}:root"},
        {"AWS": account},
        {"AWS": principal},
        {"AWS": [role, f"arn:aws:iam::{account}:user/ben"]},
        {"Service": "ecs.amazonaws.com"},
    ]
    return chance.choice(near)


def _condition(chance: Random) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for _ in range(chance.choice((1, 1, 2))):
        if chance.random() < 0.12:
            made["Null"] = {"aws:username": chance.choice(("true", "false"))}
        elif chance.random() < 0.15:
            quantifier = chance.choice(("ForAllValues", "ForAnyValue"))
            made[f"{quantifier}:StringEquals"] = {
                "aws:TagKeys": _values(chance, LISTS["aws:TagKeys"])
            }
        else:
            keys, operators = chance.choice(OPERATORS)
            operator = chance.choice(operators) + ("IfExists" if chance.random() < 0.2 else "")
            key = chance.choice(list(keys))
            made[operator] = {key: _values(chance, keys[key], wild="Like" in operator)}
    return made


def _values(chance: Random, values: tuple[str, ...], *, wild: bool = False) -> Any:
    found = chance.sample(values, chance.randint(1, min(2, len(values))))
    if wild:
        found = [one[:-1] + "*" if chance.random() < 0.5 else one for one in found]
    return _several(chance, found)
