"""One metric's data, summed up by period: count, sum, minimum and maximum of each minute. Pure.

CloudWatch keeps no single values but statistics of a period, and so does this: eight
bytes times four a minute. What percentiles need beside that (how often which value
came) is kept only where values differ and somebody may ask for it.

AWS: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_concepts.html
"""

from array import array
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Self

MINUTE, SECOND = 60, 1
"""Seconds of one slot: of standard resolution, and of high resolution (StorageResolution 1)."""

KEPT = {MINUTE: 15 * 24 * 60, SECOND: 3 * 3600}
"""Slots that are kept: 15 days of minutes, three hours of seconds. AWS keeps sums of longer periods beyond."""

MOST_VALUES = 150
"""Different values of one slot that percentiles are made of: PutMetricData takes as many."""


@dataclass(frozen=True, slots=True, order=True)
class Metric:
    """Which metric: its namespace, its name, and all of its dimensions, in the order of their names."""

    namespace: str
    name: str
    dimensions: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, namespace: str, name: str, **dimensions: str) -> Self:
        """``Metric.of("AWS/ECS", "CPUUtilization", ClusterName="lab", ServiceName="web")``."""
        return cls(namespace, name, tuple(sorted(dimensions.items())))

    def __deepcopy__(self, memo: dict[int, object]) -> Self:
        return self


@dataclass(frozen=True, slots=True)
class Sums:
    """What a period's values come to; *values* says how often which came, where that is known."""

    count: float
    total: float
    low: float
    high: float
    values: Mapping[float, float] = field(default_factory=dict)

    @classmethod
    def of(cls, value: float, count: float = 1) -> Self:
        """The same value so many times."""
        return cls(count, value * count, value, value, {value: count})

    def and_also(self, other: "Sums") -> "Sums":
        """Both together; of values that are not known on one side nothing is known."""
        values: dict[float, float] = {}
        if self.values and other.values:
            values = dict(self.values)
            for value, count in other.values.items():
                values[value] = values.get(value, 0) + count
        return Sums(
            self.count + other.count,
            self.total + other.total,
            min(self.low, other.low),
            max(self.high, other.high),
            values if len(values) <= MOST_VALUES else {},
        )


class Series:
    """The slots of one metric in one unit; a slot's number is its time in seconds since 1970, by its length."""

    def __init__(self, seconds: int = MINUTE) -> None:
        self.seconds = seconds
        self.first = 0
        self._counts = array("d")
        self._totals = array("d")
        self._lows = array("d")
        self._highs = array("d")
        self._values: dict[int, dict[float, float]] = {}

    @property
    def end(self) -> int:
        """The slot after the last one."""
        return self.first + len(self._counts)

    def add(self, slot: int, sums: Sums) -> None:
        """Sum up what came in one slot."""
        if not self._counts:
            self.first = slot
        before = self.at(slot)
        self._set(slot, 1, before.and_also(sums) if before else sums)

    def fill(self, slot: int, count: int, sums: Sums) -> None:
        """The same in each of so many slots, which had nothing yet."""
        if not self._counts:
            self.first = slot
        self._set(slot, count, sums)

    def _set(self, slot: int, count: int, sums: Sums) -> None:
        kept = KEPT[self.seconds]
        if slot + count <= self.end - kept:
            return  # older than anything that is kept
        if count > kept:
            slot, count = slot + count - kept, kept
        self._reach(slot, slot + count)
        at = slot - self.first
        for column, value in zip(self._columns, _row(sums), strict=True):
            column[at : at + count] = array("d", [value]) * count
        for one in range(slot, slot + count) if self._values or len(sums.values) > 1 else ():
            if len(sums.values) > 1:
                self._values[one] = dict(sums.values)
            else:
                self._values.pop(one, None)
        self._forget(self.end - kept)

    def at(self, slot: int) -> Sums | None:
        """What came in one slot; None where nothing did."""
        place = slot - self.first
        if not 0 <= place < len(self._counts) or not self._counts[place]:
            return None
        count, total, low, high = (column[place] for column in self._columns)
        one = {low: count} if low == high else {}
        return Sums(count, total, low, high, self._values.get(slot, one))

    def between(self, start: int, end: int) -> Sums | None:
        """What came from one slot up to another; None where nothing did."""
        if end - start == 1:
            return self.at(start)
        found: Sums | None = None
        for _, sums in self.slots(start, end):
            found = found.and_also(sums) if found else sums
        return found

    def slots(self, start: int, end: int) -> Iterator[tuple[int, Sums]]:
        """The slots between two that have anything, in order."""
        for slot in range(max(start, self.first), min(end, self.end)):
            sums = self.at(slot)
            if sums:
                yield slot, sums

    @property
    def _columns(self) -> "tuple[array[float], ...]":
        return self._counts, self._totals, self._lows, self._highs

    def _reach(self, start: int, end: int) -> None:
        """Make room from one slot to another, empty so far."""
        before, after = self.first - start, end - self.end
        for column in self._columns:
            if before > 0:
                column[0:0] = array("d", [0.0]) * before
            if after > 0:
                column.extend(array("d", [0.0]) * after)
        self.first = min(self.first, start)

    def _forget(self, oldest: int) -> None:
        """Let go of what is older than that slot."""
        gone = oldest - self.first
        if gone <= 0:
            return
        for column in self._columns:
            del column[:gone]
        self.first = oldest
        for slot in [one for one in self._values if one < oldest]:
            del self._values[slot]


def _row(sums: Sums) -> tuple[float, float, float, float]:
    return sums.count, sums.total, sums.low, sums.high
