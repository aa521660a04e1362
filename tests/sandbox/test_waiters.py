"""Waiters of sandbox clients: virtual time between the attempts, botocore's words at the end."""

from __future__ import annotations

import gc
import pydoc
import time
import weakref
from collections.abc import Iterator
from typing import Any

import boto3
import botocore.session
import pytest
from botocore.exceptions import WaiterError
from botocore.stub import Stubber
from botocore.waiter import Waiter

from course.sandbox import waiters

ARGUMENTS = {"cluster": "lab", "services": ["web"]}


class Clock:
    """Counts what it was asked to let pass."""

    def __init__(self) -> None:
        self.waits: list[float] = []

    def wait(self, seconds: float) -> None:
        self.waits.append(seconds)


@pytest.fixture(autouse=True)
def no_sleep_and_no_account(monkeypatch: pytest.MonkeyPatch) -> None:
    def sleep(seconds: float) -> None:
        raise AssertionError(f"slept {seconds} s")

    monkeypatch.setattr(time, "sleep", sleep)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "a")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "b")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)


@pytest.fixture
def clock() -> Iterator[Clock]:
    clock = Clock()
    undo = waiters.install(clock.wait)
    yield clock
    undo()


def stub(client: Any, operation: str, *answers: dict[str, Any]) -> None:
    """Give the client these answers, one a call; a call too many is an error."""
    stubber = Stubber(client)
    for answer in answers:
        stubber.add_response(operation, answer)
    stubber.activate()


def services(*statuses: tuple[str, int, int]) -> list[dict[str, Any]]:
    """An answer of DescribeServices for each (status, running, desired)."""
    return [
        {
            "services": [
                {
                    "status": status,
                    "runningCount": running,
                    "desiredCount": desired,
                    "deployments": [{"status": "PRIMARY"}],
                }
            ]
        }
        for status, running, desired in statuses
    ]


def ecs_client(*answers: dict[str, Any]) -> Any:
    client = boto3.client("ecs")
    stub(client, "describe_services", *answers)
    return client


def test_virtual_time_passes_between_the_attempts(clock: Clock) -> None:
    client = ecs_client(*services(("ACTIVE", 0, 2), ("ACTIVE", 1, 2), ("ACTIVE", 2, 2)))
    client.get_waiter("services_stable").wait(**ARGUMENTS)
    assert clock.waits == [15, 15]


def test_no_time_passes_when_the_state_is_reached_already(clock: Clock) -> None:
    client = ecs_client(*services(("ACTIVE", 2, 2)))
    client.get_waiter("services_stable").wait(**ARGUMENTS)
    assert clock.waits == []


def test_waiter_config_sets_delay_and_attempts(clock: Clock) -> None:
    client = ecs_client(*services(*[("ACTIVE", 0, 2)] * 3))
    with pytest.raises(WaiterError, match="Max attempts exceeded"):
        client.get_waiter("services_stable").wait(
            **ARGUMENTS, WaiterConfig={"Delay": 2.5, "MaxAttempts": 3}
        )
    assert clock.waits == [2.5, 2.5]


def test_a_failure_state_says_which_and_keeps_the_response(clock: Clock) -> None:
    client = ecs_client(*services(("ACTIVE", 0, 2), ("DRAINING", 0, 2)))
    with pytest.raises(WaiterError) as raised:
        client.get_waiter("services_stable").wait(**ARGUMENTS)
    assert str(raised.value) == (
        "Waiter ServicesStable failed: Waiter encountered a terminal failure state: "
        'For expression "services[].status" we matched expected path: "DRAINING" at least once'
    )
    assert raised.value.last_response["services"][0]["status"] == "DRAINING"
    assert clock.waits == [15]


def test_an_error_ends_the_wait(clock: Clock) -> None:
    client = boto3.client("ecs")
    stubber = Stubber(client)
    stubber.add_client_error(
        "describe_services", "ClusterNotFoundException", "Cluster not found.", 400
    )
    stubber.activate()
    with pytest.raises(WaiterError) as raised:
        client.get_waiter("services_stable").wait(**ARGUMENTS)
    assert str(raised.value) == (
        "Waiter ServicesStable failed: "
        "An error occurred (ClusterNotFoundException): Cluster not found."
    )
    assert raised.value.last_response["Error"]["Code"] == "ClusterNotFoundException"


def test_an_error_that_the_waiter_waits_through(clock: Clock) -> None:
    client = boto3.client("ec2")
    stubber = Stubber(client)
    stubber.add_client_error("describe_instances", "InvalidInstanceID.NotFound", "no", 400)
    stubber.add_response(
        "describe_instances", {"Reservations": [{"Instances": [{"State": {"Name": "running"}}]}]}
    )
    stubber.activate()
    client.get_waiter("instance_running").wait(InstanceIds=["i-1"])
    assert clock.waits == [15]


def test_an_unknown_waiter_is_refused_as_by_botocore(clock: Clock) -> None:
    with pytest.raises(ValueError, match="Waiter does not exist: services_happy"):
        boto3.client("ecs").get_waiter("services_happy")


def test_the_surface_is_botocores(clock: Clock) -> None:
    waiter = boto3.client("ecs").get_waiter("services_stable")
    assert isinstance(waiter, Waiter)
    assert type(waiter).__name__ == "ECS.Waiter.ServicesStable"
    assert (waiter.name, waiter.config.delay, waiter.config.max_attempts) == (
        "ServicesStable",
        15,
        40,
    )


def test_help_is_botocores(clock: Clock) -> None:
    client = boto3.client("ecs")
    text = pydoc.plain(pydoc.render_doc(client.get_waiter("services_stable").wait))
    assert "ECS.Client.describe_services" in text and "WaiterConfig" in text
    assert "Returns an object that can wait" in pydoc.render_doc(client.get_waiter)


@pytest.mark.parametrize(
    "make",
    [
        lambda: boto3.client("ecs"),
        lambda: boto3.Session().client("ecs"),
        lambda: botocore.session.Session().create_client("ecs"),
    ],
    ids=["default session", "session", "botocore session"],
)
def test_every_way_to_make_a_client(make: Any, clock: Clock) -> None:
    client = make()
    stub(client, "describe_services", *services(("ACTIVE", 0, 1), ("ACTIVE", 1, 1)))
    client.get_waiter("services_stable").wait(**ARGUMENTS)
    assert clock.waits == [15]


def test_a_resource_waits_through_its_client(clock: Clock) -> None:
    instance = boto3.resource("ec2").Instance("i-1")
    answers = [
        {"Reservations": [{"Instances": [{"State": {"Name": state}}]}]}
        for state in ("pending", "pending", "running")
    ]
    stub(instance.meta.client, "describe_instances", *answers)
    instance.wait_until_running()
    assert clock.waits == [15, 15]


def test_other_clients_keep_botocores_own() -> None:
    before = boto3.client("ecs")
    undo = waiters.install(Clock().wait)
    inside = boto3.client("ecs", "us-east-1")
    undo()
    after = boto3.Session().client("ecs")
    assert isinstance(inside.get_waiter("tasks_running"), waiters.VirtualWaiter)
    for client in (before, after):
        assert not isinstance(client.get_waiter("tasks_running"), waiters.VirtualWaiter)


def test_the_wait_in_place_when_it_waits_is_the_one_used() -> None:
    first, second = Clock(), Clock()
    undo = waiters.install(first.wait)
    client = ecs_client(*services(("ACTIVE", 0, 1), ("ACTIVE", 1, 1)))
    waiter = client.get_waiter("services_stable")
    undo()
    undo = waiters.install(second.wait)
    waiter.wait(**ARGUMENTS)
    undo()
    assert (first.waits, second.waits) == ([], [15])


def test_undo_lets_the_world_go() -> None:
    clock = Clock()
    undo = waiters.install(clock.wait)
    undo()
    del undo
    world = weakref.ref(clock)
    del clock
    gc.collect()
    assert world() is None


def test_what_wait_raises_reaches_the_caller() -> None:
    def wait(seconds: float) -> None:
        raise KeyboardInterrupt

    undo = waiters.install(wait)
    client = ecs_client(*services(("ACTIVE", 0, 1)))
    with pytest.raises(KeyboardInterrupt):
        client.get_waiter("services_stable").wait(**ARGUMENTS)
    undo()
