"""A graph drawn: Graphviz finds the places, cards and frames are drawn there.

Node sizes are known before (a card's height follows from its lines), so nothing
depends on the fonts of the machine that draws.
"""

from collections.abc import Iterator
from functools import partial
from typing import Any

from course.diagrams import svg
from course.diagrams.dot import Size, to_dot
from course.diagrams.engine import place
from course.diagrams.graph import Graph, Group, Node, name
from course.diagrams.tones import LIT, tone

WIDTH = 220
MARGIN = 12
LINE = 18
TITLE = 36
"""Heights and widths of a card, in pixels: a title of 36, then 18 a line."""

FRAME = 196
"""The least width of a frame's heading."""


def draw(
    graph: Graph,
    alt: str,
    *,
    card_width: float = WIDTH,
    shrinks_to: float = 1,
    around: bool = False,
) -> str | None:
    """The SVG of *graph*, or None where no engine can place it.

    In a window that is narrower it shrinks, to no less than this part of its width; then it
    scrolls. With *around*, arrows that pass a column go around its cards, as Graphviz leads them.
    """
    placed = place(to_dot(graph, partial(size, wide=card_width), heading_size, label_size))
    if placed is None:
        return None
    left, bottom, right, top = _numbers(placed["bb"])
    plan = _Plan(placed, left - MARGIN, bottom - MARGIN, card_width)
    pieces = [*_arrows(graph, plan, around), *_cards(graph, plan)]
    frames = list(_frames(graph.groups, plan, "g"))
    wide, high = right - left + 2 * MARGIN, top - bottom + 2 * MARGIN
    return svg.picture(wide, high, [*frames, *pieces], alt, least=wide * shrinks_to)


def size(node: Node, wide: float = WIDTH) -> Size:
    """The width and height of a node's card."""
    lines = len(node.facts) + (1.3 if node.state else 0)
    return wide, TITLE + lines * LINE + (6 if lines else 0)


def label_size(words: str) -> Size:
    """The room for what an arrow says."""
    return svg.width(words, 11) + 16, 16


def heading_size(group: Group) -> Size:
    """The room Graphviz keeps for a frame's heading, beside its own spacing."""
    return FRAME, 24 if group.note else 10


class _Plan:
    """Graphviz's places in a picture's own coordinates; see ``dot`` for why y is as it was."""

    def __init__(self, placed: dict[str, Any], left: float, bottom: float, wide: float) -> None:
        self._left, self._bottom, self.wide = left, bottom, wide
        self._named = {one["name"]: one for one in placed.get("objects", ())}
        names = {one["_gvid"]: name for name, one in self._named.items()}
        self._edges = {
            (names[one["tail"]], names[one["head"]]): one["pos"] for one in placed.get("edges", ())
        }

    def at(self, x: float, y: float) -> Size:
        return x - self._left, y - self._bottom

    def arrow(self, tail: str, head: str) -> tuple[Size, list[Size]]:
        """An arrow's tip, and Graphviz's curve to it: a start, then three points for each bend."""
        tip, *curve = self._edges[tail, head].split()
        return self.at(*_numbers(tip.removeprefix("e,"))), [self.at(*_numbers(p)) for p in curve]

    def corner(self, name: str, node: Node) -> Size:
        """The upper left corner of a card."""
        wide, high = size(node, self.wide)
        x, y = self.at(*_numbers(self._named[name]["pos"]))
        return x - wide / 2, y - high / 2

    def frame(self, name: str) -> tuple[float, float, float, float]:
        """The upper left corner of a frame, its width and its height."""
        left, bottom, right, top = _numbers(self._named[name]["bb"])
        return *self.at(left, bottom), right - left, top - bottom


def _frames(groups: tuple[Group, ...], plan: _Plan, prefix: str) -> Iterator[str]:
    for number, group in enumerate(groups):
        own = f"{prefix}_{number}"
        yield from frame(group, plan.frame(f"cluster_{own}"), outer=prefix == "g")
        yield from _frames(group.groups, plan, own)


def frame(group: Group, place: tuple[float, float, float, float], *, outer: bool) -> Iterator[str]:
    """A group's frame and title; *place* is its upper left corner, its width and height."""
    x, y, wide, high = place
    yield svg.box(x, y, wide, high, "inner" if outer else "card", radius=8)
    yield svg.titled(f"{group.kind} {group.title}", *_heading(group, x, y, wide))


def _heading(group: Group, x: float, y: float, wide: float) -> Iterator[str]:
    room = wide - 50
    note = group.short or group.note
    yield svg.glyph(x + 12, y + (12 if note else 8), group.kind)
    title = svg.fitted(group.title, room, 13, bold=True)
    yield svg.text(x + 40, y + (20 if note else 23), title, "title")
    if note:
        yield svg.text(x + 40, y + 36, svg.fitted(note, room), "soft")


def _cards(graph: Graph, plan: _Plan) -> Iterator[str]:
    for number, node in enumerate(graph.all_nodes()):
        yield from card(node, *plan.corner(f"n{number}", node), plan.wide)


def card(node: Node, x: float, y: float, wide: float = WIDTH) -> Iterator[str]:
    """A node's card with its upper left corner here; the pointer brings up all it says."""
    whole = "\n".join(filter(None, (name(node), node.state, *map(str, node.facts))))
    yield svg.titled(whole, *_lines(node, x, y, wide))


def _lines(node: Node, x: float, y: float, wide: float) -> Iterator[str]:
    lit = " lit" if tone(node.state) == LIT else ""
    yield svg.box(x, y, wide, size(node)[1], f"card{lit}")
    yield svg.glyph(x + 10, y + 9, node.kind)
    yield svg.text(x + 38, y + 24, svg.fitted(node.title, wide - 44, 13, bold=True), "title")
    below = y + TITLE
    if node.state:
        yield svg.pill(x + 38, below, node.state, tone(node.state))
        below += 1.3 * LINE
    for fact in node.facts:
        if fact.kind:
            yield svg.glyph(x + 16, below, fact.kind, 14)
        yield svg.text(x + 38, below + 12, svg.fitted(fact.short or fact.text, wide - 44), "soft")
        below += LINE


def _arrows(graph: Graph, plan: _Plan, around: bool) -> Iterator[str]:
    """From side to side in one bend, which stays in the gap between two columns; its label half way."""
    ids = {node.id: f"n{number}" for number, node in enumerate(graph.all_nodes())}
    for edge in graph.edges:
        tip, curve = plan.arrow(ids[edge.tail], ids[edge.head])
        tail = curve[0]
        middle = (tail[0] + tip[0]) / 2
        one_bend = [(middle, tail[1]), (middle, tip[1]), tip]
        bends = curve[1:] if around and len(curve) > len(one_bend) + 1 else one_bend
        yield f'<path d="M{_pair(tail)}C{" ".join(map(_pair, bends))}" class="arrow"/>'
        wings = f"{_pair((tip[0] - 7, tip[1] - 3.5))} {_pair((tip[0] - 7, tip[1] + 3.5))}"
        yield f'<path d="M{_pair(tip)}L{wings}z" class="head"/>'
        if edge.label:
            y = (tail[1] + tip[1]) / 2 + 4
            yield svg.text(middle, y, edge.label, "small over", anchor="middle")


def _pair(point: Size) -> str:
    return f"{svg.n(point[0])},{svg.n(point[1])}"


def _numbers(text: str) -> tuple[float, ...]:
    return tuple(map(float, text.split(",")))
