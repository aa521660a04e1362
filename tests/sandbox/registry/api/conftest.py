"""A registry in an open sandbox."""

import io
import json
import tarfile
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError
from botocore.session import get_session

from course import sandbox
from course.sandbox.sandbox import Sandbox


@pytest.fixture
def aws() -> Iterator[Sandbox]:
    with sandbox.open() as opened:
        yield opened


@pytest.fixture
def ecr(aws: Sandbox) -> Any:
    """A client that tries once: botocore would sleep before it tries a LimitExceeded again."""
    client = boto3.client("ecr", config=Config(retries={"total_max_attempts": 1}))
    client.create_repository(repositoryName="web")
    return client


@pytest.fixture
def refused() -> Any:
    """Call, and return the error that must come, of a class that the operation's model has."""
    model = get_session().get_service_model("ecr")

    def call(method: Any, **given: Any) -> tuple[str, str]:
        with pytest.raises(ClientError) as raised:
            method(**given)
        error = raised.value.response["Error"]
        operation = model.operation_model(raised.value.operation_name)
        assert error["Code"] in {shape.name for shape in operation.error_shapes}
        return error["Code"], error["Message"]

    return call


def archive(**packages: str) -> bytes:
    """A layer with these packages in Debian's list."""
    text = "".join(f"Package: {name}\nVersion: {v}\n\n" for name, v in packages.items())
    held = io.BytesIO()
    with tarfile.open(fileobj=held, mode="w") as tar:
        entry = tarfile.TarInfo("var/lib/dpkg/status")
        entry.size = len(text)
        tar.addfile(entry, io.BytesIO(text.encode()))
    return held.getvalue()


def policy(*rules: dict[str, Any]) -> str:
    """A policy of these selections, with priorities 1, 2, ..."""
    numbered = enumerate(rules, 1)
    made = [
        {"rulePriority": n, "selection": one, "action": {"type": "expire"}} for n, one in numbered
    ]
    return json.dumps({"rules": made})
