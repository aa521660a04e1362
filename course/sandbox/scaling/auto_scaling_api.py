"""Auto Scaling's API where moto falls short: activities, and capacities within their bounds.

Everything else of the service is moto's; what it changes is carried out by
``auto_scaling`` afterwards.

AWS: https://docs.aws.amazon.com/autoscaling/ec2/APIReference/Welcome.html
"""

from typing import Any, ClassVar, Protocol

from moto.autoscaling.exceptions import AutoscalingClientError, ValidationError
from moto.autoscaling.responses import AutoScalingResponse
from moto.core.responses import ActionResult

from course.sandbox.scaling.auto_scaling import AutoScaling

MOST = 100
"""Activities in one answer."""


class Plane(Protocol):
    """The part of the control plane these operations lean on."""

    auto_scaling: AutoScaling


class AutoScalingApi(AutoScalingResponse):
    """moto's Auto Scaling with what it lacks, one method per operation."""

    plane: ClassVar[Plane]

    @property
    def _groups(self) -> AutoScaling:
        return self.plane.auto_scaling

    def describe_scaling_activities(self) -> ActionResult:
        """DescribeScalingActivities, the newest first; of deleted groups only if asked for."""
        name, ids = self._get_param("AutoScalingGroupName"), self._get_param("ActivityIds", [])
        deleted = self._get_bool_param("IncludeDeletedGroups", False)
        found = [
            one
            for one in self._groups.activities(self.region)
            if name in (None, one.auto_scaling_group_name)
            and (not ids or one.activity_id in ids)
            and (deleted or one.auto_scaling_group_state is None)
        ]
        start = int(self._get_param("NextToken") or 0)
        end = start + min(self._get_int_param("MaxRecords", MOST), MOST)
        more = str(end) if end < len(found) else None
        return ActionResult({"Activities": found[start:end], "NextToken": more})

    def create_auto_scaling_group(self) -> Any:
        """CreateAutoScalingGroup: a desired capacity has to lie between the two sizes."""
        name = self._get_param("AutoScalingGroupName")
        if self._groups.find(self.region, name) is not None:
            raise AutoscalingClientError(
                "AlreadyExists",
                f"AutoScalingGroup by this name already exists - A group with the name {name} "
                "already exists",
            )
        _check_capacity(
            self._number("DesiredCapacity"), self._number("MinSize", 0), self._number("MaxSize", 0)
        )
        return super().create_auto_scaling_group()

    def update_auto_scaling_group(self) -> Any:
        """UpdateAutoScalingGroup: the desired capacity follows the sizes if none is given."""
        group = self._group()
        least, most = (
            self._number("MinSize", group.min_size),
            self._number("MaxSize", group.max_size),
        )
        desired = self._number("DesiredCapacity")
        _check_capacity(desired, least, most)
        before = group.desired_capacity
        answer = super().update_auto_scaling_group()
        if desired is None:
            group.desired_capacity = min(max(before, least), most)
        return answer

    def set_desired_capacity(self) -> Any:
        """SetDesiredCapacity, within the group's sizes."""
        group, desired = self._group(), self._get_int_param("DesiredCapacity")
        if desired > group.max_size:
            raise ValidationError(  # AWS's words, from memory
                f"New SetDesiredCapacity value {desired} is above max value {group.max_size} for "
                "the AutoScalingGroup."
            )
        if desired < group.min_size:
            raise ValidationError(  # AWS's words, from memory
                f"New SetDesiredCapacity value {desired} is below min value {group.min_size} for "
                "the AutoScalingGroup."
            )
        return super().set_desired_capacity()

    def delete_auto_scaling_group(self) -> Any:
        """DeleteAutoScalingGroup: with instances only by force, which ends them."""
        group = self._group()
        if group.instance_states and not self._get_bool_param("ForceDelete", False):
            raise AutoscalingClientError(
                "ResourceInUse",
                "You cannot delete an AutoScalingGroup while there are instances or pending Spot "
                "instance request(s) still in the group.",
            )
        self._groups.forget(self.region, group.name)
        return super().delete_auto_scaling_group()

    def terminate_instance_in_auto_scaling_group(self) -> Any:
        """TerminateInstanceInAutoScalingGroup: replaced, unless its place is given up."""
        instance = self._get_param("InstanceId")
        decrement = self._get_bool_param("ShouldDecrementDesiredCapacity", False)
        activity = self._groups.terminate(self.region, instance, decrement=decrement)
        if activity is None:
            raise ValidationError(  # AWS's words, from memory
                f"Instance Id not found - No managed instance found for instance ID: {instance}"
            )
        return ActionResult({"Activity": activity})

    def put_scaling_policy(self) -> Any:
        """PutScalingPolicy: with the policy's ARN in the answer, which moto leaves out."""
        super().put_scaling_policy()
        policy = self._groups.policy(self.region, self._get_param("PolicyName"))
        return ActionResult({"PolicyARN": policy.arn, "Alarms": []})

    def _number(self, name: str, default: Any = None) -> Any:
        given = self._get_param(name)
        return default if given is None else int(given)

    def _group(self) -> Any:
        name = self._get_param("AutoScalingGroupName")
        group = self._groups.find(self.region, name)
        if group is None:
            raise ValidationError(
                f"AutoScalingGroup name not found - AutoScalingGroup '{name}' not found"
            )
        return group


def _check_capacity(desired: int | None, least: int, most: int) -> None:
    if least > most:
        raise ValidationError("Max bound must be greater than or equal to min bound")
    if desired is not None and not least <= desired <= most:
        raise ValidationError(  # AWS's words, from memory
            f"Desired capacity:{desired} must be between the specified min size:{least} and max "
            f"size:{most}"
        )
