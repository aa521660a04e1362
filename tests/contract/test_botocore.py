"""What the sandbox leans on in botocore and boto3, beyond what they document.

Isolation and waiters hold as long as these do; an upgrade that moves one fails here.
"""

from __future__ import annotations

import inspect
import io
import time
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import botocore.client
import botocore.session
import pytest
from botocore.awsrequest import AWSRequest, AWSResponse
from botocore.config import Config
from botocore.endpoint import Endpoint
from botocore.exceptions import HTTPClientError, WaiterError
from botocore.handlers import BUILTIN_HANDLERS
from botocore.httpsession import URLLib3Session
from botocore.utils import ContainerMetadataFetcher, IMDSFetcher
from botocore.waiter import NormalizedOperationMethod, SingleWaiterConfig, Waiter, WaiterModel
from moto.core.models import botocore_stubber, responses_mock

from course.sandbox import waiters
from course.sandbox.errors import SandboxError
from course.sandbox.waiters import VirtualWaiter

pytestmark = pytest.mark.contract

REGION = "eu-west-1"


@pytest.fixture(autouse=True)
def no_account(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "a")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "b")
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)


class Stop(Exception):
    """Raised where a request would be sent."""


# --- Isolation


@pytest.mark.parametrize("caller", [Endpoint._send, IMDSFetcher, ContainerMetadataFetcher])
def test_everything_is_sent_by_one_method(caller: Any) -> None:
    source = inspect.getsource(caller)
    assert "ession.send(request" in source
    assert "urlopen(" not in source and "PoolManager" not in source


def test_clients_fetchers_and_sessions_share_that_method(monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(session: Any, request: Any) -> None:
        raise Stop(request.url)

    monkeypatch.setattr(URLLib3Session, "send", stop)
    with pytest.raises(Stop, match=r"ecs\.eu-west-1\.amazonaws\.com"):
        boto3.client("ecs").list_clusters()
    with pytest.raises(Stop, match=r"169\.254\.169\.254"):
        IMDSFetcher(env={})._fetch_metadata_token()
    with pytest.raises(Stop, match=r"169\.254\.170\.2"):
        ContainerMetadataFetcher().retrieve_uri("/x")


@pytest.mark.parametrize("mode", ["legacy", "standard", "adaptive"])
def test_an_error_of_ours_in_a_hook_is_neither_wrapped_nor_retried(mode: Any) -> None:
    calls: list[str] = []

    def stop(request: Any, **kwargs: Any) -> None:
        calls.append(request.url)
        raise Stop

    client = boto3.client("ecs", config=Config(retries={"mode": mode}))
    client.meta.events.register_first("before-send", stop)
    with pytest.raises(Stop):
        client.list_clusters()
    assert len(calls) == 1


def test_our_errors_are_none_that_botocore_retries() -> None:
    assert not issubclass(SandboxError, HTTPClientError | OSError)


def test_handlers_in_front_of_the_built_in_ones_are_called_first() -> None:
    order: list[str] = []
    ours = ("before-send", lambda **kwargs: order.append("ours"))
    BUILTIN_HANDLERS.insert(0, ours)
    BUILTIN_HANDLERS.append(("before-send", theirs := lambda **kwargs: _stop(order)))
    try:
        session = boto3.Session()
    finally:
        BUILTIN_HANDLERS.remove(ours)
        BUILTIN_HANDLERS.remove(("before-send", theirs))
    with pytest.raises(Stop):
        session.client("ecs").list_clusters()
    assert order == ["ours", "theirs"]
    assert ("before-send", botocore_stubber) in BUILTIN_HANDLERS


def _stop(order: list[str]) -> None:
    order.append("theirs")
    raise Stop


def test_a_client_keeps_what_its_session_had_when_it_was_made() -> None:
    session = botocore.session.Session()
    events = session.get_component("event_emitter")
    order: list[str] = []
    handler: Callable[..., Any] = lambda **kwargs: _stop(order)
    events.register_first("before-send", handler)
    events.register_first("before-send", handler)
    events.unregister("before-send", handler)  # one of the two
    inside = session.create_client("ecs")
    events.unregister("before-send", handler)
    outside: Any = session.create_client("ecs")
    outside.meta.events.register_first("before-send", lambda **kwargs: order.append("sent"))
    outside.meta.events.register_last("before-send", lambda **kwargs: _stop(order))
    for client in (inside, outside):
        with pytest.raises(Stop):
            client.list_clusters()
    assert order == ["theirs", "sent", "theirs"]


def test_boto3_makes_clients_and_resources_by_the_method_we_wrap(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def stop(session: Any, *args: Any, **kwargs: Any) -> None:
        raise Stop

    monkeypatch.setattr(botocore.session.Session, "create_client", stop)
    for make in (boto3.client, boto3.resource, boto3.Session().client):
        with pytest.raises(Stop):
            make("sqs")


def test_before_parse_tells_the_operation_the_status_and_the_body() -> None:
    source = inspect.getsource(Endpoint._do_get_response)
    assert "before-parse." in source
    assert "operation_model=operation_model" in source and "response_dict=response_dict" in source


def test_requests_of_moto_pass_one_real_send() -> None:
    assert callable(responses_mock._real_send)
    assert "self._real_send(" in inspect.getsource(type(responses_mock)._on_request)


def test_s3_transfers_ask_has_crt() -> None:
    import boto3.s3.transfer

    assert isinstance(boto3.s3.transfer.HAS_CRT, bool)
    for function in (boto3.s3.transfer._should_use_crt, boto3.s3.transfer.has_minimum_crt_version):
        assert "HAS_CRT" in inspect.getsource(function)


def test_a_signature_holds_the_access_key_in_the_shape_moto_reads() -> None:
    from moto.core.responses import BaseResponse

    request = AWSRequest("GET", "https://ecs.eu-west-1.amazonaws.com/")
    credentials = botocore.credentials.Credentials("SANDBOX0ACCESS0KEY00", "sandbox")
    botocore.auth.SigV4Auth(credentials, "ecs", REGION).add_auth(request)
    found = BaseResponse.access_key_regex.search(request.headers["Authorization"])
    assert found is not None and found.group("access_key") == "SANDBOX0ACCESS0KEY00"


# --- Waiters: ours and botocore's, side by side


CONFIG = {
    "version": 2,
    "waiters": {
        "LabReady": {
            "operation": "DescribeLab",
            "delay": 7,
            "maxAttempts": 3,
            "acceptors": [
                {"matcher": "path", "argument": "state", "expected": "READY", "state": "success"},
                {"matcher": "path", "argument": "state", "expected": "BROKEN", "state": "failure"},
                {"matcher": "path", "argument": "state", "expected": "SLOW", "state": "retry"},
                {"matcher": "error", "expected": "NotYet", "state": "retry"},
                {"matcher": "error", "expected": "Gone", "state": "failure"},
                {"matcher": "pathAny", "argument": "all[]", "expected": 1, "state": "success"},
                {"matcher": "pathAll", "argument": "all[]", "expected": 2, "state": "success"},
                {"matcher": "status", "expected": 404, "state": "failure"},
            ],
        }
    },
}

WAITING: dict[str, Any] = {"state": "WAITING"}
SLOW = {"state": "SLOW"}


def error(code: str) -> dict[str, Any]:
    return {"Error": {"Code": code, "Message": "no"}}


STORIES = {
    "at once": [{"state": "READY"}],
    "later": [WAITING, WAITING, {"state": "READY"}],
    "failure": [WAITING, {"state": "BROKEN"}],
    "error that is waited through": [error("NotYet"), {"state": "READY"}],
    "error that is a failure": [error("Gone")],
    "error that none accepts": [WAITING, error("Denied")],
    "error without words": [{"Error": {"Code": "Odd"}}],
    "attempts over, none accepted": [WAITING] * 3,
    "attempts over, accepted at last": [WAITING, WAITING, SLOW],
    "attempts over, accepted before": [SLOW, WAITING, WAITING],
    "any": [{"all": [2, 1]}],
    "all": [{"all": [2, 3]}, {"all": [2, 2]}],
    "status": [{"ResponseMetadata": {"HTTPStatusCode": 404}}],
    "empty": [{"all": []}, {"all": None}, {}],
}


def told(waiter: Waiter, slept: list[float], **kwargs: Any) -> tuple[Any, ...]:
    """How a wait ends, in full, and the pauses it made."""
    try:
        waiter.wait(**kwargs)
    except WaiterError as failure:
        return str(failure), failure.kwargs, failure.last_response, slept
    return "reached", None, None, slept


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, list[float]]]:
    slept: dict[str, list[float]] = {"wall": [], "virtual": []}
    monkeypatch.setattr(time, "sleep", slept["wall"].append)
    undo = waiters.install(slept["virtual"].append)
    yield slept
    undo()


@pytest.mark.parametrize(
    "wanted", [None, {"Delay": 1, "MaxAttempts": 2}, {"MaxAttempts": 1}], ids=str
)
@pytest.mark.parametrize("story", STORIES)
def test_a_virtual_wait_ends_as_a_real_one(story: str, wanted: Any, slept: Any) -> None:
    arguments = {"WaiterConfig": wanted} if wanted else {}
    ends = []
    for kind, pauses in ((Waiter, slept["wall"]), (VirtualWaiter, slept["virtual"])):
        answers = iter(STORIES[story])
        config = WaiterModel(CONFIG).get_waiter("LabReady")
        ends.append(told(kind("LabReady", config, lambda **kw: next(answers)), pauses, **arguments))  # noqa: B023
    assert ends[0] == ends[1]


def test_every_waiter_of_ecs_can_be_made(slept: Any) -> None:
    client: Any = boto3.client("ecs")
    for name in client.waiter_names:
        waiter = client.get_waiter(name)
        assert isinstance(waiter, VirtualWaiter) and waiter.config.acceptors
    assert {"tasks_running", "tasks_stopped", "services_stable", "services_inactive"} <= set(
        client.waiter_names
    )


def test_the_names_of_botocores_waiters() -> None:
    assert list(inspect.signature(Waiter.__init__).parameters) == [
        "self",
        "name",
        "config",
        "operation_method",
    ]
    config = WaiterModel(CONFIG).get_waiter("LabReady")
    assert isinstance(config, SingleWaiterConfig)
    assert (config.operation, config.delay, config.max_attempts) == ("DescribeLab", 7, 3)
    assert (
        Waiter("n", config, method := NormalizedOperationMethod(print))._operation_method is method
    )
    assert "creating-client-class." in inspect.getsource(
        botocore.client.ClientCreator._create_client_class
    )


def test_a_signer_holds_the_credentials_it_signs_with_and_before_call_is_given_it() -> None:
    """LIVE looks whose they are (course.live.whose) before anything is sent."""
    seen: list[Any] = []
    ecs = boto3.client("ecs")
    ecs.meta.events.register(
        "before-call", lambda request_signer, **_: seen.append(request_signer._credentials)
    )
    ecs.meta.events.register("before-send", _nothing_is_sent)
    with pytest.raises(NothingWasSent):
        ecs.list_clusters()
    (credentials,) = seen
    assert credentials.get_frozen_credentials().access_key == "a"


def test_one_context_goes_with_a_call_from_its_parameters_to_its_answer() -> None:
    """LIVE keeps in it what it decided (course.live.guardrails), and knows the client's Region by it."""
    contexts: list[Any] = []
    ecs = boto3.client("ecs")
    for event in ("before-parameter-build", "before-call", "after-call"):
        ecs.meta.events.register(event, lambda context, **_: contexts.append(context))
    answer = AWSResponse("https://ecs", 200, {}, _Raw(b"{}"))
    ecs.meta.events.register("before-send", lambda **_: answer)
    ecs.list_clusters()
    first, *others = contexts
    assert len(others) == 2 and all(one is first for one in others)
    assert first["client_region"] == REGION


class NothingWasSent(Exception):
    """Nothing was sent."""


def _nothing_is_sent(**kwargs: Any) -> None:
    raise NothingWasSent


class _Raw(io.BytesIO):
    def stream(self, **kwargs: Any) -> Iterator[bytes]:
        yield self.read()
