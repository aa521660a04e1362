"""Overrides, tags and the edges of StopTask, through boto3."""

from __future__ import annotations

from typing import Any

import pytest


def tags(lab: Any, arn: str) -> dict[str, str]:
    (task,) = lab.ecs.describe_tasks(cluster="lab", tasks=[arn], include=["TAGS"])["tasks"]
    return {one["key"]: one["value"] for one in task["tags"]}


# --- Overrides


def test_an_override_for_a_container_that_is_not_there(lab: Any, refused: Any) -> None:
    found = refused(lab.run, overrides={"containerOverrides": [{"name": "nope"}]})
    assert found.code == "InvalidParameterException"
    assert found.message == (
        "Override for container named nope is not a container in the TaskDefinition."
    )
    assert lab.arns() == []


def test_an_override_without_a_name(lab: Any, refused: Any) -> None:
    found = refused(lab.run, overrides={"containerOverrides": [{"command": ["ls"]}]})
    assert found.code == "InvalidParameterException"


@pytest.mark.parametrize(("length", "refuses"), [(8192, False), (8193, True)])
def test_overrides_of_8192_characters(lab: Any, refused: Any, length: int, refuses: bool) -> None:
    empty = '{"containerOverrides":[{"name":"app","command":[""]}]}'
    command = ["x" * (length - len(empty))]
    given = {"overrides": {"containerOverrides": [{"name": "app", "command": command}]}}
    if refuses:
        assert refused(lab.run, **given).code == "ClientException"
    else:
        assert lab.run(**given)


def test_everything_that_can_be_overridden(lab: Any) -> None:
    mine = {
        "name": "app",
        "command": ["httpd-foreground"],
        "environment": [{"name": "MODE", "value": "test"}],
        "cpu": 128,
        "memoryReservation": 64,
    }
    role = lab.role("app")
    given = {
        "containerOverrides": [mine],
        "cpu": "512",
        "memory": "1024",
        "ephemeralStorage": {"sizeInGiB": 50},
        "taskRoleArn": role,
    }
    task = lab.task(lab.run(overrides=given)[0])
    assert (task["cpu"], task["memory"]) == ("512", "1024")
    assert task["ephemeralStorage"] == task["fargateEphemeralStorage"] == {"sizeInGiB": 50}
    (container,) = task["containers"]
    assert (container["cpu"], container["memoryReservation"]) == ("128", "64")
    assert task["overrides"]["containerOverrides"] == [mine]
    assert task["overrides"]["taskRoleArn"] == role


# --- Tags


def test_tags_of_a_standalone_task(lab: Any, refused: Any) -> None:
    lab.define(tags=[{"key": "team", "value": "red"}])
    own = [{"key": "why", "value": "test"}]
    assert tags(lab, lab.run(tags=own)[0]) == {"why": "test"}
    both = lab.run(tags=own, propagateTags="TASK_DEFINITION")[0]
    assert tags(lab, both) == {"team": "red", "why": "test"}
    assert tags(lab, lab.run(enableECSManagedTags=True)[0]) == {"aws:ecs:clusterName": "lab"}
    assert refused(lab.run, propagateTags="SERVICE").code == "InvalidParameterException"


def test_tags_of_a_services_tasks(lab: Any) -> None:
    given = {"tags": [{"key": "team", "value": "blue"}], "propagateTags": "SERVICE"}
    lab.service(desired=1, enableECSManagedTags=True, **given)
    assert tags(lab, lab.arns()[0]) == {
        "team": "blue",
        "aws:ecs:clusterName": "lab",
        "aws:ecs:serviceName": "web",
    }


def test_tags_are_shown_when_asked_for(lab: Any) -> None:
    assert not lab.task(lab.run(tags=[{"key": "a", "value": "b"}])[0]).get("tags")


# --- StopTask


def test_stop_by_id_and_by_arn(lab: Any) -> None:
    first, second = lab.run(2)
    assert lab.stop(first.rsplit("/", 1)[-1])["taskArn"] == first
    assert lab.stop(second)["taskArn"] == second


def test_stop_names_a_task_of_another_cluster(lab: Any, refused: Any) -> None:
    lab.ecs.create_cluster(clusterName="other")
    arn = lab.run()[0]
    for name in (arn, arn.rsplit("/", 1)[-1], arn.replace("/lab/", "/other/"), "nonsense"):
        found = refused(lab.ecs.stop_task, cluster="other", task=name)
        assert (found.code, found.message) == (
            "InvalidParameterException",
            "The referenced task was not found",
        )
    assert lab.task(arn)["desiredStatus"] == "RUNNING"


def test_stopping_a_stopped_task_leaves_it_as_it_is(lab: Any) -> None:
    arn = lab.run()[0]
    lab.stop(arn, reason="first")
    lab.clock.advance(minutes=1)
    before = lab.task(arn)
    assert before["lastStatus"] == "STOPPED"
    assert lab.stop(arn, reason="second")["stoppedReason"] == "first"
    assert lab.task(arn) == before
