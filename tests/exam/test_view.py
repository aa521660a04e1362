"""What the front end sends is done, and what goes wrong is told: without a browser."""

from collections.abc import Callable
from typing import Any

import pytest

from course.exam.mock import MockExam
from course.exam.view import ExamView

Opened = Callable[..., MockExam]


def test_a_whole_exam_by_messages(exam: Opened) -> None:
    mock = exam(items=2)
    view = ExamView(mock)
    assert view.form["phase"] == "start"
    steps: list[dict[str, Any]] = [
        {"do": "begin"},
        {"do": "answer", "response": ["first"], "confidence": "sure"},
        {"do": "flag"},
        {"do": "next"},
        {"do": "back"},
        {"do": "review"},
        {"do": "go", "to": 2},
        {"do": "look"},
    ]
    for step in steps:
        view.hear(step)
        assert not view.form["notice"], step
    assert (view.form["phase"], view.form["place"], view.form["counted"]) == (
        "item",
        2,
        "1 answered, 1 flagged",
    )
    view.hear({"do": "submit"})
    assert view.form["phase"] == "over"
    assert view.heard == len(steps) + 1


def test_a_form_says_nothing_of_right_and_wrong(exam: Opened) -> None:
    view = ExamView(exam().begin().answer("first"))
    said = repr(view.form)
    assert "About the first" not in said
    assert "'right'" not in said


@pytest.mark.parametrize(
    "message",
    [
        {"do": "dance"},
        {},
        {"do": "go", "to": 99},
        {"do": "answer", "response": ["z"], "confidence": ""},
    ],
)
def test_what_cannot_be_done_is_told_in_the_status_line(exam: Opened, message: Any) -> None:
    view = ExamView(exam().begin())
    view.hear(message)
    assert view.form["notice"].startswith("That did not work")
    assert view.heard == 1
