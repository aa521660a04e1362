"""RunTask on container instances: what a task holds, where it goes, and why nowhere."""

from __future__ import annotations

from typing import Any

import pytest

FIXED = {"portMappings": [{"containerPort": 80, "hostPort": 8080}]}


def reasons(answer: dict[str, Any]) -> list[str]:
    return [one["reason"] for one in answer["failures"]]


def test_without_instances_it_is_refused(lab: Any, refused: Any) -> None:
    lab.define_ec2()
    found = refused(lab.run_ec2)
    assert (found.code, found.message) == (
        "InvalidParameterException",
        "No Container Instances were found in your cluster.",
    )


def test_what_a_task_holds_comes_back_when_it_stops(lab: Any) -> None:
    lab.launch()
    (arn,) = lab.instances()
    before = lab.remaining(arn)
    lab.define_ec2(**FIXED)
    (task,) = lab.run_ec2()["tasks"]
    assert (task["lastStatus"], task["launchType"]) == ("PENDING", "EC2")
    assert task["containerInstanceArn"] == arn
    held = lab.remaining(arn)
    assert (held["CPU"], held["MEMORY"]) == (before["CPU"] - 256, before["MEMORY"] - 256)
    assert set(held["PORTS"]) - set(before["PORTS"]) == {"8080"}
    lab.clock.advance(10)
    shown = lab.task(task["taskArn"])
    assert shown["lastStatus"] == "RUNNING"
    assert shown["availabilityZone"] == "us-east-1a"
    assert shown["containers"][0]["networkBindings"] == [
        {"bindIP": "0.0.0.0", "containerPort": 80, "hostPort": 8080, "protocol": "tcp"}
    ]
    assert (lab.instance(arn)["runningTasksCount"], lab.arns(containerInstance=arn)) == (
        1,
        [task["taskArn"]],
    )
    lab.stop(task["taskArn"])
    lab.clock.advance(30)
    assert lab.remaining(arn) == before
    assert lab.instance(arn)["runningTasksCount"] == 0


def test_docker_chooses_other_ports_for_copies_on_one_instance(lab: Any) -> None:
    lab.launch()
    lab.define_ec2()
    tasks = lab.run_ec2(2)["tasks"]
    lab.clock.advance(10)
    shown = [lab.task(one["taskArn"])["containers"][0] for one in tasks]
    assert [one["networkBindings"][0]["hostPort"] for one in shown] == [32768, 32769]
    assert lab.remaining(lab.instances()[0])["PORTS"] == ["22", "2375", "2376", "51678", "51679"]


@pytest.mark.parametrize(
    ("changes", "count", "placed", "reason"),
    [
        ({"cpu": 1024, "memory": 16}, 3, 2, "RESOURCE:CPU"),
        ({"memory": 512}, 2, 1, "RESOURCE:MEMORY"),
        (FIXED, 2, 1, "RESOURCE:PORTS"),
        ({"networkMode": "host", "memory": 16}, 2, 1, "RESOURCE:PORTS"),
        ({"memory": 900, "memoryReservation": 300}, 4, 3, "RESOURCE:MEMORY"),
    ],
)
def test_what_finds_no_place_is_a_failure(
    lab: Any, changes: dict[str, Any], count: int, placed: int, reason: str
) -> None:
    lab.launch()
    lab.define_ec2(**changes)
    answer = lab.run_ec2(count)
    assert len(answer["tasks"]) == placed
    assert answer["failures"] == [{"arn": lab.instances()[0], "reason": reason}]


def test_awsvpc_has_as_many_tasks_as_interfaces_are_left(lab: Any) -> None:
    lab.launch()
    lab.define_ec2(networkMode="awsvpc", memory=64)
    free = lab.free_addresses()
    answer = lab.run_ec2(3, networkConfiguration=lab.network(), launchType="EC2")
    assert (len(answer["tasks"]), reasons(answer)) == (1, ["RESOURCE:ENI"])
    assert answer["tasks"][0]["lastStatus"] == "PROVISIONING"
    lab.clock.advance(30)
    shown = lab.task(answer["tasks"][0]["taskArn"])
    assert (shown["lastStatus"], lab.free_addresses()) == ("RUNNING", free - 1)
    details = {one["name"]: one["value"] for one in shown["attachments"][0]["details"]}
    assert details["subnetId"] == lab.subnets[0]
    elsewhere = lab.run_ec2(networkConfiguration=lab.network(lab.subnets[1]), launchType="EC2")
    assert reasons(elsewhere) == ["LOCATION"]
    lab.stop(shown["taskArn"])
    lab.clock.advance(60)
    assert lab.free_addresses() == free


@pytest.mark.parametrize(
    ("strategy", "used"),
    [
        ([{"type": "spread", "field": "instanceId"}], 3),
        ([{"type": "binpack", "field": "memory"}], 1),
    ],
)
def test_a_strategy_says_where(lab: Any, strategy: list[dict[str, str]], used: int) -> None:
    lab.launch(3)
    lab.define_ec2()
    tasks = lab.run_ec2(3, placementStrategy=strategy)["tasks"]
    assert len({one["containerInstanceArn"] for one in tasks}) == used


@pytest.mark.parametrize(
    "given",
    [
        {"placementStrategy": [{"type": "spread", "field": "color"}]},
        {"placementStrategy": [{"type": "binpack", "field": "ports"}]},
        {"placementStrategy": [{"type": "random"}] * 6},
        {"placementConstraints": [{"type": "memberOf"}]},
        {"placementConstraints": [{"type": "memberOf", "expression": "color is blue"}]},
        {"placementConstraints": [{"type": "distinctInstance", "expression": "x"}]},
    ],
)
def test_placement_that_no_call_can_have(lab: Any, refused: Any, given: dict[str, Any]) -> None:
    lab.launch()
    lab.define_ec2()
    assert refused(lab.run_ec2, **given).code == "InvalidParameterException"
    assert lab.arns() == []


def test_a_second_task_of_an_image_starts_sooner(lab: Any) -> None:
    lab.launch()
    lab.define_ec2()

    def seconds() -> float:
        (task,) = lab.run_ec2()["tasks"]
        lab.clock.advance(30)
        shown = lab.task(task["taskArn"])
        return float((shown["startedAt"] - shown["createdAt"]).total_seconds())

    assert (seconds(), seconds()) == (8, 4)


def test_a_disconnected_agent_takes_no_task_and_reports_later(lab: Any) -> None:
    lab.launch()
    (arn,) = lab.instances()
    lab.define_ec2()
    (task,) = lab.run_ec2()["tasks"]
    lab.clock.advance(20)
    lab.aws.set_agent(arn, connected=False)
    assert (lab.instance(arn)["agentConnected"], reasons(lab.run_ec2())) == (False, ["AGENT"])
    lab.stop(task["taskArn"])
    lab.clock.advance(minutes=5)
    shown = lab.task(task["taskArn"])
    assert (shown["lastStatus"], shown["desiredStatus"]) == ("RUNNING", "STOPPED")
    lab.aws.set_agent(arn, connected=True)
    lab.clock.advance(minutes=1)
    assert lab.task(task["taskArn"])["lastStatus"] == "STOPPED"


@pytest.mark.parametrize("call", ["run_task", "start_task", "create_service", "update_service"])
def test_only_fargate_gives_a_task_a_public_address(lab: Any, refused: Any, call: str) -> None:
    """Issues of 2018 to 2024 show the text, of services too (aws/aws-cdk#13348)."""
    lab.launch()
    lab.define_ec2(networkMode="awsvpc")
    private = {"awsvpcConfiguration": {"subnets": lab.subnets[:1]}}
    awsvpc = {**private["awsvpcConfiguration"], "assignPublicIp": "ENABLED"}
    given = {"cluster": "lab", "taskDefinition": "box"}
    named: dict[str, Any] = {"serviceName": "s", "desiredCount": 1, "launchType": "EC2"}
    if call == "update_service":
        lab.ecs.create_service(**given, **named, networkConfiguration=private)
    more = {
        "run_task": {"launchType": "EC2"},
        "start_task": {"containerInstances": lab.instances()},
        "create_service": named,
        "update_service": {"service": "s"},
    }[call]
    network = {"awsvpcConfiguration": awsvpc}
    found = refused(getattr(lab.ecs, call), **given, **more, networkConfiguration=network)
    assert (found.code, found.message) == (
        "InvalidParameterException",
        "Assign public IP is not supported for this launch type.",
    )
