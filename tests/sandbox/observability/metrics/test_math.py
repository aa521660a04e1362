"""Metric math: what expressions come to, and what is refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.sandbox.observability.metrics.math import BadExpression, OutsideMath, evaluate

NOON = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
TIMES = [NOON + timedelta(minutes=minute) for minute in range(4)]


def series(*values: float | None) -> dict[datetime, float]:
    return {when: value for when, value in zip(TIMES, values, strict=True) if value is not None}


KNOWN = {"m1": series(1, 2, None, 4), "m2": series(10, None, 30, 0)}

TABLE = [
    ("m1 + 1", (2, 3, None, 5)),
    ("100 * m1 / m2", (10, None, None, None)),  # nothing by zero, nothing where one side is missing
    ("-m1", (-1, -2, None, -4)),
    ("m1 ^ 2", (1, 4, None, 16)),
    ("(m1 + m2) / 2", (5.5, None, None, 2)),
    ("FILL(m1, 0)", (1, 2, 0, 4)),
    ("FILL(m1, REPEAT)", (1, 2, 2, 4)),
    ("FILL(m1, m2)", (1, 2, 30, 4)),
    ("SUM([m1, m2])", (11, 2, 30, 4)),
    ("MAX(METRICS())", (10, 2, 30, 4)),
    ("AVG([m1, m2])", (5.5, 2, 30, 2)),
    ("m1 / SUM(m1)", (1 / 7, 2 / 7, None, 4 / 7)),
    ("IF(m1 > 1, m1, 0)", (0, 2, None, 4)),
    ("IF(m1 > 1 AND m1 < 4, 1, 0)", (0, 1, None, 0)),
    ("IF(m1 > 3 || m1 == 1, m1)", (1, None, None, 4)),
    ("CEIL(m1 / 3)", (1, 1, None, 2)),
    ("7", (7, 7, 7, 7)),
]


@pytest.mark.parametrize(("expression", "values"), TABLE)
def test_what_it_comes_to(expression: str, values: tuple[float | None, ...]) -> None:
    (found,) = evaluate(expression, KNOWN, TIMES)
    assert found == pytest.approx(series(*values))


def test_a_list_is_several_series() -> None:
    assert evaluate("[m1, m2]", KNOWN, TIMES) == [KNOWN["m1"], KNOWN["m2"]]


@pytest.mark.parametrize(
    "expression",
    [
        "m3",
        "m1 +",
        "m1.real",
        "FILL(m1)",
        "__import__('os')",
        "True",
        "[[m1]]",
        "m1 if m2 else 1",
        "",
    ],
)
def test_what_nobody_can_read(expression: str) -> None:
    with pytest.raises(BadExpression):
        evaluate(expression, KNOWN, TIMES)


@pytest.mark.parametrize(
    "expression", ["ANOMALY_DETECTION_BAND(m1)", "RATE(m1)", "FILL(m1, LINEAR)"]
)
def test_what_cloudwatch_has_beyond(expression: str) -> None:
    with pytest.raises(OutsideMath, match="of metric math"):
        evaluate(expression, KNOWN, TIMES)


@given(st.text(max_size=40))
def test_no_text_gets_further_than_a_refusal(expression: str) -> None:
    try:
        found = evaluate(expression, KNOWN, TIMES)
    except (BadExpression, OutsideMath):
        return
    assert all(isinstance(one, dict) for one in found)
