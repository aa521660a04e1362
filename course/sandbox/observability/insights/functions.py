"""Functions of fields that a query may use. Pure.

AWS: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-operations-functions.html
"""

import math
from collections.abc import Callable
from typing import Any

from course.sandbox.observability.insights.values import number, text


def _numeric(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function of numbers, which of anything else is nothing."""

    def applied(*given: Any) -> Any:
        numbers = [number(one) for one in given]
        if None in numbers:
            return None
        try:
            return function(*numbers)
        except (ValueError, ZeroDivisionError, OverflowError):
            return None

    return applied


def _textual(function: Callable[..., Any]) -> Callable[..., Any]:
    def applied(first: Any, *given: Any) -> Any:
        return None if first is None else function(text(first), *given)

    return applied


def _substring(whole: str, start: Any, length: Any = None) -> str:
    first = int(number(start) or 0)
    return whole[first:] if length is None else whole[first : first + int(number(length) or 0)]


FUNCTIONS: dict[str, tuple[Callable[..., Any], int, int | None]] = {
    "abs": (_numeric(abs), 1, 1),
    "ceil": (_numeric(math.ceil), 1, 1),
    "floor": (_numeric(math.floor), 1, 1),
    "sqrt": (_numeric(math.sqrt), 1, 1),
    "log": (_numeric(math.log), 1, 1),
    "greatest": (_numeric(max), 1, None),
    "least": (_numeric(min), 1, None),
    "strlen": (_textual(len), 1, 1),
    "toupper": (_textual(str.upper), 1, 1),
    "tolower": (_textual(str.lower), 1, 1),
    "trim": (_textual(str.strip), 1, 1),
    "substr": (_textual(_substring), 2, 3),
    "replace": (_textual(lambda whole, old, new: whole.replace(text(old), text(new))), 3, 3),
    "strcontains": (_textual(lambda whole, part: text(part) in whole), 2, 2),
    "concat": (lambda *parts: "".join(text(one) for one in parts if one is not None), 1, None),
    "ispresent": (lambda value: value is not None, 1, 1),
    "isempty": (lambda value: value is None or value == "", 1, 1),
    "isblank": (lambda value: value is None or not text(value).strip(), 1, 1),
    "coalesce": (lambda *given: next((one for one in given if one is not None), None), 1, None),
    "if": (lambda condition, then, other: then if condition else other, 3, 3),
}
"""Each with how many arguments it takes, least and most."""

AGGREGATES = ("count", "count_distinct", "sum", "avg", "min", "max", "pct")

OUTSIDE = (
    *("stddev", "earliest", "latest", "sortsFirst", "sortsLast", "median", "rate", "histogram"),
    *("ltrim", "rtrim", "strcontains_ci", "tomillis", "fromMillis", "datefloor", "dateceil"),
    *("isValidIp", "isValidIpv4", "isValidIpv6", "isIpInSubnet", "isIpv4InSubnet"),
    *("isIpv6InSubnet", "jsonParse", "jsonStringify", "now", "case", "urldecode"),
)
"""What AWS has beside them; some are its newest, seen in November 2026."""
