"""Simple scaling policies of Auto Scaling groups, called by alarms: so much more or less, then a cooldown.

Step and target tracking policies of groups are not modelled, but for the one that ECS makes
(managed scaling carries that out by itself).

AWS: https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-scaling-simple-step.html
"""

from datetime import datetime, timedelta
from functools import partial
from math import ceil, floor
from typing import Any

from course.sandbox.observability.alarms.actions import Firing, Receipt
from course.sandbox.scaling import activities
from course.sandbox.scaling.auto_scaling import AutoScaling
from course.sandbox.world import World

COOLDOWN = 300
"""Seconds of a group's default cooldown."""


class GroupPolicies:
    """Carries policies out in one world."""

    def __init__(self, world: World, groups: AutoScaling) -> None:
        self._world = world
        self._groups = groups
        self._until: dict[tuple[str, str], datetime] = {}

    def receive(self, firing: Firing) -> Receipt:
        """An alarm calls a policy; whether anything changes is the policy's affair."""
        group_name, _, policy_name = firing.action.partition("autoScalingGroupName/")[2].partition(
            ":policyName/"
        )
        group = self._groups.find(firing.region, group_name)
        policy = self._groups.policy(firing.region, policy_name) if group else None
        if group is None or policy is None:
            return Receipt(
                "PolicyARN is not valid: no such scaling policy", waits=True
            )  # our words
        if policy.policy_type not in (None, "SimpleScaling"):
            return Receipt(f"the sandbox does not model {policy.policy_type} of groups", waits=True)
        now, key = self._world.clock.now(), (firing.region, group_name)
        if now < self._until.get(key, now):
            return Receipt()
        desired = wanted(
            policy.adjustment_type,
            float(policy.scaling_adjustment or 0),
            group.desired_capacity,
            policy.min_adjustment_magnitude,
        )
        desired = min(max(desired, group.min_size), group.max_size)
        if desired == group.desired_capacity:
            return Receipt(waits=True)
        cause = partial(activities.by_alarm, now, firing.alarm.alarm_name, policy_name)
        self._groups.set_desired(firing.region, group_name, desired, cause)
        cooldown = policy.cooldown if policy.cooldown is not None else group.default_cooldown
        self._until[key] = now + timedelta(seconds=float(cooldown or COOLDOWN))
        return Receipt()


def wanted(kind: str, adjustment: float, desired: int, least: Any = None) -> int:
    """The capacity that an adjustment asks for; percents below one count as one, others are cut off."""
    if kind == "ExactCapacity":
        return round(adjustment)
    if kind != "PercentChangeInCapacity":
        return desired + round(adjustment)
    change = desired * adjustment / 100
    whole = _cut(change) if change > 0 else -_cut(-change)
    if least and abs(whole) < int(least):
        whole = int(least) if change > 0 else -int(least)
    return desired + whole


def _cut(change: float) -> int:
    return ceil(change) if 0 < change < 1 else floor(change)
