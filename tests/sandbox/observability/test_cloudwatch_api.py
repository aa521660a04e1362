"""What CloudWatch refuses, and what it gives back in which form."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from course import sandbox
from course.sandbox.clock import START

ALARM: dict[str, Any] = {
    "AlarmName": "orders",
    "Namespace": "Shop",
    "MetricName": "Orders",
    "Statistic": "Sum",
    "Period": 60,
    "EvaluationPeriods": 3,
    "Threshold": 5,
    "ComparisonOperator": "GreaterThanThreshold",
}
READ: dict[str, Any] = {
    "Namespace": "Shop",
    "MetricName": "Orders",
    "StartTime": START,
    "EndTime": START + timedelta(hours=1),
    "Period": 60,
    "Statistics": ["Sum"],
}
STAT: dict[str, Any] = {
    "Id": "m1",
    "MetricStat": {
        "Metric": {"Namespace": "Shop", "MetricName": "Orders"},
        "Period": 60,
        "Stat": "Sum",
    },
}


@pytest.fixture
def cloudwatch() -> Iterator[Any]:
    with sandbox.open() as aws:
        yield aws.client("cloudwatch")


def datum(**more: Any) -> dict[str, Any]:
    return {"Namespace": "Shop", "MetricData": [{"MetricName": "Orders", "Value": 1, **more}]}


def window(*queries: dict[str, Any], minutes: float = 60) -> dict[str, Any]:
    end = START + timedelta(minutes=minutes)
    return {"MetricDataQueries": list(queries), "StartTime": START, "EndTime": end}


@pytest.mark.parametrize(
    ("operation", "given", "code"),
    [
        ("put_metric_data", datum() | {"Namespace": "AWS/ECS"}, "InvalidParameterValue"),
        ("put_metric_data", datum(Timestamp=START - timedelta(days=15)), "InvalidParameterValue"),
        ("put_metric_data", datum(Timestamp=START + timedelta(hours=3)), "InvalidParameterValue"),
        (
            "get_metric_statistics",
            {name: value for name, value in READ.items() if name != "Statistics"},
            "InvalidParameterCombination",
        ),
        ("get_metric_statistics", READ | {"EndTime": START}, "InvalidParameterValue"),
        ("get_metric_statistics", READ | {"Period": 45}, "InvalidParameterValue"),
        (
            "get_metric_statistics",
            READ | {"EndTime": START + timedelta(days=3)},
            "InvalidParameterCombination",
        ),
        ("get_metric_statistics", READ | {"ExtendedStatistics": ["p101"]}, "InvalidParameterValue"),
        ("get_metric_statistics", READ | {"ExtendedStatistics": ["tm90"]}, "NotImplemented"),
        ("get_metric_data", window(STAT, minutes=0), "ValidationError"),
        ("get_metric_data", window(STAT, STAT), "ValidationError"),
        ("get_metric_data", window(STAT, {"Id": "e", "Expression": "m2 + 1"}), "ValidationError"),
        ("get_metric_data", window({"Id": "a", "Expression": "a + 1"}), "ValidationError"),
        ("get_metric_data", window(STAT, {"Id": "e", "Expression": "RATE(m1)"}), "NotImplemented"),
        ("put_metric_alarm", ALARM | {"DatapointsToAlarm": 4}, "ValidationError"),
        ("put_metric_alarm", ALARM | {"EvaluationPeriods": 1441}, "ValidationError"),
        ("put_metric_alarm", ALARM | {"TreatMissingData": "maybe"}, "ValidationError"),
        ("put_metric_alarm", ALARM | {"ExtendedStatistic": "p99"}, "InvalidParameterCombination"),
        (
            "put_metric_alarm",
            ALARM | {"ComparisonOperator": "GreaterThanUpperThreshold"},
            "NotImplemented",
        ),
        ("put_composite_alarm", {"AlarmName": "b", "AlarmRule": "ALARM(a)"}, "NotImplemented"),
        (
            "set_alarm_state",
            {"AlarmName": "gone", "StateValue": "OK", "StateReason": "a test"},
            "ResourceNotFound",
        ),
    ],
)
def test_refused(cloudwatch: Any, operation: str, given: dict[str, Any], code: str) -> None:
    with pytest.raises(ClientError) as refused:
        getattr(cloudwatch, operation)(**given)
    assert refused.value.response["Error"]["Code"] == code
    assert cloudwatch.list_metrics()["Metrics"] == []
    assert cloudwatch.describe_alarms()["MetricAlarms"] == []


def test_a_set_of_values_is_read_as_statistics_and_as_data(cloudwatch: Any) -> None:
    values = {"Values": [1, 2, 4], "Counts": [2, 1, 1], "Unit": "Seconds"}
    data: Any = [{"MetricName": "Orders", **values}]
    cloudwatch.put_metric_data(Namespace="Shop", MetricData=data)
    (point,) = cloudwatch.get_metric_statistics(
        **READ | {"Statistics": ["Average", "SampleCount"], "ExtendedStatistics": ["p50"]}
    )["Datapoints"]
    assert (point["Average"], point["SampleCount"], point["Unit"]) == (2, 4, "Seconds")
    assert point["ExtendedStatistics"] == {"p50": 1}
    double = {"Id": "e1", "Expression": "m1 * 2", "Label": "twice"}
    first, second = cloudwatch.get_metric_data(**window(STAT, double))["MetricDataResults"]
    assert (first["Values"], second["Values"], second["Label"]) == ([8], [16], "twice")


def test_alarms_of_one_metric_and_pages_of_alarms(cloudwatch: Any) -> None:
    for name in ("b", "a", "c"):
        cloudwatch.put_metric_alarm(**ALARM | {"AlarmName": name})
    cloudwatch.put_metric_alarm(**ALARM | {"AlarmName": "d", "MetricName": "Other"})
    found = cloudwatch.describe_alarms_for_metric(Namespace="Shop", MetricName="Orders")
    assert len(found["MetricAlarms"]) == 3
    page = cloudwatch.describe_alarms(MaxRecords=3)
    rest = cloudwatch.describe_alarms(MaxRecords=3, NextToken=page["NextToken"])
    told = [one["AlarmName"] for one in (*page["MetricAlarms"], *rest["MetricAlarms"])]
    assert told == ["a", "b", "c", "d"]
    assert "NextToken" not in rest


def test_tags_of_an_alarm(cloudwatch: Any) -> None:
    cloudwatch.put_metric_alarm(**ALARM, Tags=[{"Key": "team", "Value": "shop"}])
    arn = cloudwatch.describe_alarms()["MetricAlarms"][0]["AlarmArn"]
    cloudwatch.tag_resource(ResourceARN=arn, Tags=[{"Key": "stage", "Value": "lab"}])
    found = cloudwatch.list_tags_for_resource(ResourceARN=arn)["Tags"]
    assert {one["Key"]: one["Value"] for one in found} == {"team": "shop", "stage": "lab"}
