"""The big picture: what there is around a container service, with the parts of one lesson lit.

Data, as the patterns are (``big_picture.toml``). A part of the present lesson says so in
a word, so that no colour has to; whoever reads the text finds the word there as well.
"""

import tomllib
from dataclasses import dataclass, replace
from functools import cache, partial
from importlib.resources import files
from typing import Any

from course.diagrams.drawing import draw
from course.diagrams.graph import Edge, Fact, Graph, Node
from course.diagrams.picture import Picture
from course.diagrams.stack import draw_stacked

HERE = "this lesson"
CARD, SHRINKS_TO = 158, 0.68


@dataclass(frozen=True)
class Part:
    """One part: how it is drawn, and the numbers of the lessons that are about it."""

    node: Node
    lessons: tuple[int, ...]


def big_picture(lesson: int | None = None) -> Picture:
    """The map, with what is of this lesson lit; with none lit where a lesson is about no part."""
    graph = to_graph(lesson)
    lit = [node.title for node in graph.all_nodes() if node.state]
    said = f"lit: {', '.join(lit)}" if lit else "no part is lit"
    alt = f"The big picture, what there is around a container service; {said}."
    bare = replace(graph, edges=tuple(replace(one, label="") for one in graph.edges))
    wide = partial(draw, bare, card_width=CARD, shrinks_to=SHRINKS_TO, around=True)
    return Picture(f"The big picture\n{graph.text()}", alt, wide, partial(draw_stacked, graph))


def to_graph(lesson: int | None = None) -> Graph:
    """The map as a graph; what its arrows say, the wide picture leaves to the text, for want of room."""
    nodes = tuple(
        replace(part.node, state=HERE if lesson in part.lessons else "") for part in parts()
    )
    return Graph(nodes=nodes, edges=tuple(Edge(*one) for one in _data()["arrows"]))


@cache
def parts() -> tuple[Part, ...]:
    """Every part of the map."""
    return tuple(_part(**one) for one in _data()["parts"])


def _part(id: str, kind: str, title: str, column: int, lessons: list[int]) -> Part:
    return Part(Node(id, kind, title, "", (Fact(f"in {_runs(lessons)}"),), column), tuple(lessons))


def _runs(numbers: list[int]) -> str:
    """``02, 04-06``: numbers that follow each other as one run."""
    starts = [one for one in numbers if one - 1 not in numbers]
    ends = [one for one in numbers if one + 1 not in numbers]
    pairs = zip(starts, ends, strict=True)
    return ", ".join(f"{a:02}" if a == b else f"{a:02}-{b:02}" for a, b in pairs)


@cache
def _data() -> dict[str, list[Any]]:
    text = (files("course.diagrams") / "big_picture.toml").read_text("utf-8")
    return tomllib.loads(text)
