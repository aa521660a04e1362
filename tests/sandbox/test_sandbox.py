"""Opening and closing: one world per process, fresh each time, the same from the same seed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest

from course import sandbox
from course.sandbox import sandbox as module
from course.sandbox.clock import START
from course.sandbox.errors import SandboxAlreadyOpen, SandboxClosed, SandboxError


def test_a_plain_client_is_all_it_takes() -> None:
    with sandbox.open() as aws:
        assert boto3.client("ecs").list_clusters()["clusterArns"] == []
        assert aws.client("ecs").meta.region_name == "us-east-1"
        assert boto3.client("sts").get_caller_identity()["Account"] == "123456789012"
        assert sandbox.current() is aws
    assert sandbox.current() is None


def test_one_world_per_process() -> None:
    with sandbox.open() as first:
        with pytest.raises(SandboxAlreadyOpen, match="close it first"):
            sandbox.open()
        assert sandbox.current() is first
        boto3.client("ecs").create_cluster(clusterName="lab")


def test_each_opening_is_a_fresh_world() -> None:
    with sandbox.open() as aws:
        boto3.client("ecs").create_cluster(clusterName="lab")
        boto3.client("ec2").create_vpc(CidrBlock="10.9.0.0/16")
        aws.clock.advance(days=1)
    with sandbox.open() as aws:
        assert aws.now() == START
        assert boto3.client("ecs").list_clusters()["clusterArns"] == []
        assert len(boto3.client("ec2").describe_vpcs()["Vpcs"]) == 1
        assert len(aws.timeline) == 0


def test_alarms_of_a_closed_world_are_dropped(make_lab: Any) -> None:
    old = make_lab()
    old.service()
    pending = old.held_tasks()
    old.aws.close()
    new = make_lab()
    new.clock.advance(minutes=5)
    assert new.held_tasks() == []
    assert {one.last_status for one in pending} == {"PROVISIONING"}


def test_closing_twice_does_nothing() -> None:
    first = sandbox.open()
    first.close()
    first.close()
    with sandbox.open() as second:
        first.close()
        assert sandbox.current() is second


def test_it_closes_when_the_block_fails() -> None:
    with pytest.raises(RuntimeError), sandbox.open():
        raise RuntimeError
    assert sandbox.current() is None


def test_a_client_of_a_closed_sandbox_refuses() -> None:
    with sandbox.open():
        client = boto3.client("ecs")
    with pytest.raises(SandboxClosed):
        client.list_clusters()


def test_an_opening_that_fails_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: Any) -> None:
        raise RuntimeError("no")

    monkeypatch.setattr(module, "_routing", fail)
    with pytest.raises(RuntimeError, match="no"):
        sandbox.open()
    monkeypatch.undo()
    with sandbox.open():
        assert boto3.client("ecs").list_clusters()["clusterArns"] == []


def test_an_unknown_profile_is_refused_by_naming_the_known() -> None:
    with pytest.raises(SandboxError) as refused:
        sandbox.open(profile="fast")
    assert str(refused.value) == (
        "unknown profile 'fast'; choose one of typical, brisk, slow, instant"
    )
    assert sandbox.current() is None


def test_region_and_start_are_the_callers() -> None:
    start = datetime(2030, 1, 1, tzinfo=UTC)
    with sandbox.open(region="eu-central-1", start=start) as aws:
        assert aws.now() == start
        arn = boto3.client("ecs").create_cluster(clusterName="lab")["cluster"]["clusterArn"]
        assert arn == "arn:aws:ecs:eu-central-1:123456789012:cluster/lab"
        assert repr(aws) == "Sandbox(eu-central-1, 2030-01-01 00:00:00 UTC, open)"
    assert repr(aws).endswith("closed)")


def story(lab: Any) -> str:
    lab.steady()
    lab.run(2)
    lab.stop(lab.arns(serviceName="web")[0])
    lab.clock.advance(minutes=3)
    return f"{lab.aws.timeline!r}\n{lab.describe()}\n{[lab.task(arn) for arn in lab.arns()]}"


def test_the_same_seed_tells_the_same_story(make_lab: Any) -> None:
    told = []
    for seed in (1, 1, 2):
        lab = make_lab(seed=seed)
        told.append(story(lab))
        lab.aws.close()
    assert told[0] == told[1] != told[2]


def test_an_instance_that_was_terminated_leaves_the_next_world_as_it_was() -> None:
    """moto's Auto Scaling, which hears of it, would hand EC2 on to the next world."""
    networks = []
    for terminate in (False, True, False):
        with sandbox.open() as aws:
            ec2 = aws.client("ec2")
            networks.append(ec2.describe_vpcs()["Vpcs"][0]["VpcId"])
            if terminate:
                image = ec2.describe_images()["Images"][0]["ImageId"]
                started = ec2.run_instances(ImageId=image, MinCount=1, MaxCount=1)["Instances"]
                ec2.terminate_instances(InstanceIds=[started[0]["InstanceId"]])
    assert len(set(networks)) == 1


def test_in_an_instant_world_tasks_run_at_once(make_lab: Any) -> None:
    lab = make_lab(profile="instant")
    arn = lab.run()[0]
    assert lab.task(arn)["lastStatus"] == "RUNNING"
    lab.service()
    assert lab.describe()["deployments"][0]["rolloutState"] == "COMPLETED"
    assert lab.aws.now() == START
    lab.stop(arn)
    assert lab.task(arn)["lastStatus"] == "STOPPED"


@pytest.mark.parametrize(("profile", "low", "high"), [("brisk", 3, 8), ("slow", 60, 84)])
def test_a_profile_is_how_long_things_take(
    make_lab: Any, profile: str, low: float, high: float
) -> None:
    lab = make_lab(profile=profile)
    arn = lab.run()[0]
    lab.clock.advance_until(lambda: lab.task(arn)["lastStatus"] == "RUNNING")
    assert low <= (lab.aws.now() - START).total_seconds() <= high


class Wall:
    seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def test_at_a_rate_every_call_sees_how_far_time_has_come(
    make_lab: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    wall = Wall()
    monkeypatch.setattr(module, "monotonic", wall)
    lab = make_lab(rate=10)
    arn = lab.run()[0]
    wall.seconds += 1
    assert lab.task(arn)["lastStatus"] == "PENDING"
    wall.seconds += 2
    assert lab.task(arn)["lastStatus"] == "RUNNING"
    assert lab.aws.now() == START + timedelta(seconds=30)


def test_at_a_rate_stopped_tasks_stay_for_half_an_hour_of_the_wall(
    make_lab: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    wall = Wall()
    monkeypatch.setattr(module, "monotonic", wall)
    lab = make_lab(rate=10)
    arn = lab.run()[0]
    lab.stop(arn)
    wall.seconds += 29 * 60
    assert lab.task(arn)["lastStatus"] == "STOPPED"
    wall.seconds += 2 * 60
    assert lab.ecs.describe_tasks(cluster="lab", tasks=[arn])["tasks"] == []
