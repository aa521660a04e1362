"""The patterns of microservices, drawn from data: ``patterns.toml`` says what stands where, and what goes there."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache, partial
from importlib.resources import files

from course.diagrams.drawing import draw
from course.diagrams.graph import Edge, Fact, Graph, Node
from course.diagrams.picture import Picture
from course.diagrams.stack import draw_stacked

CARD, SHRINKS_TO = 158, 0.72
"""Pixels of a card, and how far a picture of up to five columns shrinks before it scrolls."""


class UnknownPattern(LookupError):
    """There is no pattern of this name; the message names the nearest."""


@dataclass(frozen=True)
class Pattern:
    """One pattern: its name, its title, what it says in a sentence or two, and its graph."""

    name: str
    title: str
    says: str
    graph: Graph

    @property
    def picture(self) -> Picture:
        """The pattern, drawn."""
        return drawn(self.graph, f"{self.title}. {self.says}", self.title)


def drawn(graph: Graph, alt: str, title: str) -> Picture:
    """A small graph with words on its arrows, as every pattern is drawn; *title* heads its text."""
    wide = partial(draw, graph, card_width=CARD, shrinks_to=SHRINKS_TO)
    return Picture(f"{title}\n{graph.text()}", alt, wide, partial(draw_stacked, graph))


@cache
def patterns() -> Mapping[str, Pattern]:
    """Every pattern by its name, in the order of the data."""
    text = (files("course.diagrams") / "patterns.toml").read_text("utf-8")
    return {one["name"]: _read(**one) for one in tomllib.loads(text)["pattern"]}


def _read(
    name: str, title: str, says: str, nodes: list[dict[str, object]], arrows: list[list[str]]
) -> Pattern:
    made = tuple(_node(**one) for one in nodes)  # type: ignore[arg-type]
    return Pattern(name, title, says, Graph(nodes=made, edges=tuple(Edge(*one) for one in arrows)))


def _node(id: str, kind: str, title: str, facts: tuple[str, ...] = ()) -> Node:
    return Node(id, kind, title, facts=tuple(Fact(one) for one in facts))


def find_pattern(name: str) -> Pattern:
    """The pattern of this name. Raises UnknownPattern, which names the nearest."""
    if name in patterns():
        return patterns()[name]
    near = get_close_matches(name, patterns(), n=1, cutoff=0.4)
    meant = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(patterns())}."
    raise UnknownPattern(f"There is no pattern {name!r}; {meant}")
