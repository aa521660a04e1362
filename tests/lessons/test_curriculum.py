"""The curriculum and the notebooks name the same lessons, with the same minutes."""

import json
import re
from pathlib import Path

import pytest

from course.curriculum.curriculum import LessonEntry, UnknownLesson, find_lesson, lessons

every_lesson = pytest.mark.parametrize("entry", lessons(), ids=lambda entry: entry.name)


def text_of(notebook: Path, kind: str) -> str:
    cells = json.loads(notebook.read_text("utf-8"))["cells"]
    return "\n\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == kind)


def test_every_notebook_is_in_the_curriculum_and_the_other_way_round(root: Path) -> None:
    shipped = sorted(path.name for path in (root / "notebooks").glob("*.ipynb"))
    assert [entry.notebook for entry in lessons()] == shipped


def test_names_and_numbers_are_given_once() -> None:
    assert len({entry.name for entry in lessons()}) == len(lessons())
    assert len({entry.number for entry in lessons()}) == len(lessons())


@every_lesson
def test_the_header_has_the_curriculums_title_and_minutes(entry: LessonEntry, root: Path) -> None:
    text = text_of(root / "notebooks" / entry.notebook, "markdown")
    assert text.startswith(f"# {entry.title}\n\n**{entry.minutes} minutes** · ")


@every_lesson
def test_the_notebook_opens_its_own_lesson(entry: LessonEntry, root: Path) -> None:
    text = text_of(root / "notebooks" / entry.notebook, "code")
    assert re.findall(r'course\.lesson\("(.*?)"\)', text) == [entry.name]


@pytest.mark.parametrize(
    ("asked", "nearest"),
    [
        ("fargate-tutorail", "fargate-tutorial"),
        ("fargate", "fargate-tutorial"),
        ("START-HERE", "start-here"),
        ("05-fargate-tutorial.ipynb", "fargate-tutorial"),
        ("05", "fargate-tutorial"),
        (5, "fargate-tutorial"),
        (0, "start-here"),
    ],
)
def test_an_unknown_name_is_answered_with_the_nearest(asked: str, nearest: str) -> None:
    with pytest.raises(UnknownLesson) as told:
        find_lesson(asked)
    assert str(told.value) == f"There is no lesson {asked!r}; did you mean {nearest!r}?"


@pytest.mark.parametrize("asked", ["kubernetes", "", "77", None])
def test_a_name_like_none_is_answered_with_all_there_are(asked: str) -> None:
    with pytest.raises(UnknownLesson) as told:
        find_lesson(asked)
    names = ", ".join(entry.name for entry in lessons())
    assert str(told.value) == f"There is no lesson {asked!r}; there are {names}."
