"""Which events a pattern takes: by table, as the user guide has it, with what moto gets wrong beside it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from course.sandbox.observability.eventbridge.filters import BadPattern
from course.sandbox.observability.eventbridge.pattern import read_pattern

EVENT = {
    "version": "0",
    "source": "aws.ecs",
    "detail-type": "ECS Task State Change",
    "account": "123456789012",
    "resources": ["arn:a", "arn:b"],
    "detail": {
        "lastStatus": "STOPPED",
        "stopCode": "EssentialContainerExited",
        "version": 6,
        "cpu": "256",
        "price": 0.5,
        "flag": True,
        "nothing": None,
        "empty": "",
        "none": [],
        "address": "10.0.1.17",
        "file": "a/b.png",
        "star": "a*b\\c",
        "containers": [
            {"name": "app", "exitCode": 1},
            {"name": "proxy", "exitCode": 0},
        ],
    },
}


def takes(pattern: Any, event: Any = EVENT) -> bool:
    return read_pattern(json.dumps(pattern)).matches(event)


def detail(name: str, *tests: Any) -> dict[str, Any]:
    return {"detail": {name: list(tests)}}


TABLE = [
    # exact
    ({"source": ["aws.ecs"]}, True),
    ({"source": ["aws.ec2"]}, False),
    ({"source": ["aws.ec2", "aws.ecs"]}, True),
    ({"source": ["AWS.ECS"]}, False),
    ({"source": ["aws.ecs"], "detail-type": ["Other"]}, False),
    (detail("version", 6), True),
    (detail("version", 6.0), True),
    (detail("version", "6"), False),
    (detail("cpu", 256), False),
    (detail("flag", True), True),
    (detail("flag", 1), False),
    (detail("nothing", None), True),
    (detail("empty", ""), True),
    (detail("missing", None), False),
    (detail("missing", ""), False),
    # lists in the event
    ({"resources": ["arn:b"]}, True),
    ({"resources": ["arn:c"]}, False),
    (detail("none", "a"), False),
    ({"detail": {"containers": {"name": ["proxy"]}}}, True),
    ({"detail": {"containers": {"name": ["app"], "exitCode": [1]}}}, True),
    ({"detail": {"containers": {"name": ["app"], "exitCode": [0]}}}, False),
    # prefix, suffix
    (detail("stopCode", {"prefix": "Essential"}), True),
    (detail("stopCode", {"prefix": "essential"}), False),
    (detail("stopCode", {"prefix": {"equals-ignore-case": "essential"}}), True),
    (detail("version", {"prefix": "6"}), False),
    (detail("file", {"suffix": ".png"}), True),
    (detail("file", {"suffix": ".PNG"}), False),
    (detail("file", {"suffix": {"equals-ignore-case": ".PNG"}}), True),
    # anything-but
    (detail("lastStatus", {"anything-but": "RUNNING"}), True),
    (detail("lastStatus", {"anything-but": "STOPPED"}), False),
    (detail("lastStatus", {"anything-but": ["STOPPED", "PENDING"]}), False),
    (detail("version", {"anything-but": [6, 7]}), False),
    (detail("version", {"anything-but": [5, 7]}), True),
    (detail("missing", {"anything-but": "x"}), False),
    (detail("lastStatus", {"anything-but": {"prefix": "STOP"}}), False),
    (detail("lastStatus", {"anything-but": {"prefix": ["RUN", "PEND"]}}), True),
    (detail("file", {"anything-but": {"suffix": ".png"}}), False),
    (detail("file", {"anything-but": {"suffix": [".gif", ".jpg"]}}), True),
    (detail("lastStatus", {"anything-but": {"equals-ignore-case": "stopped"}}), False),
    (detail("lastStatus", {"anything-but": {"equals-ignore-case": ["running", "pending"]}}), True),
    (detail("file", {"anything-but": {"wildcard": "*/b.*"}}), False),
    ({"resources": [{"anything-but": "arn:a"}]}, True),
    # numeric
    (detail("version", {"numeric": [">", 5]}), True),
    (detail("version", {"numeric": [">", 6]}), False),
    (detail("version", {"numeric": [">=", 6, "<", 7]}), True),
    (detail("version", {"numeric": ["=", 6]}), True),
    (detail("price", {"numeric": [">", 0, "<=", 0.5]}), True),
    (detail("cpu", {"numeric": ["=", 256]}), False),
    (detail("flag", {"numeric": ["=", 1]}), False),
    # exists
    (detail("stopCode", {"exists": True}), True),
    (detail("stopCode", {"exists": False}), False),
    (detail("missing", {"exists": False}), True),
    (detail("missing", {"exists": True}), False),
    (detail("nothing", {"exists": True}), True),
    ({"detail": [{"exists": True}]}, False),
    ({"detail": {"a": {"b": [{"exists": False}]}}}, True),
    # equals-ignore-case, wildcard, cidr
    (detail("lastStatus", {"equals-ignore-case": "Stopped"}), True),
    (detail("lastStatus", {"equals-ignore-case": "Stop"}), False),
    (detail("file", {"wildcard": "*/*.png"}), True),
    (detail("file", {"wildcard": "*.gif"}), False),
    (detail("file", {"wildcard": "a/b.png"}), True),
    (detail("star", {"wildcard": "a\\*b\\\\c"}), True),
    (detail("file", {"wildcard": "a\\*"}), False),
    (detail("address", {"cidr": "10.0.1.0/24"}), True),
    (detail("address", {"cidr": "10.0.2.0/24"}), False),
    (detail("address", {"cidr": "10.0.1.17/32"}), True),
    (detail("file", {"cidr": "10.0.1.0/24"}), False),
    # $or
    ({"$or": [{"source": ["aws.ec2"]}, {"account": ["123456789012"]}]}, True),
    ({"$or": [{"source": ["aws.ec2"]}, {"account": ["1"]}]}, False),
    ({"source": ["aws.ecs"], "$or": [{"account": ["1"]}, {"account": ["2"]}]}, False),
    (
        {
            "detail": {
                "$or": [{"version": [{"numeric": [">", 9]}]}, {"lastStatus": ["STOPPED"]}],
                "flag": [True],
            }
        },
        True,
    ),
]


@pytest.mark.parametrize(("pattern", "taken"), TABLE, ids=[json.dumps(one) for one, _ in TABLE])
def test_the_table(pattern: Any, taken: bool) -> None:
    assert takes(pattern) is taken


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "Filter is not valid JSON"),
        ("[]", "Filter is not an object"),
        ("{}", "Empty objects are not allowed"),
        ('{"source": "aws.ecs"}', '"source" must be an object or an array'),
        ('{"source": []}', "Empty arrays are not allowed"),
        ('{"source": [["a"]]}', "Match value must be String, number, true, false, or null"),
        ('{"detail": {}}', "Empty objects are not allowed"),
        ('{"source": [{}]}', "Match expression name not found"),
        ('{"source": [{"suffixx": "a"}]}', "Unrecognized match type suffixx"),
        ('{"source": [{"prefix": "a", "suffix": "b"}]}', "Only one key allowed"),
        ('{"source": [{"prefix": ["a"]}]}', "prefix match pattern must be a string"),
        ('{"source": [{"exists": "yes"}]}', "exists match pattern must be either true or false"),
        ('{"source": [{"numeric": 5}]}', "Value of numeric must be an array"),
        ('{"source": [{"numeric": ["!", 5]}]}', "Unrecognized numeric range operator"),
        ('{"source": [{"numeric": [">", "5"]}]}', "Value of > must be numeric"),
        ('{"source": [{"anything-but": ["a", 1]}]}', "mixed type is not supported"),
        ('{"source": [{"anything-but": {"cidr": "a"}}]}', "Unsupported anything-but pattern: cidr"),
        ('{"source": [{"anything-but": {"prefix": ""}}]}', "Null prefix/suffix not allowed"),
        ('{"source": [{"wildcard": "a**b"}]}', "Consecutive wildcard"),
        ('{"source": [{"wildcard": "a\\\\b"}]}', "Invalid escape"),
        ('{"source": [{"cidr": "10.0.0.0/99"}]}', "Malformed CIDR"),
        ('{"$or": {"source": ["a"]}}', "It must be an Array followed with $or."),
        ('{"$or": [{"source": ["a"]}]}', "at least 2 Objects"),
        ('{"$or": [{"source": ["a"]}, 1]}', "Only JSON object is allowed"),
    ],
)
def test_what_is_no_pattern(text: str, reason: str) -> None:
    with pytest.raises(BadPattern) as raised:
        read_pattern(text)
    assert reason in str(raised.value)


def test_where_motos_own_matcher_says_otherwise() -> None:
    """Why the matcher is ours: 1 and true are one to it, and it looks into no list of objects."""
    from moto.events.models import EventPattern

    def motos(pattern: Any) -> bool:
        return bool(EventPattern.load(json.dumps(pattern)).matches_event(EVENT))

    differ = [pattern for pattern, taken in TABLE if motos(pattern) is not taken]
    assert differ == [
        detail("flag", 1),
        {"detail": {"containers": {"name": ["proxy"]}}},
        {"detail": {"containers": {"name": ["app"], "exitCode": [1]}}},
        detail("flag", {"numeric": ["=", 1]}),
    ]
