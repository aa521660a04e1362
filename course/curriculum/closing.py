"""Closing tables: what each lesson leaves to look up, read from its notebook's cell ``closing``.

The notebook is the one place where they are written; the sheet for the night
before the exam and the decks of cards are made from what is read here.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from course.curriculum.curriculum import LessonEntry, find_lesson, lessons
from course.curriculum.shipped import shipped_folder

CELL = "closing"
"""The id of the cell, in every notebook."""

BAR = re.compile(r"(?<!\\)\|")
RULE = re.compile(r":?-+:?")
MARKED = re.compile(
    r"`(?P<code>[^`]+)`|\*\*(?P<strong>.+?)\*\*|\*(?P<em>\S.*?)\*|\[(?P<link>.+?)\]\(\S*?\)"
)


@dataclass(frozen=True)
class Closing:
    """The table at the end of a lesson: its heading, the heads of its columns, its rows.

    All texts are Markdown as the author wrote them; ``plain`` takes the marks off.
    """

    entry: LessonEntry
    heading: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def closings() -> tuple[Closing, ...]:
    """The tables of all lessons in order; a lesson without one (the first) is left out."""
    found = (_of(entry) for entry in lessons())
    return tuple(one for one in found if one)


def closing(lesson: str) -> Closing | None:
    """The table of the lesson of this name, or None if it has none. Raises UnknownLesson."""
    return _of(find_lesson(lesson))


def read(entry: LessonEntry, cell: str) -> Closing:
    """The table in the Markdown of a cell. Raises ValueError, which says what is wrong with it."""
    lines = [line.strip() for line in cell.splitlines()]
    heading = next((line.lstrip("#").strip() for line in lines if line.startswith("#")), "")
    table = [_texts(line) for line in lines if line.startswith("|")]
    if not heading or len(table) < 3 or not all(map(RULE.fullmatch, table[1])):
        raise _wrong(entry, "a heading and a table with a head and at least one row")
    head, _, *rows = table
    for row in rows:
        if len(row) != len(head):
            raise _wrong(entry, f"{len(head)} texts in the row {' | '.join(row)!r}")
    return Closing(entry, heading, head, tuple(rows))


def spans(text: str) -> Iterator[tuple[str, str]]:
    """Markdown's inline text in pieces, (mark, piece): ``code``, ``strong``, ``em``, ``link`` or "".

    A mark within a mark stays as it is written; a link is its words.
    """
    at = 0
    for found in MARKED.finditer(text):
        yield "", _unescaped(text[at : found.start()])
        kind = str(found.lastgroup)
        yield kind, _unescaped(found[kind])
        at = found.end()
    yield "", _unescaped(text[at:])


def plain(text: str) -> str:
    """Markdown's inline text without its marks."""
    return "".join(piece for _, piece in spans(text))


def _of(entry: LessonEntry) -> Closing | None:
    cells = json.loads((shipped_folder() / entry.notebook).read_text("utf-8"))["cells"]
    for cell in cells:
        if cell["id"] == CELL:
            return read(entry, "".join(cell["source"]))
    return None


def _unescaped(text: str) -> str:
    return text.replace("\\|", "|")


def _texts(line: str) -> tuple[str, ...]:
    return tuple(text.strip() for text in BAR.split(line)[1:-1])


def _wrong(entry: LessonEntry, expected: str) -> ValueError:
    return ValueError(f"{entry.notebook}, cell {CELL!r}: expected {expected}.")
