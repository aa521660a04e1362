"""Conditions of JSON and space-delimited filter patterns: comparisons joined by ``&&`` and ``||``. Pure.

Parentheses bind closest, then ``&&``, then ``||``.

AWS: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from course.sandbox.observability.filter_values import (
    OPERATORS,
    BadPattern,
    Value,
    compare,
    value_of,
)

TOKEN = re.compile(
    r"""\s*(?:
    (?P<join>&&|\|\||[()])
    |(?P<operator>!=|<=|>=|=|<|>)
    |(?P<selector>\$(?:\.[\w-]+|\.\*|\[\d+\]|\[\*\]|\.?\['[^']*'\])+)
    |(?P<value>"(?:[^"\\]|\\.)*"|%[^%]*%|[^\s()&|=!<>"%]+)
    )""",
    re.VERBOSE,
)
IS = ("NULL", "TRUE", "FALSE")
REGEXES, WILDCARDS = 2, 3
"""At most so many regular expressions in one pattern, and selectors with a ``*``."""

Look = Callable[[str], list[Any]]
"""What stands where a selector or a field's name points; a wildcard points at many."""


@dataclass(frozen=True)
class Comparison:
    """One field against one value."""

    field: str
    operator: str
    value: Value

    def holds(self, look: Look) -> bool:
        """Whether anything that the field points at stands so to the value."""
        return any(compare(one, self.operator, self.value) for one in look(self.field))


@dataclass(frozen=True)
class Is:
    """A JSON field that is NULL, TRUE or FALSE."""

    field: str
    what: str

    def holds(self, look: Look) -> bool:
        """Whether it is there, and is just that."""
        wanted = {"NULL": None, "TRUE": True, "FALSE": False}[self.what]
        return any(one is wanted for one in look(self.field))


@dataclass(frozen=True)
class Absent:
    """A JSON field that does not exist."""

    field: str

    def holds(self, look: Look) -> bool:
        """Whether nothing is there."""
        return not look(self.field)


@dataclass(frozen=True)
class Joined:
    """Conditions of which all have to hold, or any."""

    parts: tuple["Condition", ...]
    every: bool

    def holds(self, look: Look) -> bool:
        """Whether they do."""
        found = (one.holds(look) for one in self.parts)
        return all(found) if self.every else any(found)


Condition = Comparison | Is | Absent | Joined


def read_condition(text: str) -> Condition:
    """The condition that a text says. Raises BadPattern."""
    reader = _Reader(text)
    condition = reader.either()
    if reader.token is not None:
        raise BadPattern
    if sum(kind == "value" and token[0] == "%" for kind, token in reader.tokens) > REGEXES:
        raise BadPattern
    starred = [token.count("*") for kind, token in reader.tokens if kind == "selector"]
    if any(stars > 1 for stars in starred) or sum(starred) > WILDCARDS:
        raise BadPattern
    return condition


class _Reader:
    """Goes through the tokens of a condition once, from left to right."""

    def __init__(self, text: str) -> None:
        self.tokens: list[tuple[str, str]] = []
        at = 0
        while text[at:].strip():
            found = TOKEN.match(text, at)
            if found is None:
                raise BadPattern
            kind = str(found.lastgroup)
            self.tokens.append((kind, found[kind]))
            at = found.end()
        self._at = 0

    @property
    def token(self) -> str | None:
        return self.tokens[self._at][1] if self._at < len(self.tokens) else None

    def _take(self, *kinds: str) -> str:
        """The next token, which has to be of one of these kinds."""
        if self._at == len(self.tokens) or self.tokens[self._at][0] not in kinds:
            raise BadPattern
        self._at += 1
        return self.tokens[self._at - 1][1]

    def either(self) -> Condition:
        return self._joined("||", self._both)

    def _both(self) -> Condition:
        return self._joined("&&", self._one)

    def _joined(self, by: str, part: Callable[[], Condition]) -> Condition:
        parts = [part()]
        while self.token == by:
            self._take("join")
            parts.append(part())
        return parts[0] if len(parts) == 1 else Joined(tuple(parts), every=by == "&&")

    def _one(self) -> Condition:
        if self.token == "(":
            self._take("join")
            inner = self.either()
            if self._take("join") != ")":
                raise BadPattern
            return inner
        field = self._take("selector", "value")
        if self.token in ("IS", "NOT"):
            return self._word(field, self._take("value"))
        operator = self._take("operator")
        assert operator in OPERATORS, "the tokens know no other"
        return Comparison(field, operator, value_of(self._take("value")))

    def _word(self, field: str, word: str) -> Condition:
        """``IS NULL``, ``IS TRUE``, ``IS FALSE``, ``NOT EXISTS``; AWS knows no IS NOT and no EXISTS."""
        what = self._take("value")
        if word == "IS" and what in IS:
            return Is(field, what)
        if word == "NOT" and what == "EXISTS":
            return Absent(field)
        raise BadPattern
