"""Target tracking: which capacity keeps a metric at its target, and the two alarms that watch it. Pure.

AWS says only that capacity follows the metric in proportion, rounded with care; the formula
here is **a model** (docs/service-auto-scaling.md). The alarms' periods are what accounts
show, not what AWS guarantees.

AWS: https://docs.aws.amazon.com/autoscaling/application/userguide/target-tracking-scaling-policy-overview.html
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil
from typing import Any

PERIOD = 60
"""Seconds of a datapoint."""

DATAPOINTS_OUT = 3
DATAPOINTS_IN = 15
"""Datapoints above the target before it scales out, and below before it scales in (moto 5.2.5, as AWS)."""

LOW_PART = 0.9
"""The low alarm's threshold is this part of the target: seen for CPU and memory, not documented."""

NEARLY = 1e-9
"""What a quotient of floating point numbers may be too large by: 4 x 90 / 60 is 6."""

COOLDOWN = 300
"""Seconds, of ECS services, where a policy does not say."""

UTILIZATION = {
    "ECSServiceAverageCPUUtilization": "CPUUtilization",
    "ECSServiceAverageMemoryUtilization": "MemoryUtilization",
}
REQUESTS = "ALBRequestCountPerTarget"
PREDEFINED = (*UTILIZATION, REQUESTS)


@dataclass(frozen=True, slots=True)
class Watched:
    """What the alarms of a policy watch, in the members of CloudWatch's PutMetricAlarm."""

    namespace: str | None = None
    metric_name: str | None = None
    dimensions: tuple[tuple[str, str], ...] = ()
    statistic: str | None = None
    unit: str | None = None
    metrics: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Half:
    """One of the two alarms of a policy: ``AlarmHigh`` or ``AlarmLow``."""

    name: str
    comparison_operator: str
    evaluation_periods: int
    threshold: float


def capacity_for(current: int, metric: float, target: float) -> int:
    """The capacity at which the metric would be at its target: a model, rounded up."""
    return max(0, ceil(current * metric / target - NEARLY))


def halves(target: float, *, scales_in: bool) -> tuple[Half, ...]:
    """The alarms of a policy; without scaling in there is only the high one."""
    high = Half("AlarmHigh", "GreaterThanThreshold", DATAPOINTS_OUT, target)
    low = Half("AlarmLow", "LessThanThreshold", DATAPOINTS_IN, round(target * LOW_PART, 10))
    return (high, low) if scales_in else (high,)


def watched(configuration: Mapping[str, Any], cluster: str, service: str) -> Watched:
    """The metric of a policy that has passed ``policy_rules``."""
    predefined = configuration.get("PredefinedMetricSpecification")
    if predefined:
        return _predefined(predefined, cluster, service)
    custom = configuration["CustomizedMetricSpecification"]
    if custom.get("Metrics"):
        return Watched(metrics=tuple(_query(one) for one in custom["Metrics"]))
    return Watched(
        namespace=custom["Namespace"],
        metric_name=custom["MetricName"],
        dimensions=tuple((one["Name"], one["Value"]) for one in custom.get("Dimensions") or ()),
        statistic=custom["Statistic"],
        unit=custom.get("Unit"),
    )


def _predefined(given: Mapping[str, Any], cluster: str, service: str) -> Watched:
    kind = given["PredefinedMetricType"]
    if kind == REQUESTS:
        balancer, group = split_label(given["ResourceLabel"])
        place = (("TargetGroup", group), ("LoadBalancer", balancer))
        return Watched("AWS/ApplicationELB", "RequestCountPerTarget", place, "Sum")
    place = (("ClusterName", cluster), ("ServiceName", service))
    return Watched("AWS/ECS", UTILIZATION[kind], place, "Average", "Percent")


def split_label(label: str) -> tuple[str, str]:
    """``app/lb/id`` and ``targetgroup/tg/id`` of a resource label; ValueError for anything else."""
    parts = label.split("/")
    if len(parts) != 6 or parts[0] != "app" or parts[3] != "targetgroup" or not all(parts):
        raise ValueError(label)
    return "/".join(parts[:3]), "/".join(parts[3:])


def _query(given: Mapping[str, Any]) -> dict[str, Any]:
    """A query of metric math as an alarm has it: there a metric's period is said, here it is a minute."""
    query = dict(given)
    if "MetricStat" in query:
        query["MetricStat"] = {"Period": PERIOD, **query["MetricStat"]}
    query.setdefault("ReturnData", True)
    return query
