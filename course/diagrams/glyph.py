"""The course's own glyphs: simple drawings of 24 by 24, one a kind of thing.

They are files under ``glyphs/``, each a whole SVG drawn in ``currentColor``, so
they take the colour of what they stand in. None is AWS's art, for which no
package gives a licence; the name of the service always stands beside it in words.
"""

import re
from functools import cache
from importlib.resources import files

_folder = files("course.diagrams") / "glyphs"


@cache
def kinds() -> list[str]:
    """Every kind that has a glyph, sorted."""
    names = (file.name for file in _folder.iterdir())
    return sorted(name.removesuffix(".svg") for name in names if name.endswith(".svg"))


@cache
def strokes(kind: str) -> str:
    """What a glyph is drawn with, to stand inside another SVG; raises KeyError for none."""
    if kind not in kinds():
        raise KeyError(f"no glyph for {kind!r}; there are {', '.join(kinds())}")
    whole = (_folder / f"{kind}.svg").read_text("utf-8")
    return re.sub(r"^<svg[^>]*>|</svg>\s*$", "", whole)
