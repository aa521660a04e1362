"""Step scaling as tables: which step, by how much, and the guide's own chains."""

from __future__ import annotations

from typing import Any

import pytest

from course.sandbox.scaling.application.step_adjustments import adjusted, percent_of, step_for

OUT = [
    {"MetricIntervalLowerBound": 0, "MetricIntervalUpperBound": 10, "ScalingAdjustment": 0},
    {"MetricIntervalLowerBound": 10, "MetricIntervalUpperBound": 20, "ScalingAdjustment": 10},
    {"MetricIntervalLowerBound": 20, "ScalingAdjustment": 30},
]
IN = [
    {"MetricIntervalLowerBound": -10, "MetricIntervalUpperBound": 0, "ScalingAdjustment": 0},
    {"MetricIntervalLowerBound": -20, "MetricIntervalUpperBound": -10, "ScalingAdjustment": -10},
    {"MetricIntervalUpperBound": -20, "ScalingAdjustment": -30},
]


@pytest.mark.parametrize(
    ("beyond", "adjustment"), [(0, 0), (9.9, 0), (10, 10), (19.9, 10), (20, 30), (1e9, 30), (-1, None)]
)  # fmt: skip
def test_above_the_threshold_the_lower_bound_is_in(beyond: float, adjustment: int | None) -> None:
    step = step_for(OUT, beyond, above=True)
    assert (step and step["ScalingAdjustment"]) == adjustment


@pytest.mark.parametrize(
    ("beyond", "adjustment"), [(0, 0), (-9.9, 0), (-10, -10), (-19.9, -10), (-20, -30), (-1e9, -30), (1, None)]
)  # fmt: skip
def test_below_the_threshold_the_upper_bound_is_in(beyond: float, adjustment: int | None) -> None:
    step = step_for(IN, beyond, above=False)
    assert (step and step["ScalingAdjustment"]) == adjustment


@pytest.mark.parametrize(
    ("capacity", "percent", "change"),
    [(127, 10, 12), (1, 50, 1), (1, -50, -1), (20, -33, -6), (10, 0, 0), (4, 25, 1), (10, 200, 20),
     (3, -100, -3)],
)  # fmt: skip
def test_percent_are_rounded_as_the_guide_has_it(capacity: int, percent: int, change: int) -> None:
    assert percent_of(capacity, percent) == change


@pytest.mark.parametrize(
    ("kind", "current", "adjustment", "magnitude", "wanted"),
    [
        ("ChangeInCapacity", 4, 3, None, 7),
        ("ChangeInCapacity", 4, -5, None, 0),
        ("ExactCapacity", 4, 9, None, 9),
        ("ExactCapacity", 4, 0, None, 0),
        ("PercentChangeInCapacity", 4, 25, None, 5),
        ("PercentChangeInCapacity", 4, 25, 2, 6),
        ("PercentChangeInCapacity", 4, -25, 2, 2),
        ("PercentChangeInCapacity", 4, 0, 2, 4),
        ("PercentChangeInCapacity", 100, 25, 2, 125),
    ],
)
def test_each_kind_of_adjustment(
    kind: str, current: int, adjustment: int, magnitude: int | None, wanted: int
) -> None:
    given = {"AdjustmentType": kind, "MinAdjustmentMagnitude": magnitude}
    assert adjusted(current, given, adjustment) == wanted


PERCENT = {"AdjustmentType": "PercentChangeInCapacity"}


@pytest.mark.parametrize(
    ("steps", "metrics", "capacities"),
    [(OUT, [60, 70], [10, 11, 14]), (IN, [40, 30], [14, 13, 10])],
    ids=["out", "in"],
)
def test_the_guides_worked_chain(
    steps: list[dict[str, Any]], metrics: list[int], capacities: list[int]
) -> None:
    """Threshold 50: 10 tasks, 60 % gives 11, 70 % gives 14; on the way back 40 % gives 13, 30 % gives 10."""
    found = capacities[:1]
    for metric in metrics:
        step = step_for(steps, metric - 50, above=metric > 50)
        assert step is not None
        found.append(adjusted(found[-1], PERCENT, step["ScalingAdjustment"]))
    assert found == capacities
