"""Errors in every service's own format, as botocore reads them."""

from collections.abc import Callable
from email.message import Message
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.parsers import create_parser
from botocore.session import get_session

from course.sandbox import refusals
from course.sandbox.ecs.errors import Refused

SESSION = get_session()
TEXT = 'No <b>such</b> "thing" & others\x00: ñ'

FORM = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}
JSON = {"Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": "X.DoIt"}
CBOR = {"Content-Type": "application/cbor", "Smithy-Protocol": "rpc-v2-cbor"}


def request(headers: dict[str, str], method: str = "POST", **values: str) -> Any:
    held = Message()
    for name, value in headers.items():
        held[name] = value
    return SimpleNamespace(headers=held, method=method, values=values)


def signed(service: str) -> dict[str, str]:
    scope = f"Credential=KEY/20261102/us-east-1/{service}/aws4_request"
    return {"Authorization": f"AWS4-HMAC-SHA256 {scope}, SignedHeaders=host, Signature=0"}


def read(protocol: str, answer: refusals.Answer, service: str, operation: str) -> dict[str, Any]:
    """The error in an answer as botocore's parser of that protocol has it."""
    status, headers, body = answer
    assert status == 400
    shape = SESSION.get_service_model(service).operation_model(operation).output_shape
    raw = {
        "status_code": status,
        "headers": headers,
        "body": body if isinstance(body, bytes) else body.encode(),
    }
    return dict(create_parser(protocol).parse(raw, shape)["Error"])


SPEAKERS = [
    ("json", JSON, "ecs", "ListClusters"),
    ("query", FORM, "iam", "ListUsers"),
    ("query", FORM, "elbv2", "DescribeTags"),
    ("ec2", FORM, "ec2", "DescribeVpcs"),
    ("rest-json", {}, "eks", "ListClusters"),
    ("rest-xml", {}, "s3", "ListBuckets"),
    ("rest-xml", {}, "route53", "ListHostedZones"),
    ("smithy-rpc-v2-cbor", CBOR, "cloudwatch", "ListMetrics"),
]


@pytest.mark.parametrize(("protocol", "headers", "service", "operation"), SPEAKERS)
@pytest.mark.parametrize("known", [True, False])
def test_a_refusal_is_read_by_botocore(
    protocol: str, headers: dict[str, str], service: str, operation: str, known: bool
) -> None:
    signing = "elasticloadbalancing" if service == "elbv2" else service
    asked = request({**headers, **({} if known else signed(signing))})
    answer = refusals.refuse(asked, service if known else None, "Nope", TEXT)
    error = read(protocol, answer, service, operation)
    assert error["Code"] == "Nope"
    expected = TEXT if "json" in protocol or "cbor" in protocol else TEXT.replace("\x00", "?")
    assert error["Message"] == expected


PAGE = "<!doctype html>\n<title>500 Internal Server Error</title>"


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ((500, {}, PAGE), "SandboxFailure"),
        ((500, {}, '{"__type": "InternalFailure", "message": "x"}'), "InternalFailure"),
        ((404, {}, PAGE), "SandboxFailure"),
        ((404, {}, ""), "UnknownOperationException"),
        ((403, {}, "<R><Code>AccessDenied</Code><Message>Not you</Message></R>"), "AccessDenied"),
        ((400, {}, "[" * 100_000), "SandboxFailure"),
    ],
)
def test_an_answer_no_client_could_read_is_replaced(answer: refusals.Answer, code: str) -> None:
    made = refusals.readable(answer, request(JSON), "ecs", "DoIt")
    assert read("json", made, "ecs", "ListClusters")["Code"] == code


@pytest.mark.parametrize(
    "answer",
    [
        (200, {}, "[]"),
        (400, {}, '{"__type": "ClientException", "message": "x"}'),
        (400, {"x-amzn-ErrorType": "ClientException"}, '{"message": "x"}'),
    ],
)
def test_an_answer_that_clients_read_is_left_alone(answer: refusals.Answer) -> None:
    assert refusals.readable(answer, request(JSON), "ecs", "DoIt") is answer


def test_a_head_request_has_no_body_to_read() -> None:
    answer: refusals.Answer = (404, {}, "")
    assert refusals.readable(answer, request({}, "HEAD"), "s3", "HeadBucket") is answer


class Page(Exception):
    def get_body(self) -> str:
        return "<h1>Bad Request</h1>"


@pytest.mark.parametrize(
    ("error", "code", "text"),
    [
        (lambda: Refused("ClientException", "Because."), "ClientException", "Because."),
        (lambda: NotImplementedError("x"), "NotImplemented", "does not model DoIt;"),
        (lambda: KeyError("x"), "SandboxFailure", "failed at DoIt (KeyError: 'x'). A parameter"),
        (lambda: Page(), "SandboxFailure", "could not answer DoIt: Page."),
        (lambda: ValueError("x" * 9000), "SandboxFailure", "xxx ...)"),
    ],
)
def test_what_was_raised_is_explained(
    error: Callable[[], Exception], code: str, text: str, caplog: pytest.LogCaptureFixture
) -> None:
    found, message = refusals.explain(error(), "DoIt")
    assert found == code and text in message
    assert len(message) < 600


def test_an_operation_that_the_service_does_not_have() -> None:
    with pytest.raises(Refused) as raised:
        refusals.modelled_operation(request({**JSON, "X-Amz-Target": "X.SetupClass"}), "ecs")
    assert str(raised.value) == (
        "UnknownOperationException: The service has no operation SetupClass."
    )
    with pytest.raises(Refused, match="InvalidAction"):
        refusals.modelled_operation(request(FORM, Action="Nothing"), "iam")


def test_the_operation_is_the_targets_whatever_the_body_says() -> None:
    asked = request(JSON | {"X-Amz-Target": "X.ListClusters"}, Action="DeleteCluster")
    found = refusals.modelled_operation(asked, "ecs")
    assert found is not None and found.name == "ListClusters"
