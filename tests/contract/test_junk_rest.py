"""Junk for a service whose calls are addresses and bodies: API Gateway, which is all our own.

What comes back is an answer or an error of its model, never a failure of the sandbox.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore import xform_name
from botocore.config import Config
from botocore.exceptions import ClientError, ParamValidationError
from botocore.model import Shape

from course import sandbox
from course.sandbox.api_gateway.api.api_gateway_api import ApiGatewayApi
from course.sandbox.ecs.api.treatment import operations_of

from .test_junk import BODIES, OTHER_TYPES, STRINGS

pytestmark = [pytest.mark.contract, pytest.mark.slow]

OURS = [
    row.operation
    for row in operations_of(ApiGatewayApi, "apigatewayv2")
    if row.treatment != "refused"
]
CODES = {
    *("BadRequestException", "NotFoundException", "ConflictException", "NotImplemented"),
    "UnknownOperationException",  # without an id the address is another one
}


@pytest.fixture(scope="module")
def api() -> Iterator[Any]:
    """A client that checks nothing, beside an API and what is in it."""
    with sandbox.open():
        client = boto3.client("apigatewayv2", config=Config(parameter_validation=False))
        client.create_api(Name="shop", ProtocolType="HTTP")
        yield client


def fits(shape: Shape, api: str) -> Any:
    """A value for a required member."""
    if shape.type_name == "list":
        return ["subnet-nowhere"]
    return {"HTTP": "HTTP"}.get(shape.name, api if shape.name == "__string" else "HTTP_PROXY")


def required(client: Any, operation: str) -> dict[str, Any]:
    (api,) = client.get_apis()["Items"]
    shape = client.meta.service_model.operation_model(operation).input_shape
    names = shape.required_members if shape else []
    return {name: fits(shape.members[name], api["ApiId"]) for name in names}


def answered(client: Any, operation: str, given: dict[str, Any]) -> None:
    try:
        getattr(client, xform_name(operation))(**given)
    except ParamValidationError:
        return  # an address cannot be made of it, so nothing is sent
    except ClientError as error:
        code, message = error.response["Error"]["Code"], error.response["Error"]["Message"]
        assert code in CODES and message, (operation, given, code, message)


def sent(client: Any, operation: str, given: dict[str, Any], body: bytes) -> None:
    """The same call with this body in place of its own."""

    def put(params: dict[str, Any], **kwargs: Any) -> None:
        params["body"] = body

    event = f"before-call.apigatewayv2.{operation}"
    client.meta.events.register(event, put, unique_id="junk")
    try:
        answered(client, operation, given)
    finally:
        client.meta.events.unregister(event, unique_id="junk")


@pytest.mark.parametrize("operation", [one for one in OURS if one != "DeleteApi"])
def test_members_of_any_kind(api: Any, operation: str) -> None:
    base = required(api, operation)
    shape = api.meta.service_model.operation_model(operation).input_shape
    for name, member in (shape.members if shape else {}).items():
        where = member.serialization
        if where.get("location"):
            for text in STRINGS.values():
                answered(api, operation, base | {name: text})
            continue
        body = {
            each.serialization.get("name", key): base[key]
            for key, each in shape.members.items()
            if key in base and not each.serialization.get("location")
        }
        for junk in (*STRINGS.values(), *OTHER_TYPES):
            whole = json.dumps(body | {where["name"]: junk}).encode()
            sent(api, operation, base, whole)
    assert len(api.get_apis()["Items"]) >= 1


@pytest.mark.parametrize("operation", ["CreateApi", "CreateVpcLink", "CreateRoute", "UpdateStage"])
def test_bodies_of_any_kind(api: Any, operation: str) -> None:
    base = required(api, operation)
    for body in BODIES.values():
        sent(api, operation, base, body)
