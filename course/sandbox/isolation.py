"""Keeps this process away from AWS while a sandbox is open, and its clients after it is closed.

moto answers a request in a hook that botocore runs just before it sends. Whatever
that hook leaves unanswered would go to the network: clients older than moto,
endpoints that moto does not know, every client once moto has stopped. So, while a
sandbox is open,

- the environment says nothing of a real account: profile, credentials, Region,
  endpoints and configuration files are set aside, and come back on leaving;
- botocore's and moto's own ways out refuse;
- each client carries a door. It opens only while a sandbox is open, so that no
  client of a closed sandbox reaches AWS.

Raises ``NetworkRefused`` and ``SandboxClosed``. botocore neither wraps nor retries
them, since they are not among the errors of its HTTP client.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, NoReturn
from unittest.mock import patch
from urllib.parse import urlsplit

import boto3
from botocore.compat import HAS_CRT
from botocore.exceptions import NoCredentialsError
from botocore.httpsession import URLLib3Session
from botocore.model import OperationModel
from botocore.signers import RequestSigner

from course.every_client import Undo, attach
from course.sandbox.errors import NetworkRefused, SandboxAlreadyOpen, SandboxClosed
from course.sandbox.history import OWN_KEY

if TYPE_CHECKING:
    from moto.core.config import DefaultConfig

# For mock_aws(config=...): credentials and the default session are set aside here,
# and nothing is run in Docker.
MOTO_CONFIG: DefaultConfig = {
    "core": {"mock_credentials": False, "reset_boto3_session": False},
    "lambda": {"use_docker": False},
    "batch": {"use_docker": False},
}

_SET_ASIDE = ("AWS_", "MOTO_", "TEST_SERVER_MODE", "TEST_PROXY_MODE")

# What decides where a request goes and as whom; a learner wants to know it was set aside.
_MATTERS = (
    "AWS_PROFILE",
    "AWS_DEFAULT_PROFILE",
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_SECURITY_TOKEN",
    "AWS_BEARER_TOKEN",
    "AWS_ROLE_ARN",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_CONTAINER_CREDENTIALS",
    "AWS_CONFIG_FILE",
    "AWS_SHARED_CREDENTIALS_FILE",
    "AWS_ENDPOINT_URL",
    "AWS_REGION",
    "AWS_DEFAULT_REGION",
    "TEST_SERVER_MODE",
    "TEST_PROXY_MODE",
)

_NOT_MODELLED = (404, b"Not yet implemented")  # moto's answer where it has none

_open: Isolation | None = None


class Isolation:
    """One opening of the sandbox, as the rest of the process sees it."""

    def __init__(self, region: str) -> None:
        self.region = region
        self._undo = ExitStack()

    def enter(self) -> list[str]:
        """Set the real account aside and close the ways out.

        Returns the names, never the values, of the environment variables set aside
        that decide where a request goes and as whom.
        Raises SandboxAlreadyOpen when another opening has not been left.
        """
        global _open
        if _open is not None:
            raise SandboxAlreadyOpen("A sandbox is open in this process; close it first.")
        with ExitStack() as undo:
            undo.callback(_set_environment, _environment())
            found = _replace_environment(self.region)
            undo.enter_context(patch.object(boto3, "DEFAULT_SESSION", None))
            _close_the_ways_out(undo)
            undo.callback(attach("before-send", _door))
            undo.callback(attach("before-parse", _refuse_not_modelled))
            self._undo = undo.pop_all()
        _open = self
        return found

    def leave(self) -> None:
        """Bring back what ``enter`` set aside; leaving twice does nothing."""
        global _open
        if _open is self:
            _open = None
        self._undo.close()


def _close_the_ways_out(undo: ExitStack) -> None:
    import moto.backends
    import moto.settings

    undo.enter_context(patch.object(URLLib3Session, "send", _refuse))
    undo.enter_context(patch.object(RequestSigner, "sign", _signing(RequestSigner.sign)))
    undo.enter_context(
        patch.object(moto.backends, "get_backend", _loading(moto.backends.get_backend))
    )
    undo.callback(_refuse_requests_of_moto())
    # Read from the environment when moto was imported, which may be long ago.
    undo.enter_context(patch.object(moto.settings, "TEST_SERVER_MODE", False))
    undo.enter_context(patch.object(moto.settings, "TEST_DECORATOR_MODE", True))
    if HAS_CRT:  # S3 transfers of the AWS CRT have an HTTP client of their own
        import boto3.s3.transfer

        undo.enter_context(patch.object(boto3.s3.transfer, "HAS_CRT", False))


def _door(**kwargs: Any) -> None:
    """Answer nothing, so that moto does; refuse when no sandbox is open."""
    if _open is None:
        raise SandboxClosed(
            "This client belongs to a sandbox that is closed; "
            "open one with course.lesson(...) or course.sandbox.open(...)."
        )


def _refuse(session: URLLib3Session, request: Any) -> NoReturn:
    """Stand in for ``URLLib3Session.send``, which gets what moto did not answer."""
    raise NetworkRefused(_refusal(urlsplit(request.url).hostname or "an unnamed host"))


def _signing(sign: Callable[..., Any]) -> Callable[..., Any]:
    """The same signing; only a client older than the sandbox can have nothing to sign with."""

    def guarded(signer: RequestSigner, *args: Any, **kwargs: Any) -> Any:
        try:
            return sign(signer, *args, **kwargs)
        except NoCredentialsError:
            raise NetworkRefused(
                "This client is older than the sandbox and has no credentials; "
                "make it again after course.lesson(...)."
            ) from None

    return guarded


def _loading(get_backend: Callable[..., Any]) -> Callable[..., Any]:
    """The same look-up of a service in moto; some need packages that the course does not bring."""

    def guarded(service: str) -> Any:
        try:
            return get_backend(service)
        except ImportError as error:
            raise NetworkRefused(
                f"{service} was not answered and did not leave this machine: the sandbox does not "
                f"have this service (it would need the package {error.name})."
            ) from error

    return guarded


def _refusal(host: str) -> str:
    return (
        f"A request to {host} was not answered by the sandbox and did not leave this machine: "
        f"{_likely_cause(host)}."
    )


def _likely_cause(host: str) -> str:
    # moto answers every amazonaws.com request of a client that knows moto.
    if host.endswith((".amazonaws.com", ".amazonaws.com.cn")):
        return (
            "the client, or its session, is older than the sandbox; "
            "make both again after course.lesson(...)"
        )
    if host.startswith(("169.254.", "fd00:ec2")):
        return (
            "it asked for the credentials of this machine, so the client is older than the "
            "sandbox; make it again after course.lesson(...)"
        )
    if host.endswith((".api.aws", ".on.aws")):
        return (
            "the sandbox does not model this endpoint; make the client without "
            "use_dualstack_endpoint, or the service is one the sandbox does not have"
        )
    return (
        "the client has an endpoint of its own; make it again after course.lesson(...), "
        "without endpoint_url"
    )


def _refuse_not_modelled(
    operation_model: OperationModel, response_dict: dict[str, Any], **kwargs: Any
) -> None:
    """Turn moto's "Not yet implemented" into a line that says what was asked."""
    if (response_dict["status_code"], response_dict["body"]) == _NOT_MODELLED:
        service = operation_model.service_model.service_id
        raise NetworkRefused(
            f"{service} {operation_model.name} was not answered and did not leave this machine: "
            "the sandbox does not model this operation, or not at this client's endpoint "
            "(FIPS, for one)."
        )


def _refuse_requests_of_moto() -> Undo:
    """Refuse what moto itself sends with requests, such as SNS to an HTTPS subscriber.

    The user's own use of requests passes; moto carries it while a sandbox is open.
    """
    from moto.core.models import responses_mock

    real_send = responses_mock._real_send

    def send(adapter: Any, request: Any, *args: Any, **kwargs: Any) -> Any:
        if _moto_is_calling():
            host = urlsplit(request.url).hostname
            raise NetworkRefused(
                f"The sandbox was about to deliver to {host}, and did not: "
                "nothing in it reaches beyond this machine."
            )
        return real_send(adapter, request, *args, **kwargs)

    responses_mock._real_send = send
    return lambda: setattr(responses_mock, "_real_send", real_send)


def _moto_is_calling() -> bool:
    frame = sys._getframe(2)
    while frame.f_back is not None:
        if frame.f_globals.get("__name__", "").startswith("moto."):
            return True
        frame = frame.f_back
    return False


def nobodys_account(region: str) -> dict[str, str]:
    """The environment of a client that knows no real account: keys of nobody's, no files, one Region."""
    return {
        "AWS_ACCESS_KEY_ID": OWN_KEY,
        "AWS_SECRET_ACCESS_KEY": "sandbox",
        "AWS_DEFAULT_REGION": region,
        "AWS_REGION": region,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
    }


def _replace_environment(region: str) -> list[str]:
    """Put the sandbox's environment in place; return the names that mattered before."""
    ours = {**nobodys_account(region), "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true"}
    before = _environment()
    _set_environment(ours)
    return sorted(
        name
        for name, value in before.items()
        if name.startswith(_MATTERS) and value and ours.get(name) != value
    )


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name.startswith(_SET_ASIDE)}


def _set_environment(wanted: dict[str, str]) -> None:
    """Make ``wanted`` all there is of the variables that AWS clients and moto read."""
    for name in _environment().keys() - wanted.keys():
        del os.environ[name]
    os.environ.update(wanted)
