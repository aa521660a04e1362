"""Cards as rows of a CSV file, both ways: what is written is read back as it was. Pure.

A spreadsheet takes a cell that begins with ``=``, ``+``, ``-`` or ``@`` for a formula, so such a
text gets an apostrophe before it when it is written, and loses it when it is read.
"""

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass
from io import StringIO

HEAD = ("front", "back", "lesson")
"""The columns; a file that is read needs the first two, in any order, and others are left aside."""

FORMULA = re.compile("'*[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")
QUOTED = re.compile("'" + FORMULA.pattern)
DELIMITERS = ",;\t"
SHOWN = 10


class NotRead(ValueError):
    """A file of cards that is not right: each bad row by its line. Nothing of it was taken."""


@dataclass(frozen=True)
class Row:
    """One card of a file. *lesson* may be empty."""

    front: str
    back: str
    lesson: str = ""


def written(rows: Iterable[Row]) -> bytes:
    """A CSV file in UTF-8, marked so that spreadsheets know it."""
    text = StringIO(newline="")
    lines = csv.writer(text)
    lines.writerow(HEAD)
    lines.writerows([_safe(row.front), _safe(row.back), _safe(row.lesson)] for row in rows)
    return text.getvalue().encode("utf-8-sig", "replace")


def read(raw: bytes) -> list[Row]:
    """The cards of a CSV file; columns may be parted by commas, semicolons or tabs, as its head is.

    Empty lines are passed over. Raises NotRead, with a line for each bad row, when one side is
    empty, a front stands there twice with two backs, or the file is none of this kind.
    """
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise NotRead(f"Line {line} is not UTF-8: save the file as CSV in UTF-8.") from error
    delimiter = max(DELIMITERS, key=text.partition("\n")[0].count)
    lines = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[tuple[int, Row]] = []
    wrong: list[str] = []
    try:
        columns = _columns(next(lines, []))
        begins = lines.line_num + 1
        for cells in lines:
            if any(map(str.strip, cells)):
                _take(begins, cells, columns, rows, wrong)
            begins = lines.line_num + 1
    except csv.Error as error:
        wrong.append(f"line {lines.line_num}: {error}")
    if wrong or not rows:
        raise NotRead(_said(wrong))
    return [row for _, row in rows]


def _safe(text: str) -> str:
    return f"'{text}" if FORMULA.match(text) else text


def _plain(cell: str) -> str:
    return cell[1:] if QUOTED.match(cell) else cell


def _columns(head: list[str]) -> dict[str, int]:
    """The place of each column by its name. Raises NotRead."""
    named = {name.strip().lower(): place for place, name in enumerate(head)}
    if not {"front", "back"} <= named.keys():
        seen = ", ".join(head) or "nothing"
        raise NotRead(f"The first line has to name the columns front and back; it has {seen}.")
    return named


def _take(
    line: int,
    cells: list[str],
    columns: dict[str, int],
    rows: list[tuple[int, Row]],
    wrong: list[str],
) -> None:
    """Put one line with the rows, or what is wrong with it with what is wrong."""
    if len(cells) > len(columns):
        more = f"{len(cells)} columns where the first line has {len(columns)}"
        wrong.append(f"line {line}: {more}; put quotes around a text with a comma")
        return
    front, back, lesson = (
        _plain(cells[place].strip())
        if (place := columns.get(name, len(cells))) < len(cells)
        else ""
        for name in HEAD
    )
    if not (front and back):
        wrong.append(f"line {line}: the {'back' if front else 'front'} is empty")
        return
    same = next((n for n, one in rows if one.front == front and one.back != back), 0)
    if same:
        wrong.append(f"line {line}: its front is that of line {same}, and its back is another")
        return
    rows.append((line, Row(front, back, lesson)))


def _said(wrong: list[str]) -> str:
    if not wrong:
        return "There is no card in it: below the first line each row is a front and a back."
    more = [f"... and {len(wrong) - SHOWN} more"] if len(wrong) > SHOWN else []
    return "\n".join(["Nothing was taken; mend these and import again:", *wrong[:SHOWN], *more])
