"""A service under Application Auto Scaling, and a metric of its load that is whatever the test says."""

from collections.abc import Callable
from math import ceil
from typing import Any

import boto3
import pytest

from course.sandbox.observability.metrics.series import Metric, Sums

RESOURCE = {
    "ServiceNamespace": "ecs",
    "ResourceId": "service/lab/web",
    "ScalableDimension": "ecs:service:DesiredCount",
}
CPU = {"PredefinedMetricType": "ECSServiceAverageCPUUtilization"}
LOAD = {"Namespace": "Lab", "MetricName": "Load", "Statistic": "Average"}


class Scaling:
    """What a test says to Application Auto Scaling, in one line each; every call goes through plain boto3."""

    def __init__(self, lab: Any) -> None:
        self.lab = lab
        self.aas: Any = boto3.client("application-autoscaling", region_name="us-east-1")

    @property
    def plane(self) -> Any:
        """The control plane of now: a restored snapshot brings another one."""
        return self.lab.aws._routing.plane

    @property
    def clock(self) -> Any:
        return self.lab.aws.clock

    def serve(self, desired: int = 4, name: str = "web") -> None:
        """A steady service in the cluster ``lab``."""
        self.lab.define()
        self.lab.steady(name, desired)

    def register(self, least: int = 2, most: int = 10, **more: Any) -> str:
        given = RESOURCE | {"MinCapacity": least, "MaxCapacity": most} | more
        return str(self.aas.register_scalable_target(**given)["ScalableTargetARN"])

    def track(
        self, target: float = 60, name: str = "load", metric: str = "Load", **more: Any
    ) -> dict[str, Any]:
        """A policy of target tracking on the metric that ``load`` lets the test say."""
        followed = {"CustomizedMetricSpecification": LOAD | {"MetricName": metric}}
        return self._put(name, {"TargetValue": target} | followed | more)

    def track_cpu(self, target: float = 60, name: str = "cpu", **more: Any) -> dict[str, Any]:
        """A policy of target tracking on the CPU utilization, or on what *more* says."""
        predefined = {"PredefinedMetricSpecification": CPU}
        return self._put(name, {"TargetValue": target} | predefined | more)

    def _put(self, name: str, config: dict[str, Any]) -> dict[str, Any]:
        return dict(
            self.aas.put_scaling_policy(
                **RESOURCE,
                PolicyName=name,
                PolicyType="TargetTrackingScaling",
                TargetTrackingScalingPolicyConfiguration=config,
            )
        )

    def step(self, *steps: dict[str, float], name: str = "steps", **more: Any) -> dict[str, Any]:
        config = {"AdjustmentType": "ChangeInCapacity", "StepAdjustments": list(steps)}
        return dict(
            self.aas.put_scaling_policy(
                **RESOURCE,
                PolicyName=name,
                PolicyType="StepScaling",
                StepScalingPolicyConfiguration=config | more,
            )
        )

    def plan(self, schedule: str, name: str = "night", **bounds: Any) -> None:
        """A scheduled action; *bounds* are MinCapacity and MaxCapacity, everything else as it is."""
        action = {key: bounds.pop(key) for key in ("MinCapacity", "MaxCapacity") if key in bounds}
        self.aas.put_scheduled_action(
            **RESOURCE,
            ScheduledActionName=name,
            Schedule=schedule,
            ScalableTargetAction=action,
            **bounds,
        )

    def load(self, value: float, minutes: float = 1, metric: str = "Load") -> None:
        """Let minutes pass in which the load is so much."""
        for _ in range(ceil(minutes)):
            store = self.plane.alarms.metrics("us-east-1")
            store.put(Metric.of("Lab", metric), self.lab.aws.now(), Sums.of(value))
            self.clock.advance(60 * min(1, minutes))

    @property
    def desired(self) -> int:
        return int(self.lab.describe()["desiredCount"])

    def target(self) -> dict[str, Any]:
        (found,) = self.aas.describe_scalable_targets(ServiceNamespace="ecs")["ScalableTargets"]
        return dict(found)

    def activities(self, **more: Any) -> list[dict[str, Any]]:
        """The oldest first."""
        found = self.aas.describe_scaling_activities(ServiceNamespace="ecs", **more)
        return list(reversed(found["ScalingActivities"]))

    def alarms(self) -> dict[str, Any]:
        """The alarms of the Region, by the half that they are, or their whole names."""
        held = self.plane.alarms.book("us-east-1").alarms.values()
        return {_short(one.alarm_name): one for one in held}


def _short(name: str) -> str:
    return next((one for one in ("AlarmHigh", "AlarmLow") if one in name), name)


@pytest.fixture
def scaling(lab: Any) -> Scaling:
    return Scaling(lab)


@pytest.fixture
def scaled(scaling: Scaling) -> Scaling:
    """Four tasks, between two and ten."""
    scaling.serve()
    scaling.register()
    return scaling


@pytest.fixture
def refused(refused: Callable[..., Any]) -> Callable[..., str]:
    """The error of a call in one line."""
    return lambda call, **given: repr(refused(call, **given))
