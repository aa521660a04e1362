"""Metric math: series of values out of other series, by an expression. Pure.

Arithmetic, comparisons, AND, OR, lists, and the functions FILL, SUM, AVG, MIN, MAX, IF, ABS,
CEIL, FLOOR and METRICS; whatever else CloudWatch has is refused by its name. An operation of two series has
a value where both have one.

AWS: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
"""

import ast
import operator
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil, floor

Series = dict[datetime, float]
Value = Series | float | list[Series]


class BadExpression(Exception):
    """No expression that CloudWatch could read."""


class OutsideMath(Exception):
    """CloudWatch has it, the sandbox has not; its text names what."""


_OPERATORS: dict[type, Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.BitXor: operator.pow,
    ast.Gt: lambda one, other: float(one > other),
    ast.GtE: lambda one, other: float(one >= other),
    ast.Lt: lambda one, other: float(one < other),
    ast.LtE: lambda one, other: float(one <= other),
    ast.Eq: lambda one, other: float(one == other),
    ast.NotEq: lambda one, other: float(one != other),
    ast.And: lambda one, other: float(bool(one) and bool(other)),
    ast.Or: lambda one, other: float(bool(one) or bool(other)),
}
_SUMMED: dict[str, Callable[[Sequence[float]], float]] = {
    "SUM": sum,
    "AVG": lambda values: sum(values) / len(values),
    "MIN": min,
    "MAX": max,
}
_ROUNDED: dict[str, Callable[[float], float]] = {"ABS": abs, "CEIL": ceil, "FLOOR": floor}
_WORDS = {"AND": " and ", "&&": " and ", "OR": " or ", "||": " or "}


def evaluate(
    expression: str, known: Mapping[str, Series], times: Sequence[datetime]
) -> list[Series]:
    """What an expression comes to: a series, or several where it is a list.

    *known* are the series by their ids, *times* the beginnings of all periods that are asked
    for, which FILL fills. Raises BadExpression, and OutsideMath.
    """
    text = re.sub(r"\bAND\b|\bOR\b|&&|\|\|", lambda found: _WORDS[found[0]], expression.strip())
    try:
        tree = ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise BadExpression(expression) from None
    value = _Reader(known, times).read(tree)
    if isinstance(value, float | int):
        return [dict.fromkeys(times, float(value))]
    return value if isinstance(value, list) else [value]


def names(expression: str) -> set[str]:
    """The ids that an expression may name."""
    return set(re.findall(r"\b[a-z][A-Za-z0-9_]*\b", expression))


@dataclass(frozen=True, slots=True)
class _Reader:
    known: Mapping[str, Series]
    times: Sequence[datetime]

    def read(self, node: ast.expr) -> Value:
        match node:
            case ast.Constant(value=bool()):
                raise BadExpression(ast.unparse(node))
            case ast.Constant(value=int() | float() as number):
                return float(number)
            case ast.Name(id=name) if name in self.known:
                return self.known[name]
            case ast.List(elts=elements) | ast.Tuple(elts=elements):
                return [self._series(one) for one in elements]
            case ast.UnaryOp(op=ast.USub(), operand=inner):
                return _combined(operator.mul, -1.0, self.read(inner))
            case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATORS:
                return _combined(_OPERATORS[type(op)], self.read(left), self.read(right))
            case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in _OPERATORS:
                return _combined(_OPERATORS[type(op)], self.read(left), self.read(right))
            case ast.BoolOp(op=op, values=[first, *others]):
                value = self.read(first)
                for one in others:
                    value = _combined(_OPERATORS[type(op)], value, self.read(one))
                return value
            case ast.Call(func=ast.Name(id=function), args=arguments, keywords=[]):
                return self._call(function, arguments)
        raise BadExpression(ast.unparse(node))

    def _series(self, node: ast.expr) -> Series:
        value = self.read(node)
        if isinstance(value, list):
            raise BadExpression(ast.unparse(node))
        return value if isinstance(value, dict) else dict.fromkeys(self.times, value)

    def _call(self, function: str, arguments: list[ast.expr]) -> Value:
        if function == "METRICS" and not arguments:
            return list(self.known.values())
        if function == "FILL" and len(arguments) == 2:
            return self._filled(*arguments)
        if function == "IF" and len(arguments) in (2, 3):
            return self._chosen(*arguments)
        if function in _ROUNDED and len(arguments) == 1:
            do = _ROUNDED[function]
            return _combined(lambda one, _: float(do(one)), self.read(arguments[0]), 0.0)
        if function in _SUMMED and len(arguments) == 1:
            return _summed(_SUMMED[function], self.read(arguments[0]))
        known = {*_ROUNDED, *_SUMMED, "METRICS", "FILL", "IF"}
        if function in known or not re.fullmatch("[A-Z][A-Z0-9_]*", function):
            raise BadExpression(function)
        raise OutsideMath(f"{function} of metric math")

    def _filled(self, inner: ast.expr, given: ast.expr) -> Value:
        value = self.read(inner)
        several = value if isinstance(value, list) else [self._series(inner)]
        filled = [self._fill(one, given) for one in several]
        return filled if isinstance(value, list) else filled[0]

    def _fill(self, series: Series, given: ast.expr) -> Series:
        """Every period has a value: a number, the one before (REPEAT), or another series' there."""
        if isinstance(given, ast.Name) and given.id == "REPEAT":
            found: Series = {}
            last: float | None = None
            for when in self.times:
                last = series.get(when, last)
                if last is not None:
                    found[when] = last
            return found
        if isinstance(given, ast.Name) and given.id == "LINEAR":
            raise OutsideMath("FILL(..., LINEAR) of metric math")
        other = self._series(given)
        both = {**{when: other[when] for when in self.times if when in other}, **series}
        return dict(sorted(both.items()))

    def _chosen(self, condition: ast.expr, yes: ast.expr, no: ast.expr | None = None) -> Series:
        """IF: where the condition has a value, that of one side or of the other, if it has one there."""
        chosen = self._series(condition)
        one, other = self._series(yes), self._series(no) if no else {}
        found = {when: (one if value else other).get(when) for when, value in chosen.items()}
        return {when: value for when, value in found.items() if value is not None}


def _combined(do: Callable[[float, float], float], one: Value, other: Value) -> Value:
    if isinstance(one, list):
        return [_as_series(_combined(do, each, other)) for each in one]
    if isinstance(other, list):
        return [_as_series(_combined(do, one, each)) for each in other]
    if isinstance(one, dict) and isinstance(other, dict):
        pairs = {when: (value, other[when]) for when, value in one.items() if when in other}
    elif isinstance(one, dict):
        pairs = {when: (value, float(other)) for when, value in one.items()}  # type: ignore[arg-type]
    elif isinstance(other, dict):
        pairs = {when: (float(one), value) for when, value in other.items()}
    else:
        return do(one, other)
    return {when: found for when, pair in pairs.items() if (found := _done(do, *pair)) is not None}


def _done(do: Callable[[float, float], float], one: float, other: float) -> float | None:
    """The value of one operation; a division by zero has none."""
    try:
        found = do(one, other)
    except (ZeroDivisionError, OverflowError):
        return None
    return found if isinstance(found, float | int) else None


def _as_series(value: Value) -> Series:
    assert isinstance(value, dict), "a list holds series"
    return value


def _summed(do: Callable[[Sequence[float]], float], value: Value) -> Value:
    """Of a list, period by period; of one series, over all of its values."""
    if isinstance(value, list):
        times = sorted({when for one in value for when in one})
        return {when: do([one[when] for one in value if when in one]) for when in times}
    if isinstance(value, dict):
        return do(list(value.values())) if value else {}
    return value
