"""CloudWatch's operations on metrics: put, listed, and read as statistics or by queries.

AWS: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_Operations.html
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar, Protocol

from moto.cloudwatch.exceptions import (
    InvalidParameterCombination,
    InvalidParameterValue,
    ValidationError,
)
from moto.cloudwatch.responses import CloudWatchResponse
from moto.core.responses import ActionResult, EmptyResult

from course.sandbox.ecs.errors import Refused
from course.sandbox.observability.alarms.alarms import Alarms
from course.sandbox.observability.metrics.math import BadExpression, OutsideMath
from course.sandbox.observability.metrics.query import metric_of, results
from course.sandbox.observability.metrics.series import Metric, Sums
from course.sandbox.observability.metrics.statistic import TRIMMED, is_known, statistic_of
from course.sandbox.observability.metrics.store import MetricStore
from course.sandbox.world import World

MOST_STATISTICS, MOST_DATA = 1_440, 100_800
"""Datapoints in one answer of GetMetricStatistics, and of GetMetricData."""
LISTED = 500
RECENTLY, REMEMBERED = timedelta(hours=3), timedelta(days=14)
"""What counts as recently active, and how long a metric without new data is listed."""
PERIODS_OF_SECONDS = (1, 5, 10, 20, 30)


class Plane(Protocol):
    """What operations ask of the control plane."""

    world: World
    alarms: Alarms


def outside(what: str) -> Refused:
    """AWS has it, the sandbox has not."""
    return Refused("NotImplemented", f"The sandbox does not model {what}; AWS has it.")


class MetricsApi(CloudWatchResponse):
    """PutMetricData, ListMetrics, GetMetricStatistics and GetMetricData."""

    plane: ClassVar[Plane]

    @property
    def _now(self) -> datetime:
        return self.plane.world.clock.now()

    @property
    def _store(self) -> MetricStore:
        return self.plane.alarms.metrics(self.region)

    def put_metric_data(self) -> ActionResult:
        """PutMetricData: values, values with counts, or sums of a set, all of them or none."""
        namespace, data = self._get_param("Namespace"), self._get_param("MetricData") or []
        if namespace.startswith("AWS/"):
            raise InvalidParameterValue("The value AWS/ for parameter Namespace is invalid.")
        for place, one in enumerate(data, 1):
            self.cloudwatch_backend._validate_parameters_put_metric_data(one, place)
            self._check_time(one.get("Timestamp"), place)
        for one in data:
            metric = metric_of({**one, "Namespace": namespace})
            when, fine = aware(one.get("Timestamp")) or self._now, one.get("StorageResolution") == 1
            unit = one.get("Unit") or "None"
            for sums in _sums(one):
                self._store.put(metric, when, sums, unit, fine=fine)
        return EmptyResult()

    def _check_time(self, given: datetime | None, place: int) -> None:
        """Two weeks back and two hours ahead."""
        when = aware(given)
        if when and not self._now - REMEMBERED <= when <= self._now + timedelta(hours=2):
            raise InvalidParameterValue(  # our words
                f"The parameter MetricData.member.{place}.Timestamp must specify a time within the "
                "past two weeks, and not more than two hours in the future."
            )

    def list_metrics(self) -> ActionResult:
        """ListMetrics: what had data in the past two weeks, 500 to a page."""
        recent = self._get_param("RecentlyActive")
        since = self._now - (RECENTLY if recent else REMEMBERED)
        wanted = [(one["Name"], one.get("Value")) for one in self._get_param("Dimensions") or ()]
        found = [
            metric
            for metric, last in self._store.metrics()
            if last >= since
            and self._get_param("Namespace") in (None, metric.namespace)
            and self._get_param("MetricName") in (None, metric.name)
            and all(_has(metric, name, value) for name, value in wanted)
        ]
        token = self._get_param("NextToken") or "0"
        if not token.isdigit() or int(token) > len(found):
            raise InvalidParameterValue("Request parameter NextToken is invalid")
        start = int(token)
        more = str(start + LISTED) if start + LISTED < len(found) else None
        shown = [_shown(one) for one in found[start : start + LISTED]]
        return ActionResult({"Metrics": shown, "NextToken": more})

    def get_metric_statistics(self) -> ActionResult:
        """GetMetricStatistics: a period's statistics, for every period that has data."""
        simple = self._get_param("Statistics") or []
        extended = self._get_param("ExtendedStatistics") or []
        if not simple and not extended:
            raise InvalidParameterCombination(
                "Must specify either Statistics or ExtendedStatistics"
            )
        for one in extended:
            check_statistic(one)
        period = int(self._get_param("Period"))
        check_period(period)
        start, end = self._window()
        if start >= end:
            raise InvalidParameterValue(
                "The parameter StartTime must be less than the parameter EndTime."
            )
        asked = (end - start).total_seconds() / period
        if asked > MOST_STATISTICS:
            raise InvalidParameterCombination(
                f"You have requested up to {int(asked):,} datapoints, which exceeds the limit of "
                f"{MOST_STATISTICS:,}. You may reduce the datapoints requested by increasing Period, "
                "or decreasing the time range."
            )
        metric = metric_of({name: self._get_param(name) for name in NAMES})
        unit = self._get_param("Unit")
        found = [
            _datapoint(when, sums, one, simple, extended)
            for one in self._store.units(metric)
            if unit in (None, one)
            for when, sums in self._store.sums(metric, start, end, period, one)
        ]
        found.sort(key=lambda one: one["Timestamp"])
        return ActionResult({"Label": metric.name, "Datapoints": found})

    def get_metric_data(self) -> ActionResult:
        """GetMetricData: several metrics at once, and expressions of them."""
        queries = self._get_param("MetricDataQueries") or []
        check_queries(queries)
        start, end = self._window()
        if start > end:
            raise ValidationError("The parameter EndTime must be greater than StartTime.")
        if start == end:
            raise ValidationError("The parameter StartTime must not equal parameter EndTime.")
        try:
            found = [one for one in results(self._store, queries, start, end) if one.returned]
        except BadExpression as bad:
            raise ValidationError(f"Error in expression: {bad}") from None  # our words
        except OutsideMath as beyond:
            raise outside(str(beyond)) from None
        ascending = self._get_param("ScanBy") == "TimestampAscending"
        most = self._get_param("MaxDatapoints") or MOST_DATA
        shown = [_result(one.id, one.label, one.series, most, ascending=ascending) for one in found]
        return ActionResult({"MetricDataResults": shown, "Messages": []})

    def _window(self) -> tuple[datetime, datetime]:
        """From when to when, in whole seconds; one that is a minute or longer begins on a full minute."""
        start, end = aware(self._get_param("StartTime")), aware(self._get_param("EndTime"))
        assert start and end, "the model requires both"
        start, end = start.replace(microsecond=0), end.replace(microsecond=0)
        return (start.replace(second=0), end) if start < end else (start, end)


NAMES = ("Namespace", "MetricName", "Dimensions")


def check_queries(queries: Sequence[Mapping[str, Any]]) -> None:
    """A query is a metric or an expression, with an id of its own. Raises ValidationError."""
    ids = [one["Id"] for one in queries]
    for place, one in enumerate(queries, 1):
        if ids.count(one["Id"]) > 1:
            raise ValidationError(
                f"The values for parameter id in MetricDataQueries are not unique. Id: {one['Id']}"
            )  # our words
        stat, expression = one.get("MetricStat"), one.get("Expression")
        if not stat and not expression:
            raise ValidationError(
                f"The parameter MetricDataQueries.member.{place}.MetricStat is required.\n"
            )
        if expression and expression.lstrip().upper().startswith(("SELECT", "SEARCH")):
            raise outside(f"{expression.split('(')[0].split()[0]} in metric queries")
        if stat:
            check_statistic(stat["Stat"])
            check_period(int(stat["Period"]))


def check_statistic(statistic: str) -> None:
    """A statistic that CloudWatch knows. Raises InvalidParameterValue, Refused."""
    if is_known(statistic):
        return
    if TRIMMED.match(statistic):
        raise outside(f"the statistic {statistic}")
    raise InvalidParameterValue(
        f"The value {statistic} for parameter ExtendedStatistic is not supported."
    )


def check_period(period: int) -> None:
    """60 seconds or a multiple; less only for metrics of high resolution. Raises InvalidParameterValue."""
    if period not in PERIODS_OF_SECONDS and (period < 1 or period % 60):
        raise InvalidParameterValue(
            "The parameter Period must be 1, 5, 10, 20, 30 or a multiple of 60."  # our words
        )


def aware(given: datetime | None) -> datetime | None:
    """A time as moto read it, with UTC said."""
    if given is None:
        return None
    return given.replace(tzinfo=UTC) if given.tzinfo is None else given.astimezone(UTC)


def _sums(one: Mapping[str, Any]) -> list[Sums]:
    """What one datum of PutMetricData puts in."""
    if one.get("Values"):
        values = one["Values"]
        counts = one.get("Counts") or [1] * len(values)
        return [
            Sums.of(float(value), float(count))
            for value, count in zip(values, counts, strict=True)
            if float(count)
        ]
    if one.get("StatisticValues"):
        given = {name: float(value) for name, value in one["StatisticValues"].items()}
        count, low, high = given["SampleCount"], given["Minimum"], given["Maximum"]
        return [Sums(count, given["Sum"], low, high, {low: count} if low == high else {})]
    return [Sums.of(float(one.get("Value") or 0))]


def _has(metric: Metric, name: str, value: str | None) -> bool:
    return any(name == one and value in (None, held) for one, held in metric.dimensions)


def _shown(metric: Metric) -> dict[str, Any]:
    pairs = [{"Name": name, "Value": value} for name, value in metric.dimensions]
    return {"Namespace": metric.namespace, "MetricName": metric.name, "Dimensions": pairs}


def _datapoint(
    when: datetime, sums: Sums, unit: str, simple: Sequence[str], extended: Sequence[str]
) -> dict[str, Any]:
    found: dict[str, Any] = {"Timestamp": when, "Unit": unit}
    found |= {name: statistic_of(sums, name) for name in simple}
    percentiles = {name: statistic_of(sums, name) for name in extended}
    known = {name: value for name, value in percentiles.items() if value is not None}
    return found | ({"ExtendedStatistics": known} if known else {})


def _result(
    id_: str, label: str, series: Mapping[datetime, float], most: int, *, ascending: bool
) -> dict[str, Any]:
    pairs = sorted(series.items(), reverse=not ascending)[:most]
    return {
        "Id": id_,
        "Label": label,
        "Timestamps": [when for when, _ in pairs],
        "Values": [value for _, value in pairs],
        "StatusCode": "Complete",
    }
