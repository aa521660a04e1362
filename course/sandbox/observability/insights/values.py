"""What fields hold, how they compare, and how they are shown. Pure.

A field that is not there is None; what is compared with it does not hold.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

Row = Mapping[str, Any]


class Instant(int):
    """A time in milliseconds, which is shown as a date."""


def number(value: Any) -> float | None:
    """A value as a number, also a text that is one; None for what is none."""
    if isinstance(value, bool | int | float):
        return float(value)
    try:
        return float(value) if isinstance(value, str) else None
    except ValueError:
        return None


def text(value: Any) -> str:
    """A value as results show it; true and false are 1 and 0."""
    if isinstance(value, Instant):
        seconds, thousandths = divmod(int(value), 1000)
        shown = datetime.fromtimestamp(seconds, UTC)
        return f"{shown:%Y-%m-%d %H:%M:%S}.{thousandths:03}"
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, float):
        return f"{value:.4f}".rstrip("0").rstrip(".")
    return str(value)


def equal(left: Any, right: Any) -> bool:
    """Whether two values are the same: as numbers if both are, else as texts."""
    if left is None or right is None:
        return False
    numbers = number(left), number(right)
    if None not in numbers:
        return numbers[0] == numbers[1]
    return text(left) == text(right)


def compare(left: Any, operator: str, right: Any) -> bool:
    """Whether a comparison holds; with a field that is not there none does."""
    if left is None or right is None:
        return False
    if operator in ("=", "!="):
        return equal(left, right) is (operator == "=")
    one, other = number(left), number(right)
    first, second = (text(left), text(right)) if one is None or other is None else (one, other)
    return {
        "<": first < second,  # type: ignore[operator]  # both texts or both numbers
        ">": first > second,  # type: ignore[operator]
        "<=": first <= second,  # type: ignore[operator]
        ">=": first >= second,  # type: ignore[operator]
    }[operator]


def order(value: Any) -> tuple[int, float, list[tuple[str, int, str]]]:
    """What rows are sorted by: what is no number first, digits in it by their value; then numbers."""
    as_number = number(value)
    if as_number is not None:
        return 1, as_number, []
    chunks = re.findall(r"\d+|\D+", "" if value is None else text(value))
    return 0, 0.0, [("0", len(one), one) if one.isdigit() else (one, 0, "") for one in chunks]
