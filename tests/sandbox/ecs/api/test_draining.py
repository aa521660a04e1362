"""DRAINING moves a service's tasks by the deployment's percents; DAEMON follows the instances."""

from __future__ import annotations

from typing import Any

import pytest


def drain(lab: Any, *instances: str, status: str = "DRAINING") -> None:
    lab.ecs.update_container_instances_state(
        cluster="lab", containerInstances=list(instances), status=status
    )


def placed(lab: Any) -> dict[str, int]:
    """How many tasks that are meant to run each instance has."""
    return {arn: len(lab.arns(containerInstance=arn)) for arn in lab.instances()}


def test_drained_a_service_moves_off_and_a_standalone_task_stays(lab: Any) -> None:
    lab.launch(2)
    first, second = lab.instances()
    lab.define_ec2(memory=128)
    alone = lab.ecs.start_task(cluster="lab", taskDefinition="box", containerInstances=[first])
    lab.service_ec2(desired=2)
    lab.clock.advance(minutes=2)
    assert placed(lab) == {first: 2, second: 1}
    drain(lab, first)
    assert lab.instance(first)["status"] == "DRAINING"
    lab.clock.advance(minutes=3)
    assert placed(lab) == {first: 1, second: 2}
    assert lab.arns(containerInstance=first) == [alone["tasks"][0]["taskArn"]]
    assert lab.said()[-1] == "(service web) has reached a steady state."
    drain(lab, first, status="ACTIVE")
    (task,) = lab.run_ec2(placementStrategy=[{"type": "spread", "field": "instanceId"}])["tasks"]
    assert task["lastStatus"] == "PENDING"


def lowest_and_highest(lab: Any, seconds: int) -> tuple[int, int]:
    seen = []
    for _ in range(seconds):
        lab.clock.advance(1)
        service = lab.held_service()
        seen.append((service.running_count, service.running_count + service.pending_count))
    return min(low for low, _ in seen), max(high for _, high in seen)


@pytest.mark.parametrize(
    ("minimum", "maximum", "bounds"), [(100, 200, (4, 8)), (50, 100, (2, 4)), (100, 150, (4, 6))]
)
def test_by_the_percents_of_the_deployment(
    lab: Any, minimum: int, maximum: int, bounds: tuple[int, int]
) -> None:
    lab.launch()
    lab.define_ec2(memory=64, cpu=16)
    percents = {"minimumHealthyPercent": minimum, "maximumPercent": maximum}
    lab.service_ec2(desired=4, deploymentConfiguration=percents)
    lab.clock.advance(minutes=2)
    lab.launch()
    first, second = lab.instances()
    assert placed(lab) == {first: 4, second: 0}
    drain(lab, first)
    low, high = lowest_and_highest(lab, 240)
    assert placed(lab) == {first: 0, second: 4}
    assert low >= bounds[0] and high <= bounds[1]


def test_with_no_room_between_the_percents_nothing_moves(lab: Any) -> None:
    lab.launch(2)
    lab.define_ec2()
    percents = {"minimumHealthyPercent": 100, "maximumPercent": 100}
    lab.service_ec2(desired=2, deploymentConfiguration=percents)
    lab.clock.advance(minutes=2)
    before = placed(lab)
    drain(lab, lab.instances()[0])
    lab.clock.advance(minutes=10)
    assert placed(lab) == before


def test_a_service_that_finds_no_place_says_so_once_and_takes_the_place_that_comes(
    lab: Any,
) -> None:
    lab.launch()
    (arn,) = lab.instances()
    lab.define_ec2(portMappings=[{"containerPort": 80, "hostPort": 80}])
    lab.service_ec2(desired=2)
    lab.clock.advance(hours=1)
    unplaced = (
        "(service web) was unable to place a task because no container instance met all of its "
        f"requirements. The closest matching (container-instance {arn.rsplit('/', 1)[-1]}) is "
        "already using a port required by your task."
    )
    assert lab.said().count(unplaced) == 1
    assert (lab.describe()["runningCount"], lab.describe()["pendingCount"]) == (1, 0)
    lab.clock.advance(hours=6)
    assert lab.said().count(unplaced) == 2
    lab.launch()
    lab.clock.advance(minutes=2)
    assert lab.describe()["runningCount"] == 2
    assert sorted(placed(lab).values()) == [1, 1]


def test_no_instance_at_all(lab: Any) -> None:
    lab.define_ec2()
    lab.service_ec2(desired=1)
    assert lab.said() == [
        (
            "(service web) was unable to place a task because no container instance met all of "
            "its requirements. Reason: No Container Instances were found in your cluster."
        )
    ]


def test_tasks_of_a_disconnected_agent_are_not_replaced(lab: Any) -> None:
    lab.launch(2)
    lab.define_ec2()
    lab.service_ec2(desired=2)
    lab.clock.advance(minutes=2)
    before = placed(lab)
    lab.aws.set_agent(lab.instances()[0], connected=False)
    lab.clock.advance(hours=1)
    assert (placed(lab), lab.describe()["runningCount"]) == (before, 2)


def test_a_terminated_instances_tasks_are_replaced(lab: Any) -> None:
    instances = lab.launch(2)
    lab.define_ec2()
    lab.service_ec2(desired=2)
    lab.clock.advance(minutes=2)
    lab.ec2.terminate_instances(InstanceIds=instances[:1])
    lab.clock.advance(minutes=2)
    assert list(placed(lab).values()) == [2]
    (stopped,) = lab.arns(desiredStatus="STOPPED")
    assert lab.task(stopped)["stoppedReason"] == f"Host EC2 (instance {instances[0]}) terminated."


def test_a_daemon_has_one_task_on_every_instance_and_follows_them(lab: Any) -> None:
    lab.launch(2)
    lab.define_ec2(memory=64)
    lab.service_ec2(desired=None, schedulingStrategy="DAEMON")
    lab.clock.advance(minutes=2)
    service = lab.describe()
    assert (service["desiredCount"], service["runningCount"]) == (2, 2)
    assert list(placed(lab).values()) == [1, 1]
    assert lab.said()[-1] == "(service web) has reached a steady state."
    lab.launch()
    lab.clock.advance(minutes=1)
    assert list(placed(lab).values()) == [1, 1, 1]
    drain(lab, lab.instances()[0])
    lab.clock.advance(minutes=1)
    assert list(placed(lab).values()) == [0, 1, 1]
    assert lab.describe()["desiredCount"] == 2


def test_a_new_revision_of_a_daemon_replaces_the_old_on_each_instance(lab: Any) -> None:
    lab.launch(2)
    lab.define_ec2(memory=64)
    lab.service_ec2(desired=None, schedulingStrategy="DAEMON")
    lab.clock.advance(minutes=2)
    lab.define_ec2(memory=96)
    lab.update(taskDefinition="box:2")
    lab.clock.advance(minutes=3)
    assert list(placed(lab).values()) == [1, 1]
    shown = [lab.task(arn)["taskDefinitionArn"] for arn in lab.arns()]
    assert {arn.rsplit("/", 1)[-1] for arn in shown} == {"box:2"}
    assert [one["rolloutState"] for one in lab.describe()["deployments"]] == ["COMPLETED"]
    lab.delete()
    lab.clock.advance(minutes=1)
    assert (lab.arns(), lab.describe()["status"]) == ([], "INACTIVE")


def test_a_daemon_stays_off_instances_that_its_constraint_does_not_name(lab: Any) -> None:
    lab.launch(2)
    first, second = lab.instances()
    lab.ecs.put_attributes(
        cluster="lab", attributes=[{"name": "gate", "value": "yes", "targetId": second}]
    )
    lab.define_ec2(memory=64)
    only = [{"type": "memberOf", "expression": "attribute:gate == yes"}]
    lab.service_ec2(desired=None, schedulingStrategy="DAEMON", placementConstraints=only)
    lab.clock.advance(minutes=1)
    assert placed(lab) == {first: 0, second: 1}
