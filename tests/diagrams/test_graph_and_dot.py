"""A graph as text and as DOT: golden, in a fixed order, whatever things are called."""

import subprocess
import sys
from collections.abc import Callable
from xml.etree import ElementTree

import pytest

from course.diagrams.dot import quoted, to_dot
from course.diagrams.drawing import draw, heading_size, size
from course.diagrams.engine import place
from course.diagrams.graph import Edge, Fact, Graph, Group, Node
from course.diagrams.stack import draw_stacked

Golden = Callable[[str, str], None]
ODD = 'a"b<c>&d'
SMALL = Graph(
    groups=(
        Group("cluster", "shop", groups=(
            Group("service", "web", "desired 1", nodes=(
                Node("d", "deployment", "PRIMARY deployment", "COMPLETED",
                     (Fact("1 of 1 running"),), 1),
            )),
        )),
        Group("vpc", "vpc-1", "10.0.0.0/16", nodes=(Node("t", "task", "task 1f", "RUNNING", (), 2),)),
    ),
    nodes=(Node("w", "task-definition", "web:1", facts=(
        Fact("image ecr/web:1", "image", "web:1"),), column=0),),
    edges=(Edge("w", "d"), Edge("d", "t")),
)  # fmt: skip


def dot(graph: Graph) -> str:
    return to_dot(graph, size, heading_size)


def odd(title: str) -> Graph:
    node, task = Node(title, "service", title, title, (Fact(title),)), Node("t", "task", "task t")
    return Graph((Group("cluster", title, title, nodes=(node,)),), (task,), (Edge(title, "t"),))


def test_dot(golden: Golden) -> None:
    golden("small.dot", dot(SMALL).rstrip())


def test_text(golden: Golden) -> None:
    golden("small.txt", SMALL.text())


@pytest.mark.parametrize(
    "title", [ODD, "back\\", '\\"', "two\nlines", "é ü 日本", "]]>", "-->", "\x01", ""]
)
def test_odd_names_survive_every_step(title: str) -> None:
    """Whatever a thing is called, all that is drawn is well-formed and says it whole."""
    graph = odd(title)
    for drawn in (draw(graph, title), draw_stacked(graph, title)):
        assert drawn
        root = ElementTree.fromstring(drawn)
        printed = title.replace("\x01", "\ufffd")
        assert root.get("aria-label", "").split() == printed.split()
        words = [one.text or "" for one in root.iter() if one.tag.endswith(("}text", "}title"))]
        assert any(printed in one for one in words)


@pytest.mark.parametrize("title", [ODD, "back\\", '\\"', 'end"'])
def test_graphviz_reads_back_what_was_quoted(title: str) -> None:
    placed = place(dot(odd(title)))
    assert placed
    comments = [one.get("comment", "") for one in placed["objects"]]
    # Graphviz keeps a doubled backslash as it is; only the quote is taken out.
    assert f"service {title}".replace("\\", "\\\\") in comments


def test_a_name_cannot_break_out_of_its_quotes() -> None:
    assert quoted('x" ] evil [ y="') == r'"x\" ] evil [ y=\""'
    assert quoted("a\nb") == '"a b"'


def test_groups_come_before_single_nodes_and_ids_follow() -> None:
    assert [node.id for node in SMALL.all_nodes()] == ["d", "t", "w"]


def test_nothing_overlaps() -> None:
    """Cards and frames as they are drawn: cards apart from each other, each inside its frame."""
    placed = place(dot(SMALL))
    assert placed
    found = {one["name"]: one for one in placed["objects"]}
    left, bottom, right, top = (float(n) for n in found["cluster_g_0"]["bb"].split(","))
    x, y = (float(n) for n in found["n0"]["pos"].split(","))
    wide, high = size(next(SMALL.all_nodes()))
    assert left < x - wide / 2 < x + wide / 2 < right
    assert bottom < y - high / 2 < y + high / 2 < top
    heading = 24 + 16  # of the service's frame, above the card: Graphviz's low y is our top
    assert y - high / 2 - bottom > heading


def test_the_same_graph_gives_the_same_bytes() -> None:
    assert draw(SMALL, "x") == draw(SMALL, "x")
    assert draw_stacked(SMALL, "x") == draw_stacked(SMALL, "x")


def test_the_same_bytes_in_another_process() -> None:
    """No set's order and no address in memory gets into a picture."""
    script = (
        "from course.diagrams.graph import *; from course.diagrams.drawing import draw; import hashlib;"
        "n = [Node(str(i), 'task', f'task {i}', column=i % 3) for i in range(9)];"
        "g = Graph(nodes=tuple(n), edges=tuple(Edge(str(i), str(i + 1)) for i in range(0, 8, 3)));"
        "print(hashlib.sha256(draw(g, 'x').encode()).hexdigest())"
    )
    told = {
        subprocess.run(
            [sys.executable, "-c", script],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": "."},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(told) == 1


def test_stacked_cards_say_what_an_arrow_would() -> None:
    drawn = draw_stacked(SMALL, "x")
    assert "← PRIMARY deployment" in drawn
    assert 'class="arrow"' not in drawn
    assert 'class="arrow"' in (draw(SMALL, "x") or "")
