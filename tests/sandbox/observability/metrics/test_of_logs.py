"""Metric filters: what lines put into metrics."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from course import sandbox
from course.sandbox.sandbox import Sandbox


@pytest.fixture
def aws() -> Iterator[Sandbox]:
    with sandbox.open() as opened:
        logs = opened.client("logs")
        logs.create_log_group(logGroupName="shop")
        logs.create_log_stream(logGroupName="shop", logStreamName="one")
        yield opened


def watch(aws: Sandbox, pattern: str, value: str = "1", **more: Any) -> None:
    transformation: Any = {
        "metricName": "Found",
        "metricNamespace": "Shop",
        "metricValue": value,
        **more,
    }
    aws.client("logs").put_metric_filter(
        logGroupName="shop",
        filterName="found",
        filterPattern=pattern,
        metricTransformations=[transformation],
    )


def write(aws: Sandbox, *lines: str) -> None:
    at = round(aws.now().timestamp() * 1000)
    events: Any = [{"timestamp": at, "message": line} for line in lines]
    aws.client("logs").put_log_events(logGroupName="shop", logStreamName="one", logEvents=events)


def found(aws: Sandbox, statistic: str = "Sum", **dimensions: str) -> list[float]:
    now = aws.now()
    named: Any = [{"Name": name, "Value": value} for name, value in dimensions.items()]
    read = aws.client("cloudwatch").get_metric_statistics(
        Namespace="Shop",
        MetricName="Found",
        Dimensions=named,
        StartTime=now - timedelta(minutes=5),
        EndTime=now + timedelta(minutes=1),
        Period=60,
        Statistics=[statistic],
    )
    return [one[statistic] for one in read["Datapoints"]]


def test_lines_that_pass_are_counted(aws: Sandbox) -> None:
    watch(aws, "ERROR")
    write(aws, "ERROR no disk", "all is well", "ERROR again")
    assert found(aws) == [2]


def test_a_field_of_json_is_the_value(aws: Sandbox) -> None:
    watch(aws, '{ $.level = "info" }', "$.seconds")
    lines = [{"level": "info", "seconds": 0.5}, {"level": "info", "seconds": 1.5}]
    write(aws, *map(json.dumps, lines), json.dumps({"level": "info", "seconds": "many"}))
    assert found(aws, "Average") == [1.0]
    assert found(aws, "SampleCount") == [2]


def test_a_named_word_is_the_value(aws: Sandbox) -> None:
    watch(aws, "[ip, status=5*, bytes]", "$bytes")
    write(aws, "10.0.0.1 503 700", "10.0.0.1 200 900")
    assert found(aws) == [700]


def test_a_default_where_nothing_passes(aws: Sandbox) -> None:
    watch(aws, "ERROR", defaultValue=0.0)
    write(aws, "all is well")
    assert found(aws) == [0]


def test_dimensions_are_fields_of_the_line(aws: Sandbox) -> None:
    watch(aws, "{ $.path = * }", dimensions={"Path": "$.path"})
    write(aws, json.dumps({"path": "/a"}), json.dumps({"path": "/b"}))
    assert found(aws, Path="/a") == [1]
    assert found(aws) == []


def test_what_was_there_before_the_filter_is_not_counted(aws: Sandbox) -> None:
    write(aws, "ERROR before")
    watch(aws, "ERROR")
    assert found(aws) == []


def test_an_alarm_on_errors_in_a_log(aws: Sandbox) -> None:
    watch(aws, "ERROR")
    cloudwatch = aws.client("cloudwatch")
    cloudwatch.put_metric_alarm(
        AlarmName="errors",
        Namespace="Shop",
        MetricName="Found",
        Statistic="Sum",
        Period=60,
        EvaluationPeriods=1,
        Threshold=1,
        ComparisonOperator="GreaterThanOrEqualToThreshold",
        TreatMissingData="notBreaching",
    )
    write(aws, "ERROR no disk")
    aws.clock.advance(minutes=1)
    (alarm,) = cloudwatch.describe_alarms()["MetricAlarms"]
    assert alarm["StateValue"] == "ALARM"
