"""The formula of a lesson's minutes: each part of it moves the sum by what the pace says."""

import json
from typing import Any

import msgspec
import pytest

from course.curriculum.curriculum import lessons, pace
from course.curriculum.minutes import ACTIVE, Pace, calls, kinds, minutes

PACE = Pace(words=100, cell=1, rounded_up_to=1, kinds={"predict": 10, "blanks": 20, "check": 30})


def notebook(*cells: tuple[str, str]) -> str:
    return json.dumps({"cells": [{"cell_type": kind, "source": [text]} for kind, text in cells]})


@pytest.mark.parametrize(
    ("cells", "seconds", "expected"),
    [
        ([("markdown", "word " * 300)], 0, 3),
        ([("markdown", "word " * 301)], 0, 4),
        ([("markdown", "| word | word |\n|---|---|\n" * 150 + "## - · ")], 0, 3),
        ([("code", "print(1)")], 0, 1),
        ([("code", "print(1)")], 61, 3),
        ([("code", 'lesson.predict("a-001")')], 0, 10),
        ([("code", 'lesson.check("a-101")')], 0, 30),
        ([("code", 'f(____)\nlesson.check("a-101")')], 0, 20),
        ([("code", 'lesson.predict("a-001")\nlesson.predict("a-002")')], 0, 20),
        ([("markdown", "word " * 50), ("code", "1"), ("code", 'lesson.predict("a")')], 30, 12),
    ],
)
def test_the_parts_add_up(cells: Any, seconds: float, expected: int) -> None:
    assert minutes(notebook(*cells), seconds, PACE) == expected


def test_rounded_up_to_what_the_pace_says() -> None:
    five = msgspec.structs.replace(PACE, rounded_up_to=5)
    assert minutes(notebook(("markdown", "word " * 510)), 0, five) == 10


def test_what_only_shows_something_is_of_no_kind() -> None:
    assert kinds("%xmode Minimal\nlesson.timeline()\nlesson.exercise('a-101')") == []
    assert kinds('display(lesson.checkpoint("a-001"))') == ["checkpoint"]


def test_each_question_of_a_row_counts_and_takes_less_than_one_alone() -> None:
    source = 'lesson.checkpoint("a-001", "a-002", "a-003")'
    assert kinds(source) == ["row"] * 3
    assert list(calls(source)) == [("checkpoint", f"a-00{n}") for n in (1, 2, 3)]
    assert pace().kinds["row"] < pace().kinds["checkpoint"]


def test_a_card_counts_once_for_its_two_sides() -> None:
    source = 'lesson.card("front", "back")'
    assert kinds(source) == ["card"]
    assert list(calls(source)) == [("card", "front")]


def test_calls_name_the_method_and_the_id() -> None:
    source = 'answer = lesson.predict("a-001")\nlesson.warmup()\necs.stop_task(task="x")'
    assert sorted(calls(source)) == [("predict", "a-001"), ("warmup", "")]


def test_the_pace_knows_every_kind_there_is() -> None:
    assert set(pace().kinds) == {*ACTIVE, "blanks", "row"}


def test_a_lesson_was_recorded_and_stays_within_an_evening() -> None:
    for entry in lessons():
        assert entry.recorded_seconds > 0
        assert entry.minutes <= 45
