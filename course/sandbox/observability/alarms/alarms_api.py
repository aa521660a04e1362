"""CloudWatch's operations on alarms: made, described, set, switched off, and what became of them.

AWS: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
     https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarmHistory.html
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from moto.cloudwatch.exceptions import (
    InvalidFormat,
    InvalidParameterCombination,
    InvalidParameterValue,
    ResourceNotFound,
    ValidationError,
)
from moto.cloudwatch.responses import CloudWatchResponse
from moto.core.responses import ActionResult, EmptyResult

from course.sandbox.observability.alarms.alarm import STATES, Alarm
from course.sandbox.observability.alarms.evaluation import COMPARISONS, TREATMENTS
from course.sandbox.observability.metrics.metrics_api import (
    Plane,
    aware,
    check_period,
    check_queries,
    check_statistic,
    outside,
)
from course.sandbox.observability.metrics.query import period_of

DAY, WEEK, HOUR = 86_400, 604_800, 3_600
PAGE = 100
LOW_SAMPLES = ("evaluate", "ignore")


class AlarmsApi(CloudWatchResponse):
    """Every operation on metric alarms; composite ones are outside."""

    plane: ClassVar[Plane]

    @property
    def _alarms(self) -> dict[str, Alarm]:
        """The Region's alarms; moto's tags look for them in its own table."""
        held = self.plane.alarms.book(self.region).alarms
        backend: Any = self.cloudwatch_backend
        backend.alarms = held
        return held

    def put_metric_alarm(self) -> ActionResult:
        """PutMetricAlarm: born INSUFFICIENT_DATA; one of the same name keeps its state."""
        given = {name: self._get_param(name) for name in MEMBERS}
        given = {name: value for name, value in given.items() if value is not None}
        _check(given)
        tags = self._get_param("Tags") or []
        existed = given["AlarmName"] in self._alarms
        alarm = self.plane.alarms.put(self.region, _read(given))
        if tags and not existed:
            self.cloudwatch_backend.tagger.tag_resource(alarm.alarm_arn, tags)
        return EmptyResult()

    def put_composite_alarm(self) -> ActionResult:
        """PutCompositeAlarm."""
        raise outside("composite alarms")

    def delete_alarms(self) -> ActionResult:
        """DeleteAlarms: names that are not there are passed over; the history stays."""
        for name in self._get_param("AlarmNames") or ():
            alarm = self._alarms.get(name)
            if alarm:
                self.cloudwatch_backend.tagger.delete_all_tags_for_resource(alarm.alarm_arn)
        self.plane.alarms.delete(self.region, *(self._get_param("AlarmNames") or ()))
        return EmptyResult()

    def describe_alarms(self) -> ActionResult:
        """DescribeAlarms by names, by a prefix, by state or by action, by their names."""
        names, prefix = self._get_param("AlarmNames"), self._get_param("AlarmNamePrefix")
        state, action = self._get_param("StateValue"), self._get_param("ActionPrefix")
        if names and prefix:
            raise ValidationError("AlarmNames and AlarmNamePrefix exclude one another.")  # ours
        kinds = self._get_param("AlarmTypes") or ["MetricAlarm"]
        found = [
            one
            for _, one in sorted(self._alarms.items())
            if "MetricAlarm" in kinds
            and (not names or one.alarm_name in names)
            and (not prefix or one.alarm_name.startswith(prefix))
            and state in (None, one.state_value)
            and (not action or any(arn.startswith(action) for arn in _actions(one)))
        ]
        page, more = self._page(found)
        return ActionResult({"MetricAlarms": page, "CompositeAlarms": [], "NextToken": more})

    def describe_alarms_for_metric(self) -> ActionResult:
        """DescribeAlarmsForMetric: those on this very metric, with all of its dimensions."""
        pairs = sorted((one["Name"], one["Value"]) for one in self._get_param("Dimensions") or ())
        wanted = self._get_param("Namespace"), self._get_param("MetricName"), tuple(pairs)
        narrowed = {
            name: self._get_param(parameter)
            for name, parameter in (
                ("statistic", "Statistic"),
                ("extended_statistic", "ExtendedStatistic"),
                ("period", "Period"),
                ("unit", "Unit"),
            )
        }
        found = [
            one
            for one in self._alarms.values()
            if (one.namespace, one.metric_name, one.metric.dimensions) == wanted
            and all(value in (None, getattr(one, name)) for name, value in narrowed.items())
        ]
        return ActionResult({"MetricAlarms": found})

    def describe_alarm_history(self) -> ActionResult:
        """DescribeAlarmHistory, the newest first; also of alarms that were deleted."""
        name, kind = self._get_param("AlarmName"), self._get_param("HistoryItemType")
        start, end = aware(self._get_param("StartDate")), aware(self._get_param("EndDate"))
        found = [
            one
            for one in self.plane.alarms.book(self.region).history
            if name in (None, one.alarm_name)
            and kind in (None, one.history_item_type)
            and (start is None or one.timestamp >= start)
            and (end is None or one.timestamp <= end)
        ]
        if self._get_param("ScanBy") != "TimestampAscending":
            found.reverse()
        page, more = self._page(found)
        return ActionResult({"AlarmHistoryItems": page, "NextToken": more})

    def set_alarm_state(self) -> ActionResult:
        """SetAlarmState: until the next evaluation; its actions are called."""
        name, state = self._get_param("AlarmName"), self._get_param("StateValue")
        why, data = self._get_param("StateReason"), self._get_param("StateReasonData")
        if data is not None:
            try:
                json.loads(data)
            except ValueError:
                raise InvalidFormat("StateReasonData is not valid JSON") from None  # our words
        alarm = self._alarms.get(name)
        if alarm is None:
            raise ResourceNotFound
        if state not in STATES:
            raise ValidationError(
                f"1 validation error detected: Value '{state}' at 'stateValue' failed to satisfy "
                "constraint: Member must satisfy enum value set: [INSUFFICIENT_DATA, ALARM, OK]"
            )
        self.plane.alarms.set_state(self.region, alarm, state, why, data)
        return EmptyResult()

    def enable_alarm_actions(self) -> ActionResult:
        """EnableAlarmActions."""
        return self._switch(enabled=True)

    def disable_alarm_actions(self) -> ActionResult:
        """DisableAlarmActions: the state still changes, and nothing is called."""
        return self._switch(enabled=False)

    def list_tags_for_resource(self) -> ActionResult:
        """ListTagsForResource, of alarms and rules."""
        assert self._alarms is not None
        return super().list_tags_for_resource()

    def tag_resource(self) -> ActionResult:
        """TagResource, of alarms and rules."""
        assert self._alarms is not None
        return super().tag_resource()

    def _switch(self, *, enabled: bool) -> ActionResult:
        for name in self._get_param("AlarmNames") or ():
            if name in self._alarms:
                self._alarms[name].actions_enabled = enabled
        return EmptyResult()

    def _page(self, found: list[Any]) -> tuple[list[Any], str | None]:
        token = self._get_param("NextToken") or "0"
        if not token.isdigit():
            raise InvalidParameterValue("Request parameter NextToken is invalid")
        start = int(token)
        end = start + min(int(self._get_param("MaxRecords") or PAGE), PAGE)
        return found[start:end], str(end) if end < len(found) else None


MEMBERS = {
    "AlarmName": "alarm_name",
    "AlarmDescription": "alarm_description",
    "ActionsEnabled": "actions_enabled",
    "OKActions": "ok_actions",
    "AlarmActions": "alarm_actions",
    "InsufficientDataActions": "insufficient_data_actions",
    "MetricName": "metric_name",
    "Namespace": "namespace",
    "Statistic": "statistic",
    "ExtendedStatistic": "extended_statistic",
    "Dimensions": "dimensions",
    "Period": "period",
    "Unit": "unit",
    "EvaluationPeriods": "evaluation_periods",
    "DatapointsToAlarm": "datapoints_to_alarm",
    "Threshold": "threshold",
    "ComparisonOperator": "comparison_operator",
    "TreatMissingData": "treat_missing_data",
    "EvaluateLowSampleCountPercentile": "evaluate_low_sample_count_percentile",
    "Metrics": "metrics",
    "ThresholdMetricId": "",
}
"""PutMetricAlarm's parameters, and where an Alarm has them."""


def _read(given: Mapping[str, Any]) -> Alarm:
    return Alarm(**{MEMBERS[name]: value for name, value in given.items()})


def _check(given: Mapping[str, Any]) -> None:
    """What is required beside the model's own rules. Raises what CloudWatch raises."""
    operator = given.get("ComparisonOperator")
    if given.get("ThresholdMetricId") or (operator and operator not in COMPARISONS):
        raise outside("alarms on anomaly detection bands")
    if operator is None:
        raise ValidationError("The parameter ComparisonOperator is required.")  # our words
    if "Threshold" not in given:
        raise ValidationError("The parameter Threshold is required.")  # our words
    if given.get("Metrics"):
        _check_math(given)
    else:
        _check_metric(given)
    periods = given.get("EvaluationPeriods") or 1
    least = given.get("DatapointsToAlarm")
    if least is not None and not 1 <= least <= periods:
        raise ValidationError(  # our words
            f"DatapointsToAlarm ({least}) has to be from 1 to EvaluationPeriods ({periods})."
        )
    period = period_of(given["Metrics"]) if given.get("Metrics") else given["Period"]
    if periods * period > (WEEK if period >= HOUR else DAY):
        raise ValidationError(
            "Metrics cannot be checked across more than a day (EvaluationPeriods * Period must be <= "
            "86400)."
        )
    treatment = given.get("TreatMissingData")
    if treatment not in (None, *TREATMENTS):
        raise ValidationError(
            f"Option {treatment} is not supported. Supported options for parameter TreatMissingData "
            "are breaching, notBreaching, ignore and missing."  # our words
        )
    low = given.get("EvaluateLowSampleCountPercentile")
    if low not in (None, *LOW_SAMPLES):
        raise ValidationError(
            f"Option {low} is not supported. Supported options for parameter "
            "EvaluateLowSampleCountPercentile are evaluate and ignore."
        )


def _check_metric(given: Mapping[str, Any]) -> None:
    for name in ("MetricName", "Namespace", "Period"):
        if name not in given:
            raise ValidationError(f"The parameter {name} is required.")  # our words
    simple, extended = given.get("Statistic"), given.get("ExtendedStatistic")
    if bool(simple) == bool(extended):
        raise InvalidParameterCombination(
            "Must specify either Statistic or ExtendedStatistic, and not both."  # our words
        )
    if extended:
        check_statistic(extended)
    check_period(given["Period"])


def _check_math(given: Mapping[str, Any]) -> None:
    queries = given["Metrics"]
    check_queries(queries)
    returned = [one for one in queries if one.get("ReturnData") is not False]
    if len(returned) != 1:
        raise ValidationError("Exactly one element of the metrics list should return data.")
    if any(name in given for name in ("MetricName", "Namespace", "Statistic", "Period")):
        raise InvalidParameterCombination(
            "MetricName, Namespace, Statistic and Period cannot stand beside Metrics."  # our words
        )


def _actions(alarm: Alarm) -> Iterable[str]:
    return [*alarm.ok_actions, *alarm.alarm_actions, *alarm.insufficient_data_actions]
