"""What ECS tells EventBridge: every state change, with the fields that AWS documents."""

from __future__ import annotations

import re
from typing import Any

import pytest

ECS = {"source": ["aws.ecs"]}
TASK, INSTANCE = "ECS Task State Change", "ECS Container Instance State Change"
ACTION, DEPLOYMENT = "ECS Service Action", "ECS Deployment State Change"


@pytest.fixture
def heard(lab: Any, wiring: Any) -> Any:
    """What has come to a queue since it was last asked, for a rule on all of ECS."""
    wiring.rule(ECS)
    wiring.target(wiring.queue())

    def received(kind: str | None = None) -> list[dict[str, Any]]:
        lab.clock.advance(1)
        found = wiring.received()
        return [one for one in found if kind in (None, one["detail-type"])]

    return received


def ways(events: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(one["detail"]["lastStatus"], one["detail"]["desiredStatus"]) for one in events]


def test_the_life_of_a_task(lab: Any, heard: Any) -> None:
    (arn,) = lab.run()
    lab.clock.advance(minutes=1)
    assert ways(heard(TASK)) == [
        ("PROVISIONING", "RUNNING"),
        ("PENDING", "RUNNING"),
        ("RUNNING", "RUNNING"),
    ]
    lab.stop(arn, reason="enough")
    lab.clock.advance(minutes=2)
    stopping = heard(TASK)
    assert ways(stopping) == [
        ("RUNNING", "STOPPED"),
        ("DEACTIVATING", "STOPPED"),
        ("STOPPING", "STOPPED"),
        ("DEPROVISIONING", "STOPPED"),
        ("STOPPED", "STOPPED"),
    ]
    assert [one["detail"]["version"] for one in stopping] == [4, 5, 6, 7, 8]
    assert stopping[-1]["detail"]["version"] == lab.task(arn)["version"]


def test_the_fields_of_a_stopped_tasks_event(lab: Any, heard: Any) -> None:
    (arn,) = lab.run(overrides={"containerOverrides": [{"name": "app", "command": ["false"]}]})
    lab.clock.advance(minutes=2)
    *_, event = heard(TASK)
    assert (event["source"], event["version"], event["resources"]) == ("aws.ecs", "0", [arn])
    assert re.fullmatch(r"2026-11-02T09:0\d:\d\dZ", event["time"])
    detail, shown = event["detail"], lab.task(arn)
    assert sorted(detail) == sorted(
        [
            *("attachments", "attributes", "availabilityZone", "clusterArn", "connectivity"),
            *("connectivityAt", "containers", "cpu", "createdAt", "desiredStatus"),
            *("enableExecuteCommand", "ephemeralStorage", "executionStoppedAt", "group"),
            *("launchType", "lastStatus", "memory", "overrides", "platformVersion"),
            *("pullStartedAt", "pullStoppedAt", "startedAt", "stoppedAt", "stoppedReason"),
            *("stoppingAt", "stopCode", "taskArn", "taskDefinitionArn", "updatedAt", "version"),
        ]
    )
    assert "healthStatus" in shown and "healthStatus" not in detail
    same = ("cpu", "group", "stopCode", "stoppedReason", "taskDefinitionArn", "platformVersion")
    assert {name: detail[name] for name in same} == {name: shown[name] for name in same}
    assert detail["stoppedAt"] == f"{shown['stoppedAt']:%Y-%m-%dT%H:%M:%S}.000Z"
    (interface,) = detail["attachments"]
    assert (interface["type"], interface["status"]) == ("eni", "DELETED")
    assert shown["attachments"][0]["type"] == "ElasticNetworkInterface"
    (container,) = detail["containers"]
    assert (container["name"], container["lastStatus"], container["exitCode"]) == (
        *("app", "STOPPED"),
        1,
    )
    assert container["networkInterfaces"][0]["attachmentId"] == interface["id"]


def test_a_service_rolls_out_and_is_steady(lab: Any, heard: Any) -> None:
    service = lab.steady(desired=1)
    lab.define()
    lab.update(taskDefinition="web")
    lab.clock.advance(minutes=5)
    found = heard()
    actions = [one for one in found if one["detail-type"] == ACTION]
    assert [one["detail"]["eventName"] for one in actions] == [
        "SERVICE_STEADY_STATE",
        "TASKS_STOPPED",
        "SERVICE_STEADY_STATE",
    ]
    told = actions[0]
    assert told["resources"] == [service["serviceArn"]]
    assert sorted(told["detail"]) == ["clusterArn", "createdAt", "eventName", "eventType"]
    assert told["detail"]["eventType"] == "INFO"
    deployments = [one["detail"] for one in found if one["detail-type"] == DEPLOYMENT]
    newest = lab.describe()["deployments"][0]["id"]
    assert [one["eventName"] for one in deployments] == [
        "SERVICE_DEPLOYMENT_IN_PROGRESS",
        "SERVICE_DEPLOYMENT_COMPLETED",
    ] * 2
    assert deployments[-1] == {
        "eventType": "INFO",
        "eventName": "SERVICE_DEPLOYMENT_COMPLETED",
        "deploymentId": newest,
        "updatedAt": deployments[-1]["updatedAt"],
        "reason": f"ECS deployment {newest} completed.",
    }


def test_a_deployment_that_the_circuit_breaker_ends(lab: Any, heard: Any) -> None:
    breaker = {"deploymentCircuitBreaker": {"enable": True, "rollback": True}}
    lab.steady(desired=1, deploymentConfiguration=breaker)
    before = lab.describe()["deployments"][0]["id"]
    heard()
    nowhere = "123456789012.dkr.ecr.us-east-1.amazonaws.com/none:1"
    lab.define(
        executionRoleArn=lab.role(), containerDefinitions=[{"name": "app", "image": nowhere}]
    )
    lab.update(taskDefinition="web")
    lab.clock.advance(minutes=60)
    found = heard()
    deployments = [one["detail"] for one in found if one["detail-type"] == DEPLOYMENT]
    failed = lab.aws.world.ecs().services["lab:web"].service_deployments[0].target.id
    assert [(one["eventName"], one["deploymentId"], one["reason"]) for one in deployments] == [
        (
            "SERVICE_DEPLOYMENT_IN_PROGRESS",
            failed,
            f"ECS deployment {failed} in progress.",
        ),
        (
            "SERVICE_DEPLOYMENT_FAILED",
            failed,
            "ECS deployment circuit breaker: task failed to start.",
        ),
        (
            "SERVICE_DEPLOYMENT_IN_PROGRESS",
            before,
            f"ECS deployment circuit breaker: rolling back to deploymentId {before}.",
        ),
        ("SERVICE_DEPLOYMENT_COMPLETED", before, f"ECS deployment {before} completed."),
    ]
    assert deployments[1]["eventType"] == "ERROR"


def test_tasks_that_never_start(lab: Any, heard: Any) -> None:
    nowhere = "123456789012.dkr.ecr.us-east-1.amazonaws.com/none:1"
    lab.define(
        executionRoleArn=lab.role(), containerDefinitions=[{"name": "app", "image": nowhere}]
    )
    lab.service(desired=1)
    lab.clock.advance(minutes=10)
    impaired = [one["detail"] for one in heard(ACTION)]
    assert {one["eventName"]: one["eventType"] for one in impaired} == {
        "SERVICE_TASK_START_IMPAIRED": "WARN"
    }


def test_no_spot_capacity(lab: Any, heard: Any) -> None:
    lab.associate()
    lab.aws.set_spot_capacity(available=False)
    strategy = [{"capacityProvider": "FARGATE_SPOT", "weight": 1}]
    lab.service(desired=1, launchType=None, capacityProviderStrategy=strategy)
    (told,) = heard(ACTION)
    arn = "arn:aws:ecs:us-east-1:123456789012:capacity-provider/FARGATE_SPOT"
    assert told["detail"]["eventType"] == "ERROR"
    assert told["detail"]["eventName"] == "SERVICE_TASK_PLACEMENT_FAILURE"
    assert (told["detail"]["reason"], told["detail"]["capacityProviderArns"]) == (
        "RESOURCE:FARGATE",
        [arn],
    )
    lab.aws.set_spot_capacity(available=True)
    lab.clock.advance(minutes=10)
    assert [one["detail"]["eventName"] for one in heard(ACTION)] == [
        "SERVICE_STEADY_STATE",
        "CAPACITY_PROVIDER_STEADY_STATE",
    ]


def test_container_instances_and_a_task_that_fits_on_none(lab: Any, heard: Any) -> None:
    lab.define_ec2(memory=700)
    lab.lead_out()
    lab.launch()
    (arn,) = lab.instances()
    (registered,) = heard(INSTANCE)
    detail = registered["detail"]
    assert registered["resources"] == [arn]
    assert sorted(detail) == [
        *("agentConnected", "attributes", "clusterArn", "containerInstanceArn", "ec2InstanceId"),
        *("registeredResources", "remainingResources", "status", "updatedAt", "version"),
        "versionInfo",
    ]
    assert (detail["status"], detail["agentConnected"]) == ("ACTIVE", True)
    lab.service_ec2(desired=2)
    lab.clock.advance(seconds=1)
    found = heard()
    failure = next(one for one in found if one["detail-type"] == ACTION)["detail"]
    assert (failure["reason"], failure["containerInstanceArns"]) == ("RESOURCE:MEMORY", [arn])
    (placed,) = [one for one in found if one["detail-type"] == INSTANCE]
    left = {one["name"]: one.get("integerValue") for one in placed["detail"]["remainingResources"]}
    assert left["MEMORY"] == lab.remaining(arn)["MEMORY"]
    lab.ecs.update_container_instances_state(
        cluster="lab", containerInstances=[arn], status="DRAINING"
    )
    draining = heard(INSTANCE)[0]["detail"]
    assert (draining["status"], draining["version"]) == ("DRAINING", lab.instance(arn)["version"])


def test_a_role_that_ecs_cannot_assume(lab: Any, heard: Any) -> None:
    lab.define(taskRoleArn=lab.role("app"))
    iam = lab.aws.client("iam")
    lab.service(desired=0)
    iam.detach_role_policy(RoleName="app", PolicyArn="arn:aws:iam::aws:policy/service-role/"
                           "AmazonECSTaskExecutionRolePolicy")  # fmt: skip
    iam.delete_role(RoleName="app")
    lab.update(desiredCount=1)
    names = [one["detail"]["eventName"] for one in heard(ACTION)]
    assert "SERVICE_TASK_CONFIGURATION_FAILURE" in names


def test_an_alert_on_stopped_tasks_alone(lab: Any, wiring: Any) -> None:
    """The pattern of the user guide, a transformed text, and a function that says which task it was."""
    pattern = ECS | {
        "detail-type": [TASK],
        "detail": {
            "lastStatus": ["STOPPED"],
            "stoppedReason": [{"prefix": "Essential container"}],
            "containers": {"exitCode": [{"anything-but": [0]}]},
        },
    }
    wiring.rule(pattern)
    transformer = {
        "InputPathsMap": {"task": "$.detail.taskArn", "why": "$.detail.stoppedReason"},
        "InputTemplate": '{"text": "<task> stopped: <why>"}',
    }
    wiring.target(wiring.queue(), InputTransformer=transformer)
    wiring.target(wiring.handler("alerts.stopped_task"))
    crash = {"containerOverrides": [{"name": "app", "command": ["false"]}]}
    (crashed,) = lab.run(overrides=crash)
    lab.stop(*lab.run())
    lab.clock.advance(minutes=3)
    (told,) = wiring.received()
    assert told == {"text": f"{crashed} stopped: Essential container in task exited"}
    lines = wiring.logged("/aws/lambda/alert")
    assert lines[1].startswith(f"ALERT task {crashed.rsplit('/', 1)[-1]} of family:web stopped")


def test_no_event_is_made_that_no_rule_can_want(
    lab: Any, wiring: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []
    bus = lab.aws._routing.plane.bus
    tell = bus.tell
    monkeypatch.setattr(bus, "tell", lambda *given: (made.append(given[1]), tell(*given)))
    lab.steady(desired=1)
    assert made == []
    wiring.rule({"source": ["shop"]}, "orders")
    wiring.rule({"source": ["aws.ecs"], "detail-type": [DEPLOYMENT]}, "deployments")
    lab.update(forceNewDeployment=True)
    lab.clock.advance(minutes=4)
    assert set(made) == {DEPLOYMENT}
