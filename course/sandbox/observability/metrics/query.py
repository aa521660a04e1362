"""GetMetricData's queries, and an alarm's on metric math: metrics and expressions by their ids. Pure.

AWS: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricDataQuery.html
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from course.sandbox.observability.metrics.math import BadExpression, Series, evaluate, names
from course.sandbox.observability.metrics.series import Metric
from course.sandbox.observability.metrics.store import MetricStore

Query = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Result:
    """One line of a graph: the query's id, its label, and its values, the oldest first."""

    id: str
    label: str
    series: Series
    returned: bool


def metric_of(given: Mapping[str, Any]) -> Metric:
    """A metric as the API names it."""
    pairs = sorted((one["Name"], one["Value"]) for one in given.get("Dimensions") or ())
    return Metric(given["Namespace"], given["MetricName"], tuple(pairs))


def period_of(queries: Sequence[Query]) -> int:
    """The period of an alarm's queries, in seconds; all of them have the same."""
    for one in queries:
        period = (one.get("MetricStat") or {}).get("Period") or one.get("Period")
        if period:
            return int(period)
    return 60


def results(
    store: MetricStore, queries: Sequence[Query], start: datetime, end: datetime
) -> Iterator[Result]:
    """What queries come to, in their order. Raises BadExpression, and OutsideMath."""
    known: dict[str, Series] = {}
    by_id = {one["Id"]: one for one in queries}
    for one in queries:
        if one.get("MetricStat"):
            known[one["Id"]] = _read(store, one["MetricStat"], start, end)
    for one in queries:
        returned = one.get("ReturnData") is not False
        if one.get("MetricStat"):
            stat = one["MetricStat"]
            label = one.get("Label") or stat["Metric"]["MetricName"]
            yield Result(one["Id"], label, known[one["Id"]], returned)
            continue
        for series in _evaluate(one["Id"], by_id, known, start, end, ()):
            yield Result(one["Id"], one.get("Label") or one["Id"], series, returned)


def _evaluate(
    id_: str,
    by_id: Mapping[str, Query],
    known: dict[str, Series],
    start: datetime,
    end: datetime,
    asking: tuple[str, ...],
) -> list[Series]:
    """An expression, after those that it names."""
    query = by_id[id_]
    if id_ in asking:
        raise BadExpression(query["Expression"])
    for other in sorted(names(query["Expression"]) & by_id.keys() - known.keys()):
        found = _evaluate(other, by_id, known, start, end, (*asking, id_))
        if len(found) == 1:
            known[other] = found[0]
    metrics = {name: one for name, one in known.items() if by_id[name].get("MetricStat")}
    held = known if "METRICS" not in query["Expression"] else metrics
    return evaluate(query["Expression"], held, _times(by_id.values(), start, end))


def _times(queries: Any, start: datetime, end: datetime) -> list[datetime]:
    period = period_of(list(queries))
    first, last = int(start.timestamp()), int(end.timestamp())
    return [datetime.fromtimestamp(at, UTC) for at in range(first, last, period)]


def _read(store: MetricStore, stat: Mapping[str, Any], start: datetime, end: datetime) -> Series:
    found = store.datapoints(
        metric_of(stat["Metric"]), stat["Stat"], int(stat["Period"]), start, end, stat.get("Unit")
    )
    return {one.when: one.value for one in found}
