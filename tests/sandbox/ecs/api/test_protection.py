"""Task scale-in protection through boto3: who may be protected, for how long, and from what."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

BLOCKED = (
    "was unable to scale in. Reason: The number of protected tasks are more than the desired count "
    "of tasks"
)


def protect(lab: Any, *tasks: str, **more: Any) -> dict[str, Any]:
    given = {"protectionEnabled": True, **more}
    return dict(lab.ecs.update_task_protection(cluster="lab", tasks=list(tasks), **given))


def protection(lab: Any, *tasks: str) -> dict[str, Any]:
    return dict(lab.ecs.get_task_protection(cluster="lab", tasks=list(tasks)))


def test_two_hours_unless_told_otherwise(lab: Any) -> None:
    lab.steady()
    one, other = lab.arns(serviceName="web")
    answer = protect(lab, one)
    assert answer["failures"] == []
    (shown,) = answer["protectedTasks"]
    expires = lab.aws.now() + timedelta(minutes=120)
    assert shown == {"taskArn": one, "protectionEnabled": True, "expirationDate": expires}
    assert protection(lab, one, other)["protectedTasks"] == [
        shown,
        {"taskArn": other, "protectionEnabled": False},
    ]
    lab.clock.advance(minutes=119)
    assert protection(lab, one)["protectedTasks"] == [shown]
    lab.clock.advance(minutes=1)
    assert protection(lab, one)["protectedTasks"][0]["protectionEnabled"] is False


def test_asked_again_it_begins_anew_and_it_can_be_taken_off(lab: Any) -> None:
    lab.steady()
    one = lab.arns(serviceName="web")[0]
    protect(lab, one, expiresInMinutes=10)
    lab.clock.advance(minutes=9)
    protect(lab, one.rsplit("/", 1)[-1], expiresInMinutes=10)
    lab.clock.advance(minutes=9)
    assert protection(lab, one)["protectedTasks"][0]["protectionEnabled"]
    answer = protect(lab, one, protectionEnabled=False)
    assert answer["protectedTasks"] == [{"taskArn": one, "protectionEnabled": False}]


def test_a_protected_task_is_not_scaled_in(lab: Any) -> None:
    lab.steady(desired=3)
    kept = lab.arns(serviceName="web")[2]
    protect(lab, kept)
    lab.update(desiredCount=1)
    assert lab.arns(serviceName="web") == [kept]
    lab.update(desiredCount=0)
    lab.clock.advance(minutes=60)
    assert lab.arns(serviceName="web") == [kept]
    deployment = lab.describe()["deployments"][0]["id"]
    assert [message for message in lab.said() if BLOCKED in message] == [
        (
            "(service web) was unable to reach steady state because task set "
            f"({deployment}) {BLOCKED}"
        )
    ]
    lab.clock.advance(minutes=61)
    assert lab.arns(serviceName="web") == []
    assert lab.said()[-1] == "(service web) has reached a steady state."


def test_a_protected_task_outlasts_a_deployment_until_it_is_let_go(lab: Any) -> None:
    lab.steady()
    kept = lab.arns(serviceName="web")[0]
    protect(lab, kept)
    lab.update(forceNewDeployment=True)
    lab.clock.advance(minutes=30)
    assert kept in lab.arns(serviceName="web") and len(lab.arns(serviceName="web")) == 3
    assert len(lab.describe()["deployments"]) == 2
    assert BLOCKED in lab.said()[-1]
    protect(lab, kept, protectionEnabled=False)
    assert kept not in lab.arns(serviceName="web")
    lab.clock.advance(minutes=1)
    assert [one["rolloutState"] for one in lab.describe()["deployments"]] == ["COMPLETED"]


def test_it_protects_from_nothing_else(lab: Any) -> None:
    lab.steady()
    one, other = lab.arns(serviceName="web")
    protect(lab, one, other)
    lab.stop(one)
    assert lab.task(one)["desiredStatus"] == "STOPPED"
    lab.delete()
    assert lab.task(other)["desiredStatus"] == "STOPPED"
    lab.clock.advance(minutes=1)
    assert lab.describe()["status"] == "INACTIVE"


def test_more_protected_tasks_than_wanted_block_a_renewal(lab: Any) -> None:
    lab.steady()
    one, other = lab.arns(serviceName="web")
    protect(lab, one, other)
    lab.update(desiredCount=1)
    answer = protect(lab, one)
    assert answer["protectedTasks"] == []
    assert answer["failures"] == [{"arn": one, "reason": "DEPLOYMENT_BLOCKED"}]
    assert protect(lab, one, protectionEnabled=False)["failures"] == []
    assert lab.arns(serviceName="web") == [other]


def test_only_tasks_of_services_and_only_those_that_are_there(lab: Any) -> None:
    lab.steady()
    (alone,) = lab.run(1)
    stopped = lab.arns(serviceName="web")[0]
    lab.stop(stopped)
    missing = "arn:aws:ecs:us-east-1:123456789012:task/lab/" + "0" * 32
    for answer in (
        protect(lab, alone, "0" * 32, stopped),
        protection(lab, alone, missing, stopped),
    ):
        assert answer["protectedTasks"] == []
        assert answer["failures"] == [
            {"arn": alone, "reason": "TASK_NOT_VALID"},
            {"arn": missing, "reason": "MISSING"},
            {"arn": stopped, "reason": "TASK_NOT_VALID"},
        ]


def test_without_names_every_task_of_a_service_is_shown(lab: Any) -> None:
    lab.steady()
    lab.run(1)
    shown = lab.ecs.get_task_protection(cluster="lab")["protectedTasks"]
    assert [one["taskArn"] for one in shown] == lab.arns(serviceName="web")


@pytest.mark.parametrize("minutes", [0, -1, 2881])
def test_from_a_minute_to_two_days(lab: Any, refused: Any, minutes: int) -> None:
    lab.steady()
    one = lab.arns(serviceName="web")[0]
    found = refused(protect, lab, one, expiresInMinutes=minutes)
    assert found.code == "InvalidParameterException"
    assert protection(lab, one)["protectedTasks"][0]["protectionEnabled"] is False


@pytest.mark.parametrize("count", [0, 11])
def test_one_to_ten_tasks(lab: Any, refused: Any, count: int) -> None:
    assert refused(protect, lab, *["x"] * count).code == "InvalidParameterException"
