"""What a target is given of an event: all, a part, a constant, a text."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from course.sandbox.observability.eventbridge.event import Event
from course.sandbox.observability.eventbridge.message import MISSING, BadPath, at, message

EVENT = Event(
    id="1",
    source="aws.ecs",
    detail_type="ECS Task State Change",
    region="us-east-1",
    account="123456789012",
    when=datetime(2026, 11, 2, 9, tzinfo=UTC),
    detail={
        "group": "service:web",
        "reason": 'said "no"',
        "version": 6,
        "containers": [{"name": "app"}, {"name": "proxy"}],
    },
    resources=("arn:task",),
)


def transformed(template: str, **paths: str) -> str:
    transformer: dict[str, Any] = {"InputTemplate": template, "InputPathsMap": paths}
    return message({"InputTransformer": transformer}, EVENT, ("arn:rule", "alert"))


def test_the_whole_event() -> None:
    told = json.loads(message({}, EVENT))
    assert list(told) == [
        *("version", "id", "detail-type", "source", "account", "time", "region", "resources"),
        "detail",
    ]
    assert (told["version"], told["time"]) == ("0", "2026-11-02T09:00:00Z")


def test_a_constant_is_given_as_it_was_written() -> None:
    assert message({"Input": '{ "a": 1 }'}, EVENT) == '{ "a": 1 }'


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("$", None),
        ("$.detail.group", "service:web"),
        ("$.detail.version", 6),
        ("$.resources[0]", "arn:task"),
        ("$.detail.containers[1].name", "proxy"),
        ("$.detail.containers[*].name", ["app", "proxy"]),
        ("$.detail-type", "ECS Task State Change"),
        ("$['detail']['group']", "service:web"),
        ("$.detail.missing", MISSING),
        ("$.resources[7]", MISSING),
        ("$.source.deeper", MISSING),
    ],
)
def test_paths(path: str, found: Any) -> None:
    value = at(EVENT.envelope, path)
    assert value == (EVENT.envelope if found is None else found)


@pytest.mark.parametrize(
    "path", ["", "detail", "$detail", "$..detail", "$.a[b]", "$.detail[?(@.a)]"]
)
def test_what_is_no_path(path: str) -> None:
    with pytest.raises(BadPath):
        at({}, path)


def test_a_part_and_a_part_that_is_missing() -> None:
    assert message({"InputPath": "$.detail.version"}, EVENT) == "6"
    assert message({"InputPath": "$.detail.missing"}, EVENT) == ""


@pytest.mark.parametrize(
    ("template", "found"),
    [
        ('"<g> has version <v>"', '"service:web has version 6"'),
        ('{"group": <g>, "version": <v>}', '{"group": "service:web", "version": 6}'),
        ('{"containers": <c>}', '{"containers": [{"name":"app"},{"name":"proxy"}]}'),
        ('"why: <r>"', '"why: said \\"no\\""'),
        ('{"gone": "<m>"}', '{"gone": ""}'),
        ('"<unknown>"', '"<unknown>"'),
        ('"<aws.events.rule-name> of <aws.events.rule-arn>"', '"alert of arn:rule"'),
    ],
)
def test_templates(template: str, found: str) -> None:
    given = {"g": "$.detail.group", "v": "$.detail.version", "c": "$.detail.containers"}
    assert transformed(template, r="$.detail.reason", m="$.detail.missing", **given) == found


def test_the_whole_event_in_a_template() -> None:
    assert json.loads(transformed("<aws.events.event.json>")) == EVENT.envelope
    assert "detail" not in json.loads(transformed('{"e": <aws.events.event>}'))["e"]
