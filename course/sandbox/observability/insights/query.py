"""A query: its commands one after the other, each making rows of rows. Pure.

``fields``, ``filter``, ``stats``, ``sort``, ``limit``, and ``parse`` and ``display``.
Without ``sort`` the newest event comes first. Another command of AWS's is
refused by its name.

AWS: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax.html
"""

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from course.sandbox.observability.insights.expressions import read_expression
from course.sandbox.observability.insights.reader import WORD, Outside, Reader
from course.sandbox.observability.insights.stats import Column, read_column, read_stats
from course.sandbox.observability.insights.values import Instant, order, text

LIMIT = 10_000
"""Rows of a query that does not say how many it wants."""

DEFAULT_COLUMNS = ("@timestamp", "@message")
COMMANDS = ("fields", "filter", "stats", "sort", "limit", "parse", "display")
OUTSIDE = (
    *("pattern", "diff", "dedup", "unmask", "unnest", "anomaly", "lookup", "join", "filterindex"),
    *("source", "head", "tail", "order", "search", "where", "addtotals", "subqueries"),
)


@dataclass
class Table:
    """Rows on their way through the commands; *columns* are what is shown, None as long as nobody said."""

    rows: list[dict[str, Any]]
    columns: list[str] | None = None
    events: bool = True
    matched: int = 0

    def shown(self) -> list[dict[str, str]]:
        """Each row by its columns; what is not there is left out, and an event has its ``@ptr``."""
        columns = DEFAULT_COLUMNS if self.columns is None else self.columns
        pointer = ("@ptr",) if self.events else ()
        return [
            {name: text(row[name]) for name in (*columns, *pointer) if row.get(name) is not None}
            for row in self.rows
        ]


Command = Callable[[Table], None]


@dataclass(frozen=True)
class Query:
    """A query that was read."""

    commands: tuple[Command, ...]

    def run(self, events: Iterable[dict[str, Any]], limit: int | None = None) -> Table:
        """Its rows over these events; see ``event``."""
        newest_first = sorted(events, key=lambda one: one["@timestamp"], reverse=True)
        table = Table(newest_first, matched=len(newest_first))
        for command in self.commands:
            command(table)
        del table.rows[limit or LIMIT :]
        return table


def event(timestamp: int, message: str, **more: Any) -> dict[str, Any]:
    """An event as queries see it, milliseconds and text, with the fields of a JSON message."""
    found: dict[str, Any] = {}
    if message.lstrip().startswith("{"):
        try:
            found = dict(_flat(json.loads(message)))
        except ValueError:
            found = {}
    given = {f"@{name}": value for name, value in more.items()}
    return {**found, **given, "@timestamp": Instant(timestamp), "@message": message}


def _flat(node: Any, path: str = "") -> Iterable[tuple[str, Any]]:
    """The fields of a JSON document by their paths: ``user.id``, ``items.0``."""
    if isinstance(node, dict | list):
        items = node.items() if isinstance(node, dict) else enumerate(node)
        for name, below in items:
            yield from _flat(below, f"{path}.{name}" if path else str(name))
    elif node is not None:
        yield path, node


def read_query(said: str) -> Query:
    """The query that a text means. Raises Malformed, and Outside for a command that is not modelled."""
    reader, commands = Reader(said), list[Command]()
    while True:
        commands.append(_command(reader))
        if reader.done:
            return Query(tuple(commands))
        if not reader.takes("|"):
            raise reader.wrong("expected | and another command")


def _command(reader: Reader) -> Command:
    found = WORD.match(reader.text, reader.at)
    name = found[0].lower() if found else ""
    if name in OUTSIDE:
        raise Outside(f"the command {name}")
    if name not in COMMANDS:
        raise reader.wrong(f"expected one of {', '.join(COMMANDS)}")
    reader.take(WORD)
    return _READERS[name](reader)


def _columns(reader: Reader) -> list[Column]:
    columns = [read_column(reader)]
    while reader.takes(","):
        columns.append(read_column(reader))
    return columns


def _fields(reader: Reader, *, more: bool = True) -> Command:
    columns = _columns(reader)

    def run(table: Table) -> None:
        before = (table.columns or []) if more else []
        table.columns = list(dict.fromkeys([*before, *(one.name for one in columns)]))
        for row in table.rows:
            row.update({one.name: one.of(row) for one in columns})

    return run


def _filter(reader: Reader) -> Command:
    condition = read_expression(reader)

    def run(table: Table) -> None:
        table.rows = [row for row in table.rows if condition(row)]
        table.matched = len(table.rows) if table.events else table.matched

    return run


def _stats(reader: Reader) -> Command:
    stats = read_stats(reader)

    def run(table: Table) -> None:
        table.rows, table.events = stats.rows(table.rows), False
        groups, sums = (one.name for one in stats.groups), (one.name for one in stats.sums)
        table.columns = [*groups, *sums]

    return run


def _sort(reader: Reader) -> Command:
    keys = [_sort_key(reader)]
    while reader.takes(","):
        keys.append(_sort_key(reader))

    def run(table: Table) -> None:
        for column, descending in reversed(keys):
            table.rows.sort(key=lambda row: order(column.of(row)), reverse=descending)

    return run


def _sort_key(reader: Reader) -> tuple[Column, bool]:
    """A column and whether its largest comes first; ascending is what we take for the default."""
    start, expression = reader.at, read_expression(reader)
    said = reader.text[start : reader.at].strip()
    named = Column(said, lambda row: row[said] if said in row else expression(row))
    descending = reader.takes_word("desc")
    if not descending:
        reader.takes_word("asc")
    return named, descending


def _limit(reader: Reader) -> Command:
    rows = reader.integer()

    def run(table: Table) -> None:
        del table.rows[rows:]

    return run


def _parse(reader: Reader) -> Command:
    """``parse @message "user=*, ms=*" as user, ms``, or by a regular expression with named groups."""
    name = "@message" if reader.text[reader.at] in "\"'/" else reader.word()
    glob = reader.string()
    regex = reader.regex() if glob is None else _as_regex(glob)
    if regex is None:
        raise reader.wrong("parse takes a text with *, or /a regular expression/")
    names = list(regex.groupindex)
    if glob is not None:
        if not reader.takes_word("as"):
            raise reader.wrong("parse names what it finds: as ...")
        names = [reader.word()]
        while reader.takes(","):
            names.append(reader.word())
    if not names or len(names) != regex.groups:
        raise reader.wrong("parse needs a name for each part")

    def run(table: Table) -> None:
        for row in table.rows:
            value = row.get(name)
            found = None if value is None else regex.search(text(value))
            row.update(zip(names, found.groups() if found else [None] * len(names), strict=True))

    return run


def _as_regex(glob: str) -> re.Pattern[str]:
    """Each ``*`` is a part; the last one, at the end, takes all that is left."""
    parts = [re.escape(one) for one in glob.split("*")]
    return re.compile("(.*?)".join(parts) + ("$" if glob.endswith("*") else ""), re.DOTALL)


_READERS: dict[str, Callable[[Reader], Command]] = {
    "fields": _fields,
    "display": lambda reader: _fields(reader, more=False),
    "filter": _filter,
    "stats": _stats,
    "sort": _sort,
    "limit": _limit,
    "parse": _parse,
}
