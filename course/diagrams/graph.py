"""A plain graph: nodes with facts, groups inside groups, edges; and the same as text.

Standard library only, and nothing of AWS: what a node is, its *kind* says, and
the kind is also the name of its glyph.
"""

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fact:
    """One line about a node; *kind* names the glyph beside it, if it has one.

    A card has little room, and the glyph says much: *short* stands on it where it is given.
    """

    text: str
    kind: str = ""
    short: str = ""

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Node:
    """One thing. *id* is unique in its graph; *state* is AWS's word for how it is.

    Nodes of one *column* stand below each other; None lets the arrows decide.
    """

    id: str
    kind: str
    title: str
    state: str = ""
    facts: tuple[Fact, ...] = ()
    column: int | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Things that stand together inside something that has a name itself.

    *short* stands under the title where the whole *note* would not fit.
    """

    kind: str
    title: str
    note: str = ""
    short: str = ""
    groups: tuple["Group", ...] = ()
    nodes: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True)
class Edge:
    """An arrow from the node *tail* to the node *head*, both named by id; *label* says what goes there."""

    tail: str
    head: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Graph:
    """All of a picture, before anybody decides where it stands."""

    groups: tuple[Group, ...] = ()
    nodes: tuple[Node, ...] = ()
    edges: tuple[Edge, ...] = ()

    def all_nodes(self) -> Iterator[Node]:
        """Every node, those of groups first, in a fixed order."""
        for group in self.groups:
            yield from _nodes(group)
        yield from self.nodes

    def text(self) -> str:
        """The graph as an indented list, each arrow under the node it leaves."""
        names = {node.id: name(node) for node in self.all_nodes()}
        arrows: dict[str, list[str]] = {}
        for edge in self.edges:
            told = f" ({edge.label})" if edge.label else ""
            arrows.setdefault(edge.tail, []).append(names[edge.head] + told)
        lines = [line for group in self.groups for line in _group_lines(group, arrows, "")]
        lines += [line for node in self.nodes for line in _node_lines(node, arrows, "")]
        return "\n".join(lines)


def name(node: Node) -> str:
    """What a node is called in a sentence: its kind and its title."""
    kind = node.kind.replace("-", " ")
    return node.title if kind in node.title.lower() else f"{kind} {node.title}".strip()


def _nodes(group: Group) -> Iterator[Node]:
    for inner in group.groups:
        yield from _nodes(inner)
    yield from group.nodes


def _group_lines(group: Group, arrows: dict[str, list[str]], indent: str) -> Iterator[str]:
    note = f": {group.note}" if group.note else ""
    yield f"{indent}{group.kind.replace('-', ' ')} {group.title}{note}"
    for inner in group.groups:
        yield from _group_lines(inner, arrows, indent + "  ")
    for node in group.nodes:
        yield from _node_lines(node, arrows, indent + "  ")


def _node_lines(node: Node, arrows: dict[str, list[str]], indent: str) -> Iterator[str]:
    facts = f": {', '.join(map(str, node.facts))}" if node.facts else ""
    yield f"{indent}{' '.join(filter(None, (name(node), node.state)))}{facts}"
    if node.id in arrows:
        yield f"{indent}  -> {', '.join(arrows[node.id])}"
