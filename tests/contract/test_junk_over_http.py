"""The tables of ``test_junk.py`` once more, as raw HTTP through the endpoint's real server."""

from __future__ import annotations

import http.client
import json
import re
import socket
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from botocore.parsers import create_parser
from botocore.session import get_session

from course import sandbox
from course.sandbox.endpoint.server import Endpoint

from .test_junk import BODIES, NEIGHBOURS, STRINGS

pytestmark = [pytest.mark.contract, pytest.mark.slow]

SESSION = get_session()
ECS = sorted(SESSION.get_service_model("ecs").operation_names)
OPERATIONS = [("ecs", name) for name in ECS] + [
    (service, name) for service, names in NEIGHBOURS.items() for name in names.split()
]
SIGNED = "AWS4-HMAC-SHA256 Credential=KEY/20261102/us-east-1/{}/aws4_request, SignedHeaders=host, Signature=0"


@pytest.fixture(scope="module")
def endpoint() -> Iterator[Endpoint]:
    with sandbox.open() as aws, Endpoint(aws).start() as opened:
        yield opened


def asked(
    endpoint: Endpoint, body: bytes, headers: dict[str, str], path: str = "/", method: str = "POST"
) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body of one request, which must come within a minute."""
    connection = http.client.HTTPConnection(urlsplit(endpoint.url).netloc, timeout=60)
    try:
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        return (
            answer.status,
            {name.lower(): value for name, value in answer.headers.items()},
            answer.read(),
        )
    finally:
        connection.close()


def headers_for(service: str, operation: str) -> dict[str, str]:
    metadata = SESSION.get_service_model(service).metadata
    signing = metadata.get("signingName", metadata["endpointPrefix"])
    headers = {"Authorization": SIGNED.format(signing)}
    if metadata["protocol"] == "query":
        return headers | {"Content-Type": "application/x-www-form-urlencoded"}
    target = f"{metadata['targetPrefix']}.{operation}"
    return headers | {"Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": target}


def code_of(service: str, operation: str, answer: tuple[int, dict[str, str], bytes]) -> str:
    """The error code as botocore reads it, "" for an answer; a raw 500 or a page of HTML fails."""
    status, headers, body = answer
    if status == 200:
        return ""
    assert 400 <= status < 500, (operation, answer)
    assert b"<html" not in body.lower() and b"Traceback" not in body, (operation, answer)
    model = SESSION.get_service_model(service)
    raw = {"status_code": status, "headers": headers, "body": body}
    shape = model.operation_model(operation).output_shape
    asked_in = "query" if model.metadata["protocol"] == "query" else "json"  # as headers_for asks
    error = create_parser(asked_in).parse(raw, shape)["Error"]
    assert error["Code"] and not error["Code"].isdigit() and error["Message"], (operation, answer)
    return str(error["Code"])


def bodies(service: str, operation: str) -> Iterator[bytes]:
    yield from BODIES.values()
    shape = SESSION.get_service_model(service).operation_model(operation).input_shape
    names = list(shape.members)[:2] if shape is not None else []
    for text in STRINGS.values():
        yield json.dumps({name: text for name in names}).encode()


@pytest.mark.parametrize("service", ["ecs", *NEIGHBOURS])
def test_junk_over_http(endpoint: Endpoint, service: str) -> None:
    for owner, operation in OPERATIONS:
        if owner == service:
            headers = headers_for(service, operation)
            for body in bodies(service, operation):
                code_of(service, operation, asked(endpoint, body, headers))
    well = asked(endpoint, b"{}", headers_for("ecs", "ListClusters"))
    assert well[0] == 200 and set(json.loads(well[2])) == {"clusterArns"}


STRANGE: list[tuple[str, dict[str, str], str, str]] = [
    ("GET", {}, "/", "no signature"),
    ("GET", {"Authorization": SIGNED.format("eks")}, "/clusters/x/addons", "eks"),
    ("GET", {"Authorization": SIGNED.format("lambda")}, "/2016-08-19/account-settings", "lambda"),
    ("POST", {"Authorization": SIGNED.format("nothing")}, "/", "no such service"),
    ("POST", {"Authorization": "\x01"}, "/", "no such header"),
    ("POST", {"Authorization": SIGNED.format("ecs")}, "/../../etc/passwd", "traversal"),
    ("POST", {"Authorization": SIGNED.format("ecs")}, "/%00%ff?x=%ff", "no UTF-8"),
    ("PATCH", {"Authorization": SIGNED.format("ecs"), "X-Amz-Target": "." * 500}, "/", "target"),
    ("POST", {"Authorization": SIGNED.format("ecs"), "X-Amz-Target": "X.CallAction"}, "/", "moto's"),
    ("POST", {"Authorization": SIGNED.format("monitoring"), "Smithy-Protocol": "rpc-v2-cbor",
              "Content-Type": "application/cbor"},
     "/service/GraniteServiceVersion20100801/operation/ListMetrics", "cbor"),
]  # fmt: skip


@pytest.mark.parametrize(("method", "headers", "path", "what"), STRANGE)
def test_strange_requests(
    endpoint: Endpoint, method: str, headers: dict[str, str], path: str, what: str
) -> None:
    status, _, body = asked(endpoint, b"", headers, path, method)
    assert status < 500, body
    assert b"<html" not in body.lower() and b"Traceback" not in body
    assert status < 400 or re.search(rb"[A-Z][a-z]+[A-Z]", body), body  # a code is there to read


def test_a_connection_that_says_nothing_sensible(endpoint: Endpoint) -> None:
    host = urlsplit(endpoint.url)
    with socket.create_connection((str(host.hostname), host.port or 0), timeout=60) as raw:
        raw.sendall(b"\x16\x03\x01 HELLO\r\n\r\n")
        told: Any = raw.recv(4000)
    assert b"<html" not in told.lower() and b"Traceback" not in told
