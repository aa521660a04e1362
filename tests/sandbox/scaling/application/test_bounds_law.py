"""Whatever alarms, bounds and the clock do: once the world has settled, the desired count is within its bounds."""

from __future__ import annotations

from typing import Any

import boto3
from hypothesis import given, settings
from hypothesis import strategies as st

from course import sandbox
from course.sandbox.observability.metrics.series import Metric, Sums
from course.traffic_times import Site

RESOURCE: Any = {
    "ServiceNamespace": "ecs",
    "ResourceId": "service/bench/web",
    "ScalableDimension": "ecs:service:DesiredCount",
}
LOAD: Any = {"Namespace": "Lab", "MetricName": "Load", "Statistic": "Average"}

bounds = st.tuples(st.integers(0, 6), st.integers(0, 6)).map(lambda pair: (min(pair), sum(pair)))
moves = st.one_of(
    st.tuples(st.just("load"), st.floats(0, 500), st.integers(1, 20)),
    st.tuples(st.just("bounds"), bounds),
    st.tuples(st.just("plan"), bounds),
    st.tuples(st.just("suspend"), st.booleans()),
)


@settings(max_examples=6)
@given(st.lists(moves, min_size=3, max_size=8))
def test_the_desired_count_is_within_its_bounds(sequence: list[Any]) -> None:
    with sandbox.open() as aws:
        site = Site(aws, 2, cpu="256")
        aas: Any = boto3.client("application-autoscaling", region_name="us-east-1")
        aas.register_scalable_target(**RESOURCE, MinCapacity=1, MaxCapacity=8)
        tracking: Any = {"TargetValue": 60.0, "CustomizedMetricSpecification": LOAD}
        aas.put_scaling_policy(
            **RESOURCE,
            PolicyName="load",
            PolicyType="TargetTrackingScaling",
            TargetTrackingScalingPolicyConfiguration=tracking,
        )
        for move in sequence:
            _make(aws, aas, *move)
            (target,) = aas.describe_scalable_targets(ServiceNamespace="ecs")["ScalableTargets"]
            (service,) = site.ecs.describe_services(cluster="bench", services=["web"])["services"]
            assert target["MinCapacity"] <= service["desiredCount"] <= target["MaxCapacity"]


def _make(aws: Any, aas: Any, kind: str, *given: Any) -> None:
    if kind == "load":
        for _ in range(given[1]):
            store = aws._routing.plane.alarms.metrics("us-east-1")
            store.put(Metric.of("Lab", "Load"), aws.now(), Sums.of(given[0]))
            aws.clock.advance(60)
    elif kind == "bounds":
        least, most = given[0]
        aas.register_scalable_target(**RESOURCE, MinCapacity=least, MaxCapacity=most)
    elif kind == "plan":
        least, most = given[0]
        aas.put_scheduled_action(
            **RESOURCE,
            ScheduledActionName="plan",
            Schedule="rate(5 minutes)",
            ScalableTargetAction={"MinCapacity": least, "MaxCapacity": most},
        )
        aws.clock.advance(minutes=11)
    else:
        suspended = {"DynamicScalingOutSuspended": given[0], "DynamicScalingInSuspended": given[0]}
        aas.register_scalable_target(**RESOURCE, SuspendedState=suspended)
