"""What a lifecycle policy may say, and how it is refused."""

import json
from typing import Any

import pytest

from course.sandbox.ecs.errors import Refused
from course.sandbox.registry.lifecycle_policy import Rule
from course.sandbox.registry.policy_text import read_policy


def rule(priority: Any = 1, action: Any = None, **selection: Any) -> dict[str, Any]:
    given = {"tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": 3}
    selection = {name: held for name, held in (given | selection).items() if held is not None}
    return {
        "rulePriority": priority,
        "selection": selection,
        "action": action or {"type": "expire"},
    }


TAGGED = {"tagStatus": "tagged", "tagPatternList": ["dev-*"]}
UNTAGGED = {"tagStatus": "untagged"}
BY_AGE = {"countType": "sinceImagePushed", "countUnit": "days"}


def test_rules_are_read_in_the_order_of_their_priority() -> None:
    text = json.dumps({"rules": [rule(7), rule(2, **TAGGED, **BY_AGE)]})
    assert read_policy(text) == [
        Rule(2, "tagged", "sinceImagePushed", 3, patterns=("dev-*",)),
        Rule(7, "any", "imageCountMoreThan", 3),
    ]


@pytest.mark.parametrize(
    ("rules", "words"),
    [
        ([], "at least one rule"),
        ([1], "primitive type"),
        ([{"selection": {}, "action": {}}], '"rulePriority"'),
        ([rule() | {"extra": 1}], '"extra"'),
        ([rule(0)], "minimum: 1, found: 0"),
        ([rule(True)], "primitive type"),
        ([rule(countNumber="3")], "primitive type"),
        ([rule(countType=None)], '"countType"'),
        ([rule(tagStatus="new")], "not found in enum"),
        ([rule(countType="size")], "not found in enum"),
        ([rule(action={"type": "keep"})], "not found in enum"),
        ([rule(action={"type": "transition", "targetStorageClass": "archive"})], "outside"),
        ([rule(countType="sinceImagePulled", countUnit="days")], "outside the sandbox"),
        ([rule(tagStatus="tagged")], "needs either"),
        ([rule(**TAGGED, tagPrefixList=["dev"])], "needs either"),
        ([rule(tagPrefixList=["dev"])], "only for tagStatus tagged"),
        ([rule(**TAGGED | {"tagPatternList": "dev"})], "primitive type"),
        ([rule(**TAGGED | {"tagPatternList": ["*a*b*c*d*e"]})], "at most 4 wildcards"),
        ([rule(countType="sinceImagePushed")], "countUnit"),
        ([rule(countUnit="days")], "countUnit"),
        ([rule(1), rule(1, **UNTAGGED)], "unique"),
        ([rule(1), rule(2, **UNTAGGED)], "highest rulePriority"),
        ([rule(1, **UNTAGGED), rule(2, **UNTAGGED)], "only one rule"),
        ([rule(n, tagStatus="tagged", tagPrefixList=["a"]) for n in (1, 2)], "different tag"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(rules: list[Any], words: str) -> None:
    with pytest.raises(Refused, match=words) as refused:
        read_policy(json.dumps({"rules": rules}))
    assert refused.value.code == "InvalidParameterException"


@pytest.mark.parametrize("text", ["", "[]", "{", "1", '{"rules": {}}', "[" * 5000])
def test_a_text_that_is_no_policy_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="Lifecycle policy validation failure"):
        read_policy(text)
