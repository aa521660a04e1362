"""What a change of an alarm's state tells: a topic in a notification, EventBridge in an event. Pure.

AWS: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html
The notification's members: messages of users, 2020 to 2025.
"""

import json
from typing import Any

from course.sandbox.observability.alarms.actions import Firing
from course.sandbox.observability.alarms.alarm import Alarm
from course.sandbox.observability.alarms.reasons import stamp
from course.sandbox.world import ACCOUNT_ID

DETAIL_TYPE, SOURCE = "CloudWatch Alarm State Change", "aws.cloudwatch"


def subject(firing: Firing, place: str) -> str:
    """``ALARM: "cpu" in US East (N. Virginia)``; a subject of SNS has 100 characters at most."""
    return f'{firing.state}: "{firing.alarm.alarm_name}" in {place}'[:100]


def notification(firing: Firing, place: str) -> str:
    """The message that a topic gets, as JSON."""
    alarm = firing.alarm
    told = {
        "AlarmName": alarm.alarm_name,
        "AlarmDescription": alarm.alarm_description,
        "AWSAccountId": ACCOUNT_ID,
        "AlarmConfigurationUpdatedTimestamp": _stamp(alarm.alarm_configuration_updated_timestamp),
        "NewStateValue": firing.state,
        "NewStateReason": alarm.state_reason,
        "StateChangeTime": stamp(firing.when),
        "Region": place,
        "AlarmArn": alarm.alarm_arn,
        "OldStateValue": firing.previous,
        "OKActions": alarm.ok_actions,
        "AlarmActions": alarm.alarm_actions,
        "InsufficientDataActions": alarm.insufficient_data_actions,
        "Trigger": _trigger(alarm),
    }
    return json.dumps(told)


def _trigger(alarm: Alarm) -> dict[str, Any]:
    told: dict[str, Any] = {
        "Period": alarm.every,
        "EvaluationPeriods": alarm.evaluation_periods,
        "ComparisonOperator": alarm.comparison_operator,
        "Threshold": alarm.threshold,
        "TreatMissingData": alarm.treat_missing_data or "",
        "EvaluateLowSampleCountPercentile": alarm.evaluate_low_sample_count_percentile or "",
    }
    if alarm.datapoints_to_alarm:
        told["DatapointsToAlarm"] = alarm.datapoints_to_alarm
    if alarm.metrics:
        return told | {"Metrics": alarm.metrics}
    kind = "Statistic" if alarm.statistic else "ExtendedStatistic"
    named = {
        "StatisticType": kind,
        kind: (alarm.statistic or alarm.extended_statistic or "").upper(),
    }
    if kind == "ExtendedStatistic":
        named[kind] = alarm.extended_statistic or ""
    pairs = [{"value": one["Value"], "name": one["Name"]} for one in alarm.dimensions]
    metric = {"MetricName": alarm.metric_name, "Namespace": alarm.namespace}
    return metric | named | {"Unit": alarm.unit, "Dimensions": pairs} | told


def event(before: Alarm, alarm: Alarm, id_: str) -> dict[str, Any]:
    """The event's detail; *id_* is that of the metric in the alarm's configuration."""
    configuration: dict[str, Any] = {"metrics": _metrics(alarm, id_)}
    if alarm.alarm_description:
        configuration["description"] = alarm.alarm_description
    return {
        "alarmName": alarm.alarm_name,
        "configuration": configuration,
        "previousState": _state(before),
        "state": _state(alarm),
    }


def _metrics(alarm: Alarm, id_: str) -> list[dict[str, Any]]:
    if alarm.metrics:
        return [_query(one) for one in alarm.metrics]
    metric = {
        "dimensions": dict(alarm.metric.dimensions),
        "name": alarm.metric_name,
        "namespace": alarm.namespace,
    }
    stat = {
        "metric": metric,
        "period": alarm.every,
        "stat": alarm.statistic or alarm.extended_statistic,
    }
    return [{"id": id_, "metricStat": stat, "returnData": True}]


def _query(given: dict[str, Any]) -> dict[str, Any]:
    told: dict[str, Any] = {"id": given["Id"], "returnData": given.get("ReturnData") is not False}
    if given.get("Expression"):
        return told | {
            "expression": given["Expression"],
            "label": given.get("Label") or given["Id"],
        }
    stat, metric = given["MetricStat"], given["MetricStat"]["Metric"]
    dimensions = {one["Name"]: one["Value"] for one in metric.get("Dimensions") or ()}
    named = {"dimensions": dimensions, "name": metric["MetricName"]}
    named["namespace"] = metric["Namespace"]
    return told | {"metricStat": {"metric": named, "period": stat["Period"], "stat": stat["Stat"]}}


def _state(alarm: Alarm) -> dict[str, Any]:
    told = {"value": alarm.state_value, "reason": alarm.state_reason}
    if alarm.state_reason_data:
        told["reasonData"] = alarm.state_reason_data
    if alarm.state_updated_timestamp:
        told["timestamp"] = stamp(alarm.state_updated_timestamp)
    return told


def _stamp(when: Any) -> str | None:
    return stamp(when) if when else None
