"""botocore's waiters for ECS, on plain boto3 clients: they let virtual time pass."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import boto3
import pytest
from botocore.exceptions import WaiterError

from course.sandbox.clock import START


def passed(lab: Any) -> timedelta:
    return lab.aws.now() - START  # type: ignore[no-any-return]


@pytest.fixture
def wait(lab: Any) -> Any:
    """``wait("services_stable", services=["web"])`` on a plain boto3 client."""
    client = boto3.client("ecs")

    def call(name: str, **given: Any) -> None:
        client.get_waiter(name).wait(cluster="lab", **given)

    return call


def test_tasks_running(lab: Any, wait: Any) -> None:
    arns = lab.run(2)
    wait("tasks_running", tasks=arns)
    assert {lab.task(arn)["lastStatus"] for arn in arns} == {"RUNNING"}
    assert timedelta(seconds=20) <= passed(lab) <= timedelta(seconds=36)


def test_tasks_stopped(lab: Any, wait: Any) -> None:
    arns = lab.run(1)
    wait("tasks_running", tasks=arns)
    lab.stop(arns[0])
    before = passed(lab)
    wait("tasks_stopped", tasks=arns)
    assert lab.task(arns[0])["lastStatus"] == "STOPPED"
    assert timedelta(0) < passed(lab) - before <= timedelta(seconds=60)


def test_services_stable(lab: Any, wait: Any) -> None:
    lab.service()
    wait("services_stable", services=["web"])
    assert lab.describe()["runningCount"] == 2
    assert timedelta(0) < passed(lab) < timedelta(minutes=2)


def test_services_stable_does_not_ask_whether_the_tasks_are_healthy(lab: Any, wait: Any) -> None:
    """As on AWS: one deployment and runningCount = desiredCount is all it looks at."""
    lab.service()
    wait("services_stable", services=["web"])
    (deployment,) = lab.describe()["deployments"]
    assert deployment["rolloutState"] == "IN_PROGRESS", "no task counts as healthy yet"
    assert lab.held_service().primary.healthy_count == 0
    assert "(service web) has reached a steady state." not in lab.said()


def test_services_stable_waits_for_the_end_of_a_deployment(lab: Any, wait: Any) -> None:
    lab.steady()
    old = set(lab.arns(serviceName="web"))
    lab.update(forceNewDeployment=True)
    wait("services_stable", services=["web"])
    assert len(lab.describe()["deployments"]) == 1
    assert not old & set(lab.arns(serviceName="web"))


def test_services_inactive(lab: Any, wait: Any) -> None:
    lab.steady()
    lab.delete()
    before = passed(lab)
    wait("services_inactive", services=["web"])
    assert lab.describe()["status"] == "INACTIVE"
    assert passed(lab) > before


def test_a_waiter_that_has_nothing_to_wait_for_moves_no_time(lab: Any, wait: Any) -> None:
    lab.steady()
    before = passed(lab)
    wait("services_stable", services=["web"])
    wait("tasks_running", tasks=lab.arns())
    assert passed(lab) == before


@pytest.mark.parametrize(
    ("name", "given", "said"),
    [
        ("tasks_running", {"tasks": ["0" * 32]}, "MISSING"),
        ("services_stable", {"services": ["nope"]}, "MISSING"),
        ("services_inactive", {"services": ["nope"]}, "MISSING"),
    ],
)
def test_waiting_for_what_is_not_there_fails_at_once(
    lab: Any, wait: Any, name: str, given: dict[str, Any], said: str
) -> None:
    with pytest.raises(WaiterError, match=said):
        wait(name, **given)
    assert passed(lab) == timedelta(0)


def test_a_task_that_stops_never_runs(lab: Any, wait: Any) -> None:
    arns = lab.run(1)
    lab.stop(arns[0])
    with pytest.raises(WaiterError, match="STOPPED"):
        wait("tasks_running", tasks=arns)


def test_a_service_being_deleted_does_not_become_stable(lab: Any, wait: Any) -> None:
    lab.steady()
    lab.delete()
    with pytest.raises(WaiterError, match="DRAINING"):
        wait("services_stable", services=["web"])
    lab.clock.advance(minutes=1)
    with pytest.raises(WaiterError, match="INACTIVE"):
        wait("services_stable", services=["web"])


def test_a_service_that_stays_active_times_out_after_ten_minutes(lab: Any, wait: Any) -> None:
    lab.steady()
    before = passed(lab)
    with pytest.raises(WaiterError, match="Max attempts exceeded"):
        wait("services_inactive", services=["web"])
    assert passed(lab) - before == timedelta(seconds=15 * 39)


def test_waiter_config_is_in_virtual_seconds(lab: Any, wait: Any) -> None:
    arns = lab.run(1)
    with pytest.raises(WaiterError, match="Max attempts exceeded"):
        wait("tasks_running", tasks=arns, WaiterConfig={"Delay": 3, "MaxAttempts": 2})
    assert passed(lab) == timedelta(seconds=3)
