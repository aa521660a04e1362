"""What a filter pattern compares with: a text with ``*`` in it, a number, or a regular expression. Pure.

AWS: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
"""

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any

NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
REGEX = re.compile(r"[A-Za-z0-9:_#=@/;,\- ^$?\[\]{}|\\*+.]+")
"""What a regular expression between per cent signs may consist of: no parentheses, no ``!``."""

PLAIN = re.compile(r"[\w.*+-]+")
"""A value that needs no quotes."""

OPERATORS = ("=", "!=", "<", ">", "<=", ">=")


class BadPattern(Exception):
    """A filter pattern that CloudWatch Logs refuses; the text is AWS's where it was found."""

    def __init__(self, text: str = "Invalid filter pattern") -> None:
        super().__init__(text)


@dataclass(frozen=True)
class Value:
    """The right side of a comparison; *regex* where it stood between per cent signs."""

    text: str
    quoted: bool = False
    regex: bool = False

    @cached_property
    def number(self) -> float | None:
        """The number it is, if it is one."""
        plain = not self.quoted and NUMBER.fullmatch(self.text)
        return float(self.text) if plain else None

    @cached_property
    def _expression(self) -> re.Pattern[str]:
        if self.regex:
            return re.compile(self.text)
        parts = self.text.split("*")
        return re.compile(r"\A" + ".*".join(re.escape(part) for part in parts) + r"\Z", re.DOTALL)

    def is_like(self, found: str) -> bool:
        """Whether a text fits: whole, with ``*`` for anything, or by the regular expression anywhere."""
        return bool(self._expression.search(found))


def value_of(token: str) -> Value:
    """The value that a token of a pattern means. Raises BadPattern."""
    if token[0] == '"':
        return Value(token[1:-1].replace('\\"', '"'), quoted=True)
    if token[0] == "%":
        return Value(checked_regex(token[1:-1]), regex=True)
    if not PLAIN.fullmatch(token):
        raise BadPattern
    return Value(token)


def checked_regex(text: str) -> str:
    """The regular expression, if it keeps to what CloudWatch Logs knows. Raises BadPattern."""
    try:
        re.compile(text)
    except re.error as wrong:
        raise BadPattern from wrong
    if not REGEX.fullmatch(text):
        raise BadPattern
    return text


def compare(found: Any, operator: str, value: Value) -> bool:
    """Whether a string or a number that was found stands so to the value; nothing else ever does."""
    if isinstance(found, bool) or not isinstance(found, str | int | float):
        return False
    if operator in ("=", "!="):
        return _equal(found, value) is (operator == "=")
    number = as_number(found)
    if number is None or value.number is None:
        return False
    return {
        "<": number < value.number,
        ">": number > value.number,
        "<=": number <= value.number,
        ">=": number >= value.number,
    }[operator]


def _equal(found: str | float, value: Value) -> bool:
    if value.number is not None and not isinstance(found, str):
        return float(found) == value.number
    return value.is_like(found if isinstance(found, str) else f"{found:g}")


def as_number(found: str | float) -> float | None:
    """A number, also where it stands as a text; None for any other text."""
    if not isinstance(found, str):
        return float(found)
    return float(found) if NUMBER.fullmatch(found) else None
