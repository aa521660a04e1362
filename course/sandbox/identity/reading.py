"""A call as the gate meets it, read by botocore's model: whose key, which operation, with what.

An adapter: it reads requests with moto's own routers and parsers, one per protocol.
"""

import re
from typing import Any

from moto.core.parse import PROTOCOL_PARSERS
from moto.core.request import determine_request_protocol
from moto.core.routing import get_service_router
from moto.core.utils import get_service_model
from moto.iam.models import get_account_id_from

from course.sandbox.identity.asked import Call

BODY_ALONE = ("json",)
"""Protocols whose parameters all stand in the body: no form and no address is read, which costs."""

_CREDENTIAL = re.compile(r"Credential=(?P<key>[^/,]+)/\d+/(?P<region>[^/]*)/")


def access_key_of(request: Any) -> str:
    """The access key a request is signed with; empty for one that is not signed."""
    signed = _CREDENTIAL.search(request.headers.get("Authorization", ""))
    return signed["key"] if signed else ""


def token_of(request: Any) -> str:
    """The session token a request comes with; empty for one without."""
    return str(request.headers.get("X-Amz-Security-Token", ""))


def account_of(access_key: str) -> str:
    """The account that a key belongs to; that of the sandbox for one nobody knows."""
    return str(get_account_id_from(access_key))


def read_call(request: Any, service: str, account: str) -> Call:
    """What a request asks for in the account of its key.

    Raises what moto raises of an operation that the service does not have.
    """
    signed = _CREDENTIAL.search(request.headers.get("Authorization", ""))
    operation, found = get_service_router(service).match(request)
    return Call(
        service=service,
        operation=operation.name,
        given=_parameters(request, service, operation, found),
        account=account,
        region=signed["region"] if signed else "us-east-1",
        method=request.method,
        path=request.path,
    )


def _parameters(
    request: Any, service: str, operation: Any, found: dict[str, Any]
) -> dict[str, Any]:
    protocol = determine_request_protocol(get_service_model(service), request.content_type)
    parser = PROTOCOL_PARSERS[protocol](operation)
    return dict(
        parser.parse(
            {
                "method": request.method,
                "values": {} if protocol in BODY_ALONE else request.values,
                "headers": request.headers,
                "body": request.data,
                "url_path": request.path,
                "url_params": found,
            }
        )
    )
