"""The sheet's page: the lessons' closing tables as one page of HTML that prints on A4.

It needs nothing but itself: no script, no font, no picture from elsewhere. On a
screen it takes the reader's light or dark theme, on paper it is black on white.
"""

from collections.abc import Iterator, Sequence
from html import escape
from importlib.resources import files

from course.curriculum.closing import Closing, spans
from course.curriculum.exam import Version

TITLE = "Containers on AWS: the sheet for the night before"
TAGS = {"code": "code", "strong": "strong", "em": "em"}
"""What of Markdown's inline text is marked on the page, too; a link is not."""


def sheet_page(tables: Sequence[Closing], exam: Version, version: str) -> str:
    """The page: the exam's domains, then a table for each lesson, in order.

    *version* is the course's own, so that a printed sheet says how old it is.
    """
    style = (files("course.curriculum") / "sheet.css").read_text("utf-8")
    return "\n".join(
        [
            "<!doctype html>",
            '<html lang="en">',
            "<head>",
            '<meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{TITLE}</title>",
            f"<style>\n{style}</style>",
            "</head>",
            "<body>",
            f"<header><h1>{TITLE}</h1>{_exam(exam)}</header>",
            "<main>",
            *map(_section, tables),
            "</main>",
            f"<footer><p>{escape(_made_from(tables, version))}</p></footer>",
            "</body>",
            "</html>",
            "",
        ]
    )


def _exam(exam: Version) -> str:
    weights = "; ".join(f"{one.title} {one.weight} %" for one in exam.domain)
    return f"<p>{escape(f'{exam.exam}, {exam.used}. {weights}.')}</p>"


def _made_from(tables: Sequence[Closing], version: str) -> str:
    return f"The last tables of {len(tables)} lessons; course {version}. No product of AWS."


def _section(table: Closing) -> str:
    entry = table.entry
    return (
        f'<section id="{escape(entry.name)}">\n'
        f"<h2>{entry.short} {escape(entry.title)}</h2>\n<table>\n{''.join(_lines(table))}"
        "</table>\n</section>"
    )


def _lines(table: Closing) -> Iterator[str]:
    """Caption, head and rows; the first text of a row is its head."""
    yield f"<caption>{escape(table.heading)}</caption>\n"
    heads = "".join(map(_head, table.head))
    yield f"<thead><tr>{heads}</tr></thead>\n<tbody>\n"
    for first, *others in table.rows:
        cells = "".join(f"<td>{_inline(text)}</td>" for text in others)
        yield f'<tr><th scope="row">{_inline(first)}</th>{cells}</tr>\n'
    yield "</tbody>\n"


def _head(text: str) -> str:
    """A column without a name has no head to be read out."""
    return f'<th scope="col">{_inline(text)}</th>' if text else "<td></td>"


def _inline(text: str) -> str:
    pieces = ((TAGS.get(mark), escape(piece)) for mark, piece in spans(text))
    return "".join(f"<{tag}>{piece}</{tag}>" if tag else piece for tag, piece in pieces)
