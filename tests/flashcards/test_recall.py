"""A card asked again: its back comes after the learner's words, or at a click, and never before."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import course
from course.checkpoints.view import View
from course.flashcards.deck import Card, fold
from course.flashcards.recall import Recall
from course.progress.journal import Journal
from course.progress.record import Record
from course.questions.grading import BadResponse

AT = datetime(2026, 11, 2, 9, tzinfo=UTC)
BACK = "one run\nof a task definition"


@pytest.fixture
def record(tmp_path: Path) -> Record:
    return Record("ecs-concepts", Journal(tmp_path), lambda: AT)


@pytest.fixture
def recall(record: Record) -> Recall:
    return Recall(Card("What is a task?", BACK, "ecs-concepts", AT), record)


def kept(record: Record) -> list[tuple[str, str]]:
    return [(event.kind, event.detail) for event in record.events()]


def test_the_back_stays_down_at_first(recall: Recall, record: Record) -> None:
    assert "one run" not in repr(recall)
    assert "one run" not in repr(recall.form())
    assert not kept(record)


def test_words_turn_the_card_and_are_kept(recall: Recall, record: Record) -> None:
    told = recall.answer("  something that runs ")
    assert told.lines == ("Your words: something that runs", f"The back: {BACK}")
    assert repr(recall).splitlines()[1:] == [
        "Your words: something that runs",
        "The back: one run",
        "of a task definition",
        "By code: .rate('again' | 'hard' | 'good' | 'easy')",
    ]
    assert kept(record) == [("recalled", "something that runs")]


@pytest.mark.parametrize("words", ["", " \n", course.____])
def test_no_words_do_not_turn_it(words: Any, recall: Recall, record: Record) -> None:
    assert repr(recall.answer(words)).startswith("Not attempted yet")
    assert "one run" not in repr(recall)
    assert not kept(record)


def test_it_may_be_turned_without_a_word(recall: Recall, record: Record) -> None:
    assert recall.solution().lines == (f"The back: {BACK}",)
    assert kept(record) == [("recalled", "")]


def test_by_mouse_it_is_the_same(recall: Recall, record: Record) -> None:
    view = View(recall)
    assert (view.form["kind"], view.form["button"], view.form["reveals"]) == (
        "text",
        "Compare",
        True,
    )
    view.hear({"do": "text", "text": "a run"})
    assert view.form["solution"] == ("one run", "of a task definition")
    assert (view.form["outcome"], view.form["text"]) == ("given", "a run")
    assert view.form["hints_in_all"] == 0
    view.hear({"do": "solution"})
    assert len(kept(record)) == 2


def test_it_is_rated_once_it_is_turned_and_once_only(recall: Recall, record: Record) -> None:
    with pytest.raises(BadResponse, match="Turn the card first"):
        recall.rate("good")
    recall.solution()
    with pytest.raises(BadResponse, match="one of again, hard, good, easy, and not 'fine'"):
        recall.rate("fine")
    assert recall.rate("good").lines == ("Good: it comes back in 2 days.",)
    assert recall.rate("easy").lines == ("Good: it comes back in 2 days.",)
    assert repr(recall).endswith("Good: it comes back in 2 days.")
    assert [(one.kind, one.outcome) for one in record.events()] == [
        ("recalled", ""),
        ("rated", "good"),
    ]
    assert recall.done


def test_what_was_not_known_comes_back_next_time(recall: Recall) -> None:
    recall.solution()
    assert recall.rate("again").lines == ("Again: it comes back in the next warm-up.",)


def test_by_mouse_the_ratings_come_with_the_back(recall: Recall, record: Record) -> None:
    view = View(recall)
    assert view.form["ratings"] == ()
    view.hear({"do": "rate", "rating": "good"})
    assert "Turn the card first" in view.form["notice"]
    view.hear({"do": "solution"})
    assert view.form["ratings"] == ("again", "hard", "good", "easy")
    view.hear({"do": "rate", "rating": "hard"})
    assert (view.form["rating"], view.form["notice"]) == ("hard", "")
    assert view.form["summary"].startswith("Hard: it comes back ")
    assert [one.kind for one in record.events()] == ["recalled", "rated"]


def test_a_card_has_no_hint_and_no_options(recall: Recall) -> None:
    assert "no hint to a card" in repr(recall.hint())
    with pytest.raises(BadResponse, match="takes words, and not a"):
        recall.respond(["a"])


def test_a_card_of_a_table_says_where_it_comes_from(record: Record) -> None:
    card = Card("Layer. In one line?", "`a` file", "ecs-concepts", AT, table="To remember", key="k")
    recall = Recall(card, record)
    assert repr(recall).startswith("From the table 'To remember' of ecs-concepts: Layer.")
    assert recall.form().asks == "From the table 'To remember' of ecs-concepts: say it from memory."
    assert recall.solution().lines == ("The back: a file",)


def test_markup_on_a_card_goes_out_as_text(record: Record) -> None:
    markup = "<script>alert(1)</script> & `code`"
    view = View(Recall(Card(markup, markup, "ecs-concepts", AT), record))
    view.hear({"do": "solution"})
    assert (view.form["stem"], view.form["solution"]) == (markup, (markup,))


def test_a_recall_that_is_not_on_disk_says_so(recall: Recall, tmp_path: Path) -> None:
    (tmp_path / "progress.jsonl").mkdir()
    assert "could not be written" in recall.solution().lines[-1]


def test_what_was_recalled_belongs_to_the_card_it_was_written_as(
    record: Record, recall: Recall
) -> None:
    record.remember("noted", recall.card.id, response=("What is a task?", BACK))
    recall.solution()
    assert [card.recalls for card in fold(record.events()).cards] == [1]
