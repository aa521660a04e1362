"""What programs in containers say of calls that fail: botocore's words, and the codes of our own gate."""

from __future__ import annotations

import boto3
import pytest
from botocore import endpoint, exceptions
from botocore.retries import standard
from botocore.session import get_session

from course.sandbox.ecs import program_calls
from course.sandbox.identity import denials
from course.sandbox.workloads.images import catalogue

pytestmark = pytest.mark.contract

ACTIONS = sorted({one.name for image in catalogue().values() for one in image.actions})


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (exceptions.NoCredentialsError, program_calls.NO_CREDENTIALS),
        (exceptions.ConnectTimeoutError, program_calls.TIMED_OUT),
        (exceptions.EndpointConnectionError, program_calls.UNRESOLVED),
    ],
)
def test_the_words_are_botocores(error: type[exceptions.BotoCoreError], text: str) -> None:
    assert error.fmt.replace("{endpoint_url}", "{url}") == text


def test_a_client_error_reads_as_a_program_writes_it() -> None:
    given = {"Error": {"Code": "AccessDenied", "Message": "no"}}
    said = str(exceptions.ClientError(given, "ReceiveMessage"))
    assert said == "An error occurred (AccessDenied) when calling the ReceiveMessage operation: no"


def test_an_attempt_lasts_a_minute_and_there_are_three() -> None:
    client = boto3.Session(region_name="us-east-1", aws_access_key_id="a",
                           aws_secret_access_key="b").client("sqs")  # fmt: skip
    assert client.meta.config.retries["mode"] == "standard"
    attempts = standard.DEFAULT_MAX_ATTEMPTS
    assert endpoint.DEFAULT_TIMEOUT * attempts == program_calls.CONNECTING


@pytest.mark.parametrize("name", ACTIONS)
def test_what_programs_ask_for_are_operations_with_those_parameters(name: str) -> None:
    service, operation = name.split(":")
    model = get_session().get_service_model(service)
    members = model.operation_model(operation).input_shape.members
    for image in catalogue().values():
        for action in image.actions:
            if action.name == name:
                assert {one for one, _ in action.given} <= members.keys()
    assert model.protocol == denials.protocol_of(service)
    host = boto3.Session(region_name="eu-west-1", aws_access_key_id="a",
                         aws_secret_access_key="b").client(service).meta.endpoint_url  # fmt: skip
    assert host == f"https://{service}.eu-west-1.amazonaws.com"


@pytest.mark.parametrize("service", denials.PROTOCOLS)
def test_the_protocols_of_services_are_botocores(service: str) -> None:
    assert get_session().get_service_model(service).protocol == denials.PROTOCOLS[service]
