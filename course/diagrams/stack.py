"""A graph drawn as one column, for a narrow window: everything below everything, no arrows.

It needs no Graphviz, so it is also what is seen on a machine where nothing can
place the wide picture. What an arrow would say, a line on the card says.
"""

from collections.abc import Iterable
from dataclasses import replace

from course.diagrams import svg
from course.diagrams.drawing import MARGIN, WIDTH, card, frame, size
from course.diagrams.graph import Edge, Fact, Graph, Group, Node, name

INSIDE, GAP, HEADING, NOTE = 12, 10, 34, 12
"""Pixels: beside what stands in a frame, between things, for a frame's title and its note."""

DEPTH = 2
"""How many frames stand inside each other at least, so that cards of most pictures are as wide."""


def draw_stacked(graph: Graph, alt: str) -> str:
    """The SVG of *graph* as one column."""
    depth = max(DEPTH, _depth(graph.groups))
    column = _Column(graph.edges, {node.id: node for node in graph.all_nodes()}, depth)
    pieces, bottom = column.of(graph.nodes, graph.groups, MARGIN, MARGIN, 0)
    wide = WIDTH + 2 * (depth * INSIDE + MARGIN)
    return svg.picture(wide, bottom - GAP + MARGIN, pieces, alt, least=250)


def _depth(groups: Iterable[Group]) -> int:
    """How many frames stand inside each other."""
    return max((1 + _depth(one.groups) for one in groups), default=0)


class _Column:
    """Cards and frames one below the other; *edges* become lines on the cards they lead to."""

    def __init__(self, edges: Iterable[Edge], nodes: dict[str, Node], depth: int) -> None:
        self._tails: dict[str, list[tuple[Node, str]]] = {}
        for edge in edges:
            self._tails.setdefault(edge.head, []).append((nodes[edge.tail], edge.label))
        self._depth = depth

    def of(
        self, nodes: Iterable[Node], groups: Iterable[Group], x: float, y: float, depth: int
    ) -> tuple[list[str], float]:
        """The pieces of these things from *y* on, and where the next would begin."""
        pieces: list[str] = []
        for node in nodes:
            told = self._told(node)
            pieces += card(told, x, y, WIDTH + 2 * INSIDE * (self._depth - depth))
            y += size(told)[1] + GAP
        for group in groups:
            top = y + HEADING + (NOTE if group.note else 0)
            inner, bottom = self.of(group.nodes, group.groups, x + INSIDE, top, depth + 1)
            wide = WIDTH + 2 * INSIDE * (self._depth - depth)
            high = bottom - GAP + INSIDE - y
            pieces += [*frame(group, (x, y, wide, high), outer=depth == 0), *inner]
            y += high + GAP
        return pieces, y

    def _told(self, node: Node) -> Node:
        """The node with what leads to it, as far as no line of it says that already."""
        added = tuple(
            Fact(f"← {label}, {tail.title}" if label else f"← {name(tail)}")
            for tail, label in self._tails.get(node.id, ())
            if not any(tail.title in str(fact) for fact in node.facts)
        )
        return replace(node, facts=(*node.facts, *added))
