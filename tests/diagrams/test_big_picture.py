"""The big picture: which parts a lesson lights, and that a word says so, too."""

from xml.etree import ElementTree

import pytest

from course.curriculum.curriculum import LessonEntry, lessons, outline
from course.diagrams.big_picture import HERE, big_picture, parts, to_graph
from course.diagrams.glyph import kinds

NUMBERS = [entry.number for entry in outline()]


def test_every_part_belongs_to_a_lesson_of_the_course_and_can_be_drawn() -> None:
    for part in parts():
        assert part.lessons
        assert set(part.lessons) <= set(NUMBERS)
        assert list(part.lessons) == sorted(part.lessons)
        assert part.node.kind in kinds()


def test_arrows_lead_to_the_right_and_from_and_to_what_is_there() -> None:
    columns = {part.node.id: part.node.column or 0 for part in parts()}
    for edge in to_graph().edges:
        assert columns[edge.tail] < columns[edge.head], edge
        assert edge.label


@pytest.mark.parametrize("entry", lessons(), ids=lambda entry: entry.name)
def test_each_lesson_but_the_start_and_the_exam_lights_its_parts(entry: LessonEntry) -> None:
    number = entry.number
    lit = [node.title for node in to_graph(number).all_nodes() if node.state == HERE]
    assert bool(lit) is (entry.name not in ("start-here", "practice-exam"))
    picture = big_picture(number)
    assert picture.svg
    assert picture.narrow_svg
    for drawn in (picture.svg, picture.narrow_svg):
        root = ElementTree.fromstring(drawn)
        words = [one.text for one in root.iter() if one.tag.endswith("}text")]
        assert words.count(HERE) == len(lit)
        assert drawn.count('class="card lit"') == len(lit)
        assert not [word for word in words if word and word.endswith("…")]
        assert root.get("aria-label") == picture.alt
    assert repr(picture).count(f" {HERE}") == len(lit)
    assert all(title in picture.alt for title in lit)


def test_what_arrows_say_is_in_the_text() -> None:
    assert "  -> Load balancer (through a VPC link)" in repr(big_picture(3))


def test_runs_of_lessons_are_short() -> None:
    facts = {part.node.id: str(part.node.facts[0]) for part in parts()}
    assert facts["service"] == "in 03-06, 09-11"
    assert facts["logs"] == "in 02, 08"
