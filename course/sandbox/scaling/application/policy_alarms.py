"""The CloudWatch alarms of scaling policies: AWS makes two for target tracking, the learner those of step scaling.

AWS: https://docs.aws.amazon.com/autoscaling/application/userguide/target-tracking-scaling-policy-overview.html
"""

from typing import Any

from course.sandbox.observability.alarms.alarm import Alarm as CloudWatchAlarm
from course.sandbox.observability.alarms.alarms import Alarms
from course.sandbox.scaling.application.resources import TRACKING, Alarm, ScalingPolicy
from course.sandbox.scaling.application.target_tracking import (
    PERIOD,
    Half,
    Watched,
    halves,
    watched,
)
from course.sandbox.world import World

Made = list[tuple[str, str]]
"""What was asked of CloudWatch: an operation and an alarm's name."""


class PolicyAlarms:
    """Makes, renews and deletes the alarms of target tracking in one world."""

    def __init__(self, world: World, alarms: Alarms) -> None:
        self._world = world
        self._alarms = alarms

    def of(self, region: str, policy: ScalingPolicy) -> list[Alarm]:
        """Every alarm that calls a policy, whoever made it."""
        return [
            Alarm(one.alarm_name, one.alarm_arn)
            for one in self._alarms.book(region).alarms.values()
            if any(_calls(action, policy) for action in one.alarm_actions)
        ]

    def put(self, region: str, policy: ScalingPolicy) -> Made:
        """The alarms that a policy of target tracking needs; those that it has keep names and states."""
        made: Made = []
        if policy.policy_type != TRACKING:
            return made
        target = policy.configuration["TargetValue"]
        names = {_half_of(one.alarm_name): one.alarm_name for one in self.of(region, policy)}
        _, cluster, service = policy.resource_id.split("/")
        metric = watched(policy.configuration, cluster, service)
        wanted = halves(target, scales_in=policy.scales_in_by_agreement)
        for half in wanted:
            fresh = f"TargetTracking-{policy.resource_id}-{half.name}-{self._world.uuid()}"
            name = names.pop(half.name, "") or fresh
            self._alarms.put(region, _alarm(name, half, metric, policy))
            made.append(("PutMetricAlarm", name))
        self._alarms.delete(region, *names.values())
        return made + [("DeleteAlarms", one) for one in names.values()]

    def delete(self, region: str, policy: ScalingPolicy) -> Made:
        """The alarms of a policy that is deleted; those that the learner made stay."""
        if policy.policy_type != TRACKING:
            return []
        names = [one.alarm_name for one in self.of(region, policy) if _half_of(one.alarm_name)]
        self._alarms.delete(region, *names)
        return [("DeleteAlarms", one) for one in names]


def _calls(action: str, policy: ScalingPolicy) -> bool:
    return action == policy.policy_arn or action.startswith(f"{policy.policy_arn}:createdBy/")


def _half_of(name: str) -> str:
    """``AlarmHigh`` or ``AlarmLow``; "" for an alarm that AWS has not made."""
    if not name.startswith("TargetTracking-"):
        return ""
    return next((one for one in ("AlarmHigh", "AlarmLow") if f"-{one}-" in name), "")


def _alarm(name: str, half: Half, metric: Watched, policy: ScalingPolicy) -> CloudWatchAlarm:
    action = f"{policy.policy_arn}:createdBy/{policy.created_by}"
    given: dict[str, Any] = {"metrics": [dict(one) for one in metric.metrics]}
    if not metric.metrics:
        given = {
            "namespace": metric.namespace,
            "metric_name": metric.metric_name,
            "dimensions": [{"Name": key, "Value": value} for key, value in metric.dimensions],
            "statistic": metric.statistic,
            "unit": metric.unit,
            "period": PERIOD,
        }
    return CloudWatchAlarm(
        name,
        evaluation_periods=half.evaluation_periods,
        threshold=half.threshold,
        comparison_operator=half.comparison_operator,
        alarm_description=f"DO NOT EDIT OR DELETE. For TargetTrackingScaling policy {action}.",
        alarm_actions=[action],
        **given,
    )
