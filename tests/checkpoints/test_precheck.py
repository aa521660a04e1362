"""What ten first answers on Docker lead to: skip 01, take parts of it, or take it."""

from pathlib import Path

import msgspec
import pytest

from course.checkpoints import precheck as module
from course.checkpoints.precheck import UNTIL_THEN, advice, first_answers
from course.curriculum.curriculum import LessonEntry, PlannedLesson, find_lesson, planned, precheck
from course.progress.journal import Journal
from course.progress.record import Record
from course.questions.bank import bank

IDS = list(precheck().parts)


@pytest.fixture
def record(tmp_path: Path) -> Record:
    return Record("start-here", Journal(tmp_path))


def answer(record: Record, right: int, wrong: int = 0) -> None:
    for place, id in enumerate(IDS[: right + wrong]):
        record.remember(
            "answered", id, response=("x",), outcome="right" if place < right else "wrong"
        )


def said(record: Record) -> str:
    return " ".join(advice(record).lines)


def test_it_is_ten_questions_of_the_bank_each_with_a_part_of_its_own() -> None:
    assert len(IDS) == 10
    assert set(IDS) == {id for id in bank().questions if id.startswith("start-docker-")}
    assert len(set(precheck().parts.values())) == 10
    assert precheck().leads_to.name == "containers-in-brief"


def test_nothing_answered_is_no_verdict(record: Record) -> None:
    assert said(record).startswith("None of the 10 answered yet.")


@pytest.mark.parametrize(
    ("right", "verdict"),
    [
        (10, "Skip 01-containers-in-brief"),
        (8, "Skip 01-containers-in-brief"),
        (7, "Take these parts of 01-containers-in-brief"),
        (5, "Take these parts of 01-containers-in-brief"),
        (4, "first, all of it."),
        (0, "first, all of it."),
    ],
)
def test_the_number_decides(record: Record, right: int, verdict: str) -> None:
    answer(record, right, 10 - right)
    assert f"{right} of 10 right at the first try." in said(record)
    assert verdict in said(record)


def test_the_parts_are_those_of_the_questions_that_were_missed(record: Record) -> None:
    answer(record, 7, 3)
    parts = list(precheck().parts.values())
    assert "; ".join(parts[7:]) in said(record)
    assert not any(part in said(record) for part in parts[:7])


def test_what_was_left_out_counts_as_not_known(record: Record) -> None:
    answer(record, 6)
    assert "Not answered yet: 4." in said(record)
    assert "; ".join(list(precheck().parts.values())[6:]) in said(record)


def test_the_first_answer_counts_and_a_reset_begins_anew(record: Record) -> None:
    record.remember("answered", IDS[0], response=("x",), outcome="wrong")
    record.remember("answered", IDS[0], response=("y",), outcome="right")
    assert first_answers(record) == {IDS[0]: False}
    record.remember("reset")
    assert first_answers(record) == {}
    record.remember("answered", IDS[0], response=("y",), outcome="right")
    assert first_answers(record) == {IDS[0]: True}


def test_other_lessons_and_other_questions_do_not_count(record: Record, tmp_path: Path) -> None:
    Record("twelve-factor", Journal(tmp_path)).remember("answered", IDS[0], outcome="right")
    record.remember("answered", "fargate-tasks-001", outcome="right")
    record.remember("hinted", IDS[1])
    assert first_answers(record) == {}


@pytest.mark.parametrize("there", [True, False])
def test_a_lesson_that_is_not_there_yet_is_called_so(
    record: Record, monkeypatch: pytest.MonkeyPatch, there: bool
) -> None:
    other = find_lesson("twelve-factor") if there else planned()[-1]
    assert isinstance(other, LessonEntry if there else PlannedLesson)
    leading = msgspec.structs.replace(precheck(), lesson=other.name)
    monkeypatch.setattr(module, "precheck", lambda: leading)
    answer(record, 2, 8)
    name = other.notebook.removesuffix(".ipynb")
    how = f"({other.minutes} minutes)" if isinstance(other, LessonEntry) else "(planned)"
    assert f"Take {name} {how} first, all of it." in said(record)
    assert (UNTIL_THEN in said(record)) is not there
