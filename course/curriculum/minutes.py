"""How long a lesson takes: one formula over its notebook, so that no header is a guess.

Words of text at a reading pace, what one recorded run took, half a minute for
each code cell to look at, and for each cell in which the learner does something
the minutes of its kind. The numbers stand in ``curriculum.toml`` under ``pace``.
"""

import ast
import json
from collections.abc import Iterator
from math import ceil
from typing import Any

import msgspec


class Pace(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The numbers of the formula: *words* a minute, minutes a *cell* and by *kinds*."""

    words: float
    cell: float
    rounded_up_to: int
    kinds: dict[str, float]


def minutes(notebook: str, recorded_seconds: float, pace: Pace) -> int:
    """The minutes a notebook (its JSON text) takes, rounded up as the pace says."""
    cells = json.loads(notebook)["cells"]
    exact = words(cells) / pace.words + recorded_seconds / 60
    exact += sum(_cell(kinds(source), pace) for source in _sources(cells, "code"))
    return ceil(exact / pace.rounded_up_to) * pace.rounded_up_to


def _cell(done: list[str], pace: Pace) -> float:
    return sum(pace.kinds[kind] for kind in done) if done else pace.cell


def words(cells: list[dict[str, Any]]) -> int:
    """How many words the text of a notebook has; the bars of a table are none."""
    texts = _sources(cells, "markdown")
    return sum(any(map(str.isalnum, word)) for text in texts for word in text.split())


def _sources(cells: list[dict[str, Any]], kind: str) -> Iterator[str]:
    """Of cells that are for LIVE only nothing is reckoned: they are passed over in the sandbox."""
    return (
        "".join(cell["source"])
        for cell in cells
        if cell["cell_type"] == kind and "live-only" not in cell.get("metadata", {}).get("tags", ())
    )


def kinds(source: str) -> list[str]:
    """What the learner does in a code cell: ``predict``, ``check`` and so on, once for each call.

    A check in a cell that holds blanks is of the kind ``blanks``, and each of
    several questions in one checkpoint of the kind ``row``. A cell that only
    shows something has none.
    """
    return [
        _kind(name, source, len(ids))
        for name, ids in _called(source)
        for _ in (ids if name == "checkpoint" else ids[:1])
        if name in ACTIVE
    ]


def _kind(name: str, source: str, count: int) -> str:
    if name == "check" and "____" in source:
        return "blanks"
    return "row" if name == "checkpoint" and count > 1 else name


ACTIVE = (
    *("warmup", "predict", "checkpoint", "explain", "card", "check"),
    *("practice", "variations", "due_cards"),
)


def calls(source: str) -> Iterator[tuple[str, str]]:
    """(method, id) of each ``lesson.method("id")`` in a cell; the id is "" where none is given.

    A checkpoint that asks several gives one for each.
    """
    for name, ids in _called(source):
        for id in ids if name == "checkpoint" else ids[:1]:
            yield name, id


def _called(source: str) -> Iterator[tuple[str, list[str]]]:
    """(method, what it is given in order) of each ``lesson.method(...)``; one "" for nothing."""
    lines = [line for line in source.splitlines() if not line.startswith(("%", "!"))]
    for node in ast.walk(ast.parse("\n".join(lines))):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        if ast.unparse(node.func.value) == "lesson":
            given = [str(one.value) if isinstance(one, ast.Constant) else "" for one in node.args]
            yield node.func.attr, given or [""]
