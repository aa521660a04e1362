"""Where a lesson runs, SANDBOX or LIVE: a word on its colour, and the same line as text.

The word says it, so that nobody needs to see the colour; white on either has a contrast
above 6 to 1, and what stands beside it takes the theme's own.
"""

from dataclasses import dataclass
from html import escape
from typing import Any

COLOURS = {"SANDBOX": "#1b6e3c", "LIVE": "#a8201a"}
BADGE = "color:#fff;background:{0};border-radius:3px;padding:1px 8px;font-weight:700"
BOX = "border-left:4px solid {0};padding:2px 0 2px 10px"


@dataclass(frozen=True)
class Banner:
    """SANDBOX or LIVE, what is open there, and further lines, such as why there is no LIVE."""

    place: str
    said: str
    more: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return "\n".join((f"{self.place}  {self.said}", *self.more))

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, Any]:
        """The text ends its line, as what is printed does: another output follows it."""
        return {"text/html": self.html, "text/plain": f"{self!r}\n"}

    @property
    def html(self) -> str:
        """A box with the word on its colour, wrapping in a narrow window."""
        colour = COLOURS[self.place]
        badge = f'<span style="{BADGE.format(colour)}">{self.place}</span>'
        more = "".join(f"<br>{escape(line)}" for line in self.more)
        return f'<div style="{BOX.format(colour)}">{badge} {escape(self.said)}{more}</div>'
