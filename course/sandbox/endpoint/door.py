"""The endpoint's door: which HTTP requests come in, and that an answer goes out whatever happens.

It stands before moto's own WSGI application. A page open in the learner's
browser can send requests to 127.0.0.1 too, so only those come in that name this
host and no other origin; moto's control page, which empties the world for
whoever asks, is closed. Requests are written down nowhere: they may carry real
credentials.
"""

import io
import json
import logging
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

from moto.backends import list_of_moto_modules
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.exceptions import ClientDisconnected, RequestEntityTooLarge
from werkzeug.wrappers import Request, Response

from course.sandbox.endpoint import control
from course.sandbox.endpoint.refusal import Refusal
from course.sandbox.errors import SandboxError
from course.sandbox.sandbox import Sandbox

log = logging.getLogger(__name__)

LARGEST_BODY = 64 * 1024 * 1024
"""Bytes; the aws CLI sends files in parts of 8 MiB."""

CLOSED = ("moto_api", "moto_api._internal", "instance_metadata")
"""Parts of moto that are no AWS service: its control page, and a machine's own metadata."""

OURS = "/_course/"


class Door:
    """A WSGI application in front of one sandbox; *port* is the one it is asked at."""

    def __init__(self, aws: Sandbox, token: str) -> None:
        self._aws = aws
        self._token = token
        self._services = Services(create_backend_app)
        self._closed = False
        self.port = 0

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Any:
        try:
            self._check(environ)
            _take_in(environ)
            answer = self._answer(environ)
        except Refusal as refusal:
            answer = refusal.response(environ)
        except SandboxError as error:
            answer = Refusal(400, type(error).__name__, str(error)).response(environ)
        except Exception as error:  # noqa: BLE001  whatever it is, it leaves as an answer
            answer = _failure(error).response(environ)
        _without_cors(answer)
        return answer(environ, start_response)

    def close(self) -> None:
        """Let nothing in from now on; a request that is inside has its answer first."""
        with self._aws.world.lock:
            self._closed = True

    def _check(self, environ: WSGIEnvironment) -> None:
        """Raise Refusal for what a browser sends on behalf of another page, or another name."""
        here = {f"127.0.0.1:{self.port}", f"localhost:{self.port}"}
        if environ.get("HTTP_HOST", "").lower() not in here:
            raise _forbidden(f"Ask for http://127.0.0.1:{self.port}; no other host is served here.")
        origin = environ.get("HTTP_ORIGIN")
        if origin is not None and origin.lower() not in {f"http://{one}" for one in here}:
            raise _forbidden("Pages of another origin may not use the sandbox.")
        if environ.get("HTTP_SEC_FETCH_SITE", "none") not in ("none", "same-origin"):
            raise _forbidden("Pages of another site may not use the sandbox.")

    def _answer(self, environ: WSGIEnvironment) -> Response:
        """The answer of the sandbox. It has the lock meanwhile, so that closing is a clean cut."""
        path = "/" + environ.get("PATH_INFO", "").lstrip("/")
        with self._aws.world.lock:
            if self._closed:
                raise Refusal(503, "ServiceUnavailable", "This endpoint of the sandbox is closed.")
            if path.startswith(OURS):
                return control.answer(self._aws, self._token, Request(environ))
            if path.startswith("/moto-api"):
                raise _closed()
            return _readable(Response.from_app(self._services, environ, buffered=True))


class Services(DomainDispatcherApplication):
    """moto's services by what a request says it is for; unknown ones and CLOSED are refused."""

    def get_application(self, environ: WSGIEnvironment) -> Any:
        try:
            return super().get_application(environ)
        except (IndexError, KeyError, ValueError, AttributeError) as error:
            raise _unsigned() from error

    def infer_service_region_host(self, environ: WSGIEnvironment, path: str) -> str | None:
        host: str | None = super().infer_service_region_host(environ, path)
        if host is None and "HTTP_X_AMZ_TARGET" in environ:
            raise _unsigned()  # S3, which moto takes such a request for, has no X-Amz-Target
        return host

    def get_backend_for_host(self, host: str | None) -> Any:
        if host is None:
            return None  # moto goes on to look at the signature
        known = any(pattern.match(f"http://{host}") for _, pattern in self.backend_url_patterns)
        if not known and host not in list_of_moto_modules():
            raise Refusal(
                400,
                "NotImplemented",
                f"The sandbox does not have the service of {host.partition('.')[0]!r}.",
            )
        backend = super().get_backend_for_host(host)
        if backend in CLOSED:
            raise _closed()
        return backend


def _unsigned() -> Refusal:
    return Refusal(
        400,
        "IncompleteSignature",
        "The headers do not say which AWS service this is for: Authorization names it, "
        "and X-Amz-Target the operation.",
    )


def _take_in(environ: WSGIEnvironment) -> None:
    """Read the whole body, however it is sent, so that what follows has its length and no more."""
    environ.pop("HTTP_X_MOTO_ACCOUNT_ID", None)  # moto would answer for another account
    request = Request(environ)
    request.max_content_length = LARGEST_BODY
    try:
        body = request.get_data(cache=False)
    except RequestEntityTooLarge:
        raise Refusal(
            413,
            "RequestEntityTooLarge",
            f"A request may carry {LARGEST_BODY // 1024**2} MiB at most.",
        ) from None
    except (ClientDisconnected, OSError, ValueError) as error:
        raise Refusal(400, "IncompleteBody", "The body of the request ended early.") from error
    if environ.get("CONTENT_TYPE", "").startswith("application/x-amz-json"):
        _check_json(body)
    environ["wsgi.input"] = io.BytesIO(body)
    environ["CONTENT_LENGTH"] = str(len(body))
    environ.pop("HTTP_TRANSFER_ENCODING", None)
    environ.pop("wsgi.input_terminated", None)


def _check_json(body: bytes) -> None:
    """Raise Refusal for a body that is no JSON object, which moto would take for an empty one."""
    try:
        told = json.loads(body or b"{}")
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, dict):
        raise Refusal(400, "SerializationException", "The body is no JSON object.")  # our words


def _without_cors(answer: Response) -> None:
    """No page of another origin may read what it should not even ask; moto lets all of them."""
    for name in {name for name, _ in answer.headers if name.lower().startswith("access-control-")}:
        del answer.headers[name]


def _readable(answer: Response) -> Response:
    """The same answer; a page made for a browser, which no AWS client can read, becomes an error."""
    if answer.status_code < 400 or not answer.get_data()[:15].lower().startswith(b"<!doctype html"):
        return answer
    raise Refusal(
        400,
        "NotImplemented",
        f"The sandbox does not model what this request asks for "
        f"({answer.status_code}); AWS may have it, this course does not use it.",
    )


def _failure(error: Exception) -> Refusal:
    log.error("the sandbox failed at a request", exc_info=error)
    return Refusal(
        400,
        "SandboxFailure",
        f"The sandbox could not make sense of this request ({type(error).__name__}). It may be "
        "malformed; if not, this is a defect of the sandbox and not of your code.",
    )


def _forbidden(message: str) -> Refusal:
    return Refusal(403, "AccessDenied", message)


def _closed() -> Refusal:
    return _forbidden("moto's own pages are closed here: they would empty the world unasked.")
