"""A handout: something to look up, as a table in a notebook and as text everywhere else.

A table in HTML wraps its words in a narrow window and takes JupyterLab's colours;
the same lines in plain text are its repr.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from textwrap import wrap
from typing import Any

WIDTH = 96
LEFT = "text-align:left;vertical-align:top"
"""JupyterLab's tables are set to the right, as for numbers."""


@dataclass(frozen=True)
class Cell:
    """A cell of the table, what folds out below it, and where it leads: an address, or a notebook beside."""

    text: str
    folded: tuple[str, ...] = ()
    link: str = ""

    @property
    def plain(self) -> str:
        """The cell as text: an address is told, a notebook is known by its title."""
        return f"{self.text} {self.link}" if self.link.startswith("https:") else self.text


class Handout:
    """A table with a line before it and one after it. Rows may hold texts or cells."""

    def __init__(
        self, lead: str, head: Sequence[str], rows: Sequence[Sequence[str | Cell]], last: str = ""
    ) -> None:
        self.lead, self.head, self.last = lead, tuple(head), last
        self.rows = tuple(tuple(map(_cell, row)) for row in rows)

    def __repr__(self) -> str:
        return "\n\n".join(filter(None, [_filled(self.lead), self._table(), _filled(self.last)]))

    def _table(self) -> str:
        """Columns in text: all but the last as wide as they are, the last one wrapped."""
        if not self.rows:
            return ""
        plain = [self.head, *(tuple(cell.plain for cell in row) for row in self.rows)]
        widths = [max(len(line[column]) for line in plain) for column in range(len(self.head) - 1)]
        lines = _line(self.head, widths)
        for row in self.rows:
            lines += _line([cell.plain for cell in row], widths)
            lines += [f"   - {text}" for cell in row for text in cell.folded]
        return "\n".join(lines)

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, Any]:
        return {"text/html": self.html, "text/plain": repr(self)}

    @property
    def html(self) -> str:
        """The table in a box that scrolls where it must, between its two lines."""
        head = "".join(f'<th style="{LEFT}">{escape(name)}</th>' for name in self.head)
        body = "".join(f"<tr>{''.join(map(_td, row))}</tr>" for row in self.rows)
        table = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
        box = f'<div style="overflow-x:auto" tabindex="0">{table}</div>' if self.rows else ""
        return f"<div>{_paragraph(self.lead)}{box}{_paragraph(self.last)}</div>"


def _cell(cell: str | Cell) -> Cell:
    return cell if isinstance(cell, Cell) else Cell(cell)


def _filled(text: str) -> str:
    """In lines of WIDTH; a word is not divided, so that an ARN stays in one piece."""
    return "\n".join(line for given in text.splitlines() for line in _wrapped(given, WIDTH))


def _wrapped(text: str, width: int) -> list[str]:
    return wrap(text, width, break_on_hyphens=False, break_long_words=False)


def _line(texts: Sequence[str], widths: Sequence[int]) -> list[str]:
    *first, last = texts
    begin = "".join(f"{text:{width}}  " for text, width in zip(first, widths, strict=True))
    wrapped = _wrapped(last, max(WIDTH - len(begin), 30)) or [""]
    return [f"{begin}{wrapped[0]}".rstrip(), *(" " * len(begin) + more for more in wrapped[1:])]


def _paragraph(text: str) -> str:
    """A long ARN is broken, or it would be cut off at the edge of a narrow window."""
    return f'<p style="overflow-wrap:anywhere">{escape(text)}</p>' if text else ""


def _td(cell: Cell) -> str:
    inner = escape(cell.text)
    if cell.link:
        elsewhere = ' target="_blank" rel="noopener"' if cell.link.startswith("https:") else ""
        inner = f'<a href="{escape(cell.link)}"{elsewhere}>{inner}</a>'
    if cell.folded:
        points = "".join(f"<li>{escape(point)}</li>" for point in cell.folded)
        inner = (
            f'<details><summary style="cursor:pointer">{inner}</summary><ul>{points}</ul></details>'
        )
    return f'<td style="{LEFT}">{inner}</td>'
