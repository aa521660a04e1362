"""A group: an Auto Scaling group over two subnets, in an open sandbox."""

from collections.abc import Generator
from typing import Any

import boto3
import pytest

from course import sandbox
from course.exercises.way_out import lead_out_by_nat
from course.sandbox.sandbox import Sandbox

AMI = "/aws/service/ecs/optimized-ami/amazon-linux-2023/recommended/image_id"
USER_DATA = "IyEvYmluL2Jhc2gKZWNobyBFQ1NfQ0xVU1RFUj1sYWIgPj4gL2V0Yy9lY3MvZWNzLmNvbmZpZw=="
"""In base64: a script that writes ``ECS_CLUSTER=lab`` to the agent's file."""


class Group:
    """What a test says to Auto Scaling, in one line each; every call goes through plain boto3."""

    name = "fleet"

    def __init__(self, aws: Sandbox) -> None:
        self.aws = aws
        self.ec2: Any = boto3.client("ec2")
        self.scaling: Any = boto3.client("autoscaling")
        vpc = self.ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        self.subnets = [
            self.ec2.create_subnet(
                VpcId=vpc, CidrBlock=f"10.0.{number}.0/24", AvailabilityZone=f"us-east-1{zone}"
            )["Subnet"]["SubnetId"]
            for number, zone in ((1, "a"), (2, "b"))
        ]
        lead_out_by_nat(self.ec2, vpc)
        self.image = boto3.client("ssm").get_parameter(Name=AMI)["Parameter"]["Value"]

    def template(self, **changes: Any) -> None:
        data = {"ImageId": self.image, "InstanceType": "t3.small", "UserData": USER_DATA}
        self.ec2.create_launch_template(
            LaunchTemplateName=self.name, LaunchTemplateData=data | changes
        )

    def create(self, desired: int | None = None, least: int = 0, most: int = 5, **more: Any) -> str:
        """Make the group, with a launch template unless one is there; its ARN."""
        if not self.ec2.describe_launch_templates()["LaunchTemplates"]:
            self.template()
        given = {
            "AutoScalingGroupName": self.name,
            "MinSize": least,
            "MaxSize": most,
            "DesiredCapacity": desired,
            "VPCZoneIdentifier": ",".join(self.subnets),
            "LaunchTemplate": {"LaunchTemplateName": self.name},
        } | more
        given = {key: value for key, value in given.items() if value is not None}
        self.scaling.create_auto_scaling_group(**given)
        return str(self.now()["AutoScalingGroupARN"])

    def now(self) -> dict[str, Any]:
        answer = self.scaling.describe_auto_scaling_groups(AutoScalingGroupNames=[self.name])
        return dict(answer["AutoScalingGroups"][0])

    def desire(self, desired: int) -> None:
        self.scaling.set_desired_capacity(AutoScalingGroupName=self.name, DesiredCapacity=desired)

    def instances(self) -> dict[str, str]:
        """The lifecycle state of each instance."""
        return {one["InstanceId"]: one["LifecycleState"] for one in self.now()["Instances"]}

    def activities(self, **more: Any) -> list[dict[str, Any]]:
        """Scaling activities, the oldest first."""
        answer = self.scaling.describe_scaling_activities(AutoScalingGroupName=self.name, **more)
        return list(answer["Activities"][::-1])

    def in_ec2(self) -> list[str]:
        """The state of every EC2 instance."""
        reservations = self.ec2.describe_instances()["Reservations"]
        return sorted(one["State"]["Name"] for found in reservations for one in found["Instances"])


@pytest.fixture
def group() -> Generator[Group]:
    with sandbox.open() as aws:
        yield Group(aws)
