"""Closing tables: each lesson's is read as its notebook has it, and a broken one is named."""

import json
from pathlib import Path

import pytest

from course.curriculum.closing import Closing, closing, closings, plain, read
from course.curriculum.curriculum import UnknownLesson, find_lesson, lessons

FARGATE = find_lesson("fargate-tutorial")
CELL = """\
## Where to look

Some words before it.

| what | where |
|:--|--:|
| is it there | `describe_services`: its `status` |
| either \\| or | **both** |
"""


def test_every_lesson_but_the_first_leaves_a_table() -> None:
    assert [one.entry for one in closings()] == list(lessons())[1:]


@pytest.mark.parametrize("found", closings(), ids=lambda one: one.entry.name)
def test_it_holds_what_the_notebook_says(found: Closing, root: Path) -> None:
    notebook = json.loads((root / "notebooks" / found.entry.notebook).read_text("utf-8"))
    (cell,) = (one for one in notebook["cells"] if one["id"] == "closing")
    lines = [line.strip() for line in "".join(cell["source"]).splitlines()]
    assert f"## {found.heading}" in lines
    for row in (found.head, *found.rows):
        assert f"| {' | '.join(row)} |".replace("|  |", "| |") in lines
    assert len(found.rows) == len([line for line in lines if line.startswith("|")]) - 2


def test_a_lesson_is_asked_for_by_its_name() -> None:
    found = closing("fargate-tutorial")
    assert found is not None and found.heading == "Where to look"
    assert closing("start-here") is None
    with pytest.raises(UnknownLesson, match="did you mean 'fargate-tutorial'"):
        closing("fargate")


def test_a_table_is_read_from_markdown() -> None:
    assert read(FARGATE, CELL) == Closing(
        FARGATE,
        "Where to look",
        ("what", "where"),
        (
            ("is it there", "`describe_services`: its `status`"),
            ("either \\| or", "**both**"),
        ),
    )


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("", "expected a heading and a table"),
        ("| a | b |\n|---|---|\n| 1 | 2 |", "expected a heading and a table"),
        ("## Where\n\n| a | b |\n|---|---|", "with a head and at least one row"),
        ("## Where\n\n| a | b |\n| 1 | 2 |\n| 3 | 4 |", "expected a heading and a table"),
        ("## Where\n\n| a | b |\n|---|---|\n| 1 |", "expected 2 texts in the row '1'"),
    ],
    ids=["empty", "no heading", "no row", "no rule", "a text too few"],
)
def test_a_broken_table_says_where_and_what(cell: str, expected: str) -> None:
    with pytest.raises(ValueError, match=expected) as refused:
        read(FARGATE, cell)
    assert str(refused.value).startswith("05-fargate-tutorial.ipynb, cell 'closing': ")


@pytest.mark.parametrize(
    ("marked", "text"),
    [
        ("`describe_services`: `events`", "describe_services: events"),
        ("**both** and *one*", "both and one"),
        ("see [the guide](https://docs.aws.amazon.com/x)", "see the guide"),
        ("`a*b*c`", "a*b*c"),
        ("either \\| or", "either | or"),
        ("2 * 3 = 6", "2 * 3 = 6"),
    ],
)
def test_marks_are_taken_off(marked: str, text: str) -> None:
    assert plain(marked) == text
