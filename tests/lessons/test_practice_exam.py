"""What the practice exam says before there is anything to say, and when a learner is through with it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

import course
from course import sandbox
from course.checkpoints.checkpoint import Told
from course.checkpoints.row import Row
from course.exam.report import Report
from course.lessons import Lesson
from course.questions.bank import bank


@pytest.fixture
def lesson(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Lesson]:
    monkeypatch.setenv("COURSE_DATA_DIR", str(tmp_path))
    yield course.lesson("practice-exam")
    opened = sandbox.current()
    assert opened
    opened.close()


def test_run_all_meets_lines_and_no_errors(lesson: Lesson) -> None:
    assert repr(lesson.exam_report()).startswith("No attempt is over yet")
    assert repr(lesson.practice(weak=True)).startswith("Nothing is weak")
    with pytest.raises(LookupError, match="no attempt 3"):
        lesson.exam_report(3)
    with pytest.raises(LookupError, match="did you mean 'secrets'"):
        lesson.practice("secret")


def test_it_is_finished_once_a_mock_exam_is_over(lesson: Lesson) -> None:
    exam = lesson.exam(items=4)
    assert "Not attempted: the mock exam." in repr(lesson.finish())
    exam.begin()
    assert "the mock exam" in repr(lesson.finish())
    assert not lesson._record.summary().finished
    exam.submit()
    assert "Not attempted" not in repr(lesson.finish())
    assert lesson._record.summary().finished == {"practice-exam"}
    assert isinstance(lesson.exam_report(), Report)


def test_practice_asks_anew_what_was_answered_before(lesson: Lesson) -> None:
    first = lesson.practice(items=1)
    assert isinstance(first, Row)
    wrong = next(one.id for one in first[0].options if not one.right)
    first[0].answer(wrong)
    again = lesson.practice(weak=True)
    assert isinstance(again, Row)
    assert [one.question.id for one in again.asked] == [first[0].question.id]
    assert "Not attempted yet" in repr(again)


def test_an_exam_that_left_dozens_open_is_told_in_one_number(lesson: Lesson) -> None:
    exam = lesson.exam(items=20).begin()
    assert exam.attempt
    for number, id in enumerate(exam.attempt.terms.items, 1):
        question = bank().question(id)
        wrong = [one.id for one in question.options if not one.right]
        exam.go(number).respond(wrong[:1])
    exam.submit()
    assert "20 were not right yet; they come back in warm-ups" in repr(lesson.finish())
    assert len(lesson.warmup()) == 3
    assert not isinstance(lesson.due_cards(), Told)


def test_a_variation_that_was_missed_comes_back_with_the_same_values(lesson: Lesson) -> None:
    """Its id is all that the journal keeps of it."""
    row = lesson.variations(items=1)
    assert isinstance(row, Row)
    asked = row[0].question
    row.answer(next(one.id for one in asked.options if not one.right))
    (again,) = lesson.warmup().questions
    assert again.question == asked
    assert asked.id in repr(lesson.finish())
    assert repr(lesson.variations("ai")).startswith("No question with values belongs to 'ai'")
