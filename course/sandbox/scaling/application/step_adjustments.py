"""Step scaling: by how far a metric is beyond the alarm's threshold, how much the capacity changes. Pure.

Bounds are relative to the threshold. Above it the lower bound belongs to a step and the
upper one does not, below it is the other way round. Percent are rounded as the guide has
it: 12.7 is 12, 0.5 is 1, -0.5 is -1, -6.67 is -6.

AWS: https://docs.aws.amazon.com/autoscaling/application/userguide/step-scaling-policy-overview.html
"""

from collections.abc import Mapping, Sequence
from math import inf, trunc
from typing import Any

CHANGE, PERCENT, EXACT = "ChangeInCapacity", "PercentChangeInCapacity", "ExactCapacity"

Steps = Sequence[Mapping[str, Any]]


def bounds(step: Mapping[str, Any]) -> tuple[float, float]:
    """The two bounds of a step; what is not given is infinite."""
    lower, upper = step.get("MetricIntervalLowerBound"), step.get("MetricIntervalUpperBound")
    return (-inf if lower is None else float(lower)), (inf if upper is None else float(upper))


def step_for(steps: Steps, beyond: float, *, above: bool) -> Mapping[str, Any] | None:
    """The step for a metric that is *beyond* the threshold by so much; None where none fits.

    *above* says on which side of its threshold the alarm is one.
    """
    for step in steps:
        lower, upper = bounds(step)
        fits = lower <= beyond < upper if above else lower < beyond <= upper
        if fits:
            return step
    return None


def adjusted(current: int, configuration: Mapping[str, Any], adjustment: int) -> int:
    """The capacity after an adjustment; never below 0, the target's own bounds come later."""
    kind = configuration["AdjustmentType"]
    if kind == EXACT:
        return adjustment
    if kind == CHANGE:
        return max(0, current + adjustment)
    least = configuration.get("MinAdjustmentMagnitude") or 0
    return max(0, current + _at_least(percent_of(current, adjustment), adjustment, least))


def percent_of(current: int, percent: int) -> int:
    """So many percent of a capacity, in whole tasks: towards zero, but at least one."""
    exact = current * percent / 100
    if 0 < abs(exact) < 1:
        return 1 if exact > 0 else -1
    return trunc(exact)


def _at_least(change: int, adjustment: int, least: int) -> int:
    if not adjustment or abs(change) >= least:
        return change
    return least if adjustment > 0 else -least
