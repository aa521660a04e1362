"""An error in the words of a service: its own wire format, a code, a message.

moto raises where AWS would refuse, or answers with a page of HTML. Whatever it
is, it leaves here as an error that botocore and the aws CLI can read, and never
as a 500, which they would try again.
"""

import json
import logging
import re
from collections.abc import Callable, Mapping
from email.message import Message as Headers
from functools import cache
from typing import Any
from xml.sax.saxutils import escape, unescape

from botocore.awsrequest import AWSPreparedRequest
from botocore.exceptions import ClientError
from botocore.model import OperationModel
from moto.core.exceptions import ServiceException
from moto.core.utils import get_service_model

from course.sandbox.ecs.errors import Refused

log = logging.getLogger(__name__)

Answer = tuple[int, dict[str, Any], Any]

FAILURE = "SandboxFailure"
UNKNOWN_OPERATION = {
    "json": "UnknownOperationException",
    "query": "InvalidAction",
    "ec2": "InvalidAction",
}
REQUEST_ID = "00000000-0000-0000-0000-000000000000"

_SCOPE = re.compile(r"Credential=[^/]+/\d+/[^/]*/([^/]+)/aws4_request")
_CODE = re.compile(r'"__type":\s*"(?:[^"#]*#)?([^"]+)"|<Code>([^<]+)</Code>')
_MESSAGE = re.compile(r"<Message>([^<]+)</Message>")
_NOT_IN_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Unread:
    """A request of botocore's of which no more can be read than its method and headers."""

    def __init__(self, request: AWSPreparedRequest) -> None:
        self.method = request.method
        self.headers = Headers()
        for name, value in request.headers.items():
            self.headers[name] = _ascii(value)


def refuse(request: Any, service: str | None, code: str, message: str, **members: Any) -> Answer:
    """A refusal as the service would write it; *service* is botocore's name, or None if not known.

    Further members are those of an exception of a JSON service, such as ConflictException's.
    """
    protocol = protocol_of(request, service)
    if members and protocol == "json":
        return _json(code, message, **members)
    answer = _WRITERS[protocol](code, message)
    return _with_status(answer, service, code) if protocol == "rest-json" else answer


def _with_status(answer: Answer, service: str | None, code: str) -> Answer:
    """An answer of a REST service with the status that its model gives an error, such as 404."""
    try:
        error = get_service_model(service or "").shape_for(code).metadata.get("error", {})
    except Exception:  # noqa: BLE001  no service of this name, or none of its errors
        return answer
    status = int(error.get("httpStatusCode", 400))
    if not 400 <= status < 500:
        return answer
    return status, {**answer[1], "status": str(status)}, answer[2]


def explain(error: Exception, operation: str) -> tuple[str, str]:
    """Code and message for what was raised instead of answered."""
    if isinstance(error, Refused):
        return error.code, error.message
    if isinstance(error, ServiceException):
        return str(error.code), str(error.message)
    if isinstance(error, ClientError):  # moto raises them itself here and there
        found = error.response["Error"]
        return found["Code"], found["Message"]
    if isinstance(error, NotImplementedError):
        return (
            "NotImplemented",
            f"The sandbox does not model {operation}; AWS has it, this course does not use it.",
        )
    page = getattr(error, "get_body", None)  # a page, such as werkzeug's and moto's older errors
    if page is not None:
        return _of_page(page(), type(error).__name__, operation)
    log.error("the sandbox failed at %s", operation, exc_info=error)
    message = (
        f"The sandbox failed at {operation} ({type(error).__name__}: {_shown(error)}). A parameter "
        "may be missing or malformed; if not, this is a defect of the sandbox and not of your code."
    )
    return FAILURE, message


def readable(answer: Answer, request: Any, service: str | None, operation: str) -> Answer:
    """The answer as it is, or a refusal instead of an error that no client could read."""
    status, _, body = answer
    if status < 400 or request.method == "HEAD":
        return answer
    text = body.decode("utf-8", "replace") if isinstance(body, bytes) else str(body or "")
    if status < 500 and _fits(text, answer[1], protocol_of(request, service)):
        return answer
    if not text:
        return refuse(request, service, *unknown(request, service, operation))
    return refuse(request, service, *_of_page(text, f"an answer of status {status}", operation))


def unknown(request: Any, service: str | None, operation: str) -> tuple[str, str]:
    """Code and message for an operation that the service does not have."""
    code = UNKNOWN_OPERATION.get(protocol_of(request, service), "UnknownOperationException")
    return code, f"The service has no operation {operation}."  # our words


def operation_named(request: Any) -> str | None:
    """The operation that a call of the JSON or query protocols names; None where the address does."""
    target = request.headers.get("X-Amz-Target")
    if target:
        return str(target).rsplit(".", 1)[-1]
    if _is_form(request):
        return request.values.get("Action") or None
    return None


def modelled_operation(request: Any, service: str | None) -> OperationModel | None:
    """The model of the operation that a call names; None where the call does not name one.

    Raises Refused for an operation that the service does not have.
    """
    named = operation_named(request)
    if named is None or service is None:
        return None
    model = get_service_model(service)
    if named not in _operations(service):
        raise Refused(*unknown(request, service, _shown(named)))
    found: OperationModel = model.operation_model(named)
    return found


@cache
def _operations(service: str) -> frozenset[str]:
    return frozenset(get_service_model(service).operation_names)


def error_code(answer: Answer) -> str:
    """The error code in an answer, as botocore will read it; else the HTTP status."""
    body = answer[2].decode("utf-8", "replace") if isinstance(answer[2], bytes) else str(answer[2])
    found = _CODE.search(body)
    return (found[1] or found[2]) if found else str(answer[0])


def error_message(answer: Answer) -> str:
    """The text of an error in an answer, as botocore will read it; empty for one without."""
    body = answer[2].decode("utf-8", "replace") if isinstance(answer[2], bytes) else str(answer[2])
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        written = _MESSAGE.search(body)
        return unescape(written[1]) if written else ""
    told = found if isinstance(found, dict) else {}
    return str(told.get("message") or told.get("Message") or "")


def protocol_of(request: Any, service: str | None) -> str:
    """The protocol the caller speaks, and so the one in which it reads an error."""
    headers = request.headers
    if "cbor" in headers.get("Smithy-Protocol", ""):
        return "cbor"
    if headers.get("X-Amz-Target"):
        return "json"
    service = service or _service_signed_for(headers)
    spoken = _protocols(service)
    if _is_form(request):
        return "ec2" if "ec2" in spoken else "query"
    return spoken[0] if spoken[0] in _WRITERS else "json"


def manner_of(request: Any, service: str) -> str:
    """The protocol whose error codes a service keeps: the older one, where its model says that it does."""
    if "awsQueryCompatible" in get_service_model(service).metadata:
        return "query"
    return protocol_of(request, service)


def _is_form(request: Any) -> bool:
    kind = request.headers.get("Content-Type") or ""
    return str(kind).startswith("application/x-www-form-urlencoded")


def _protocols(service: str | None) -> list[str]:
    try:
        metadata = get_service_model(service or "").metadata
    except Exception:  # noqa: BLE001  no service of this name
        return ["rest-json"]
    return list(metadata.get("protocols", [metadata["protocol"]]))


def _service_signed_for(headers: Mapping[str, str]) -> str | None:
    found = _SCOPE.search(headers.get("Authorization", ""))
    if found is None:
        return None
    return "s3" if found[1].startswith("s3") else found[1]


def _fits(text: str, headers: Mapping[str, Any], protocol: str) -> bool:
    """Whether a client of this protocol finds an error code in the text."""
    if protocol not in ("json", "rest-json"):
        return _CODE.search(text) is not None and _MESSAGE.search(text) is not None
    try:
        body = json.loads(text)
    except (ValueError, RecursionError):
        return False
    named = any(name.lower() == "x-amzn-errortype" for name in headers)
    return isinstance(body, dict) and (named or "__type" in body or "code" in body)


def _of_page(text: str, name: str, operation: str) -> tuple[str, str]:
    """Code and message of an error that came in another service's format, or as a page."""
    code, message = _CODE.search(text), _MESSAGE.search(text)
    if code:
        found = code[1] or code[2]
        return found, message[1] if message else found
    return FAILURE, f"The sandbox could not answer {operation}: {name}."


def _shown(found: object) -> str:
    text = str(found)
    return text if len(text) < 300 else f"{text[:300]} ..."


def _ascii(value: Any) -> str:
    text = value.decode("latin-1") if isinstance(value, bytes) else str(value)
    return text.encode("ascii", "replace").decode()


def _json(code: str, message: str, **members: Any) -> Answer:
    body = json.dumps({"__type": code, "message": message, **members})
    return _answer("application/x-amz-json-1.1", body, code)


def _rest_json(code: str, message: str) -> Answer:
    return _answer("application/json", json.dumps({"message": message}), code)


def _query(code: str, message: str) -> Answer:
    error = f"<Error><Type>Sender</Type>{_told(code, message)}</Error>"
    return _xml(f"<ErrorResponse>{error}<RequestId>{REQUEST_ID}</RequestId></ErrorResponse>", code)


def _ec2(code: str, message: str) -> Answer:
    errors = f"<Errors><Error>{_told(code, message)}</Error></Errors>"
    return _xml(f"<Response>{errors}<RequestID>{REQUEST_ID}</RequestID></Response>", code)


def _rest_xml(code: str, message: str) -> Answer:
    return _xml(f"<Error>{_told(code, message)}<RequestId>{REQUEST_ID}</RequestId></Error>", code)


def _told(code: str, message: str) -> str:
    text = escape(_NOT_IN_XML.sub("?", message))
    return f"<Code>{escape(code)}</Code><Message>{text}</Message>"


def _xml(body: str, code: str) -> Answer:
    return _answer("text/xml", f'<?xml version="1.0" encoding="UTF-8"?>\n{body}', code)


def _cbor(code: str, message: str) -> Answer:
    pairs = (("__type", code), ("message", message))
    body = b"\xa2" + b"".join(_cbor_text(one) for pair in pairs for one in pair)
    status, headers, _ = _answer("application/cbor", "", code)
    return status, {**headers, "Smithy-Protocol": "rpc-v2-cbor"}, body


def _cbor_text(text: str) -> bytes:
    data = text.encode("utf-8", "replace")
    return b"\x79" + len(data).to_bytes(2, "big") + data


def _answer(content_type: str, body: str, code: str) -> Answer:
    headers = {
        "Content-Type": content_type,
        "x-amzn-errortype": code,
        "x-amzn-requestid": REQUEST_ID,
        "status": "400",
    }
    return 400, headers, body


_WRITERS: dict[str, Callable[[str, str], Answer]] = {
    "json": _json,
    "rest-json": _rest_json,
    "query": _query,
    "ec2": _ec2,
    "rest-xml": _rest_xml,
    "cbor": _cbor,
}
