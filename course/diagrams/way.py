"""A way through the network, element by element, up to the one that stops it.

The sandbox's own engine has looked; this draws what it found. One column, which
also fits a narrow window.
"""

from collections.abc import Iterator
from itertools import pairwise
from textwrap import wrap
from typing import TYPE_CHECKING

from course.diagrams import svg
from course.diagrams.picture import Picture

if TYPE_CHECKING:
    from course.sandbox.network.verdict import Step
    from course.sandbox.tracer import Leg, Trace

WIDTH, RAIL, LEFT, NOTE = 360, 20, 40, 46
"""Pixels: the picture, the line of steps, the text beside it; and letters in a line of text."""


def way(trace: "Trace") -> Picture:
    """The picture of a trace: every element on each of its ways, and which one decides."""
    return Picture(_text(trace), _sentence(trace), lambda alt: _draw(trace, alt))


def _sentence(trace: "Trace") -> str:
    """The alt text: whether it gets there, and by which element it does not."""
    verdict = trace.decides.verdict
    if trace.reached:
        return f"{_heading(trace)}: reached."
    return f"{_heading(trace)}: not reached. The {verdict.kind} decides: {verdict.why}."


def _heading(trace: "Trace") -> str:
    return f"From {trace.source} to {trace.target}"


def _outcome(trace: "Trace") -> str:
    return "reached" if trace.reached else f"not reached: {trace.decides.verdict.element} decides"


def _text(trace: "Trace") -> str:
    lines = [f"{_heading(trace)}: {_outcome(trace)}"]
    for leg in trace.legs:
        lines.append(f"  {_title(leg)}: {'reached' if leg.verdict.reached else 'not reached'}")
        lines += [f"    {_mark(step)} {step.kind:<16} {step.says}" for step in leg.verdict.path]
    return "\n".join(lines)


def _title(leg: "Leg") -> str:
    return f"to {leg.to}, port {leg.port}"


def _mark(step: "Step") -> str:
    return "x" if step.passes else "!"


def _draw(trace: "Trace", alt: str) -> str:
    pieces = [
        svg.text(LEFT, 24, svg.fitted(_heading(trace), WIDTH - LEFT - 8, 13, bold=True), "title")
    ]
    top = 40.0
    for leg in trace.legs:
        pieces.append(svg.text(LEFT, top + 12, svg.fitted(_title(leg), WIDTH - LEFT - 8), "soft"))
        drawn, top = _leg(leg, top + 26)
        pieces += drawn
    return svg.picture(WIDTH, top + 4, pieces, alt, least=250)


def _leg(leg: "Leg", top: float) -> tuple[list[str], float]:
    """The steps of one way below each other, and where the next one may begin."""
    pieces, tops = list[str](), list[float]()
    for step in leg.verdict.path:
        lines = wrap(step.says, NOTE, break_on_hyphens=False)
        pieces += _step(step, lines, top)
        tops.append(top)
        top += 34 + 17 * len(lines)
    ways = [svg.line(RAIL, one + 9, RAIL, below + 9, "way") for one, below in pairwise(tops)]
    return [*ways, *pieces], top + 6


def _step(step: "Step", lines: list[str], top: float) -> Iterator[str]:
    word, tone = ("PASSES", "running") if step.passes else ("STOPS", "failed")
    yield svg.circle(
        RAIL, top + 9, 5 if step.passes else 7, "stop passed" if step.passes else "stop present"
    )
    yield svg.pill(LEFT, top, word, tone)
    beside = LEFT + svg.pill_width(word) + 8
    yield svg.text(beside, top + 13, svg.fitted(step.kind, WIDTH - beside - 8), "mono")
    for number, line in enumerate(lines):
        yield svg.text(LEFT + 4, top + 34 + 17 * number, line)
