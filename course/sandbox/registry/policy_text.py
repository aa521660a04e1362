"""The text of a lifecycle policy: JSON, read and refused as ECR does.

What AWS has and the sandbox does not model (archiving an image, the time of its
last pull) is refused with words that say so.

AWS: https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_parameters.html
"""

import json
from collections.abc import Callable
from typing import Any

from course.sandbox.ecs.errors import Refused, invalid_parameter
from course.sandbox.registry.lifecycle_policy import Rule

REQUIRED = ("rulePriority", "selection", "action")
SELECTION = ("tagStatus", "countType", "countNumber")
LISTS = ("tagPatternList", "tagPrefixList")
TAG_STATUSES = ("any", "tagged", "untagged")
COUNT_TYPES = ("imageCountMoreThan", "sinceImagePushed")
UNMODELLED = ("sinceImagePulled", "sinceImageTransitioned")
WILDCARDS = 4


def read_policy(text: str) -> list[Rule]:
    """The rules of a policy, by priority. Raises Refused (InvalidParameterException)."""
    try:
        policy = json.loads(text)
    except (ValueError, RecursionError):
        policy = None
    if not isinstance(policy, dict):
        raise _invalid("Could not map policyString into LifecyclePolicy.")
    if not isinstance(policy.get("rules"), list):
        raise _invalid('object has missing required properties (["rules"])')
    rules = sorted(map(_rule, policy["rules"]), key=lambda one: one.priority)
    _check_together(rules)
    return rules


def _rule(held: Any) -> Rule:
    _check_object(held, REQUIRED, {*REQUIRED, "description"})
    _check_object(held["action"], ("type",), {"type", "targetStorageClass"})
    selection = held["selection"]
    _check_object(selection, SELECTION, {*SELECTION, *LISTS, "countUnit", "storageClass"})
    if held["action"]["type"] == "transition" or "storageClass" in selection:
        raise _unmodelled("archiving an image")
    _check_value(held["action"]["type"], ("expire",))
    if selection["countType"] in UNMODELLED:
        raise _unmodelled(selection["countType"])
    _check_value(selection["tagStatus"], TAG_STATUSES)
    _check_value(selection["countType"], COUNT_TYPES)
    rule = Rule(
        priority=_number(held["rulePriority"]),
        tag_status=selection["tagStatus"],
        count_type=selection["countType"],
        count_number=_number(selection["countNumber"]),
        patterns=_strings(selection.get("tagPatternList", [])),
        prefixes=_strings(selection.get("tagPrefixList", [])),
    )
    _check_selection(rule, selection)
    return rule


def _check_selection(rule: Rule, selection: dict[str, Any]) -> None:
    """What goes together within one rule."""
    if rule.tag_status == "tagged" and bool(rule.patterns) is bool(rule.prefixes):
        raise _invalid("tagged needs either tagPatternList or tagPrefixList")  # our words
    if rule.tag_status != "tagged" and any(name in selection for name in LISTS):
        raise _invalid(f"{' and '.join(LISTS)} are only for tagStatus tagged")  # our words
    by_age = rule.count_type == "sinceImagePushed"
    if selection.get("countUnit") != ("days" if by_age else None):
        raise _invalid(
            'countUnit is "days" for sinceImagePushed, and absent otherwise'
        )  # our words
    if any(pattern.count("*") > WILDCARDS for pattern in rule.patterns):
        raise _invalid(f"a tag pattern has at most {WILDCARDS} wildcards")  # our words


def _check_together(rules: list[Rule]) -> None:
    """What the rules of one policy may not do to each other."""
    if not rules:
        raise _invalid("a policy has at least one rule")  # our words
    checks: tuple[tuple[Callable[[Rule], Any], str], ...] = (
        (lambda one: one.priority, "rulePriority must be unique"),
        (
            lambda one: one.tag_status == "untagged" or one,
            "only one rule may select untagged images",
        ),
        (lambda one: one.prefixes or one, "the rules must have different tag prefixes"),
    )
    for key, words in checks:
        if len({key(rule) for rule in rules}) < len(rules):
            raise _invalid(words)  # our words
    if any(rule.tag_status == "any" for rule in rules[:-1]):
        raise _invalid("a rule with tagStatus any must have the highest rulePriority")  # our words


def _check_object(held: Any, required: tuple[str, ...], allowed: set[str]) -> None:
    if not isinstance(held, dict):
        raise _invalid("instance type does not match any allowed primitive type")
    absent = sorted(set(required) - held.keys())
    if absent:
        raise _invalid(f"object has missing required properties ({json.dumps(absent)})")
    more = sorted(held.keys() - allowed)
    if more:
        raise _invalid(
            "object instance has properties which are not allowed by the schema: "
            f"({json.dumps(more)})"
        )


def _check_value(value: Any, possible: tuple[str, ...]) -> None:
    if value not in possible:
        raise _invalid(
            f"instance value ({json.dumps(value)}) not found in enum (possible values: "
            f"{json.dumps(possible)})"
        )


def _number(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise _invalid("instance type does not match any allowed primitive type")
    if value < 1:
        raise _invalid(
            f"numeric instance is lower than the required minimum (minimum: 1, found: {value})"
        )
    return value


def _strings(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(one, str) and one for one in value):
        raise _invalid("instance type does not match any allowed primitive type")
    return tuple(value)


def _unmodelled(what: str) -> Refused:
    return _invalid(f"{what} is outside the sandbox; AWS has it")  # our words


def _invalid(why: str) -> Refused:
    return invalid_parameter(
        "Invalid parameter at 'LifecyclePolicyText' failed to satisfy constraint: "
        f"'Lifecycle policy validation failure: {why}'"
    )
