"""Metric filters: lines of a log group that pass a pattern put values into a metric.

An adapter: the filters are moto's Logs'. A value is a number, or what a field of the line says
(``$.latency``, ``$bytes``); a line whose field is no number counts nothing. A filter's
defaultValue is put in by each batch of lines of which none passes.

AWS: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/MonitoringLogData.html
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from moto.logs.models import logs_backends

from course.sandbox.observability.filter_pattern import Pattern, field_of, read_pattern
from course.sandbox.observability.filter_values import BadPattern
from course.sandbox.observability.metrics.series import Metric, Sums
from course.sandbox.observability.metrics.store import MetricStore
from course.sandbox.world import ACCOUNT_ID, World

Lines = Sequence[tuple[datetime, str]]


def count(world: World, region: str, group: str, lines: Lines) -> None:
    """Put in what new lines of a group come to."""
    backend: Any = dict.get(dict.get(logs_backends, ACCOUNT_ID) or {}, region)
    filters = backend.filters.metric_filters if backend else ()
    for one in filters:
        if one["logGroupName"] == group and lines:
            pattern = _read(one["filterPattern"] or "")
            store = world.metrics.setdefault(region, MetricStore())
            if pattern:
                for transformation in one["metricTransformations"]:
                    _put(store, pattern, transformation, lines)


def _put(
    store: MetricStore, pattern: Pattern, transformation: Mapping[str, Any], lines: Lines
) -> None:
    passed = [(when, line) for when, line in lines if pattern.matches(line)]
    unit = transformation.get("unit") or "None"
    for when, line in passed:
        found = pattern.extracted(line)
        value = _number(_said(transformation["metricValue"], line, found))
        if value is not None:
            store.put(_metric(transformation, line, found), when, Sums.of(value), unit)
    default = transformation.get("defaultValue")
    if not passed and default is not None and not transformation.get("dimensions"):
        store.put(_metric(transformation, "", {}), lines[-1][0], Sums.of(float(default)), unit)


def _metric(transformation: Mapping[str, Any], line: str, found: Mapping[str, str]) -> Metric:
    """With dimensions whose values are fields of the line; one that is not there is left out."""
    wanted: Iterable[tuple[str, str]] = (transformation.get("dimensions") or {}).items()
    said = ((name, _said(field, line, found)) for name, field in wanted)
    pairs = sorted((name, value) for name, value in said if value is not None)
    return Metric(transformation["metricNamespace"], transformation["metricName"], tuple(pairs))


def _said(value: str, line: str, found: Mapping[str, str]) -> str | None:
    """What a line says at a field, or the value itself where it is none."""
    if value.startswith("$."):
        return field_of(line, value)
    return found.get(value) if value.startswith("$") else value


def _number(text: str | None) -> float | None:
    try:
        return float(text) if text is not None else None
    except ValueError:
        return None


@lru_cache(maxsize=256)
def _read(text: str) -> Pattern | None:
    try:
        return read_pattern(text)
    except BadPattern:
        return None
