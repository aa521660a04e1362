"""What operations of other services than ECS ask of IAM, from a table (``other_actions.toml``).

Most are asked on the one resource that a parameter names. What no row speaks of is
asked on ``*``, so that a policy has to allow it on ``*``, as AWS wants of actions
without resource-level permissions.

AWS: https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
"""

import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from course.sandbox.identity.asked import Asked, Call, tag_keys
from course.sandbox.identity.through_services import asked_of_kms, key_of_ciphertext

Roles = Callable[[str], str | None]
"""The ARN of the role in an instance profile, by its name or ARN."""


@cache
def _table() -> dict[str, Any]:
    text = (files("course.sandbox.identity") / "other_actions.toml").read_text("utf-8")
    return tomllib.loads(text)


def asked_elsewhere(call: Call, role_in_profile: Roles) -> Iterator[Asked]:
    """Everything a call asks, in the order in which it is decided: itself, then roles passed."""
    if f"{call.service}.{call.operation}" in _table()["free"]["operations"]:
        return
    keys = tag_keys(_tags(call.given))
    shown = _as_named(call)
    for resource in _resources(call):
        yield Asked(action_of(call), resource, keys, shown)
    yield from asked_of_kms(call)
    for row in _table()["passes"]:
        if row["operation"] == f"{call.service}.{call.operation}":
            for role in _roles(call.given.get(row["parameter"]), call, role_in_profile):
                yield Asked("iam:PassRole", role, {"iam:PassedToService": row["to"]})


def action_of(call: Call) -> str:
    """The IAM action of an operation; API Gateway's actions are the methods of HTTP."""
    prefix = _table()["prefix"].get(call.service, call.service)
    if prefix == "apigateway":
        return f"apigateway:{call.method}"
    named = f"{call.service}.{call.operation}"
    return f"{prefix}:{_table()['action'].get(named, call.operation)}"


def _resources(call: Call) -> list[str]:
    if call.service == "apigatewayv2":
        return [f"arn:aws:apigateway:{call.region}::{call.path.removeprefix('/v2')}"]
    key = key_of_ciphertext(call)
    if key:
        return [call.arn("kms", f"key/{key}")]
    for row in _table()["on"]:
        given = next((call.given[one] for one in row["parameter"] if call.given.get(one)), None)
        if row["service"] == call.service and given:
            values = given if isinstance(given, list) else [given]
            return [_arn(row["arn"], str(value), call) for value in values]
    return ["*"]


def _tags(given: Mapping[str, Any]) -> Any:
    """The tags in a call; EC2 gives them for each kind of resource that it makes."""
    for_kinds = given.get("TagSpecifications") or given.get("TagSpecification") or []
    found = [one for each in for_kinds for one in each.get("Tags") or []]
    return found or given.get("Tags") or given.get("tags")


def _as_named(call: Call) -> str:
    """A secret that was named without its ARN is printed as it was named; "" says that it was not.

    nautobot-app-secrets-providers#64 (2022-12), awscdk-resources-mongodbatlas#207 (2024-02).
    """
    return str(call.given.get("SecretId") or "") if call.service == "secretsmanager" else ""


def _arn(template: str, value: str, call: Call) -> str:
    if value.startswith("arn:"):
        return value
    short = value.rsplit("/", 1)[-1] if "://" in value else value.removeprefix("/")
    if ":log-group:" in template:
        short = value
    texts = {name: one for name, one in call.given.items() if isinstance(one, str)}
    known = {"value": short, "region": call.region, "account": call.account}
    return template.format_map(defaultdict(str, {**texts, **known}))


def _roles(given: Any, call: Call, role_in_profile: Roles) -> Iterator[str]:
    """The roles in a parameter: a name or ARN, an instance profile, targets with a RoleArn."""
    for one in given if isinstance(given, list) else [given]:
        if isinstance(one, Mapping):
            profile = one.get("Arn") if "RoleArn" not in one else None
            named = one.get("RoleArn") or one.get("Name") or profile
            found = named if "RoleArn" in one else role_in_profile(str(named or ""))
        else:
            found = one
        if found:
            yield found if found.startswith("arn:") else f"arn:aws:iam::{call.account}:role/{found}"
