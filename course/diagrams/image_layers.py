"""An image as a stack: its layers from the base up, and the layer a container writes in on top."""

from textwrap import wrap
from typing import Any

from course.diagrams import svg
from course.diagrams.picture import Picture

WIDTH, LEFT, ROW, NOTE, SOFT = 340, 14, 26, 38, 46
"""Pixels: the picture, its edge, a line of text; and letters in a line of a title and of a note."""

CONTAINER = "a container's own layer: all it writes"
"""What stands on top while a container runs, and goes with it."""


def image_layers(image: Any) -> Picture:
    """The picture of an image of ``course.images``: layers, configuration, digest."""
    rows = list(zip(image.made_by, image.layers, strict=True))[::-1]
    count = len(rows)
    alt = f"An image of {count} layers: {', on '.join(by for by, _ in rows)}. {CONTAINER}."
    return Picture(f"{CONTAINER}, on\n{image!r}", alt, lambda said: _draw(image, rows, said))


def _draw(image: Any, rows: list[tuple[str, Any]], alt: str) -> str:
    pieces = [
        svg.glyph(LEFT, 12, "image"),
        svg.text(LEFT + 28, 22, "image", "title"),
        svg.text(LEFT + 28, 38, image.digest[:33] + "…", "mono"),
    ]
    pieces.append(svg.box(LEFT, 54, WIDTH - 2 * LEFT, 30, "starting", radius=6))
    pieces.append(svg.text(LEFT + 10, 73, CONTAINER, "on-starting"))
    top = 90.0
    for by, blob in rows:
        lines = wrap(by, NOTE, break_on_hyphens=False)
        high = ROW + 18 * len(lines)
        whole = f"{by}\n{blob.digest}, {blob.size:,} bytes"
        pieces.append(
            svg.titled(
                whole,
                svg.box(LEFT, top, WIDTH - 2 * LEFT, high, "card"),
                *(
                    svg.text(LEFT + 10, top + 20 + 18 * i, one, "title")
                    for i, one in enumerate(lines)
                ),
                svg.text(
                    LEFT + 10, top + high - 9, f"{blob.digest[:23]}…  {blob.size:,} bytes", "mono"
                ),
            )
        )
        top += high + 4
    for line in wrap(f"configuration: {', '.join(sorted(image.settings))}", SOFT):
        pieces.append(svg.text(LEFT + 10, top + 16, line, "soft"))
        top += 16
    return svg.picture(WIDTH, top + 12, pieces, alt, least=250)
