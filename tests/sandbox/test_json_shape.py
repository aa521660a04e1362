"""A JSON body against the model: what passes, what is refused, and where the text says it is."""

import json
from typing import Any

import pytest
from botocore.session import get_session

from course.sandbox.ecs.errors import Refused
from course.sandbox.json_shape import check_json

SESSION = get_session()


def check(service: str, operation: str, body: bytes | dict[str, Any]) -> str:
    """What a body is refused with; "" where it passes."""
    model = SESSION.get_service_model(service).operation_model(operation)
    try:
        check_json(model, body if isinstance(body, bytes) else json.dumps(body).encode())
    except Refused as refused:
        return str(refused)
    return ""


CONTAINER = {"name": "app", "image": "httpd"}
DETECTED = "1 validation error detected: "
NULL = "failed to satisfy constraint: Member must not be null"

PASSES: list[tuple[str, str, Any]] = [
    ("ecs", "ListClusters", b""),
    ("ecs", "ListClusters", b" \n"),
    ("ecs", "ListClusters", {}),
    ("ecs", "ListClusters", {"maxResults": 5, "nextToken": None}),
    ("ecs", "ListClusters", {"noSuchMember": [{}]}),
    ("ecs", "RunTask", {"taskDefinition": "web", "count": 2.0, "enableECSManagedTags": False}),
    ("ecs", "RegisterTaskDefinition", {"family": "web", "containerDefinitions": [CONTAINER]}),
    ("ecs", "RegisterTaskDefinition", {"family": "日本", "containerDefinitions": []}),
    ("logs", "PutLogEvents", {"logGroupName": "g", "logStreamName": "s", "logEvents": []}),
    ("events", "PutEvents", {"Entries": [{"Time": 1793000000, "Detail": "{}"}]}),
    ("events", "PutEvents", {"Entries": [{"Time": "2026-11-02T09:00:00Z"}]}),
    ("dynamodb", "PutItem", {"TableName": "t", "Item": {"id": {"B": "aGk="}, "n": {"N": "1"}}}),
    ("logs", "TagLogGroup", {"logGroupName": "g", "tags": {"a": "b"}}),
]


@pytest.mark.parametrize(("service", "operation", "body"), PASSES)
def test_passes(service: str, operation: str, body: Any) -> None:
    assert check(service, operation, body) == ""


# (service, operation, body, what it is refused with)
REFUSED: list[tuple[str, str, Any, str]] = [
    (
        "ecs",
        "ListClusters",
        b"[]",
        "SerializationException: The body of a request must be an object.",
    ),
    (
        "ecs",
        "ListClusters",
        b"null",
        "SerializationException: The body of a request must be an object.",
    ),
    (
        "ecs",
        "UpdateService",
        {"service": "web", "desiredCount": "2"},
        "SerializationException: STRING_VALUE cannot be converted to Integer (parameter desiredCount)",
    ),
    (
        "ecs",
        "StopTask",
        {"task": 7},
        "SerializationException: NUMBER_VALUE can not be converted to a String (parameter task)",
    ),
    (
        "ecs",
        "StopTask",
        {"task": True},
        "SerializationException: TRUE_VALUE can not be converted to a String (parameter task)",
    ),
    (
        "ecs",
        "StopTask",
        {"task": {"a": 1}},
        "SerializationException: Start of structure or map found where not expected (parameter task)",
    ),
    (
        "ecs",
        "DescribeTasks",
        {"tasks": "x"},
        "SerializationException: Expected list or null (parameter tasks)",
    ),
    (
        "ecs",
        "RegisterTaskDefinition",
        {"family": "web", "containerDefinitions": ["app"]},
        "SerializationException: Expected null (parameter containerDefinitions.1.member)",
    ),
    (
        "ecs",
        "RegisterTaskDefinition",
        {"family": "web", "containerDefinitions": [CONTAINER, {**CONTAINER, "cpu": "1"}]},
        "cannot be converted to Integer (parameter containerDefinitions.2.member.cpu)",
    ),
    (
        "ecs",
        "RegisterTaskDefinition",
        {"containerDefinitions": []},
        f"Value null at 'family' {NULL}",
    ),
    ("ecs", "DescribeTasks", {"tasks": [None]}, f"Value null at 'tasks.1.member' {NULL}"),
    (
        "logs",
        "PutLogEvents",
        {"logGroupName": "g", "logStreamName": "s", "logEvents": [{"message": "m"}]},
        f"InvalidParameterException: {DETECTED}Value null at 'logEvents.1.member.timestamp' {NULL}",
    ),
    (
        "events",
        "PutRule",
        {},
        f"ValidationException: {DETECTED}Value null at 'Name' {NULL}",
    ),
    ("ecs", "ListTasks", b'{"maxResults": 1e400}', "NUMBER_VALUE is out of range for Integer"),
    ("ecs", "ListTasks", {"maxResults": 2**31}, "NUMBER_VALUE is out of range for Integer"),
    ("ecs", "ListTasks", b'{"maxResults": NaN}', "NaN is no number in JSON"),
    ("ecs", "ListTasks", b'{"maxResults": ' + b"9" * 5000 + b"}", "The body is not JSON"),
    ("ecs", "ListTasks", b'{"cluster": "\xff"}', "The body is not JSON"),
    ("ecs", "ListTasks", '{"cluster": "lab"}'.encode("utf-16"), "The body is not JSON"),
    ("ecs", "ListTasks", b'{"cluster": "\\ud800"}', "Half of a surrogate pair is no text"),
    ("ecs", "ListTasks", b"{", "The body is not JSON"),
    ("ecs", "ListTasks", b"[" * 100_000, "nested too deeply"),
    ("ecs", "RunTask", {"taskDefinition": "web", "enableECSManagedTags": "yes"}, "to a Boolean"),
    ("events", "PutEvents", {"Entries": [{"Time": "teatime"}]}, "to a Timestamp"),
    ("events", "PutEvents", {"Entries": [{"Time": True}]}, "to a Timestamp"),
    ("events", "PutEvents", {"Entries": [{"Time": 1e300}]}, "to a Timestamp"),
    ("dynamodb", "PutItem", {"TableName": "t", "Item": {"id": {"B": "a"}}}, "to a Blob"),
    ("logs", "TagLogGroup", {"logGroupName": "g", "tags": {"a": 1}}, "(parameter tags.a.member)"),
    (
        "logs",
        "TagLogGroup",
        {"logGroupName": "g", "tags": 1},
        "Expected map or null (parameter tags)",
    ),
]


@pytest.mark.parametrize(("service", "operation", "body", "expected"), REFUSED)
def test_is_refused(service: str, operation: str, body: Any, expected: str) -> None:
    assert expected in check(service, operation, body)
