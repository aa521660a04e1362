"""What a lesson asks for by one call, with the learner's own journal."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

import course
from course.exam import desk
from course.exam.beginning import current_version
from course.exam.mock import NotNow
from course.exercises.blank import NotAttempted
from course.progress.journal import Journal
from course.progress.record import Record
from course.questions.model import Question

Bank = dict[str, Question]


@pytest.fixture
def own(tmp_path: Path) -> Record:
    return Record("fargate-tutorial", Journal(tmp_path))


@pytest.mark.parametrize(
    ("day", "version"),
    [
        (datetime(2026, 11, 30, 23, 59, tzinfo=UTC), "C02"),
        (datetime(2026, 12, 1, tzinfo=UTC), "C03"),
    ],
)
def test_the_version_of_the_day(day: datetime, version: str) -> None:
    assert current_version(day) == version


def test_an_attempt_belongs_to_no_lesson(own: Record, questions: Bank) -> None:
    desk.exam(own, questions, "C03", 10, None, False).begin().answer("first")
    other = Record("ecs-concepts", own.journal)
    assert "1 answered" in repr(desk.exam(other, questions, "", 65, None, False))


def test_over_it_stays_until_a_new_one_is_asked_for(own: Record, questions: Bank) -> None:
    desk.exam(own, questions, "C03", 10, None, False).begin().submit()
    assert "not a scaled score" in repr(desk.exam(own, questions, "C03", 10, None, False))
    assert "Not begun yet" in repr(desk.exam(own, questions, "C03", 10, None, True))


def test_new_does_not_throw_away_what_is_under_way(own: Record, questions: Bank) -> None:
    desk.exam(own, questions, "C03", 10, None, False).begin()
    assert "Item 1 of 10" in repr(desk.exam(own, questions, "C03", 10, None, True))


def test_no_report_before_the_end(own: Record, questions: Bank) -> None:
    mock = desk.exam(own, questions, "C03", 10, "same", False).begin()
    with pytest.raises(NotNow, match="No attempt is over"):
        desk.exam_report(own, questions, 0)
    mock.submit()
    assert "seed same" in repr(desk.exam_report(own, questions, 1))
    with pytest.raises(LookupError, match="you have begun 1"):
        desk.exam_report(own, questions, 2)


def test_a_complaint_is_a_file_with_item_key_sources_and_words(
    questions: Bank, tmp_path: Path
) -> None:
    question = next(iter(questions.values()))
    for number in (1, 2):
        told = desk.report_item(question, "The second is right too.", tmp_path)
        assert f"report-{question.id}-{number}.md" in repr(told)
    text = (tmp_path / f"report-{question.id}-1.md").read_text("utf-8")
    for words in (
        question.stem,
        "The first one. (right:",
        "docs.aws.amazon.com",
        "second is right",
    ):
        assert words in text


def test_a_complaint_without_words_is_refused(questions: Bank, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="Say what is wrong"):
        desk.report_item(next(iter(questions.values())), "  ", tmp_path)
    assert not list(tmp_path.iterdir())


def test_without_a_length_it_is_as_long_as_the_bank_can_fill(own: Record, questions: Bank) -> None:
    assert "65 items in 130 minutes" in repr(desk.exam(own, questions, "C03", 0, None, False))
    few = {id: one for id, one in questions.items() if one.topic != "secrets"}
    told = " ".join(repr(desk.exam(own, few, "C03", 0, None, False)).split())
    assert "55 items in 110 minutes. It asks about containers" in told
    assert "It has 65 items in 130 minutes" in told


def test_the_banks_own_items_make_an_exam(own: Record) -> None:
    from course.questions.bank import bank

    for version in ("C03", "C02"):
        mock = desk.exam(Record(version, own.journal), bank().questions, version, 0, None, True)
        assert mock.begin().attempt
        mock.submit()


def test_a_blank_complaint_is_not_attempted_yet(questions: Bank, tmp_path: Path) -> None:
    with pytest.raises(NotAttempted, match=r"^Not attempted yet, one blank in your report"):
        desk.report_item(next(iter(questions.values())), course.____, tmp_path)
    assert not list(tmp_path.iterdir())
