"""A prediction: committed before a cell runs, shown beside what came, and restored."""

from pathlib import Path

import msgspec
import pytest

import course
from course.checkpoints.prediction import COMMITTED, LATE, SINCE, UNFORESEEN, Prediction
from course.progress.journal import Journal
from course.progress.record import Record
from course.questions.bank import load
from course.questions.grading import BadResponse
from course.questions.model import Question

ID = "sample-prediction-001"
RATIONALE = "create_service answers before the scheduler acts."


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path / "data")


@pytest.fixture
def question() -> Question:
    bank = load([Path(__file__).parents[1] / "questions" / "data" / "sample.toml"])
    return msgspec.structs.replace(bank.question(ID), keep_order=True)


@pytest.fixture
def prediction(question: Question, journal: Journal) -> Prediction:
    return Prediction(question, Record("lesson", journal), seed="lesson")


def remembered(journal: Journal) -> list[tuple[str, tuple[str, ...], str]]:
    return [(event.kind, event.response, event.outcome) for event in journal.read()[0]]


def test_committing_says_nothing_of_right_or_wrong(
    prediction: Prediction, journal: Journal
) -> None:
    assert repr(prediction.answer("b")) == COMMITTED
    assert prediction.state.outcome == "not attempted"
    assert prediction.state.feedback == ()
    assert repr(prediction).splitlines()[-1] == f"You predict: b. {COMMITTED}"
    assert remembered(journal) == [("committed", ("one",), "")]


def test_as_predicted(prediction: Prediction, journal: Journal) -> None:
    prediction.answer("a")
    assert repr(prediction.outcome(0)).splitlines() == [
        "You predicted: 0",
        "It was: 0",
        "As predicted. It answers first.",
        RATIONALE,
    ]
    assert prediction.state.outcome == "right"
    assert remembered(journal)[-1] == ("predicted", ("none",), "right")


def test_not_as_predicted(prediction: Prediction, journal: Journal) -> None:
    prediction.answer("b")
    assert repr(prediction.outcome(0)).splitlines() == [
        "You predicted: 1",
        "It was: 0",
        "Not as predicted. That would be an answer after the work.",
        RATIONALE,
    ]
    assert prediction.state.outcome == "wrong"
    assert remembered(journal)[-1] == ("predicted", ("one",), "wrong")


def test_what_came_decides_and_not_the_key(prediction: Prediction) -> None:
    prediction.answer("b")
    assert repr(prediction.outcome(1)).splitlines()[2].startswith("As predicted.")


@pytest.mark.parametrize("letter", ["a", "b"])
def test_what_nobody_foresaw_is_nobodys_prediction(prediction: Prediction, letter: str) -> None:
    prediction.answer(letter)
    told = repr(prediction.outcome(7)).splitlines()
    assert told[1:3] == ["It was: 7", f"Not as predicted. {UNFORESEEN}"]
    assert prediction.state.outcome == "wrong"


def test_without_values_the_key_is_what_comes(question: Question, journal: Journal) -> None:
    options = tuple(msgspec.structs.replace(one, value=None) for one in question.options)
    question = msgspec.structs.replace(question, options=options)
    prediction = Prediction(question, Record("lesson", journal), seed="lesson")
    prediction.answer("none")
    assert "As predicted." in repr(prediction.outcome("whatever the cell shows"))


def test_what_was_not_committed_is_not_graded(prediction: Prediction, journal: Journal) -> None:
    assert repr(prediction.outcome(0)).splitlines() == [
        "You predicted: nothing yet.",
        "It was: 0",
        RATIONALE,
    ]
    assert prediction.state.outcome == "not attempted"
    assert remembered(journal) == []


def test_after_the_outcome_it_is_too_late_for_this_run(prediction: Prediction) -> None:
    prediction.outcome(0)
    assert repr(prediction.answer("b")) == LATE
    assert repr(prediction).endswith(f"You predict: b. {LATE}")


def test_a_cell_that_runs_again_in_another_world_changes_no_grade(
    prediction: Prediction, journal: Journal
) -> None:
    prediction.answer("a")
    prediction.outcome(0)
    assert repr(prediction.outcome(1)).splitlines() == ["It was: 0", "It is now: 1", SINCE]
    assert prediction.state.outcome == "right"
    assert [outcome for _, _, outcome in remembered(journal)] == ["", "right"]
    assert "As predicted." in repr(prediction.outcome(0))


def test_who_had_predicted_nothing_is_not_told_wrong_by_a_later_world(
    prediction: Prediction,
) -> None:
    prediction.outcome(0)
    prediction.answer("a")
    assert SINCE in repr(prediction.outcome(1))
    assert prediction.state.outcome == "not attempted"


def test_an_outcome_that_nobody_foresaw_may_be_put_right(prediction: Prediction) -> None:
    prediction.answer("a")
    prediction.outcome(7)
    assert "As predicted." in repr(prediction.outcome(0))


@pytest.mark.parametrize("answer", ["", course.____])
def test_an_empty_answer_commits_nothing_and_undoes_nothing(
    prediction: Prediction, journal: Journal, answer: str
) -> None:
    assert repr(prediction.answer(answer)) == "Not attempted yet."
    assert "Not attempted yet; by code" in repr(prediction)
    prediction.answer("b")
    assert repr(prediction.answer(answer)) == COMMITTED
    assert [kind for kind, _, _ in remembered(journal)] == ["committed"]


def test_one_thing_is_predicted(prediction: Prediction) -> None:
    with pytest.raises(BadResponse, match="takes one option, not 2"):
        prediction.answer("a b")


def test_a_change_of_mind_before_the_cell_runs_counts(prediction: Prediction) -> None:
    prediction.answer("b")
    prediction.answer("a")
    assert "As predicted." in repr(prediction.outcome(0))


def test_the_commitment_is_there_again_and_the_outcome_is_asked_of_the_cell(
    prediction: Prediction, question: Question, journal: Journal
) -> None:
    prediction.answer("b")
    committed = repr(prediction)
    assert repr(Prediction(question, Record("lesson", journal), seed="lesson")) == committed
    prediction.outcome(0)
    again = Prediction(question, Record("lesson", journal), seed="lesson")
    assert repr(again) == committed
    assert "Not as predicted." in repr(again.outcome(0))


def test_a_reset_of_the_lesson_asks_anew(
    prediction: Prediction, question: Question, journal: Journal
) -> None:
    prediction.answer("b")
    Record("lesson", journal).remember("reset")
    assert Prediction(question, Record("lesson", journal), seed="lesson").state.response == ()


def test_a_prediction_whose_option_is_gone_is_asked_anew(
    prediction: Prediction, question: Question, journal: Journal
) -> None:
    prediction.answer("b")
    fewer = msgspec.structs.replace(question, options=question.options[::2])
    assert Prediction(fewer, Record("lesson", journal), seed="lesson").state.response == ()


def test_without_a_disk_it_works_and_says_what_is_not_saved(
    question: Question, tmp_path: Path
) -> None:
    (tmp_path / "data").write_text("in the way", "utf-8")
    prediction = Prediction(question, Record("lesson", Journal(tmp_path / "data")), seed="lesson")
    assert "could not be written" in prediction.answer("b").lines[-1]
    assert "could not be written" in prediction.outcome(0).lines[-1]
