"""Target tracking's arithmetic as a table, and the two alarms of a policy."""

from __future__ import annotations

import pytest

from course.sandbox.scaling.application.target_tracking import (
    capacity_for,
    halves,
    split_label,
    watched,
)


@pytest.mark.parametrize(
    ("current", "metric", "target", "wanted"),
    [
        (4, 90, 60, 6),
        (6, 30, 60, 3),
        (4, 60, 60, 4),
        (4, 60.1, 60, 5),
        (2, 45, 60, 2),
        (1, 300, 60, 5),
        (10, 0, 60, 0),
        (0, 90, 60, 0),
        (3, 0.3, 0.1, 9),  # 9.000000000000002 by floating point
        (7, 1000, 700, 10),
    ],
)
def test_the_capacity_at_which_the_metric_is_at_its_target(
    current: int, metric: float, target: float, wanted: int
) -> None:
    assert capacity_for(current, metric, target) == wanted


def test_two_alarms_or_one() -> None:
    high, low = halves(60.0, scales_in=True)
    assert (high.name, high.comparison_operator, high.evaluation_periods, high.threshold) == (
        "AlarmHigh", "GreaterThanThreshold", 3, 60.0,
    )  # fmt: skip
    assert (low.name, low.comparison_operator, low.evaluation_periods, low.threshold) == (
        "AlarmLow", "LessThanThreshold", 15, 54.0,
    )  # fmt: skip
    assert halves(60.0, scales_in=False) == (high,)


def predefined(kind: str, **more: str) -> dict[str, object]:
    return {"PredefinedMetricSpecification": {"PredefinedMetricType": kind, **more}}


def test_what_each_metric_is_in_cloudwatch() -> None:
    cpu = watched(predefined("ECSServiceAverageCPUUtilization"), "lab", "web")
    place = (("ClusterName", "lab"), ("ServiceName", "web"))
    assert (cpu.namespace, cpu.metric_name, cpu.dimensions) == ("AWS/ECS", "CPUUtilization", place)
    memory = watched(predefined("ECSServiceAverageMemoryUtilization"), "lab", "web")
    assert (memory.metric_name, memory.statistic, memory.unit) == (
        "MemoryUtilization", "Average", "Percent",
    )  # fmt: skip
    label = "app/alb/778d/targetgroup/web/943f"
    requests = watched(predefined("ALBRequestCountPerTarget", ResourceLabel=label), "lab", "web")
    assert (requests.namespace, requests.metric_name, requests.statistic) == (
        "AWS/ApplicationELB", "RequestCountPerTarget", "Sum",
    )  # fmt: skip
    assert dict(requests.dimensions) == {
        "TargetGroup": "targetgroup/web/943f",
        "LoadBalancer": "app/alb/778d",
    }


def test_a_custom_metric_and_metric_math() -> None:
    one = {"Namespace": "Shop", "MetricName": "Backlog", "Statistic": "Average",
           "Dimensions": [{"Name": "Queue", "Value": "orders"}]}  # fmt: skip
    found = watched({"CustomizedMetricSpecification": one}, "lab", "worker")
    assert (found.namespace, found.metric_name, found.dimensions) == (
        "Shop", "Backlog", (("Queue", "orders"),),
    )  # fmt: skip
    queries = [
        {"Id": "m", "MetricStat": {"Metric": {"MetricName": "n"}, "Stat": "Sum"}, "ReturnData": False},
        {"Id": "e", "Expression": "m / 2"},
    ]  # fmt: skip
    metric, expression = watched(
        {"CustomizedMetricSpecification": {"Metrics": queries}}, "lab", "worker"
    ).metrics
    assert metric["MetricStat"]["Period"] == 60
    assert expression == {"Id": "e", "Expression": "m / 2", "ReturnData": True}


@pytest.mark.parametrize(
    "label", ["", "app/lb/1", "net/lb/1/targetgroup/tg/2", "app/lb/1/tg/web/2", "app//1/targetgroup/tg/2"]
)  # fmt: skip
def test_what_is_no_label(label: str) -> None:
    with pytest.raises(ValueError) as wrong:
        split_label(label)
    assert str(wrong.value) == label
