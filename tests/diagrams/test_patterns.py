"""The patterns as data: every one can be drawn, says what it shows, and refers to what is there."""

from xml.etree import ElementTree

import pytest

from course.diagrams.glyph import kinds
from course.diagrams.graph import Edge, Graph, Node
from course.diagrams.patterns import Pattern, UnknownPattern, find_pattern, patterns
from course.diagrams.svg import fitted
from tests.diagrams.isomorphism import same

every_pattern = pytest.mark.parametrize("pattern", patterns().values(), ids=patterns())


def test_the_three_deployments_and_the_three_ways_to_communicate() -> None:
    deployments, communication = list(patterns())[:3], list(patterns())[3:]
    assert deployments == ["lambda", "ecs-behind-alb", "ecs-behind-api"]
    assert communication == ["api-driven", "event-driven", "data-streaming"]


@every_pattern
def test_arrows_lead_from_and_to_what_is_there_and_nothing_stands_alone(pattern: Pattern) -> None:
    ids = [node.id for node in pattern.graph.all_nodes()]
    assert len(set(ids)) == len(ids)
    assert {end for one in pattern.graph.edges for end in (one.tail, one.head)} == set(ids)
    assert all(edge.label for edge in pattern.graph.edges)
    assert {node.kind for node in pattern.graph.all_nodes()} <= set(kinds())


@every_pattern
def test_it_is_drawn_with_all_its_words_wide_and_narrow(pattern: Pattern) -> None:
    picture = pattern.picture
    assert picture.svg
    assert picture.narrow_svg
    words = [node.title for node in pattern.graph.all_nodes()]
    words += [str(fact) for node in pattern.graph.all_nodes() for fact in node.facts]
    words += [edge.label for edge in pattern.graph.edges]
    for svg in (picture.svg, picture.narrow_svg):
        root = ElementTree.fromstring(svg)
        assert root.get("aria-label") == picture.alt
        drawn = " ".join(one.text or "" for one in root.iter() if one.tag.endswith("}text"))
        assert [word for word in words if word not in drawn] == []
    assert [word for word in words if word not in repr(picture)] == []


@every_pattern
def test_the_alt_text_says_what_the_title_and_the_sentence_say(pattern: Pattern) -> None:
    assert pattern.picture.alt == f"{pattern.title}. {pattern.says}"
    assert repr(pattern.picture).startswith(f"{pattern.title}\n")


@every_pattern
def test_it_is_no_pattern_but_itself(pattern: Pattern) -> None:
    assert [one.name for one in patterns().values() if same(one.graph, pattern.graph)] == [
        pattern.name
    ]


def test_the_text_says_what_goes_along_an_arrow() -> None:
    assert repr(find_pattern("lambda").picture).splitlines()[1:3] == [
        "Visitors",
        "  -> API Gateway (HTTPS)",
    ]


def test_an_unknown_pattern_names_the_nearest() -> None:
    with pytest.raises(UnknownPattern, match="did you mean 'ecs-behind-alb'"):
        find_pattern("ecs-behind-elb")
    with pytest.raises(UnknownPattern, match="there are lambda, ecs-behind-alb"):
        find_pattern("zzz")


NODES = (Node("a", "task", "A"), Node("b", "task", "B"), Node("c", "queue", "C"))
WAY = (Edge("a", "b", "x"), Edge("b", "c", "y"))
RENAMED = (Node("1", "queue", "one"), Node("2", "task", "two"), Node("3", "task", "three"))


@pytest.mark.parametrize(
    ("edges", "is_same"),
    [
        ((Edge("2", "3", "x"), Edge("3", "1", "y")), True),
        ((Edge("3", "2", "x"), Edge("2", "1", "y")), True),
        ((Edge("2", "3", "x"), Edge("2", "1", "y")), False),  # from another node
        ((Edge("3", "2", "x"), Edge("1", "2", "y")), False),  # the other way round
        ((Edge("2", "3", "x"), Edge("3", "1", "z")), False),  # another label
        ((Edge("2", "3", "x"),), False),
    ],
)
def test_what_same_means(edges: tuple[Edge, ...], is_same: bool) -> None:
    assert same(Graph(nodes=NODES, edges=WAY), Graph(nodes=RENAMED, edges=edges)) is is_same


def test_other_kinds_are_not_the_same() -> None:
    other = (Node("1", "queue", ""), Node("2", "queue", ""), Node("3", "task", ""))
    assert not same(Graph(nodes=NODES, edges=()), Graph(nodes=other, edges=()))


def test_a_title_is_not_cut_on_its_card() -> None:
    for pattern in patterns().values():
        for node in pattern.graph.all_nodes():
            assert fitted(node.title, 158 - 44, 13, bold=True) == node.title
