"""Several questions in one place: one is shown, each is remembered by itself."""

from pathlib import Path
from typing import Any

import pytest

import course
from course.checkpoints.checkpoint import Checkpoint
from course.checkpoints.row import Row
from course.checkpoints.view import View
from course.progress.journal import Journal
from course.progress.record import Record
from course.questions.bank import bank
from course.questions.grading import BadResponse

IDS = ("fargate-tasks-001", "fargate-definitions-001", "fargate-services-002")


@pytest.fixture
def record(tmp_path: Path) -> Record:
    return Record("lesson", Journal(tmp_path))


def row_of(record: Record) -> Row:
    return Row([Checkpoint(bank().question(id), record, "lesson") for id in IDS])


@pytest.fixture
def row(record: Record) -> Row:
    return row_of(record)


def kept(record: Record) -> list[tuple[str, str, str]]:
    return [(event.kind, event.id, event.outcome) for event in record.events()]


def shown(row: Row) -> str:
    return row._shown.question.id


def test_the_first_is_shown_and_says_where_it_stands(row: Row) -> None:
    form = row.form()
    assert (form.place, form.places, form.stem) == (1, 3, row[0].question.stem)
    assert repr(row).startswith("Question 1 of 3, 0 right so far. On: .move(1)\n")
    assert repr(row).endswith(repr(row[0]))


def test_it_moves_on_and_back_and_stays_at_the_ends(row: Row) -> None:
    seen = [row.move(by).form().place for by in (-1, 1, 1, 1, -1, -9, 9)]
    assert seen == [1, 2, 3, 3, 2, 1, 3]


def test_each_answer_is_its_questions_own(row: Row, record: Record) -> None:
    assert "Right." in repr(row.answer("asked"))
    row.move(1).answer("size")
    assert kept(record) == [("answered", IDS[0], "right"), ("answered", IDS[1], "partly")]
    assert repr(row).startswith("Question 2 of 3, 1 right so far.")


def test_several_answers_are_for_the_questions_that_follow(row: Row, record: Record) -> None:
    told = row.answer(*(" ".join(one.question.key) for one in row.asked))
    assert repr(told).count("Right.") == 3
    assert [outcome for _, _, outcome in kept(record)] == ["right"] * 3
    with pytest.raises(BadResponse, match="2 answers for the 1 questions from here on"):
        row.answer("a", "b")


def test_run_again_it_opens_at_the_first_that_is_not_right(row: Row, record: Record) -> None:
    row.answer("asked", "size awsvpc")
    assert shown(row_of(record)) == IDS[2]
    row.move(1).answer("health")
    assert shown(row_of(record)) == IDS[0]


def test_by_mouse_the_form_follows(row: Row, record: Record) -> None:
    view = View(row)
    view.hear({"do": "move", "by": 1})
    assert (view.form["place"], view.form["kind"]) == (2, "multiple")
    view.hear({"do": "answer", "response": ["size", "awsvpc"]})
    assert view.form["outcome"] == "right"
    view.hear({"do": "hint"})
    view.hear({"do": "solution"})
    assert len(view.form["hints"]) == 1
    assert view.form["solution"]
    view.hear({"do": "move", "by": 1})
    assert (view.form["outcome"], view.form["hints"]) == ("not attempted", ())
    assert [kind for kind, _, _ in kept(record)] == ["answered", "hinted", "revealed"]


@pytest.mark.parametrize("message", [{"do": "move"}, {"do": "move", "by": "1"}], ids=str)
def test_a_move_that_cannot_be_is_refused(message: Any, row: Row) -> None:
    view = View(row)
    view.hear(message)
    assert view.form["place"] == 1
    assert view.form["notice"].startswith("That did not work (ValueError")


def test_a_question_alone_has_no_place_and_does_not_move(row: Row) -> None:
    view = View(row[0])
    view.hear({"do": "move", "by": 1})
    assert (view.form["place"], view.form["places"]) == (0, 0)
    assert view.form["notice"].startswith("That did not work (AttributeError")


def test_an_answer_by_code_shows_in_the_view(row: Row) -> None:
    view = View(row)
    row[0].answer("asked")
    assert view.form["outcome"] == "right"


def test_a_lesson_gives_a_row_for_several_and_finishes_with_each(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COURSE_DATA_DIR", str(tmp_path))
    lesson = course.lesson("fargate-tutorial")
    asked = lesson.checkpoint(*IDS)
    assert isinstance(asked, Row)
    assert isinstance(lesson.checkpoint(IDS[0]), Checkpoint)
    asked.answer("asked")
    assert f"Not attempted: {IDS[1]}, {IDS[2]}." in repr(lesson.finish())
    lesson._sandbox.close()
