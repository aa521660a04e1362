"""The few strokes every picture is made of: text, boxes, pills, glyphs, arrows.

Each returns one piece of SVG. Coordinates and sizes are pixels at natural size;
colours are classes of ``picture.css``, so one drawing serves light and dark.
"""

import re
from collections.abc import Iterable
from functools import cache
from html import escape
from importlib.resources import files
from unicodedata import normalize

from course.diagrams import glyph as glyphs

NARROW, WIDE = frozenset("iljtfrI.,:;'|!()[] -/"), frozenset("mwMW@%")

CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
"""What XML does not allow in a text."""

PILL = 18
"""How high a state's pill is."""


def width(text: str, size: float = 12, *, bold: bool = False) -> float:
    """About how wide *text* is in a wide font, such as those where Helvetica is missing."""
    return size * (1.12 if bold else 1) * sum(map(_em, normalize("NFC", text)))


def _em(letter: str) -> float:
    if letter in NARROW:
        return 0.37
    if letter in WIDE or ord(letter) > 0x2E80:
        return 1.0
    return 0.74 if letter.isupper() else 0.61


def fitted(text: str, room: float, size: float = 12, *, bold: bool = False) -> str:
    """*text*, or as much of it as fits, with an ellipsis."""
    if width(text, size, bold=bold) <= room:
        return text
    while text and width(text + "…", size, bold=bold) > room:
        text = text[:-1]
    return text.rstrip() + "…"


def text(x: float, y: float, words: str, kind: str = "", *, anchor: str = "") -> str:
    """A line of text with its baseline at *y*."""
    classes = f' class="{kind}"' if kind else ""
    anchored = f' text-anchor="{anchor}"' if anchor else ""
    return f'<text x="{n(x)}" y="{n(y)}"{classes}{anchored}>{safe(words)}</text>'


def box(x: float, y: float, wide: float, high: float, kind: str, *, radius: float = 6) -> str:
    """A rectangle with round corners."""
    size = f'width="{n(wide)}" height="{n(high)}"'
    return f'<rect x="{n(x)}" y="{n(y)}" {size} rx="{n(radius)}" class="{kind}"/>'


def pill(x: float, y: float, word: str, tone: str) -> str:
    """A state's word on its colour."""
    wide = pill_width(word)
    return box(x, y, wide, PILL, tone, radius=PILL / 2) + text(
        x + wide / 2, y + 13, word, f"word on-{tone}", anchor="middle"
    )


def pill_width(word: str) -> float:
    """How wide the pill of *word* is."""
    return width(word, 11, bold=True) + 14


def glyph(x: float, y: float, kind: str, size: float = 20) -> str:
    """A glyph at its upper left corner."""
    place = f'x="{n(x)}" y="{n(y)}" width="{n(size)}" height="{n(size)}" viewBox="0 0 24 24"'
    pen = 'fill="none" stroke="currentColor" stroke-width="1.75"'
    pen += ' stroke-linecap="round" stroke-linejoin="round"'
    return f'<svg {place} class="glyph" {pen} aria-hidden="true">{glyphs.strokes(kind)}</svg>'


def circle(x: float, y: float, radius: float, kind: str) -> str:
    """A circle by its middle."""
    return f'<circle cx="{n(x)}" cy="{n(y)}" r="{n(radius)}" class="{kind}"/>'


def line(x1: float, y1: float, x2: float, y2: float, kind: str) -> str:
    """A straight line."""
    return f'<path d="M{n(x1)} {n(y1)}L{n(x2)} {n(y2)}" class="{kind}"/>'


def titled(whole: str, *pieces: str) -> str:
    """Pieces that show *whole* when the pointer rests on them."""
    return f"<g><title>{safe(whole)}</title>{''.join(pieces)}</g>"


def picture(wide: float, high: float, pieces: Iterable[str], alt: str, *, least: float = 0) -> str:
    """The whole SVG on its card. It shrinks no narrower than *least*, so that text can be read."""
    size = f'width="{n(wide)}" height="{n(high)}" viewBox="0 0 {n(wide)} {n(high)}"'
    style = f"width:100%;height:auto;max-width:{n(wide)}px;min-width:{n(least or wide)}px"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="course-picture" {size} style="{style}"'
        f' role="img" aria-label="{safe(alt)}"><style>{css()}</style>'
        f"{box(0, 0, wide, high, 'ground', radius=8)}{''.join(pieces)}</svg>"
    )


@cache
def css() -> str:
    """The style sheet without its comments and white space."""
    sheet = (files("course.diagrams") / "picture.css").read_text("utf-8")
    bare = re.sub(r"/\*.*?\*/", "", sheet, flags=re.DOTALL)
    return re.sub(r"\s*([{};,])\s*", r"\1", " ".join(bare.split()))


def safe(words: str) -> str:
    """*words* as they may stand in SVG, in a text or between quotes."""
    return escape(CONTROL.sub("\ufffd", words))


def n(number: float) -> str:
    """A number as short as it can be, to a tenth of a pixel."""
    return f"{number:.1f}".removesuffix(".0")
