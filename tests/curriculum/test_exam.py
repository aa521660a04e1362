"""The exam's versions as data, and which lessons serve their task statements."""

import re

import msgspec
import pytest

from course.curriculum.curriculum import LessonEntry, find_lesson, lessons, outline, planned
from course.curriculum.exam import by_lesson, by_task, served, versions
from course.questions.bank import bank

every_version = pytest.mark.parametrize("name", versions())


def test_the_newer_version_comes_first() -> None:
    assert list(versions()) == ["C03", "C02"]
    assert [one.exam for one in versions().values()] == ["DVA-C03", "DVA-C02"]


@every_version
def test_weights_make_a_whole_and_tasks_belong_to_their_domain(name: str) -> None:
    version = versions()[name]
    assert sum(one.weight for one in version.domain) == 100
    for number, one in enumerate(version.domain, 1):
        assert all(task.startswith(f"{number}.") for task in one.tasks)


def test_every_tag_of_a_question_or_a_planned_lesson_is_a_task_statement() -> None:
    known = {f"{name}:{task}" for name, one in versions().items() for task in one.tasks}
    asked = {tag for question in bank().questions.values() for tag in question.exam}
    assert asked <= known
    assert {tag for later in planned() for tag in later.exam} <= known


def test_a_lesson_serves_what_its_questions_are_tagged_with() -> None:
    fargate = find_lesson("fargate-tutorial")
    own = [one for one in bank().questions.values() if one.objective.startswith(fargate.name)]
    tags = {tag for one in own for tag in one.exam}
    served_here = {f"{name}:{task}" for name in versions() for task in served(fargate, name)}
    assert served_here == tags
    assert "3.3" in served(fargate, "C03")


@every_version
def test_by_lesson_has_a_row_for_each_with_its_objectives_folded_in(name: str) -> None:
    rows = by_lesson().rows
    assert len(rows) == len(outline())
    column = list(versions()).index(name) + 1
    for entry, row in zip(outline(), rows, strict=True):
        assert row[0].text.startswith(f"{entry.number:02} {entry.title}")
        assert row[0].text.endswith("(planned)") is not isinstance(entry, LessonEntry)
        if isinstance(entry, LessonEntry):
            assert row[0].folded == tuple(entry.objectives.values())
        assert row[column].text == (" ".join(served(entry, name)) or "-")


@every_version
def test_by_task_is_the_same_turned_around(name: str) -> None:
    turned = {row[0].text: row[1].text for row in by_task(name).rows}
    assert list(turned) == list(versions()[name].tasks)
    for entry in outline():
        serving = {task for task, shown in turned.items() if entry.short in shown.split()}
        assert serving == set(served(entry, name))


def test_a_lesson_of_the_course_serves_the_exam() -> None:
    """All but the start, which asks nothing of AWS, and the exam, whose items lead to the others."""
    for entry in lessons():
        if entry.name not in ("start-here", "practice-exam"):
            assert served(entry, "C03"), entry.name
            assert served(entry, "C02"), entry.name


def test_another_version_is_refused_with_those_there_are() -> None:
    with pytest.raises(
        LookupError, match="There is no version 'C04' of the exam; there are C03 and C02"
    ):
        by_task("C04")


def test_the_text_names_both_dates() -> None:
    assert re.search(
        r"DVA-C03 is used from 1 December 2026; DVA-C02 .* 30 November", repr(by_lesson())
    )


def test_a_domain_with_a_misspelt_member_is_refused() -> None:
    text = b'[C09]\nexam = "x"\nused = "y"\ndomain = [{ titel = "z", weight = 1, tasks = {} }]'
    with pytest.raises(msgspec.ValidationError, match="titel"):
        msgspec.toml.decode(text, type=dict[str, type(versions()["C03"])])
