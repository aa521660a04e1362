"""Nothing reaches the network while a sandbox is open, and none of its clients after.

Sockets raise ``Leak``, which is not an ``Exception``: no library catches and retries it.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import boto3
import boto3.s3.transfer
import botocore.session
import moto.settings
import pytest
import requests
from botocore.config import Config
from botocore.exceptions import ClientError
from botocore.handlers import BUILTIN_HANDLERS
from botocore.httpsession import URLLib3Session
from botocore.utils import ContainerMetadataFetcher, InstanceMetadataFetcher
from moto import mock_aws
from moto.core.models import botocore_stubber

from course.sandbox import isolation
from course.sandbox.errors import NetworkRefused, SandboxAlreadyOpen, SandboxClosed
from course.sandbox.isolation import MOTO_CONFIG, Isolation

REGION = "eu-west-1"
REAL_KEY = "AKIAREALLOOKINGKEY00"


class Leak(BaseException):
    """A socket was about to be opened."""


@pytest.fixture(autouse=True)
def blocked_sockets(monkeypatch: pytest.MonkeyPatch) -> None:
    def leak(*args: Any, **kwargs: Any) -> None:
        raise Leak(args)

    monkeypatch.setattr(socket.socket, "connect", leak)
    monkeypatch.setattr(socket.socket, "connect_ex", leak)
    monkeypatch.setattr(socket, "getaddrinfo", leak)
    monkeypatch.setattr(time, "sleep", leak)


@pytest.fixture(autouse=True)
def no_aws_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith(("AWS_", "MOTO_", "TEST_")):
            monkeypatch.delenv(name)
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)


@contextmanager
def opened(region: str = REGION) -> Iterator[None]:
    opening = Isolation(region)
    opening.enter()
    try:
        with mock_aws(config=MOTO_CONFIG):
            yield
    finally:
        opening.leave()


@pytest.fixture
def sandbox() -> Iterator[None]:
    with opened():
        yield


def session_without_moto() -> boto3.Session:
    """A session as it is made before moto is imported."""
    session = botocore.session.Session()
    session.get_component("event_emitter").unregister("before-send", botocore_stubber)
    session.set_credentials(REAL_KEY, "real-looking")
    return boto3.Session(botocore_session=session, region_name=REGION)


# --- The environment


def test_the_environment_comes_back_exactly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "work")
    monkeypatch.setenv("AWS_PAGER", "less")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "")
    monkeypatch.setenv("MOTO_ECS_SERVICE_RUNNING", "3")
    before = dict(os.environ)
    with opened():
        assert "AWS_PROFILE" not in os.environ
        assert "MOTO_ECS_SERVICE_RUNNING" not in os.environ
        os.environ["AWS_MADE_INSIDE"] = "1"
        del os.environ["AWS_REGION"]
    assert dict(os.environ) == before


def test_other_variables_are_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LESSON_TEST", "before")
    with opened():
        os.environ["LESSON_TEST"] = "inside"
    assert os.environ["LESSON_TEST"] == "inside"


def test_enter_names_what_mattered_and_no_value(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "AWS_PROFILE": "secret-work",
        "AWS_SECRET_ACCESS_KEY": "secret-key",
        "AWS_ENDPOINT_URL_ECS": "http://secret-host",
        "AWS_REGION": "us-east-2",
        "AWS_DEFAULT_REGION": REGION,  # the same as the sandbox's: nothing to tell
        "AWS_SESSION_TOKEN": "",
        "AWS_PAGER": "less",
    }.items():
        monkeypatch.setenv(name, value)
    opening = Isolation(REGION)
    try:
        assert opening.enter() == [
            "AWS_ENDPOINT_URL_ECS",
            "AWS_PROFILE",
            "AWS_REGION",
            "AWS_SECRET_ACCESS_KEY",
        ]
    finally:
        opening.leave()


def test_a_stale_profile_does_not_stop_the_first_cell(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "gone")
    with opened():
        assert boto3.client("ecs").list_clusters()["clusterArns"] == []


def test_the_region_is_set(sandbox: None) -> None:
    assert boto3.client("ecs").meta.region_name == REGION


def test_real_credentials_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", REAL_KEY)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "real-looking")
    with opened():
        credentials = boto3.Session().get_credentials()
        assert credentials is not None and credentials.access_key != REAL_KEY


@pytest.mark.parametrize("name", ["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_ECS"])
@pytest.mark.parametrize("when", ["before", "inside"])
def test_an_endpoint_in_the_environment_is_ignored(
    name: str, when: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if when == "before":
        monkeypatch.setenv(name, "http://localhost:4566")
    with opened():
        if when == "inside":
            os.environ[name] = "http://localhost:4566"
        assert boto3.client("ecs").meta.endpoint_url == f"https://ecs.{REGION}.amazonaws.com"


@pytest.mark.parametrize("where", ["home", "environment"])
def test_the_users_configuration_files_are_not_read(
    where: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".aws").mkdir()
    for name in ("config", "credentials"):
        file = tmp_path / ".aws" / name
        file.write_text(
            "[default]\nregion = us-west-1\nuse_dualstack_endpoint = true\n"
            f"aws_access_key_id = {REAL_KEY}\naws_secret_access_key = real-looking\n"
            f"[{'profile ' if name == 'config' else ''}work]\n"
        )
        if where == "environment":
            variable = {"config": "AWS_CONFIG_FILE", "credentials": "AWS_SHARED_CREDENTIALS_FILE"}
            monkeypatch.setenv(variable[name], str(file))
    if where == "home":
        monkeypatch.setenv("HOME", str(tmp_path))
        monkeypatch.setenv("USERPROFILE", str(tmp_path))
    assert boto3.Session().available_profiles == ["default", "work"]
    with opened():
        assert boto3.client("ecs").meta.endpoint_url == f"https://ecs.{REGION}.amazonaws.com"
        assert boto3.Session().available_profiles == []


def test_the_default_session_is_set_aside_and_comes_back() -> None:
    boto3.setup_default_session(region_name="us-east-2")
    before = boto3.DEFAULT_SESSION
    with opened():
        assert boto3.client("ecs").meta.region_name == REGION
        assert boto3.DEFAULT_SESSION is not before
    assert boto3.DEFAULT_SESSION is before


def test_moto_answers_here_though_it_was_imported_for_its_server(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(moto.settings, "TEST_SERVER_MODE", True)
    with opened():
        assert boto3.client("ecs").list_clusters()["clusterArns"] == []
    assert moto.settings.TEST_SERVER_MODE


# --- What moto answers: no request is refused that need not be


def test_a_resource_a_paginator_a_thread_and_a_session_of_ones_own(sandbox: None) -> None:
    boto3.resource("sqs").create_queue(QueueName="orders")
    pages = boto3.client("ecs").get_paginator("list_clusters").paginate()
    assert [page["clusterArns"] for page in pages] == [[]]
    own = botocore.session.Session().create_client("sqs")
    with ThreadPoolExecutor(2) as threads:
        answers = list(threads.map(lambda _: own.list_queues()["QueueUrls"], range(4)))
    assert len(answers) == 4 and all(len(urls) == 1 for urls in answers)


@pytest.mark.parametrize("endpoints", ["legacy", "regional"])
def test_sts_at_either_endpoint(endpoints: str, sandbox: None) -> None:
    os.environ["AWS_STS_REGIONAL_ENDPOINTS"] = endpoints
    assert boto3.client("sts").get_caller_identity()["Account"] == "123456789012"


def test_a_session_that_is_older_than_the_sandbox_but_knows_moto() -> None:
    session = boto3.Session()
    with opened():
        assert session.client("ecs").list_clusters()["clusterArns"] == []


@pytest.mark.parametrize(
    "s3", [{"addressing_style": "path"}, {"addressing_style": "virtual"}, {}], ids=str
)
def test_s3_addressing_styles(s3: dict[str, Any], sandbox: None) -> None:
    client = boto3.client("s3", config=Config(s3=s3))
    client.create_bucket(Bucket="lab", CreateBucketConfiguration={"LocationConstraint": REGION})
    client.put_object(Bucket="lab", Key="a", Body=b"1")
    assert client.get_object(Bucket="lab", Key="a")["Body"].read() == b"1"


def test_s3_transfers_do_not_take_the_crt_client(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(isolation, "HAS_CRT", True)
    monkeypatch.setattr(boto3.s3.transfer, "HAS_CRT", True)
    with opened():
        assert boto3.s3.transfer.has_minimum_crt_version((0, 19, 18)) is False


# --- What moto leaves unanswered is refused


def test_a_client_of_a_session_older_than_moto() -> None:
    client = session_without_moto().client("ecs")
    with opened(), pytest.raises(NetworkRefused) as refused:
        client.list_clusters()
    assert str(refused.value) == (
        "A request to ecs.eu-west-1.amazonaws.com was not answered by the sandbox and did not "
        "leave this machine: the client, or its session, is older than the sandbox; make both "
        "again after course.lesson(...)."
    )


def test_a_client_made_before_moto_is_imported() -> None:
    script = """
        import socket, sys, time
        def leak(*args, **kwargs): raise SystemExit(f"leak {args}")
        socket.socket.connect = socket.socket.connect_ex = socket.getaddrinfo = leak
        time.sleep = leak
        import boto3
        client = boto3.client("ecs", "eu-west-1", aws_access_key_id="a", aws_secret_access_key="b")
        assert "moto" not in sys.modules
        from course.sandbox.isolation import Isolation, MOTO_CONFIG
        Isolation("eu-west-1").enter()
        from moto import mock_aws
        mock_aws(config=MOTO_CONFIG).start()
        try:
            client.list_clusters()
        except Exception as error:
            print(type(error).__name__)
        print(boto3.client("sqs").list_queues()["ResponseMetadata"]["HTTPStatusCode"])
    """
    # Without a timeout: with one, subprocess sleeps.
    command = [sys.executable, "-c", textwrap.dedent(script)]
    run = subprocess.run(command, check=False, capture_output=True, text=True)
    assert (run.stdout, run.stderr) == ("NetworkRefused\n200\n", "")


@pytest.mark.parametrize(
    ("service", "operation", "arguments", "host", "cause"),
    [
        (
            "ecs",
            "list_clusters",
            {"config": Config(use_dualstack_endpoint=True)},
            "ecs.eu-west-1.api.aws",
            "use_dualstack_endpoint",
        ),
        (
            "ecs",
            "list_clusters",
            {"endpoint_url": "http://localhost:4566"},
            "localhost",
            "endpoint_url",
        ),
        (
            "ecs",
            "list_clusters",
            {"endpoint_url": "https://ecs.example.com/x"},
            "ecs.example.com",
            "endpoint_url",
        ),
        (
            "sqs",
            "list_queues",
            {"endpoint_url": "http://127.0.0.1:9324"},
            "127.0.0.1",
            "endpoint_url",
        ),
        (
            "ecs",
            "list_clusters",
            {"endpoint_url": "http://169.254.170.2"},
            "169.254.170.2",
            "credentials",
        ),
    ],
)
def test_an_endpoint_that_moto_does_not_know(
    service: Any, operation: str, arguments: dict[str, Any], host: str, cause: str, sandbox: None
) -> None:
    client = boto3.client(service, **arguments)
    with pytest.raises(NetworkRefused) as refused:
        getattr(client, operation)()
    line = str(refused.value)
    assert line.startswith(f"A request to {host} was not answered") and cause in line
    assert "\n" not in line


@pytest.mark.parametrize("mode", ["legacy", "standard", "adaptive"])
def test_a_refusal_is_not_retried(mode: Any, sandbox: None) -> None:
    sent = []
    config = Config(retries={"mode": mode, "max_attempts": 5})
    client = boto3.client("ecs", endpoint_url="http://localhost:1", config=config)
    client.meta.events.register("before-send", lambda request, **kwargs: sent.append(request.url))
    with pytest.raises(NetworkRefused):
        client.list_clusters()
    assert len(sent) == 1


@pytest.mark.parametrize(
    ("service", "operation", "arguments"),
    [
        ("ecs", "list_clusters", {"config": Config(use_fips_endpoint=True)}),
        ("appstream", "describe_fleets", {}),
    ],
)
def test_what_moto_does_not_model_is_refused_in_one_line(
    service: Any, operation: str, arguments: dict[str, Any], sandbox: None
) -> None:
    client = boto3.client(service, "us-east-1", **arguments)
    with pytest.raises(NetworkRefused, match="does not model this operation"):
        getattr(client, operation)()


def test_an_error_of_moto_is_still_a_client_error(sandbox: None) -> None:
    with pytest.raises(ClientError, match="NonExistentQueue"):
        boto3.client("sqs").get_queue_url(QueueName="none")


@pytest.mark.parametrize(
    ("bucket", "s3"),
    [
        ("lab", {"use_accelerate_endpoint": True}),
        ("lab--euw1-az1--x-s3", {}),
        ("arn:aws:s3:eu-west-1:123456789012:accesspoint/lab", {}),
        ("arn:aws:s3-outposts:eu-west-1:123456789012:outpost/op-1/accesspoint/lab", {}),
        ("arn:aws:s3::123456789012:accesspoint/lab.mrap", {}),
        ("lab", {"use_dualstack_endpoint": True}),
    ],
)
def test_every_other_way_to_address_s3(bucket: str, s3: dict[str, Any], sandbox: None) -> None:
    """Some are answered, some refused: none leaves this machine (``Leak`` would pass through)."""
    dualstack = s3.pop("use_dualstack_endpoint", None)
    client = boto3.client("s3", config=Config(s3=s3, use_dualstack_endpoint=dualstack))
    with pytest.raises(Exception) as raised:
        client.head_object(Bucket=bucket, Key="a")
    assert not isinstance(raised.value, Leak)


def test_an_endpoint_from_defaults_mode_auto(sandbox: None) -> None:
    """``auto`` asks the instance metadata service for the Region of this machine."""
    client = boto3.client("sqs", config=Config(defaults_mode="auto"))
    assert client.list_queues()["ResponseMetadata"]["HTTPStatusCode"] == 200


def test_instance_metadata_is_off_for_a_session_without_credentials(sandbox: None) -> None:
    assert InstanceMetadataFetcher().retrieve_iam_role_credentials() == {}


def test_the_instance_metadata_of_an_older_session() -> None:
    fetcher = InstanceMetadataFetcher(env={})
    with opened(), pytest.raises(NetworkRefused, match=r"169\.254\.169\.254.* credentials"):
        fetcher.retrieve_iam_role_credentials()


def test_the_container_credentials_of_an_older_session() -> None:
    fetcher = ContainerMetadataFetcher()
    with opened(), pytest.raises(NetworkRefused, match=r"169\.254\.170\.2 .* credentials"):
        fetcher.retrieve_uri("/v2/credentials")


def test_single_sign_on_of_an_older_session() -> None:
    client = session_without_moto().client("sso")
    with opened(), pytest.raises(NetworkRefused, match=r"portal\.sso\.eu-west-1\.amazonaws\.com"):
        client.get_role_credentials(roleName="a", accountId="123456789012", accessToken="t")


def test_moto_delivers_nothing_by_itself(sandbox: None) -> None:
    sns = boto3.client("sns")
    topic = sns.create_topic(Name="alarms")["TopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="https", Endpoint="https://hooks.example.com/x")
    with pytest.raises(NetworkRefused, match=r"deliver to hooks\.example\.com"):
        sns.publish(TopicArn=topic, Message="hello")


def test_the_users_own_use_of_requests_is_left_alone(sandbox: None) -> None:
    with pytest.raises(Leak):
        requests.get("http://example.com", timeout=1)


# --- After closing


def made_inside(make: Any) -> Any:
    with opened():
        return make()


@pytest.mark.parametrize(
    "make",
    [
        lambda: boto3.client("ecs").list_clusters,
        lambda: boto3.Session().client("ecs").list_clusters,
        lambda: botocore.session.Session().create_client("ecs").list_clusters,
        lambda: boto3.resource("sqs").queues.all,
    ],
    ids=["client", "session", "botocore", "resource"],
)
def test_a_client_of_a_closed_sandbox_is_refused(make: Any) -> None:
    call = made_inside(make)
    with pytest.raises(SandboxClosed, match=r"closed; open one with course\.lesson"):
        list(call())


def test_a_paginator_of_a_closed_sandbox_is_refused() -> None:
    paginator = made_inside(lambda: boto3.client("ecs").get_paginator("list_clusters"))
    with pytest.raises(SandboxClosed):
        list(paginator.paginate())


def test_a_thread_with_a_client_of_a_closed_sandbox_is_refused() -> None:
    client = made_inside(lambda: boto3.client("ecs"))
    with ThreadPoolExecutor(1) as thread, pytest.raises(SandboxClosed):
        thread.submit(client.list_clusters).result()


@pytest.mark.parametrize("mode", ["legacy", "standard", "adaptive"])
def test_a_closed_door_is_not_knocked_at_again(mode: Any) -> None:
    client = made_inside(lambda: boto3.client("ecs", config=Config(retries={"mode": mode})))
    with pytest.raises(SandboxClosed):
        client.list_clusters()  # a retry would sleep, and sleeping is a Leak here


def test_a_session_made_inside_makes_no_client_that_leaks_later() -> None:
    session = made_inside(boto3.Session)
    with pytest.raises(SandboxClosed):
        session.client(
            "ecs", REGION, aws_access_key_id="a", aws_secret_access_key="b"
        ).list_clusters()


def test_the_client_of_an_older_session_is_refused_and_the_session_is_not() -> None:
    session = boto3.Session("a", "b", region_name=REGION)
    client = made_inside(lambda: session.client("ecs"))
    with pytest.raises(SandboxClosed):
        client.list_clusters()
    with pytest.raises(Leak):  # the user's own again: it goes where they send it
        session.client("ecs").list_clusters()


def test_the_door_is_in_front_of_moto() -> None:
    session = made_inside(boto3.Session)
    with mock_aws():
        with pytest.raises(SandboxClosed):
            session.client("sqs", REGION).create_queue(QueueName="orders")
        assert "QueueUrls" not in boto3.client("sqs", REGION).list_queues()


def test_a_client_talks_to_the_next_sandbox() -> None:
    client = made_inside(lambda: boto3.client("ecs"))
    with opened():
        assert client.list_clusters()["clusterArns"] == []


def test_a_fresh_client_after_closing_is_the_users_own() -> None:
    made_inside(lambda: boto3.client("ecs"))
    with pytest.raises(Leak):
        boto3.client(
            "ecs", REGION, aws_access_key_id="a", aws_secret_access_key="b"
        ).list_clusters()


# --- Opening and closing


def patched_places() -> tuple[Any, ...]:
    return (
        list(BUILTIN_HANDLERS),
        URLLib3Session.send,
        botocore.session.Session.create_client,
        moto.core.models.responses_mock._real_send,
        dict(os.environ),
        boto3.DEFAULT_SESSION,
        moto.settings.TEST_DECORATOR_MODE,
    )


def test_leaving_puts_everything_back() -> None:
    before = patched_places()
    with opened():
        inside = patched_places()
    assert patched_places() == before
    assert all(a != b for a, b in zip(before[:5], inside[:5], strict=True))


def test_entering_that_fails_puts_everything_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "work")
    before = patched_places()

    def fail(*args: Any) -> None:
        raise RuntimeError("no")

    monkeypatch.setattr(isolation, "attach", fail)
    with pytest.raises(RuntimeError, match="no"):
        Isolation(REGION).enter()
    assert patched_places() == before


def test_a_second_opening_beside_the_first_is_an_error(sandbox: None) -> None:
    second = Isolation(REGION)
    with pytest.raises(SandboxAlreadyOpen, match="close it first"):
        second.enter()
    second.leave()
    assert boto3.client("ecs").list_clusters()["clusterArns"] == []


def test_leaving_twice_does_nothing() -> None:
    opening = Isolation(REGION)
    opening.enter()
    opening.leave()
    before = patched_places()
    opening.leave()
    assert patched_places() == before


def test_an_older_client_without_credentials_is_told_what_to_do(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    session = session_without_moto()
    monkeypatch.setattr(session._session, "get_credentials", lambda: None)
    client = session.client("ecs", region_name=REGION)
    with opened(), pytest.raises(NetworkRefused, match="older than the sandbox and has no cred"):
        client.list_clusters()


def test_a_service_whose_package_is_missing_is_refused_in_one_line(
    sandbox: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "moto.xray", None)
    monkeypatch.delitem(sys.modules, "moto.xray.models", raising=False)
    with pytest.raises(NetworkRefused, match="the sandbox does not have this service"):
        boto3.client("xray").get_groups()
