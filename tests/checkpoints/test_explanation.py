"""An explanation: the learner's own words, kept as they are, and a model answer after them."""

from pathlib import Path

import pytest

import course
from course.checkpoints.explanation import Explain
from course.progress.journal import Journal
from course.progress.record import Record
from course.questions.bank import load
from course.questions.grading import BadResponse
from course.questions.model import Explanation

MODEL = "The service wants one task and saw none, so its scheduler started one."


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path / "data")


@pytest.fixture
def explanation() -> Explanation:
    bank = load([Path(__file__).parents[1] / "questions" / "data" / "sample.toml"])
    return bank.explanation("sample-explanation-001")


@pytest.fixture
def explain(explanation: Explanation, journal: Journal) -> Explain:
    return Explain(explanation, Record("lesson", journal))


def test_the_model_answer_comes_after_the_learners(explain: Explain, journal: Journal) -> None:
    assert repr(explain).splitlines() == [
        "Why was another task started?",
        'Not attempted yet; by code: .answer("because ...")',
    ]
    assert MODEL not in repr(explain.form())
    told = explain.answer("  because one was missing ")
    assert repr(told).splitlines() == [
        "Your words: because one was missing",
        f"A model answer: {MODEL}",
    ]
    assert repr(explain).splitlines()[1:] == repr(told).splitlines()
    (event,) = journal.read()[0]
    assert (event.kind, event.detail, event.outcome) == (
        "explained",
        "because one was missing",
        "",
    )


@pytest.mark.parametrize("words", ["", " \n ", course.____])
def test_empty_words_show_no_model_answer_and_are_not_kept(
    explain: Explain, journal: Journal, words: str
) -> None:
    assert repr(explain.answer(words)) == "Not attempted yet: write a sentence, then compare."
    assert MODEL not in repr(explain)
    assert journal.read() == ([], [])


def test_what_is_no_text_is_refused(explain: Explain) -> None:
    with pytest.raises(BadResponse, match="Answer with text in quotes"):
        explain.answer(7)


@pytest.mark.parametrize(
    "words", ["<b>because</b> & `x`", "first\nsecond", "für 日本 🐋", "half \ud800"]
)
def test_any_words_come_back_as_they_were(
    explain: Explain, explanation: Explanation, journal: Journal, words: str
) -> None:
    explain.answer(words)
    again = Explain(explanation, Record("lesson", journal))
    assert again.text == words.replace("\ud800", "?")
    assert again.state.outcome == explain.state.outcome == "given"
    Record("lesson", journal).remember("finished")
    assert len(journal.read()[0]) == 2, "the words did not keep the next event from the disk"


def test_the_last_words_count(explain: Explain, explanation: Explanation, journal: Journal) -> None:
    explain.answer("one")
    explain.answer("two")
    assert Explain(explanation, Record("lesson", journal)).text == "two"


def test_without_a_disk_it_works_and_says_what_is_not_saved(
    explanation: Explanation, tmp_path: Path
) -> None:
    (tmp_path / "data").write_text("in the way", "utf-8")
    explain = Explain(explanation, Record("lesson", Journal(tmp_path / "data")))
    assert "could not be written" in explain.answer("because").lines[-1]
