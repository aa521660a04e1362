"""``stats``: one row for each group, with what its events add up to. Pure.

A percentile is the smallest value that so many per cent do not exceed; AWS's is
an estimate.

AWS: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-Stats.html
"""

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from course.sandbox.observability.insights.expressions import Expression, read_expression
from course.sandbox.observability.insights.functions import AGGREGATES, OUTSIDE
from course.sandbox.observability.insights.reader import Malformed, Outside, Reader
from course.sandbox.observability.insights.values import Row, number, order, text

NAMED = re.compile(r"[A-Za-z_]\w*")


@dataclass(frozen=True)
class Column:
    """What a column is called, and what of."""

    name: str
    of: Expression


@dataclass(frozen=True)
class Aggregate:
    """A column that sums up the events of a group."""

    name: str
    of: Callable[[Sequence[Row]], Any]


@dataclass(frozen=True)
class Stats:
    """The command: what is summed up, by which groups."""

    sums: tuple[Aggregate, ...]
    groups: tuple[Column, ...]

    def rows(self, events: Sequence[Row]) -> list[dict[str, Any]]:
        """One row for each group, in the order in which they turn up; without groups a single one."""
        found: dict[tuple[str, ...], list[Row]] = {} if self.groups else {(): []}
        heads: dict[tuple[str, ...], dict[str, Any]] = {}
        for event in events:
            head = {one.name: one.of(event) for one in self.groups}
            key = tuple("" if value is None else text(value) for value in head.values())
            found.setdefault(key, []).append(event)
            heads.setdefault(key, head)
        return [
            {**heads.get(key, {}), **{one.name: one.of(members) for one in self.sums}}
            for key, members in found.items()
        ]


def read_stats(reader: Reader) -> Stats:
    """What stands behind ``stats``. Raises Malformed and Outside."""
    sums = [_aggregate(reader)]
    while reader.takes(","):
        sums.append(_aggregate(reader))
    groups = []
    if reader.takes_word("by"):
        groups.append(read_column(reader))
        while reader.takes(","):
            groups.append(read_column(reader))
    return Stats(tuple(sums), tuple(groups))


def read_column(reader: Reader) -> Column:
    """An expression, and ``as`` a name; without one it is called what it says."""
    start = reader.at
    expression = read_expression(reader)
    return Column(name_from(reader, start), expression)


def name_from(reader: Reader, start: int) -> str:
    """The alias that comes next, or what was said from *start* on."""
    said = reader.text[start : reader.at].strip()
    if reader.takes_word("as"):
        return reader.word()
    return said.strip("`") if said.startswith("`") else said


def _aggregate(reader: Reader) -> Aggregate:
    start, found = reader.at, reader.take(NAMED)
    name = found[0] if found else ""
    if name not in AGGREGATES:
        if name in OUTSIDE:
            raise Outside(f"the function {name}()")
        reader.at = start
        raise reader.wrong(f"stats takes {', '.join(AGGREGATES)}")
    reader.need("(")
    column = None
    if not reader.takes("*") and not reader.takes(")"):
        column = read_expression(reader)
    percentile = 0.0
    if name == "pct":
        reader.need(",")
        percentile = float(reader.integer())
    if reader.text[: reader.at].rstrip()[-1] != ")" or column is not None:
        reader.need(")")
    if column is None and name != "count":
        raise Malformed(f"{name}() needs a field", start, reader.at)  # our words
    return Aggregate(name_from(reader, start), _summing(name, column, percentile))


def _summing(name: str, column: Expression | None, percentile: float) -> Callable[..., Any]:
    def summed(events: Sequence[Row]) -> Any:
        if column is None:
            return len(events)
        values = [value for one in events if (value := column(one)) is not None]
        if name == "count":
            return len(values)
        if name == "count_distinct":
            return len({text(value) for value in values})
        if name in ("min", "max"):
            ordered = sorted(values, key=order)
            return (ordered[0] if name == "min" else ordered[-1]) if ordered else None
        return _of_numbers(name, sorted(_numbers(values)), percentile)

    return summed


def _numbers(values: Sequence[Any]) -> list[float]:
    return [found for one in values if (found := number(one)) is not None]


def _of_numbers(name: str, ordered: list[float], percentile: float) -> float | None:
    if not ordered:
        return 0.0 if name == "sum" else None
    if name == "sum":
        return sum(ordered)
    if name == "avg":
        return sum(ordered) / len(ordered)
    place = math.ceil(percentile / 100 * len(ordered))
    return ordered[min(max(place, 1), len(ordered)) - 1]
