"""How a part of the sandbox's world publishes its metrics: a value for each minute that is over.

Where nothing changes for a while, many minutes are published at once, with the same values.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from course.sandbox.observability.metrics.series import MINUTE, Metric, Sums
from course.sandbox.observability.metrics.store import MetricStore
from course.sandbox.traffic.passed import Passed

Stores = Callable[[str], MetricStore]


@dataclass(frozen=True, slots=True)
class Minutes:
    """So many minutes that are over, the first of them by its number since 1970, and what passed in each."""

    first: int
    count: int
    stores: Stores
    passed: Passed = field(default_factory=Passed)

    @property
    def end(self) -> datetime:
        """When the first of them was over."""
        return datetime.fromtimestamp((self.first + 1) * MINUTE, UTC)

    def publish(self, region: str, metric: Metric, sums: Sums, unit: str) -> None:
        """The same datapoint in each of them."""
        self.stores(region).publish(metric, self.first, self.count, sums, unit)

    def value(self, region: str, metric: Metric, value: float, unit: str = "Count") -> None:
        """The same single value in each of them."""
        self.publish(region, metric, Sums.of(value), unit)


def together(values: Iterable[float]) -> Sums | None:
    """One sample each; None where there is none."""
    held = list(values)
    return Sums(len(held), sum(held), min(held), max(held)) if held else None
