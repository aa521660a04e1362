"""Cards are kept, changed and thrown away by a line each, and come back in warm-ups."""

from collections.abc import Iterator
from pathlib import Path

import pytest

import course
from course import sandbox
from course.checkpoints.warmup import AT_MOST, warmup
from course.exercises.blank import NotAttempted
from course.flashcards.box import deck, drop, keep
from course.flashcards.deck import UnknownCard
from course.flashcards.recall import Recall
from course.lessons import Lesson
from course.progress.command import main as progress
from course.progress.journal import Journal
from course.progress.record import Record
from course.questions.bank import bank
from course.questions.grading import BadResponse

MISSED = ("fargate-tasks-001", "fargate-services-001", "fargate-services-002")


@pytest.fixture
def record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Record:
    monkeypatch.setenv("COURSE_DATA_DIR", str(tmp_path))
    return Record("ecs-concepts", Journal(tmp_path))


@pytest.fixture
def lesson(record: Record) -> Iterator[Lesson]:
    yield course.lesson("fargate-tutorial")
    opened = sandbox.current()
    assert opened
    opened.close()


def sides(record: Record) -> list[tuple[str, str]]:
    return [(card.front, card.back) for card in deck(record).cards]


def kinds(record: Record) -> list[str]:
    return [event.kind for event in record.events()]


def test_a_card_is_kept_by_one_line_and_a_second_run_of_the_cell_adds_none(record: Record) -> None:
    assert repr(keep(record, "task", "a run")) == (
        "Kept; you have 1 card, and it comes back in warm-ups."
    )
    assert repr(keep(record, " task ", "a run\n")).startswith("Kept already; you have 1 card")
    assert kinds(record) == ["noted"]


def test_another_back_changes_the_card(record: Record) -> None:
    keep(record, "task", "a run")
    assert repr(keep(record, "task", "one run")).startswith("Changed; you have 1 card")
    assert sides(record) == [("task", "one run")]
    assert kinds(record) == ["noted", "noted"]


def test_a_card_thrown_away_is_gone_and_its_line_stays(record: Record) -> None:
    keep(record, "task", "a run")
    keep(record, "service", "keeps a number")
    assert repr(drop(record, "task")).startswith("Thrown away; you have 1 card")
    assert sides(record) == [("service", "keeps a number")]
    assert kinds(record) == ["noted", "noted", "dropped"]
    assert repr(drop(record, "service")) == "Thrown away; none is left."
    with pytest.raises(UnknownCard):
        drop(record, "service")


@pytest.mark.parametrize(("front", "back"), [("", "b"), ("a", ""), ("a", " \n")])
def test_an_empty_side_is_refused(front: str, back: str, record: Record) -> None:
    with pytest.raises(ValueError, match="is empty: write a few words"):
        keep(record, front, back)
    assert not kinds(record)


@pytest.mark.parametrize("side", ["front", "back"])
def test_a_blank_is_not_attempted_yet(side: str, record: Record) -> None:
    given = {"front": "a", "back": "b", side: course.____}
    with pytest.raises(
        NotAttempted, match=f"^Not attempted yet, one blank in your card: .* {side}"
    ):
        keep(record, **given)
    assert not kinds(record)


def test_what_is_no_text_is_refused(record: Record) -> None:
    with pytest.raises(BadResponse, match="text in quotes"):
        keep(record, "a", 7)  # type: ignore[arg-type]


@pytest.mark.parametrize("words", ["<b>x</b> & `y`", "first\nsecond", "für 日本 🐋", "half \ud800"])
def test_any_words_come_back_as_they_were(words: str, record: Record) -> None:
    keep(record, words, words)
    written = words.replace("\ud800", "?")
    assert sides(Record("other", Journal(record.journal.path.parent))) == [(written, written)]
    assert repr(keep(record, words, words)).startswith("Kept already")


def test_without_a_disk_it_is_kept_in_memory_and_says_so(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("in the way", "utf-8")
    record = Record("ecs-concepts", Journal(tmp_path / "data"))
    assert "could not be written" in keep(record, "task", "a run").lines[-1]
    assert sides(record) == [("task", "a run")]


def asked(record: Record) -> tuple[list[str], list[str]]:
    both = warmup(record, bank())
    return [one.question.id for one in both.questions], [one.card.front for one in both.cards]


@pytest.mark.parametrize(
    ("missed", "cards", "questions_asked", "cards_asked"),
    [(0, 0, 0, 0), (0, 1, 0, 1), (0, 5, 0, 3), (1, 5, 1, 2), (3, 0, 3, 0), (3, 1, 2, 1)],
)
def test_three_come_back_and_one_of_them_is_a_card_if_there_is_one(
    missed: int, cards: int, questions_asked: int, cards_asked: int, record: Record
) -> None:
    for id in MISSED[:missed]:
        record.remember("answered", id, response=("x",), outcome="wrong")
    for number in range(cards):
        keep(record, f"card {number}", "back")
    questions, fronts = asked(record)
    assert (len(questions), len(fronts)) == (questions_asked, cards_asked)
    assert len(questions) + len(fronts) <= AT_MOST
    assert fronts == [f"card {number}" for number in range(cards_asked)]


def test_what_was_recalled_goes_to_the_end_of_the_row(record: Record) -> None:
    for front in "abcd":
        keep(record, front, "back")
    again = warmup(record, bank())
    assert [one.card.front for one in again.cards] == ["a", "b", "c"]
    again[0].answer("back")
    again[1].solution()
    assert asked(record)[1] == ["c", "d", "a"]


def test_a_rating_decides_when_a_card_is_due(record: Record) -> None:
    for front in ("known", "forgotten"):
        keep(record, front, "back")
    for card, rating in zip(warmup(record, bank()).cards, ("good", "again"), strict=True):
        card.solution()
        card.rate(rating)
    assert asked(record)[1] == ["forgotten"]


def test_the_warmup_says_all_in_text(record: Record) -> None:
    keep(record, "task", "a run")
    assert repr(warmup(record, bank())).splitlines()[0] == "Your card: task"
    record.remember("answered", MISSED[0], response=("x",), outcome="wrong")
    both = repr(warmup(record, bank()))
    card, head, question = both.split("\n\n")
    assert card.startswith("Your card: task\nNot turned yet; by code: .answer(")
    assert head == "One that was not right yet:"
    assert "Choose one." in question


def test_a_lesson_keeps_lists_and_drops_cards_and_they_outlive_it(lesson: Lesson) -> None:
    assert "No cards yet" in repr(lesson.cards())
    lesson.card("task", "a run of a task definition")
    lesson.card("service", "keeps a number of tasks")
    lesson.drop_card("service")
    assert [card.front for card in lesson.cards().cards] == ["task"]
    again = course.lesson("start-here")
    assert [card.front for card in again.cards().cards] == ["task"]
    assert isinstance(again.warmup()[0], Recall)
    assert progress(["reset", "fargate-tutorial"]) == 0
    assert len(again.cards()) == 1, "a lesson begun anew takes no card away"
