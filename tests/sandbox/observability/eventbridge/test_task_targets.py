"""A rule runs a task: with a role that trusts EventBridge, may RunTask and may pass the task's roles."""

from __future__ import annotations

import json
from typing import Any

import pytest

ORDERS = {"source": ["shop"]}
CLUSTER = "arn:aws:ecs:us-east-1:123456789012:cluster/lab"
RUN = {
    "Effect": "Allow",
    "Action": "ecs:RunTask",
    "Resource": "arn:aws:ecs:us-east-1:123456789012:task-definition/web:*",
    "Condition": {"ArnEquals": {"ecs:cluster": CLUSTER}},
}
PASS = {
    "Effect": "Allow",
    "Action": "iam:PassRole",
    "Resource": "*",
    "Condition": {"StringLike": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}},
}


def task_target(lab: Any, role: str, **more: Any) -> dict[str, Any]:
    network = {"Subnets": lab.subnets, "AssignPublicIp": "DISABLED"}
    given = {
        "TaskDefinitionArn": "arn:aws:ecs:us-east-1:123456789012:task-definition/web:1",
        "LaunchType": "FARGATE",
        "NetworkConfiguration": {"awsvpcConfiguration": network},
    }
    return {"Id": "task", "Arn": CLUSTER, "RoleArn": role, "EcsParameters": given | more}


def test_a_task_is_run_and_nothing_of_the_event_is_passed(lab: Any, wiring: Any) -> None:
    role = lab.role("events", RUN, trusts="events.amazonaws.com")
    wiring.rule(ORDERS)
    target = task_target(lab, role, TaskCount=2)
    wiring.events.put_targets(Rule="tasks", Targets=[target])
    wiring.put()
    lab.clock.advance(minutes=1)
    arns = lab.arns(startedBy="events-rule/tasks")
    assert len(arns) == 2
    task = lab.task(arns[0])
    assert (task["lastStatus"], task["launchType"], task["group"]) == (
        *("RUNNING", "FARGATE"),
        "family:web",
    )
    assert task["overrides"]["containerOverrides"] == [{"name": "app"}]
    assert "events     RunTask web:1, count 2" in repr(lab.aws.timeline)


def test_the_input_is_the_overrides(lab: Any, wiring: Any) -> None:
    role = lab.role("events", RUN, trusts="events.amazonaws.com")
    wiring.rule(ORDERS)
    order = (
        '{"containerOverrides": [{"name": "app", "environment": [{"name": "N", "value": "<n>"}]}]}'
    )
    transformer = {"InputPathsMap": {"n": "$.detail.n"}, "InputTemplate": order}
    target = task_target(lab, role) | {"InputTransformer": transformer}
    wiring.events.put_targets(Rule="tasks", Targets=[target])
    wiring.put({"n": 42})
    lab.clock.advance(minutes=1)
    (arn,) = lab.arns()
    (override,) = lab.task(arn)["overrides"]["containerOverrides"]
    assert override["environment"] == [{"name": "N", "value": "42"}]


def test_who_ran_it_stands_in_the_history(lab: Any, wiring: Any) -> None:
    role = lab.role("events", RUN, trusts="events.amazonaws.com")
    wiring.rule(ORDERS)
    wiring.events.put_targets(Rule="tasks", Targets=[task_target(lab, role)])
    wiring.put()
    lab.clock.advance(minutes=6)
    found = lab.aws.client("cloudtrail").lookup_events(
        LookupAttributes=[{"AttributeKey": "EventName", "AttributeValue": "RunTask"}]
    )["Events"]
    (told,) = [json.loads(one["CloudTrailEvent"]) for one in found]
    assert told["userIdentity"]["sessionContext"]["sessionIssuer"]["arn"] == role
    assert told["sourceIPAddress"] == "events.amazonaws.com"
    assert told["requestParameters"]["startedBy"] == "events-rule/tasks"


@pytest.mark.parametrize(
    ("trusts", "policies", "says"),
    [
        ("ecs-tasks.amazonaws.com", [RUN, PASS], "cannot assume role"),
        ("events.amazonaws.com", [PASS], "is not authorized to perform: ecs:RunTask"),
        ("events.amazonaws.com", [RUN], "is not authorized to perform: iam:PassRole"),
        (
            "events.amazonaws.com",
            [RUN | {"Condition": {"ArnEquals": {"ecs:cluster": f"{CLUSTER}-2"}}}, PASS],
            "is not authorized to perform: ecs:RunTask",
        ),
    ],
)
def test_what_the_role_lacks(
    lab: Any, wiring: Any, trusts: str, policies: list[Any], says: str
) -> None:
    lab.define(executionRoleArn=lab.role("execution"))
    role = lab.role("events", *policies, trusts=trusts)
    wiring.rule(ORDERS)
    target = task_target(
        lab, role, TaskDefinitionArn="arn:aws:ecs:us-east-1:123456789012:task-definition/web:2"
    )
    target["DeadLetterConfig"] = {"Arn": wiring.queue("dead")}
    wiring.events.put_targets(Rule="tasks", Targets=[target])
    wiring.put()
    lab.clock.advance(minutes=1)
    assert lab.arns() == []
    (lost,) = wiring.messages("dead")
    told = lost["MessageAttributes"]
    assert told["ERROR_CODE"]["StringValue"] == "NO_PERMISSIONS"
    assert says in told["ERROR_MESSAGE"]["StringValue"]
    assert wiring.counted("FailedInvocations") == 1


def test_with_both_policies_a_task_with_roles_is_run(lab: Any, wiring: Any) -> None:
    lab.define(executionRoleArn=lab.role("execution"))
    role = lab.role("events", RUN, PASS, trusts="events.amazonaws.com")
    wiring.rule(ORDERS)
    target = task_target(
        lab, role, TaskDefinitionArn="arn:aws:ecs:us-east-1:123456789012:task-definition/web:2"
    )
    wiring.events.put_targets(Rule="tasks", Targets=[target])
    wiring.put()
    lab.clock.advance(minutes=1)
    assert len(lab.arns()) == 1


def test_what_run_task_refuses_is_a_failed_invocation(lab: Any, wiring: Any) -> None:
    role = lab.role("events", RUN, trusts="events.amazonaws.com")
    wiring.rule(ORDERS)
    target = task_target(lab, role)
    del target["EcsParameters"]["NetworkConfiguration"]
    target["DeadLetterConfig"] = {"Arn": wiring.queue("dead")}
    wiring.events.put_targets(Rule="tasks", Targets=[target])
    wiring.put()
    lab.clock.advance(minutes=1)
    (lost,) = wiring.messages("dead")
    assert "InvalidParameterException" in lost["MessageAttributes"]["ERROR_MESSAGE"]["StringValue"]


@pytest.mark.parametrize("lacks", ["RoleArn", "EcsParameters"])
def test_a_target_of_ecs_needs_both(lab: Any, wiring: Any, refused: Any, lacks: str) -> None:
    wiring.rule(ORDERS)
    target = task_target(lab, lab.role("events", RUN, trusts="events.amazonaws.com"))
    del target[lacks]
    found = refused(wiring.events.put_targets, Rule="tasks", Targets=[target])
    assert found.code == "ValidationException"
