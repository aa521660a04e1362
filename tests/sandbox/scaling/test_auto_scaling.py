"""Auto Scaling groups through boto3: launched, replaced, ended, and written down."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest
from botocore.exceptions import ClientError

from course.sandbox.scaling.auto_scaling import HEALTH_CHECK, RETRY, TO_IN_SERVICE, TO_TERMINATED


def refused(call: Any, **given: Any) -> str:
    with pytest.raises(ClientError) as refusal:
        call(**given)
    error = refusal.value.response["Error"]
    return f"{error['Code']}: {error['Message']}"


def test_instances_are_launched_over_the_zones_and_come_into_service(group: Any) -> None:
    group.create(desired=3)
    assert Counter(group.instances().values()) == {"Pending": 3}
    group.aws.clock.advance(TO_IN_SERVICE)
    assert Counter(group.instances().values()) == {"InService": 3}
    zones = Counter(one["AvailabilityZone"] for one in group.now()["Instances"])
    assert zones == {"us-east-1a": 2, "us-east-1b": 1}
    subnets = {
        one["SubnetId"]
        for found in group.ec2.describe_instances()["Reservations"]
        for one in found["Instances"]
    }
    assert subnets == set(group.subnets)


def test_a_launch_is_written_down_while_it_lasts_and_when_it_ends(group: Any) -> None:
    group.create(desired=1)
    (activity,) = group.activities()
    (instance,) = group.instances()
    assert activity["Description"] == f"Launching a new EC2 instance: {instance}"
    assert activity["Cause"] == (
        "At 2026-11-02T09:00:00Z a user request created an AutoScalingGroup changing the desired "
        "capacity from 0 to 1.  At 2026-11-02T09:00:00Z an instance was started in response to a "
        "difference between desired and actual capacity, increasing the capacity from 0 to 1."
    )
    assert activity["StatusCode"] == "InProgress" and "EndTime" not in activity
    assert json.loads(activity["Details"]) == {
        "Subnet ID": group.subnets[0],
        "Availability Zone": "us-east-1a",
    }
    group.aws.clock.advance(TO_IN_SERVICE)
    (activity,) = group.activities()
    assert activity["StatusCode"] == "Successful" and activity["Progress"] == 100
    assert (activity["EndTime"] - activity["StartTime"]).total_seconds() == TO_IN_SERVICE


@pytest.mark.parametrize("call", ["terminate_instances", "stop_instances"])
def test_an_instance_that_is_gone_is_replaced(group: Any, call: str) -> None:
    group.create(desired=2)
    group.aws.clock.advance(60)
    first, second = group.instances()
    getattr(group.ec2, call)(InstanceIds=[first])
    assert set(group.instances()) == {first, second}
    group.aws.clock.advance(HEALTH_CHECK)
    going, coming = group.activities()[2:]
    assert going["Description"] == f"Terminating EC2 instance: {first}"
    assert going["Cause"].endswith(
        "an instance was taken out of service in response to an EC2 health check indicating it has "
        "been terminated or stopped."
    )
    assert coming["Cause"].endswith(
        "an instance was launched in response to an unhealthy instance needing to be replaced."
    )
    group.aws.clock.advance(TO_TERMINATED)
    states = group.instances()
    assert first not in states and second in states and len(states) == 2
    assert set(states.values()) == {"InService"}
    assert group.in_ec2() == ["running", "running", "terminated"]


def test_an_instance_set_to_unhealthy_is_replaced(group: Any) -> None:
    group.create(desired=1)
    group.aws.clock.advance(60)
    (first,) = group.instances()
    group.scaling.set_instance_health(InstanceId=first, HealthStatus="Unhealthy")
    group.aws.clock.advance(300)
    assert list(group.instances().values()) == ["InService"] and first not in group.instances()


def test_what_is_too_much_goes_and_the_activity_names_it(group: Any) -> None:
    group.create(desired=3)
    group.aws.clock.advance(60)
    group.desire(1)
    (stays,) = [one for one, state in group.instances().items() if state == "InService"]
    cause = group.activities()[-1]["Cause"]
    assert (
        "a user request update of AutoScalingGroup constraints to min: 0, max: 5, desired: 1 "
        "changing the desired capacity from 3 to 1." in cause
    )
    assert "shrinking the capacity from 3 to 1." in cause
    assert cause.count("was selected for termination.") == 2 and stays not in cause
    group.aws.clock.advance(TO_TERMINATED)
    assert list(group.instances()) == [stays]


def test_a_group_made_empty_is_not_made_again_when_it_grows(group: Any) -> None:
    group.create(desired=0)
    group.desire(1)
    (activity,) = group.activities()
    assert (
        "a user request update of AutoScalingGroup constraints to min: 0, max: 5, desired: 1"
        in (activity["Cause"])
    )


def test_protected_instances_stay_however_many_there_are(group: Any) -> None:
    group.create(desired=2, NewInstancesProtectedFromScaleIn=True)
    group.aws.clock.advance(60)
    first, second = group.instances()
    group.desire(0)
    group.aws.clock.advance(300)
    assert set(group.instances()) == {first, second} and group.now()["DesiredCapacity"] == 0
    group.scaling.set_instance_protection(
        InstanceIds=[first], AutoScalingGroupName=group.name, ProtectedFromScaleIn=False
    )
    group.aws.clock.advance(300)
    assert list(group.instances()) == [second]


def test_a_named_instance_ends_with_or_without_its_place(group: Any) -> None:
    group.create(desired=2)
    group.aws.clock.advance(60)
    first, second = group.instances()
    end = group.scaling.terminate_instance_in_auto_scaling_group
    activity = end(InstanceId=first, ShouldDecrementDesiredCapacity=True)["Activity"]
    assert "in response to a user request, shrinking the capacity from 2 to 1." in activity["Cause"]
    end(InstanceId=second, ShouldDecrementDesiredCapacity=False)
    group.aws.clock.advance(300)
    assert group.now()["DesiredCapacity"] == 1
    assert len(group.instances()) == 1 and not {first, second} & set(group.instances())


def test_a_launch_that_ec2_refuses_is_written_down_and_tried_again(group: Any) -> None:
    group.create(desired=0)
    for subnet in group.subnets:
        group.ec2.delete_subnet(SubnetId=subnet)
    group.desire(2)
    (activity,) = group.activities()
    assert activity["StatusCode"] == "Failed"
    assert activity["StatusMessage"] == (
        f"The subnet ID '{group.subnets[0]}' does not exist. Launching EC2 instance failed."
    )
    assert group.instances() == {}
    group.aws.clock.advance(RETRY)
    assert len(group.activities()) == 2


def test_a_suspended_group_launches_nothing(group: Any) -> None:
    group.create(desired=1)
    group.aws.clock.advance(60)
    group.scaling.suspend_processes(AutoScalingGroupName=group.name, ScalingProcesses=["Launch"])
    group.desire(2)
    group.aws.clock.advance(60)
    assert len(group.instances()) == 1
    group.scaling.resume_processes(AutoScalingGroupName=group.name, ScalingProcesses=["Launch"])
    assert len(group.instances()) == 2


def test_the_desired_capacity_keeps_to_the_sizes(group: Any) -> None:
    group.create(desired=2, least=1, most=3)
    call, name = group.scaling.set_desired_capacity, group.name
    assert "New SetDesiredCapacity value 4 is above max value 3" in refused(
        call, AutoScalingGroupName=name, DesiredCapacity=4
    )
    assert "New SetDesiredCapacity value 0 is below min value 1" in refused(
        call, AutoScalingGroupName=name, DesiredCapacity=0
    )
    assert refused(
        group.scaling.update_auto_scaling_group, AutoScalingGroupName=name, DesiredCapacity=9
    ).startswith("ValidationError: Desired capacity:9 must be between")
    group.scaling.update_auto_scaling_group(AutoScalingGroupName=name, MaxSize=1)
    assert group.now()["DesiredCapacity"] == 1
    group.scaling.update_auto_scaling_group(AutoScalingGroupName=name, MinSize=3, MaxSize=4)
    assert group.now()["DesiredCapacity"] == 3
    group.aws.clock.advance(300)
    assert len(group.instances()) == 3
    assert refused(call, AutoScalingGroupName="none", DesiredCapacity=1).startswith(
        "ValidationError"
    )


def test_a_group_with_instances_is_deleted_by_force_only(group: Any) -> None:
    group.create(desired=2)
    delete = group.scaling.delete_auto_scaling_group
    assert refused(delete, AutoScalingGroupName=group.name).startswith(
        "ResourceInUse: You cannot delete an AutoScalingGroup while there are instances"
    )
    delete(AutoScalingGroupName=group.name, ForceDelete=True)
    assert group.in_ec2() == ["terminated", "terminated"]
    assert group.activities() == []
    kept = group.activities(IncludeDeletedGroups=True)
    assert {one["AutoScalingGroupState"] for one in kept} == {"Deleted"}
    group.aws.clock.advance(300)
    assert group.in_ec2() == ["terminated", "terminated"]


def test_activities_come_in_pages(group: Any) -> None:
    group.create(desired=3)
    describe = group.scaling.describe_scaling_activities
    first = describe(AutoScalingGroupName=group.name, MaxRecords=2)
    rest = describe(AutoScalingGroupName=group.name, NextToken=first["NextToken"])
    assert len(first["Activities"]) == 2 and len(rest["Activities"]) == 1
    assert "NextToken" not in rest


def test_a_snapshot_brings_the_group_back_with_what_was_under_way(group: Any) -> None:
    group.create(desired=1)
    kept = group.aws.snapshot()
    group.desire(3)
    group.aws.clock.advance(60)
    assert len(group.instances()) == 3
    kept.restore()
    assert list(group.instances().values()) == ["Pending"]
    group.aws.clock.advance(60)
    assert list(group.instances().values()) == ["InService"]
    assert [one["StatusCode"] for one in group.activities()] == ["Successful"]
