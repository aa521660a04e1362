"""What ten first answers on Docker lead to: skip 01, take parts of it, or take it."""

import json
import re
from pathlib import Path

import msgspec
import pytest

from course.checkpoints import precheck as module
from course.checkpoints.precheck import MEANWHILE, advice, first_answers
from course.curriculum.curriculum import LessonEntry, PlannedLesson, find_lesson, planned, precheck
from course.progress.journal import Journal
from course.progress.record import Record
from course.questions.bank import bank

IDS = list(precheck().parts)
ABOUT = [part.about for part in precheck().parts.values()]


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
    assert len({part.about for part in precheck().parts.values()}) == 10
    assert precheck().leads_to.name == "containers-in-brief"


def test_the_sections_it_leads_to_are_headings_of_that_lesson(root: Path) -> None:
    notebook = root / "notebooks" / precheck().leads_to.notebook
    if not notebook.exists():
        assert isinstance(precheck().leads_to, PlannedLesson)
        return
    text = "\n".join(
        "".join(cell["source"]) for cell in json.loads(notebook.read_text("utf-8"))["cells"]
    )
    headings = set(re.findall(r"^#+ (.*)$", text, re.MULTILINE))
    assert {part.section for part in precheck().parts.values()} <= headings


def test_nothing_answered_is_no_verdict(record: Record) -> None:
    assert said(record).startswith("None of the 10 answered yet.")
    assert "If Docker is new to you, begin with 01-containers-in-brief." in said(record)


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> LessonEntry:
    """A lesson that is there in the place of 01, which may be planned."""
    other = find_lesson("twelve-factor")
    leading = msgspec.structs.replace(precheck(), lesson=other.name)
    monkeypatch.setattr(module, "precheck", lambda: leading)
    return other


@pytest.mark.parametrize(
    ("right", "verdict"),
    [
        (10, "Skip {name}: you know"),
        (9, "Skip {name}, or only look there at '"),
        (8, "Skip {name}, or only look there at '"),
        (7, "Take these parts of {name} ({minutes} minutes in all): "),
        (5, "Take these parts of {name} ({minutes} minutes in all): "),
        (4, "Take {name} first, all of it ({minutes} minutes)."),
        (0, "Take {name} first, all of it ({minutes} minutes)."),
    ],
)
def test_the_number_decides(record: Record, written: LessonEntry, right: int, verdict: str) -> None:
    answer(record, right, 10 - right)
    assert f"{right} of 10 right at the first try." in said(record)
    name = written.notebook.removesuffix(".ipynb")
    assert verdict.format(name=name, minutes=written.minutes) in said(record)


def test_the_parts_are_those_of_the_questions_that_were_missed(
    record: Record, written: LessonEntry
) -> None:
    answer(record, 7, 3)
    assert (
        "'From an image to a container' (entrypoint and command, limits); "
        "'Signals' (signals and exit codes)."
    ) in said(record)
    known = [part.about for part in precheck().parts.values()][:7]
    assert not any(about in said(record) for about in known)


def test_what_was_left_out_counts_as_not_known(record: Record) -> None:
    answer(record, 6)
    assert "Not answered yet: 4." in said(record)
    assert ABOUT[6] in said(record)


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


def test_a_lesson_that_is_not_there_yet_sends_nobody_to_it(
    record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    leading = msgspec.structs.replace(precheck(), lesson=planned()[-1].name)
    monkeypatch.setattr(module, "precheck", lambda: leading)
    answer(record, 2, 8)
    assert ", ".join(ABOUT[2:]) in said(record)
    assert f"is planned; meanwhile: {MEANWHILE}" in said(record)
    assert "Take" not in said(record)
