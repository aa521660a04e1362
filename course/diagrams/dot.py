"""A graph as DOT, the language of Graphviz: what stands in what, and how large it is.

Graphviz only finds the places; the course draws. So nodes carry no text, only
their sizes in points (one point is one pixel of the picture), and a comment that
tells a person which is which. Pure: the same graph gives the same text.

Graphviz fills a column from the bottom, and its y grows upwards; ours grows
downwards. So its y is taken as it is: the first comes first, and a group's title,
which has its room at the bottom here, stands at the top of the picture.

Graphviz: https://graphviz.org/doc/info/lang.html
"""

from collections.abc import Callable, Iterator

from course.diagrams.graph import Graph, Group, Node

Size = tuple[float, float]

HEAD = """\
digraph {{
  graph [rankdir=LR, ranksep="{gap}", nodesep="0.16", newrank=true]
  node [shape=box, fixedsize=true, label=""]
"""

GAP, GAP_BESIDE_LABEL = "0.7", "0.3"
"""Inches between two columns; where an arrow has a label, its room comes on top."""


def to_dot(
    graph: Graph,
    size: Callable[[Node], Size],
    head: Callable[[Group], Size],
    label: Callable[[str], Size] = lambda words: (0, 0),
) -> str:
    """DOT for *graph*; *size* is a node's width and height, *head* a group's title's, *label* an arrow's."""
    ids = {node.id: f"n{i}" for i, node in enumerate(graph.all_nodes())}
    # The last first: where no arrow decides, that is how Graphviz comes to keep the order.
    lines = list(_groups(graph.groups, ids, size, head, "  ", "g"))
    lines += [_node(node, ids, size, "  ") for node in reversed(graph.nodes)]
    lines += list(_columns(graph, ids))
    for edge in graph.edges:
        room = f" [label={_room(*label(edge.label))}]" if edge.label else ""
        lines.append(f"  {ids[edge.tail]}:e -> {ids[edge.head]}:w{room}")
    gap = GAP_BESIDE_LABEL if any(edge.label for edge in graph.edges) else GAP
    return HEAD.format(gap=gap) + "".join(f"{line}\n" for line in lines) + "}\n"


def _groups(
    groups: tuple[Group, ...],
    ids: dict[str, str],
    size: Callable[[Node], Size],
    head: Callable[[Group], Size],
    indent: str,
    prefix: str,
) -> Iterator[str]:
    numbered = list(enumerate(groups))
    for number, group in reversed(numbered) if prefix == "g" else numbered:
        own = f"{prefix}_{number}"
        yield f"{indent}subgraph cluster_{own} {{ // {_one_line(f'{group.kind} {group.title}')}"
        yield f"{indent}  graph [margin=12, labelloc=b, label={_room(*head(group))}]"
        yield from _groups(group.groups, ids, size, head, indent + "  ", own)
        for node in group.nodes:
            yield _node(node, ids, size, indent + "  ")
        yield f"{indent}}}"


def _columns(graph: Graph, ids: dict[str, str]) -> Iterator[str]:
    columns: dict[int, list[str]] = {}
    for node in graph.all_nodes():
        if node.column is not None:
            columns.setdefault(node.column, []).append(ids[node.id])
    for _, members in sorted(columns.items()):
        yield f"  {{ rank=same; {'; '.join(members)} }}"


def _node(node: Node, ids: dict[str, str], size: Callable[[Node], Size], indent: str) -> str:
    width, height = size(node)
    inches = f"width={width / 72:.4f}, height={height / 72:.4f}"
    return f"{indent}{ids[node.id]} [{inches}, comment={quoted(f'{node.kind} {node.title}')}]"


def _room(width: float, height: float) -> str:
    """A label that shows nothing and keeps room for a group's title, or for an arrow's."""
    table = f'<TABLE BORDER="0" FIXEDSIZE="TRUE" WIDTH="{width:.0f}" HEIGHT="{height:.0f}">'
    return f"<{table}<TR><TD></TD></TR></TABLE>>"


def quoted(text: str) -> str:
    """*text* as a DOT string. A backslash is doubled, or one at the end would take the quote."""
    return '"' + _one_line(text).replace("\\", "\\\\").replace('"', '\\"') + '"'


def _one_line(text: str) -> str:
    """*text* without what neither DOT nor the JSON that comes back can hold."""
    return "".join(letter if letter.isprintable() else "?" for letter in " ".join(text.split()))
