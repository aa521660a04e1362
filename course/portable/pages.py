"""Texts side by side: panes that stand beside each other where there is room, and below each other where not."""

from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

BESIDE = "display:flex;flex-wrap:wrap;gap:0 2em"
PANE = "flex:1 1 22em;min-width:0;margin:0"
TEXT = "overflow-x:auto;white-space:pre;margin:0 0 1em"


@dataclass(frozen=True)
class Pages:
    """Panes of (title, text); shown in a notebook, and as plain text everywhere else."""

    panes: tuple[tuple[str, str], ...]

    def __repr__(self) -> str:
        return "\n\n".join(f"# {title}\n{text.rstrip()}" for title, text in self.panes)

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, Any]:
        return {"text/html": self.html, "text/plain": repr(self)}

    @property
    def html(self) -> str:
        """A figure for each pane; a long line scrolls within it, by the keyboard as well."""
        return f'<div style="{BESIDE}">{"".join(map(_figure, self.panes))}</div>'


def _figure(pane: tuple[str, str]) -> str:
    title, text = map(escape, pane)
    box = f'<pre style="{TEXT}" tabindex="0" aria-label="{title}">{text}</pre>'
    return f'<figure style="{PANE}"><figcaption><b>{title}</b></figcaption>{box}</figure>'


def pages(*paths: str | Path) -> Pages:
    """Files as they are now, side by side. Raises FileNotFoundError for one that is not there."""
    return Pages(tuple((Path(one).name, Path(one).read_text("utf-8")) for one in paths))
