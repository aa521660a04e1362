"""Every condition operator, and what happens without the key."""

from typing import Any

import pytest

from course.sandbox.authorize.conditions import holds
from course.sandbox.authorize.patterns import context

REQUEST = context(
    {
        "aws:username": "ana",
        "ecs:cluster": "arn:aws:ecs:us-east-1:123456789012:cluster/lab",
        "aws:SourceIp": "203.0.113.7",
        "aws:CurrentTime": "2026-11-02T09:00:00Z",
        "aws:SecureTransport": True,
        "s3:max-keys": 10,
        "aws:TagKeys": ["team", "stage"],
        "none": [],
    }
)


@pytest.mark.parametrize(
    ("operator", "key", "wanted", "expected"),
    [
        ("StringEquals", "aws:username", "ana", True),
        ("StringEquals", "AWS:UserName", "ana", True),
        ("StringEquals", "aws:username", "Ana", False),
        ("StringEquals", "aws:username", "a*", False),
        ("StringEquals", "aws:username", ["bob", "ana"], True),
        ("StringEquals", "aws:username", "${aws:username}", True),
        ("StringNotEquals", "aws:username", "bob", True),
        ("StringNotEquals", "aws:username", ["bob", "ana"], False),
        ("StringEqualsIgnoreCase", "aws:username", "ANA", True),
        ("StringNotEqualsIgnoreCase", "aws:username", "ANA", False),
        ("StringLike", "aws:username", "a?a", True),
        ("StringNotLike", "aws:username", "a*", False),
        ("ArnEquals", "ecs:cluster", "arn:aws:ecs:*:*:cluster/lab", True),
        ("ArnLike", "ecs:cluster", "arn:aws:ecs:us-east-1:123456789012:cluster/*", True),
        ("ArnLike", "ecs:cluster", "arn:aws:ecs:*:cluster/lab", False),
        ("ArnNotEquals", "ecs:cluster", "arn:aws:ecs:*:*:cluster/other", True),
        ("ArnNotLike", "ecs:cluster", "arn:aws:ecs:*:*:cluster/l*", False),
        ("IpAddress", "aws:SourceIp", "203.0.113.0/24", True),
        ("IpAddress", "aws:SourceIp", "203.0.113.7", True),
        ("IpAddress", "aws:SourceIp", "2001:db8::/32", False),
        ("IpAddress", "aws:SourceIp", "nonsense", False),
        ("NotIpAddress", "aws:SourceIp", "10.0.0.0/8", True),
        ("DateLessThan", "aws:CurrentTime", "2026-11-02T09:00:01Z", True),
        ("DateLessThan", "aws:CurrentTime", "2026-11-02T09:00:00Z", False),
        ("DateLessThanEquals", "aws:CurrentTime", "2026-11-02T10:00:00+01:00", True),
        ("DateGreaterThan", "aws:CurrentTime", "2026-11-02", True),
        ("DateGreaterThanEquals", "aws:CurrentTime", "1793610000", True),
        ("DateEquals", "aws:CurrentTime", "2026-11-02T09:00:00Z", True),
        ("DateNotEquals", "aws:CurrentTime", "2026-11-02T09:00:00Z", False),
        ("DateLessThan", "aws:CurrentTime", "tomorrow", False),
        ("NumericEquals", "s3:max-keys", "10", True),
        ("NumericEquals", "s3:max-keys", 10.0, True),
        ("NumericNotEquals", "s3:max-keys", "10", False),
        ("NumericLessThan", "s3:max-keys", "11", True),
        ("NumericLessThanEquals", "s3:max-keys", "10", True),
        ("NumericGreaterThan", "s3:max-keys", "9", True),
        ("NumericGreaterThanEquals", "s3:max-keys", "11", False),
        ("NumericLessThan", "s3:max-keys", "many", False),
        ("Bool", "aws:SecureTransport", "true", True),
        ("Bool", "aws:SecureTransport", True, True),
        ("Bool", "aws:SecureTransport", "false", False),
        ("BinaryEquals", "aws:username", "ana", True),
        ("Null", "aws:username", "false", True),
        ("Null", "aws:username", True, False),
        ("Null", "aws:TokenIssueTime", "true", True),
        ("Null", "none", "true", True),
        ("ForAllValues:StringEquals", "aws:TagKeys", ["team", "stage", "more"], True),
        ("ForAllValues:StringEquals", "aws:TagKeys", ["team"], False),
        ("ForAnyValue:StringEquals", "aws:TagKeys", ["stage"], True),
        ("ForAnyValue:StringLike", "aws:TagKeys", "x*", False),
        ("ForAllValues:StringNotEquals", "aws:TagKeys", ["team"], False),
        ("ForAnyValue:StringNotEquals", "aws:TagKeys", ["team"], True),
        ("StringApproximately", "aws:username", "ana", False),
    ],
)
def test_operators(operator: str, key: str, wanted: Any, expected: bool) -> None:
    assert holds({operator: {key: wanted}}, REQUEST) is expected


@pytest.mark.parametrize(
    ("operator", "expected"),
    [
        ("StringEquals", False),
        ("StringLike", False),
        ("ArnLike", False),
        ("NumericLessThan", False),
        ("Bool", False),
        ("StringNotEquals", True),
        ("StringNotLike", True),
        ("ArnNotLike", True),
        ("NotIpAddress", True),
        ("StringEqualsIfExists", True),
        ("ArnLikeIfExists", True),
        ("BoolIfExists", True),
        ("ForAllValues:StringEquals", True),
        ("ForAnyValue:StringEquals", False),
        ("ForAnyValue:StringNotEquals", False),
        ("ForAnyValue:StringLikeIfExists", True),
    ],
)
@pytest.mark.parametrize("key", ["aws:missing", "none"])
def test_a_key_that_the_request_does_not_have(operator: str, expected: bool, key: str) -> None:
    assert holds({operator: {key: "x"}}, REQUEST) is expected


def test_if_exists_still_compares_what_exists() -> None:
    assert not holds({"StringEqualsIfExists": {"aws:username": "bob"}}, REQUEST)


def test_every_operator_and_every_key_has_to_hold() -> None:
    both = {"StringEquals": {"aws:username": "ana"}, "Bool": {"aws:SecureTransport": "true"}}
    assert holds(both, REQUEST)
    assert not holds({**both, "Bool": {"aws:SecureTransport": "false"}}, REQUEST)
    keys = {"StringEquals": {"aws:username": "ana", "aws:missing": "x"}}
    assert not holds(keys, REQUEST)


def test_an_older_policy_has_no_variables() -> None:
    assert not holds(
        {"StringEquals": {"aws:username": "${aws:username}"}}, REQUEST, variables=False
    )


@pytest.mark.parametrize("condition", ["no", [], {"StringEquals": "no"}, 3])
def test_what_is_no_condition_never_holds(condition: Any) -> None:
    assert not holds(condition, REQUEST)
