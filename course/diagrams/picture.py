"""A picture: what a front end shows, what it says in one sentence, and the same as text.

Pictures are inline SVG in HTML. JupyterLab shows the type ``image/svg+xml`` as an
``<img>``: it has no alt text, stays light in a dark theme, its words cannot be found
or copied, and a narrow window cuts it off (all seen in a browser). Inline, a wide
picture scrolls inside its own box, and the text twin folds out below it.
"""

from collections.abc import Callable
from functools import cached_property
from typing import Any

from course.diagrams.svg import safe

Draw = Callable[[str], str | None]

TWIN = '<details><summary style="cursor:pointer">The same as text</summary>'
"""Said of the text twin, for those who read it better: a screen reader, a narrow window."""


class Picture:
    """Something drawn from state: shown where pictures can be shown, its text everywhere.

    Its repr is the text twin, *alt* one sentence that says what is seen. The
    same state gives the same bytes. *draw* gets the alt text and returns the SVG,
    or None where nothing on this machine can draw it. *narrow* does so for a window
    as narrow as a phone's, and stands in for *draw*. With neither, the text stands alone.
    """

    def __init__(self, text: str, alt: str, draw: Draw, narrow: Draw | None = None) -> None:
        self._text = text
        self._draw = draw
        self._narrow = narrow
        self.alt = alt

    def __repr__(self) -> str:
        return self._text

    @cached_property
    def svg(self) -> str | None:
        """The SVG, a whole file in itself; None where nothing could draw it."""
        return self._draw(self.alt)

    @cached_property
    def narrow_svg(self) -> str | None:
        """The SVG for a narrow window; None where the wide one serves for both."""
        return self._narrow(self.alt) if self._narrow else None

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, Any]:
        plain = {"text/plain": repr(self)}
        return {"text/html": self.html, **plain} if self.svg or self.narrow_svg else plain

    @property
    def html(self) -> str:
        """The picture in a box of its own that scrolls, and its text twin."""
        both = self.svg and self.narrow_svg
        kinds = ("course-wide", "course-narrow") if both else ("", "")
        boxes = "".join(
            f'<div class="{kind}" style="overflow-x:auto" tabindex="0">{drawn}</div>'
            for kind, drawn in zip(kinds, (self.svg, self.narrow_svg), strict=True)
            if drawn
        )
        pre = f'<pre style="white-space:pre;overflow-x:auto">{safe(repr(self))}</pre>'
        return f'<div class="course-figure">{boxes}{TWIN}{pre}</details></div>'
