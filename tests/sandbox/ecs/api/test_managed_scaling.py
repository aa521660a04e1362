"""Capacity providers that scale their Auto Scaling groups, through boto3."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from course.sandbox.ecs.awaiting import LONGEST_WAIT
from course.sandbox.scaling.capacity_reservation import DATAPOINTS_IN, PERIOD

AMI = "/aws/service/ecs/optimized-ami/amazon-linux-2023/recommended/image_id"
POLICY = "arn:aws:iam::aws:policy/service-role/AmazonEC2ContainerServiceforEC2Role"
SCALES = {"status": "ENABLED"}
USE = [{"capacityProvider": "machines", "weight": 1}]


class Fleet:
    """The lab with a capacity provider ``machines`` over a group ``fleet`` of t3.small instances."""

    def __init__(self, lab: Any) -> None:
        self.lab = lab
        self.scaling: Any = lab.aws.client("autoscaling")
        iam, name = lab.aws.client("iam"), "ecsInstanceRole"
        lab.role(name, POLICY, trusts="ec2.amazonaws.com")
        iam.create_instance_profile(InstanceProfileName=name)
        iam.add_role_to_instance_profile(InstanceProfileName=name, RoleName=name)
        image = lab.aws.client("ssm").get_parameter(Name=AMI)["Parameter"]["Value"]
        script = b"#!/bin/bash\necho ECS_CLUSTER=lab >> /etc/ecs/ecs.config"
        data = {
            "ImageId": image,
            "InstanceType": "t3.small",
            "UserData": base64.b64encode(script).decode(),
            "IamInstanceProfile": {"Name": name},
        }
        lab.ec2.create_launch_template(LaunchTemplateName="own", LaunchTemplateData=data)
        lab.define(
            "web",
            requiresCompatibilities=None,
            networkMode=None,
            cpu=None,
            memory=None,
            containerDefinitions=[
                {
                    "name": "app",
                    "image": "public.ecr.aws/docker/library/httpd:2.4",
                    "cpu": 512,
                    "memory": 900,
                }
            ],
        )

    def provide(self, desired: int = 0, protected: bool = False, **given: Any) -> None:
        """Make group and provider, and give the cluster the provider."""
        lab = self.lab
        self.scaling.create_auto_scaling_group(
            AutoScalingGroupName="fleet",
            MinSize=0,
            MaxSize=4,
            DesiredCapacity=desired,
            VPCZoneIdentifier=",".join(lab.subnets),
            LaunchTemplate={"LaunchTemplateName": "own"},
            NewInstancesProtectedFromScaleIn=protected,
        )
        group = {"autoScalingGroupArn": lab.group(), "managedScaling": SCALES} | given
        lab.ecs.create_capacity_provider(name="machines", autoScalingGroupProvider=group)
        lab.associate("machines")

    def run(self, count: int = 1, **more: Any) -> dict[str, Any]:
        given = {"cluster": "lab", "taskDefinition": "web", "capacityProviderStrategy": USE}
        return dict(self.lab.ecs.run_task(count=count, **given, **more))

    def service(self, desired: int, **more: Any) -> None:
        self.lab.service(
            desired=desired,
            launchType=None,
            networkConfiguration=None,
            capacityProviderStrategy=USE,
            placementStrategy=[{"type": "binpack", "field": "memory"}],
            **more,
        )

    def desired(self) -> int:
        (group,) = self.scaling.describe_auto_scaling_groups()["AutoScalingGroups"]
        return int(group["DesiredCapacity"])

    def instances(self, status: str = "ACTIVE") -> int:
        listed = self.lab.ecs.list_container_instances(cluster="lab", status=status)
        return len(listed["containerInstanceArns"])

    def _service(self) -> dict[str, Any]:
        found = self.lab.ecs.describe_services(cluster="lab", services=["web"])["services"]
        return dict(found[0])

    def counts(self) -> tuple[int, int]:
        """The service's tasks that run, and those on their way."""
        service = self._service()
        return service["runningCount"], service["pendingCount"]

    def messages(self) -> list[str]:
        """The service's events, the newest first."""
        return [one["message"] for one in self._service()["events"]]

    def statuses(self, *tasks: dict[str, Any]) -> list[str]:
        arns = [one["taskArn"] for one in tasks]
        found = self.lab.ecs.describe_tasks(cluster="lab", tasks=arns)["tasks"]
        return [one["lastStatus"] for one in found]


@pytest.fixture
def fleet(lab: Any) -> Fleet:
    return Fleet(lab)


def test_tasks_wait_until_there_are_instances_for_them(fleet: Fleet) -> None:
    fleet.provide()
    answer = fleet.run(3)
    assert answer["failures"] == []
    assert [one["lastStatus"] for one in answer["tasks"]] == ["PROVISIONING"] * 3
    assert "containerInstanceArn" not in answer["tasks"][0]
    fleet.lab.clock.advance(PERIOD)
    assert fleet.desired() == 2  # from 0 instances always to 2
    fleet.lab.clock.advance(minutes=2)
    assert fleet.statuses(*answer["tasks"]) == ["RUNNING"] * 3
    (task,) = fleet.lab.ecs.describe_tasks(cluster="lab", tasks=[answer["tasks"][0]["taskArn"]])[
        "tasks"
    ]
    assert "container-instance/lab/" in task["containerInstanceArn"]
    assert task["capacityProviderName"] == "machines"


def test_without_managed_scaling_nothing_waits(fleet: Fleet, refused: Any) -> None:
    fleet.provide(managedScaling={"status": "DISABLED"})
    found = refused(fleet.run)
    assert found.message == "No Container Instances were found in your cluster."
    fleet.service(1)
    assert "No Container Instances were found in your capacity provider." in fleet.messages()[0]
    fleet.lab.clock.advance(minutes=5)
    assert fleet.desired() == 0


def test_a_group_grows_by_what_waits_and_shrinks_after_fifteen_datapoints(fleet: Fleet) -> None:
    fleet.provide()
    fleet.service(3)
    fleet.lab.clock.advance(minutes=4)
    assert (fleet.desired(), fleet.instances()) == (2, 2)
    fleet.lab.update(desiredCount=6)
    fleet.lab.clock.advance(minutes=4)
    assert (fleet.desired(), fleet.instances()) == (3, 3)
    fleet.lab.update(desiredCount=1)
    fleet.lab.clock.advance(PERIOD * (DATAPOINTS_IN - 1))
    assert fleet.desired() == 3
    fleet.lab.clock.advance(minutes=2)
    assert fleet.desired() == 1
    fleet.lab.clock.advance(minutes=5)
    assert fleet.instances() == 1 and fleet.counts() == (1, 0)


def test_the_alarm_and_the_policy_are_named_in_the_activity(fleet: Fleet) -> None:
    fleet.provide()
    (policy,) = fleet.scaling.describe_policies(AutoScalingGroupName="fleet")["ScalingPolicies"]
    assert policy["PolicyName"].startswith("ECSManagedAutoScalingPolicy-")
    assert policy["TargetTrackingConfiguration"]["TargetValue"] == 100
    (group,) = fleet.scaling.describe_auto_scaling_groups()["AutoScalingGroups"]
    assert "AmazonECSManaged" in [tag["Key"] for tag in group["Tags"]]
    fleet.run()
    fleet.lab.clock.advance(PERIOD)
    activity = fleet.scaling.describe_scaling_activities()["Activities"][0]
    name = policy["PolicyName"]
    assert "a monitor alarm TargetTracking-fleet-AlarmHigh-" in activity["Cause"]
    assert (
        f"in state ALARM triggered policy {name} changing the desired capacity from 0 to 2."
        in (activity["Cause"])
    )


def test_spare_capacity_is_kept_below_a_target_of_100(fleet: Fleet) -> None:
    fleet.provide(managedScaling=SCALES | {"targetCapacity": 50})
    fleet.service(2)
    fleet.lab.clock.advance(minutes=10)
    assert (fleet.desired(), fleet.instances()) == (2, 2)  # one is used, one is spare
    fleet.lab.clock.advance(minutes=40)
    assert fleet.instances() == 2


def test_the_steps_bound_what_is_launched_at_once(fleet: Fleet) -> None:
    fleet.provide(desired=1, managedScaling=SCALES | {"minimumScalingStepSize": 2})
    fleet.lab.clock.advance(minutes=2)
    fleet.service(3)
    fleet.lab.clock.advance(PERIOD)
    assert fleet.desired() == 3


def test_only_instances_without_tasks_go_under_managed_termination_protection(
    fleet: Fleet,
) -> None:
    fleet.provide(protected=True, managedTerminationProtection="ENABLED", desired=3)
    fleet.lab.clock.advance(minutes=2)
    (task,) = fleet.run()["tasks"]
    fleet.lab.clock.advance(minutes=30)
    assert (fleet.desired(), fleet.instances()) == (1, 1)
    assert fleet.statuses(task) == ["RUNNING"]


def test_an_instance_that_goes_is_drained_first(fleet: Fleet) -> None:
    fleet.provide(desired=2)
    fleet.lab.clock.advance(minutes=2)
    fleet.service(2)
    fleet.lab.clock.advance(minutes=2)
    busy = {
        one["ec2InstanceId"]
        for one in fleet.lab.ecs.describe_container_instances(
            cluster="lab",
            containerInstances=fleet.lab.ecs.list_container_instances(cluster="lab")[
                "containerInstanceArns"
            ],
        )["containerInstances"]
        if one["runningTasksCount"]
    }
    fleet.scaling.terminate_instance_in_auto_scaling_group(
        InstanceId=busy.pop(), ShouldDecrementDesiredCapacity=True
    )
    assert fleet.instances("DRAINING") == 1
    states = [
        one["LifecycleState"]
        for one in fleet.scaling.describe_auto_scaling_groups()["AutoScalingGroups"][0]["Instances"]
    ]
    assert sorted(states) == ["InService", "Terminating:Wait"]
    fleet.lab.clock.advance(minutes=5)
    assert fleet.counts() == (2, 0) and fleet.instances() == 1
    assert fleet.instances("DRAINING") == 0
    assert not [one for one in fleet.messages() if "unable to place" in one]


def test_without_managed_draining_the_tasks_go_with_their_instance(fleet: Fleet) -> None:
    fleet.provide(desired=1, managedDraining="DISABLED")
    fleet.lab.clock.advance(minutes=2)
    (task,) = fleet.run()["tasks"]
    fleet.lab.clock.advance(minutes=1)
    fleet.scaling.set_desired_capacity(AutoScalingGroupName="fleet", DesiredCapacity=0)
    assert fleet.statuses(task) == ["STOPPED"]


def test_a_task_that_waited_too_long_says_why(fleet: Fleet) -> None:
    fleet.provide()
    fleet.scaling.update_auto_scaling_group(AutoScalingGroupName="fleet", MaxSize=0)
    (task,) = fleet.run()["tasks"]
    fleet.lab.clock.advance(LONGEST_WAIT - 1)
    assert fleet.statuses(task) == ["PROVISIONING"]
    fleet.lab.clock.advance(minutes=1)
    stopped = fleet.lab.task(task["taskArn"])
    assert stopped["lastStatus"] == "STOPPED" and stopped["stopCode"] == "TaskFailedToStart"
    assert stopped["stoppedReason"] == "TaskFailedToStart: EMPTY CAPACITY PROVIDER"


def test_a_task_larger_than_the_instances_asks_for_none(fleet: Fleet) -> None:
    fleet.provide(desired=1)
    fleet.lab.clock.advance(minutes=2)
    override = {"containerOverrides": [{"name": "app", "cpu": 4096}]}
    (task,) = fleet.run(overrides=override)["tasks"]
    fleet.lab.clock.advance(LONGEST_WAIT + PERIOD)
    assert fleet.lab.task(task["taskArn"])["stoppedReason"] == "TaskFailedToStart: RESOURCE:CPU"
    assert fleet.desired() <= 1


def test_a_task_that_waits_can_be_stopped(fleet: Fleet) -> None:
    fleet.provide()
    (task,) = fleet.run()["tasks"]
    fleet.lab.stop(task["taskArn"])
    fleet.lab.clock.advance(minutes=5)
    assert fleet.statuses(task) == ["STOPPED"] and fleet.desired() == 0


def test_managed_scaling_that_is_turned_off_changes_nothing(fleet: Fleet) -> None:
    fleet.provide()
    fleet.lab.ecs.update_capacity_provider(
        name="machines", autoScalingGroupProvider={"managedScaling": {"status": "DISABLED"}}
    )
    assert fleet.scaling.describe_policies()["ScalingPolicies"] == []
    fleet.scaling.set_desired_capacity(AutoScalingGroupName="fleet", DesiredCapacity=2)
    fleet.lab.clock.advance(hours=1)
    assert (fleet.desired(), fleet.instances()) == (2, 2)


def test_a_provider_that_leaves_its_cluster_takes_its_policy_along(fleet: Fleet) -> None:
    fleet.provide()
    fleet.lab.associate("FARGATE")
    assert fleet.scaling.describe_policies()["ScalingPolicies"] == []
    fleet.lab.ecs.delete_capacity_provider(capacityProvider="machines")


def test_a_snapshot_keeps_what_waits(fleet: Fleet) -> None:
    fleet.provide()
    tasks = fleet.run(2)["tasks"]
    kept = fleet.lab.aws.snapshot()
    fleet.lab.clock.advance(minutes=4)
    kept.restore()
    assert fleet.statuses(*tasks) == ["PROVISIONING"] * 2
    fleet.lab.clock.advance(minutes=4)
    assert fleet.statuses(*tasks) == ["RUNNING"] * 2


def test_the_datapoints_are_kept(fleet: Fleet) -> None:
    fleet.provide()
    fleet.run()
    fleet.lab.clock.advance(minutes=3)
    plane = fleet.lab.aws._routing.plane
    points = plane.managed_scaling.datapoints("us-east-1", "lab", "machines")
    assert [value for _, value in points][:3] == [200, 50, 50]
