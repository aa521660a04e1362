"""Statistics: what is asked of a period's values, by the names CloudWatch has for them. Pure.

AWS: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Statistics-definitions.html
"""

import re
from collections.abc import Callable

from course.sandbox.observability.metrics.series import Sums

SIMPLE: dict[str, Callable[[Sums], float]] = {
    "SampleCount": lambda sums: sums.count,
    "Average": lambda sums: sums.total / sums.count,
    "Sum": lambda sums: sums.total,
    "Minimum": lambda sums: sums.low,
    "Maximum": lambda sums: sums.high,
}

PERCENTILE = re.compile(r"[pP](\d{1,2}(?:\.\d{1,10})?|100)\Z")
TRIMMED = re.compile(r"(?:(?:tm|wm|tc|ts|pr|TM|WM|TC|TS|PR)(?:\d.*|\(.*\))|IQM)\Z")
"""Statistics that CloudWatch has and the sandbox has not."""


def is_percentile(statistic: str) -> bool:
    """Whether it is ``p99`` or the like."""
    return PERCENTILE.match(statistic) is not None


def is_known(statistic: str) -> bool:
    """Whether the sandbox can tell it."""
    return statistic in SIMPLE or is_percentile(statistic)


def statistic_of(sums: Sums, statistic: str) -> float | None:
    """One statistic of a period's sums; None where a percentile has no values to stand on."""
    simple = SIMPLE.get(statistic)
    if simple:
        return simple(sums)
    found = PERCENTILE.match(statistic)
    assert found, f"{statistic} was let in"
    return _percentile(sums, float(found[1])) if sums.values else None


def _percentile(sums: Sums, percent: float) -> float:
    """The smallest value that so many percent of the values do not exceed."""
    seen, wanted = 0.0, sums.count * percent / 100
    ordered = sorted(sums.values.items())
    for value, count in ordered:
        seen += count
        if seen >= wanted:
            return value
    return ordered[-1][0]
