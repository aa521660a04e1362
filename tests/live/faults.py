"""Faults at the botocore layer: what AWS, or the way to it, answers instead of an answer."""

import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from botocore.awsrequest import AWSResponse
from botocore.endpoint import Endpoint
from botocore.exceptions import ConnectTimeoutError, ReadTimeoutError
from botocore.httpsession import URLLib3Session
from moto.core.models import botocore_stubber

SERVICES = {"DeleteSecurityGroup": "ec2", "DescribeSecurityGroups": "ec2"}


class Raw(io.BytesIO):
    """An answer's body, as botocore reads it."""

    def stream(self, **kwargs: Any) -> Iterator[bytes]:
        yield self.read()


def refused(status: int, code: str, service: str, request: Any) -> AWSResponse:
    """An error in the service's own wire format."""
    if service == "ec2":
        error = f"<Code>{code}</Code><Message>made for a test</Message>"
        body = (
            f"<Response><Errors><Error>{error}</Error></Errors><RequestID>1</RequestID></Response>"
        )
    else:
        body = json.dumps({"__type": code, "message": "made for a test"})
    return AWSResponse(request.url, status, {}, Raw(body.encode()))


FAULTS: dict[str, tuple[int, str]] = {
    "throttling": (400, "ThrottlingException"),
    "internal": (500, "InternalFailure"),
    "unavailable": (503, "ServiceUnavailable"),
    "expired": (400, "ExpiredTokenException"),
    "denied": (400, "AccessDeniedException"),
}
TIMEOUTS = {"connect": ConnectTimeoutError, "read": ReadTimeoutError}


@contextmanager
def fault(kind: str, operation: str, times: int = 10_000) -> Iterator[list[int]]:
    """Answer an operation so often with a fault; yields how many tries have met it."""
    service = SERVICES.get(operation, "ecs")
    met = [0]

    real = Endpoint._do_get_response  # type: ignore[attr-defined]

    def asked(endpoint: Endpoint, request: Any, operation_model: Any, context: Any) -> Any:
        if operation_model.name != operation or met[0] >= times:
            return real(endpoint, request, operation_model, context)
        met[0] += 1
        if kind in TIMEOUTS:
            return None, TIMEOUTS[kind](endpoint_url=request.url)
        answer = refused(*FAULTS[kind], service, request)
        with patch.object(URLLib3Session, "send", lambda *_: answer), _moto_does_not_answer():
            return real(endpoint, request, operation_model, context)

    with patch.object(Endpoint, "_do_get_response", asked):
        yield met


@contextmanager
def _moto_does_not_answer() -> Iterator[None]:
    """Within this process moto would see the request, whoever else answers it."""
    before = botocore_stubber.enabled
    botocore_stubber.enabled = False
    try:
        yield
    finally:
        botocore_stubber.enabled = before
