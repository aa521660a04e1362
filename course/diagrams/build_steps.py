"""A build's steps one below the other: reused from the cache, or carried out anew."""

from itertools import pairwise
from textwrap import wrap
from typing import Any

from course.diagrams import svg
from course.diagrams.picture import Picture

WIDTH, RAIL, LEFT, NOTE = 340, 20, 40, 42
"""Pixels: the picture, the line of steps, the text beside it; and letters in a line of text."""


def build_steps(build: Any) -> Picture:
    """The picture of a build of ``course.images``: each step, CACHED or built, and its layer."""
    return Picture(repr(build), _sentence(build), lambda alt: _draw(build, alt))


def _sentence(build: Any) -> str:
    told = [f"{_word(step)} {step.instruction}" for step in build.steps]
    return f"A build of {len(told)} steps, {build.built} of them carried out: {', '.join(told)}."


def _word(step: Any) -> str:
    return "CACHED" if step.reused else "built"


def _draw(build: Any, alt: str) -> str:
    count = len(build.steps)
    pieces = [svg.text(LEFT, 24, f"{build.built} of {count} steps built", "title")]
    top, tops = 40.0, []
    for step in build.steps:
        tops.append(top)
        lines = wrap(str(step.instruction), NOTE, break_on_hyphens=False)
        word = _word(step)
        tone = "stopped" if step.reused else "running"
        made = f"{step.layer.digest[:19]}…" if step.layer else "configuration only"
        pieces += [
            svg.circle(RAIL, top + 9, 5, "stop passed"),
            svg.pill(LEFT, top, word, tone),
            svg.text(LEFT + svg.pill_width(word) + 8, top + 13, made, "mono"),
            *(svg.text(LEFT + 4, top + 34 + 17 * i, one) for i, one in enumerate(lines)),
        ]
        top += 34 + 17 * len(lines)
    ways = [svg.line(RAIL, one + 9, RAIL, below + 9, "way") for one, below in pairwise(tops)]
    return svg.picture(WIDTH, top + 4, [*ways, *pieces], alt, least=250)
