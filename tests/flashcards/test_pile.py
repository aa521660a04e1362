"""What is due, one card at a time: turned, rated, answered; the journal knows it at once."""

from collections.abc import Iterator
from pathlib import Path

import pytest

import course
from course import sandbox
from course.checkpoints.checkpoint import Checkpoint
from course.checkpoints.view import View
from course.flashcards.pile import Pile
from course.flashcards.recall import Recall
from course.lessons import Lesson
from course.progress.journal import Journal
from course.progress.record import Record
from course.questions.bank import bank
from course.questions.grading import BadResponse

MISSED = "fargate-tasks-001"


@pytest.fixture
def lesson(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Lesson]:
    monkeypatch.setenv("COURSE_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)
    yield course.lesson("ecs-concepts")
    opened = sandbox.current()
    assert opened
    opened.close()


@pytest.fixture
def pile(lesson: Lesson) -> Pile:
    lesson.card("task", "a run")
    Record("fargate-tutorial").remember("answered", MISSED, response=("x",), outcome="wrong")
    found = lesson.due_cards()
    assert isinstance(found, Pile)
    return found


def test_nothing_comes_back_at_first(lesson: Lesson) -> None:
    assert repr(lesson.due_cards()) == "Nothing comes back yet."


def test_cards_and_questions_come_one_at_a_time(pile: Pile) -> None:
    assert repr(pile).startswith("Card 1 of 2, 0 done so far. On: .move(1)\nYour card: task")
    pile.answer("a run")
    assert "in 2 days" in repr(pile.rate("good"))
    assert repr(pile).startswith("Card 1 of 2, 1 done so far.")
    assert isinstance(pile.move(1)[1], Checkpoint)
    with pytest.raises(BadResponse, match="This one is a question"):
        pile.rate("good")
    pile.answer(*bank().question(MISSED).key)
    assert Record("fargate-tutorial").item(MISSED).right


def test_what_was_done_is_no_longer_due(lesson: Lesson, pile: Pile) -> None:
    pile.solution()
    pile.rate("easy")
    pile.move(1).respond(bank().question(MISSED).key)
    assert repr(lesson.due_cards()) == "None is due now; the next tomorrow."
    assert repr(lesson.warmup()) == "Nothing to repeat: no question is open."


def test_by_mouse_a_card_is_turned_rated_and_left(pile: Pile) -> None:
    view = View(pile)
    assert (view.form["one"], view.form["place"], view.form["places"]) == ("Card", 1, 2)
    view.hear({"do": "solution"})
    view.hear({"do": "rate", "rating": "good"})
    assert (view.form["rating"], view.form["notice"]) == ("good", "")
    view.hear({"do": "move", "by": 1})
    assert (view.form["kind"], view.form["ratings"]) == ("single", ())


def test_not_more_than_was_asked_for(lesson: Lesson) -> None:
    for number in range(12):
        lesson.card(f"card {number}", "back")
    assert len(lesson.due_cards(3)) == 3  # type: ignore[arg-type]
    assert len(lesson.due_cards()) == 10  # type: ignore[arg-type]


def test_a_lesson_brings_cards_out_and_in(lesson: Lesson, tmp_path: Path) -> None:
    lesson.card("task", "a run")
    assert "1 card in cards.apkg" in repr(lesson.export_cards())
    assert "1 card in mine.csv" in repr(lesson.export_cards("mine.csv"))
    lesson.drop_card("task")
    assert "1 new" in repr(lesson.import_cards("mine.csv"))
    assert isinstance(lesson.warmup()[0], Recall)
    assert Journal(tmp_path / "data").path.exists()
