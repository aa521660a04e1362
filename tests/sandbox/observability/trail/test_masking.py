"""What CloudTrail writes of parameters and answers: by botocore's own models."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.session import get_session

from course.sandbox.observability.trail.masking import HIDDEN, LARGEST, shown

MODELS = get_session()


def parameters(service: str, operation: str, *, hidden: str | None = HIDDEN, **given: Any) -> Any:
    model = MODELS.get_service_model(service).operation_model(operation)
    text = shown(given, model.input_shape, hidden=hidden)
    return json.loads(text) if text else None


@pytest.mark.parametrize(
    ("service", "operation", "given", "found"),
    [
        ("ecs", "ListServices", {"cluster": "lab"}, {"cluster": "lab"}),
        ("ecs", "ListClusters", {}, None),
        ("iam", "CreateUser", {"UserName": "dev"}, {"userName": "dev"}),
        (
            "ssm",
            "PutParameter",
            {"Name": "p", "Value": "s3cret"},
            {"name": "p", "value": HIDDEN},
        ),
        (
            "iam",
            "CreateLoginProfile",
            {"UserName": "dev", "Password": "s3cret"},
            {"userName": "dev", "password": HIDDEN},
        ),
        (
            "ecs",
            "RegisterTaskDefinition",
            {
                "family": "web",
                "containerDefinitions": [
                    {"name": "app", "environment": [{"name": "KEY", "value": "s3cret"}]}
                ],
            },
            {
                "family": "web",
                "containerDefinitions": [{"name": "app", "environment": HIDDEN}],
            },
        ),
        (
            "events",
            "PutRule",
            {"Name": "r", "EventPattern": "{}", "Tags": [{"Key": "A", "Value": "b"}]},
            {"name": "r", "eventPattern": "{}", "tags": [{"key": "A", "value": "b"}]},
        ),
        ("ecs", "ListServices", {"cluster": "lab", "nonsense": 1}, {"cluster": "lab"}),
    ],
)
def test_what_is_written(service: str, operation: str, given: Any, found: Any) -> None:
    assert parameters(service, operation, **given) == found


def test_secrets_manager_leaves_its_values_out() -> None:
    given = {"Name": "p", "SecretString": "s3cret"}
    assert parameters("secretsmanager", "CreateSecret", hidden=None, **given) == {"name": "p"}


def test_bytes_are_left_out_and_times_are_words() -> None:
    told = parameters("cloudtrail", "LookupEvents", StartTime=datetime(2026, 11, 2, 9, tzinfo=UTC))
    assert told == {"startTime": "Nov 2, 2026, 9:00:00 AM"}
    part = {"repositoryName": "app", "layerPartBlob": b"abc"}
    assert parameters("ecr", "UploadLayerPart", **part) == {"repositoryName": "app"}


def test_what_is_too_long_is_left_out_whole() -> None:
    assert parameters("events", "PutRule", Name="r", EventPattern="x" * LARGEST) is None
