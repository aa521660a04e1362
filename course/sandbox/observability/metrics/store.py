"""The metrics of one Region: put in by services, programs and the learner, read by queries and alarms.

Reading changes nothing. What a service of AWS publishes is put in when its minute is over,
so that a datapoint once shown stays as it is; what PutMetricData adds to a minute counts there
at once, as on AWS.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from course.sandbox.observability.metrics.series import MINUTE, SECOND, Metric, Series, Sums
from course.sandbox.observability.metrics.statistic import statistic_of


@dataclass(frozen=True, slots=True)
class Datapoint:
    """A statistic of one period, which begins *when*."""

    when: datetime
    value: float


@dataclass
class MetricStore:
    """All metrics of a Region, by metric and unit; *puts* counts what was put in by a call or an event."""

    held: dict[Metric, dict[str, Series]] = field(default_factory=dict)
    fine: dict[Metric, dict[str, Series]] = field(default_factory=dict)
    last: dict[Metric, datetime] = field(default_factory=dict)
    puts: int = 0

    def put(
        self, metric: Metric, when: datetime, sums: Sums, unit: str = "None", *, fine: bool = False
    ) -> None:
        """Add values at a time; *fine* are those of high resolution, kept by the second for a while."""
        self.puts += 1
        seconds = int(when.timestamp())
        self._series(self.held, metric, unit, MINUTE).add(seconds // MINUTE, sums)
        if fine:
            self._series(self.fine, metric, unit, SECOND).add(seconds, sums)
        self._note(metric, when)

    def publish(self, metric: Metric, minute: int, count: int, sums: Sums, unit: str) -> None:
        """A service's own datapoint, the same in each of so many minutes that are over (minutes since 1970)."""
        self._series(self.held, metric, unit, MINUTE).fill(minute, count, sums)
        self._note(metric, datetime.fromtimestamp((minute + count - 1) * MINUTE, UTC))

    def units(self, metric: Metric) -> list[str]:
        """The units in which it has data."""
        return list(self.held.get(metric, ()))

    def sums(
        self, metric: Metric, start: datetime, end: datetime, period: int, unit: str | None = None
    ) -> Iterator[tuple[datetime, Sums]]:
        """What each period from *start* on came to, up to *end*; periods in seconds, empty ones left out."""
        table = self.held if period % MINUTE == 0 else self.fine
        series = [one for name, one in table.get(metric, {}).items() if unit in (None, name)]
        if not series:
            return
        length = series[0].seconds
        first, last = int(start.timestamp()), int(end.timestamp())
        oldest = min(one.first for one in series) * length
        newest = max(one.end for one in series) * length
        begin = first + max(0, (oldest - first) // period) * period
        for at in range(begin, min(last, newest), period):
            found: Sums | None = None
            for one in series:
                sums = one.between(at // length, (at + period) // length)
                found = found.and_also(sums) if found and sums else sums or found
            if found:
                yield datetime.fromtimestamp(at, UTC), found

    def datapoints(
        self,
        metric: Metric,
        statistic: str,
        period: int,
        start: datetime,
        end: datetime,
        unit: str | None = None,
    ) -> list[Datapoint]:
        """One statistic of each period from *start* on that has data, the oldest first.

        *statistic* is Average, Sum, Minimum, Maximum, SampleCount or a percentile such as p99.
        """
        read = (
            (when, statistic_of(sums, statistic))
            for when, sums in self.sums(metric, start, end, period, unit)
        )
        return [Datapoint(when, value) for when, value in read if value is not None]

    def latest(
        self, metric: Metric, statistic: str, period: int, now: datetime, periods: int = 1
    ) -> list[Datapoint]:
        """The last so many periods up to *now* that are over and have data, the oldest first."""
        end = datetime.fromtimestamp(int(now.timestamp()) // MINUTE * MINUTE, UTC)
        start = end - timedelta(seconds=period * periods)
        return self.datapoints(metric, statistic, period, start, end)

    def metrics(self) -> Iterable[tuple[Metric, datetime]]:
        """Every metric that has data, and when it had some last."""
        return self.last.items()

    def _series(
        self, table: dict[Metric, dict[str, Series]], metric: Metric, unit: str, seconds: int
    ) -> Series:
        by_unit = table.setdefault(metric, {})
        if unit not in by_unit:
            by_unit[unit] = Series(seconds)
        return by_unit[unit]

    def _note(self, metric: Metric, when: datetime) -> None:
        before = self.last.get(metric)
        self.last[metric] = max(before, when) if before else when
