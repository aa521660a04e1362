"""Scheduled rules and EventBridge Scheduler call their targets on the virtual clock, and run tasks."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from botocore.config import Config

CLUSTER = "arn:aws:ecs:us-east-1:123456789012:cluster/lab"
OFF = {"Mode": "OFF"}
ON_ALL = {"Effect": "Allow", "Resource": "*"}


@pytest.fixture
def scheduler(lab: Any) -> Any:
    return lab.aws.client("scheduler")


@pytest.fixture
def role(lab: Any) -> str:
    actions = ["ecs:RunTask", "sqs:SendMessage"]
    return str(lab.role("planner", ON_ALL | {"Action": actions}, trusts="scheduler.amazonaws.com"))


def to_queue(wiring: Any, role: str, **more: Any) -> dict[str, Any]:
    return {"Arn": wiring.queue(let_in=False), "RoleArn": role, **more}


def to_task(lab: Any, role: str, **more: Any) -> dict[str, Any]:
    network = {"awsvpcConfiguration": {"Subnets": lab.subnets}}
    definition = "arn:aws:ecs:us-east-1:123456789012:task-definition/web:1"
    given = {
        "TaskDefinitionArn": definition,
        "LaunchType": "FARGATE",
        "NetworkConfiguration": network,
    }
    return {"Arn": CLUSTER, "RoleArn": role, "EcsParameters": given} | more


def times(messages: list[dict[str, Any]]) -> list[str]:
    return [one["time"][5:16] for one in messages]


# --- Scheduled rules


def test_a_rule_by_rate(lab: Any, wiring: Any) -> None:
    arn = wiring.rule(None, ScheduleExpression="rate(10 minutes)")
    wiring.target(wiring.queue())
    lab.clock.advance(minutes=30, seconds=1)
    found = wiring.received()
    assert times(found) == ["11-02T09:10", "11-02T09:20", "11-02T09:30"]
    assert (found[0]["source"], found[0]["detail-type"]) == ("aws.events", "Scheduled Event")
    assert (found[0]["resources"], found[0]["detail"]) == ([arn], {})


def test_a_rule_by_cron_that_is_disabled_changed_and_deleted(lab: Any, wiring: Any) -> None:
    wiring.rule(None, ScheduleExpression="cron(0 * * * ? *)")
    wiring.target(wiring.queue())
    lab.clock.advance(hours=1, seconds=1)
    wiring.events.disable_rule(Name="tasks")
    lab.clock.advance(hours=2)
    wiring.events.enable_rule(Name="tasks")
    wiring.rule(None, ScheduleExpression="cron(30 * * * ? *)")
    lab.clock.advance(hours=1)
    assert times(wiring.received()) == ["11-02T10:00", "11-02T12:30"]
    wiring.events.remove_targets(Rule="tasks", Ids=["arn:aws:sqs:us-east-1:123456789012:alerts"])
    wiring.events.delete_rule(Name="tasks")
    lab.clock.advance(hours=5)
    assert wiring.received() == []


def test_a_scheduled_rule_runs_a_task(lab: Any, wiring: Any) -> None:
    run = ON_ALL | {"Action": "ecs:RunTask"}
    role = lab.role("events", run, trusts="events.amazonaws.com")
    wiring.rule(None, ScheduleExpression="cron(0 10 * * ? *)")
    wiring.events.put_targets(Rule="tasks", Targets=[to_task(lab, role) | {"Id": "t"}])
    lab.clock.advance(minutes=59)
    assert lab.arns() == []
    lab.clock.advance(minutes=2)
    (arn,) = lab.arns(startedBy="events-rule/tasks")
    assert lab.task(arn)["createdAt"].hour == 10


@pytest.mark.parametrize(
    "text", ["rate(1 minutes)", "cron(0 8 * * * *)", "at(2026-11-02T12:00:00)"]
)
def test_what_is_no_schedule_makes_no_rule(wiring: Any, refused: Any, text: str) -> None:
    found = refused(wiring.events.put_rule, Name="r", ScheduleExpression=text)
    assert (found.code, found.message) == (
        "ValidationException",
        "Parameter ScheduleExpression is not valid.",
    )


# --- EventBridge Scheduler


def plan(scheduler: Any, target: Any, expression: str, name: str = "nightly", **more: Any) -> None:
    scheduler.create_schedule(
        Name=name,
        ScheduleExpression=expression,
        FlexibleTimeWindow=OFF,
        Target=target,
        **more,
    )


def test_a_schedule_in_a_time_zone(lab: Any, wiring: Any, scheduler: Any, role: str) -> None:
    target = to_queue(wiring, role, Input='{"say": "hello"}')
    zone = {"ScheduleExpressionTimezone": "America/New_York"}
    plan(scheduler, target, "cron(0 8 * * ? *)", **zone)
    lab.clock.advance(hours=3, minutes=59)
    assert wiring.received() == []
    lab.clock.advance(minutes=2)
    assert wiring.received() == [{"say": "hello"}]


def test_a_schedule_runs_a_task_with_overrides(lab: Any, scheduler: Any, role: str) -> None:
    given = json.dumps({"containerOverrides": [{"name": "app", "command": ["true"]}]})
    plan(scheduler, to_task(lab, role, Input=given), "rate(1 hour)")
    lab.clock.advance(hours=1, minutes=2)
    (arn,) = lab.arns(startedBy="chronos-schedule/nightly", desiredStatus="STOPPED")
    task = lab.task(arn)
    assert task["overrides"]["containerOverrides"][0]["command"] == ["true"]
    assert task["containers"][0]["exitCode"] == 0


def test_a_single_time_and_its_deletion(lab: Any, wiring: Any, scheduler: Any, role: str) -> None:
    target = to_queue(wiring, role)
    plan(scheduler, target, "at(2026-11-02T10:00:00)", ActionAfterCompletion="DELETE")
    plan(scheduler, target, "at(2026-11-02T08:00:00)", "past")
    lab.clock.advance(days=2)
    (told,) = wiring.received()
    assert (told["source"], told["time"]) == ("aws.scheduler", "2026-11-02T10:00:00Z")
    assert [one["Name"] for one in scheduler.list_schedules()["Schedules"]] == ["past"]


def test_from_when_and_until_when(lab: Any, wiring: Any, scheduler: Any, role: str) -> None:
    now = lab.aws.now()
    ends = {"StartDate": now + timedelta(hours=2), "EndDate": now + timedelta(hours=4, minutes=5)}
    plan(scheduler, to_queue(wiring, role), "rate(1 hour)", **ends)
    lab.clock.advance(days=1)
    assert times(wiring.received()) == ["11-02T11:00", "11-02T12:00", "11-02T13:00"]


def test_a_disabled_schedule_and_another_expression(
    lab: Any, wiring: Any, scheduler: Any, role: str
) -> None:
    target = to_queue(wiring, role)
    plan(scheduler, target, "rate(1 hour)", State="DISABLED")
    lab.clock.advance(hours=2)
    given = {"Name": "nightly", "FlexibleTimeWindow": OFF, "Target": target}
    scheduler.update_schedule(ScheduleExpression="rate(2 hours)", State="ENABLED", **given)
    lab.clock.advance(hours=3)
    assert times(wiring.received()) == ["11-02T13:00"]


@pytest.mark.parametrize("trusts", ["events.amazonaws.com", "ecs-tasks.amazonaws.com"])
def test_the_role_has_to_trust_scheduler(
    lab: Any, wiring: Any, scheduler: Any, refused: Any, trusts: str
) -> None:
    target = to_queue(wiring, lab.role("other", ON_ALL | {"Action": "*"}, trusts=trusts))
    found = refused(plan, scheduler, target, "rate(1 hour)")
    assert (found.code, found.message) == (
        "ValidationException",
        "The execution role you provide must allow AWS EventBridge Scheduler to assume the role.",
    )


def test_what_is_no_schedule(wiring: Any, scheduler: Any, refused: Any, role: str) -> None:
    target = to_queue(wiring, role)
    for text, zone in (("rate(1 hours)", "UTC"), ("cron(0 8 * * ? *)", "Nowhere/Atall")):
        found = refused(plan, scheduler, target, text, ScheduleExpressionTimezone=zone)
        assert found.code == "ValidationException"
    assert scheduler.list_schedules()["Schedules"] == []


@pytest.mark.parametrize("lacks", ["ScheduleExpression", "Target", "Arn", "RoleArn"])
def test_what_has_to_be_given(lab: Any, refused: Any, role: str, lacks: str) -> None:
    unchecked = lab.aws.client("scheduler", config=Config(parameter_validation=False))
    target = {"Arn": "arn:aws:sqs:us-east-1:123456789012:q", "RoleArn": role}
    given = {"Name": "n", "ScheduleExpression": "rate(1 hour)", "FlexibleTimeWindow": OFF}
    given["Target"] = {name: one for name, one in target.items() if name != lacks}
    given.pop(lacks, None)
    assert refused(unchecked.create_schedule, **given).code == "ValidationException"


def test_a_role_without_the_permission(lab: Any, wiring: Any, scheduler: Any) -> None:
    only = ON_ALL | {"Action": "sqs:SendMessage"}
    role = lab.role("planner", only, trusts="scheduler.amazonaws.com")
    dead = {"Arn": wiring.queue("dead", let_in=False)}
    plan(scheduler, to_task(lab, role, DeadLetterConfig=dead), "rate(1 hour)")
    lab.clock.advance(hours=1, seconds=1)
    (lost,) = wiring.messages("dead")
    told = {name: one["StringValue"] for name, one in lost["MessageAttributes"].items()}
    assert (told["ERROR_CODE"], told["RETRY_ATTEMPTS"]) == ("NO_PERMISSIONS", "0")
    assert "ecs:RunTask" in told["ERROR_MESSAGE"]
    assert told["SCHEDULE_ARN"].endswith(":schedule/default/nightly")


def test_what_run_task_refuses_is_tried_again_and_then_given_up(
    lab: Any, wiring: Any, scheduler: Any, role: str
) -> None:
    dead = {"Arn": wiring.queue("dead", let_in=False)}
    retry = {"MaximumRetryAttempts": 2, "MaximumEventAgeInSeconds": 86400}
    target = to_task(lab, role, DeadLetterConfig=dead, RetryPolicy=retry)
    del target["EcsParameters"]["NetworkConfiguration"]
    plan(scheduler, target, "at(2026-11-02T10:00:00)")
    lab.clock.advance(hours=1, minutes=2)
    assert wiring.messages("dead") == []
    lab.clock.advance(minutes=2)
    (lost,) = wiring.messages("dead")
    told = {name: one["StringValue"] for name, one in lost["MessageAttributes"].items()}
    assert (told["RETRY_ATTEMPTS"], told["EXHAUSTED_RETRY_CONDITION"]) == (
        *("2", "MaximumRetryAttempts"),
    )


def test_a_restored_world_fires_what_it_had_planned(lab: Any, wiring: Any) -> None:
    wiring.rule(None, ScheduleExpression="rate(1 hour)")
    wiring.target(wiring.queue())
    moment = lab.aws.snapshot()
    lab.clock.advance(hours=2, minutes=1)
    first = wiring.received()
    moment.restore()
    lab.clock.advance(hours=2, minutes=1)
    assert wiring.received() == first
    assert len(first) == 2


@pytest.mark.parametrize("operation", ["create_schedule", "update_schedule"])
def test_a_user_has_to_be_allowed_to_pass_the_role(
    lab: Any, wiring: Any, scheduler: Any, refused: Any, role: str, operation: str
) -> None:
    target = to_queue(wiring, role)
    plan(scheduler, target, "rate(1 hour)")
    iam = lab.aws.client("iam")
    iam.create_user(UserName="dev")
    text = json.dumps({"Version": "2012-10-17", "Statement": [ON_ALL | {"Action": "scheduler:*"}]})
    iam.put_user_policy(UserName="dev", PolicyName="p", PolicyDocument=text)
    key = iam.create_access_key(UserName="dev")["AccessKey"]
    keys = {"aws_access_key_id": key["AccessKeyId"],
            "aws_secret_access_key": key["SecretAccessKey"]}  # fmt: skip
    given = {"Name": "nightly", "ScheduleExpression": "rate(1 hour)", "FlexibleTimeWindow": OFF}
    theirs = lab.aws.client("scheduler", **keys)
    found = refused(getattr(theirs, operation), Target=target, **given)
    assert found.code == "AccessDeniedException" and "iam:PassRole" in found.message
