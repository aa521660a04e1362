"""Capacity provider strategies: base first, then the ratio of the weights."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from course.sandbox.ecs.capacity import choose_provider


def placed(strategy: list[dict[str, Any]], tasks: int) -> dict[str, int]:
    """Where so many tasks go, one after the other."""
    counts: Counter[str] = Counter()
    for _ in range(tasks):
        counts[choose_provider(strategy, counts)] += 1
    return dict(counts)


def item(provider: str, weight: int = 0, base: int = 0) -> dict[str, Any]:
    return {"capacityProvider": provider, "weight": weight, "base": base}


@pytest.mark.parametrize(
    ("strategy", "tasks", "expected"),
    [
        ([item("FARGATE", 1)], 3, {"FARGATE": 3}),
        ([item("FARGATE", 1), item("FARGATE_SPOT", 1)], 4, {"FARGATE": 2, "FARGATE_SPOT": 2}),
        ([item("FARGATE", 1), item("FARGATE_SPOT", 3)], 8, {"FARGATE": 2, "FARGATE_SPOT": 6}),
        ([item("FARGATE", 1, base=2), item("FARGATE_SPOT", 4)], 2, {"FARGATE": 2}),
        (
            [item("FARGATE", 1, base=2), item("FARGATE_SPOT", 4)],
            12,
            {"FARGATE": 4, "FARGATE_SPOT": 8},
        ),
        (
            [item("FARGATE", 0, base=1), item("FARGATE_SPOT", 1)],
            3,
            {"FARGATE": 1, "FARGATE_SPOT": 2},
        ),
        ([item("FARGATE", 0), item("FARGATE_SPOT", 1)], 3, {"FARGATE_SPOT": 3}),
        ([item("FARGATE_SPOT", 1), item("FARGATE", 1, base=1)], 1, {"FARGATE": 1}),
    ],
)
def test_base_first_then_weights(
    strategy: list[dict[str, Any]], tasks: int, expected: dict[str, int]
) -> None:
    assert placed(strategy, tasks) == expected


def test_base_and_weight_may_be_left_out() -> None:
    strategy = [
        {"capacityProvider": "FARGATE", "base": 1},
        {"capacityProvider": "FARGATE_SPOT", "weight": 1},
    ]
    assert placed(strategy, 3) == {"FARGATE": 1, "FARGATE_SPOT": 2}
