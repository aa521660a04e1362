"""A mock exam as a learner takes it: by code, over a dead kernel, and to its end."""

import os
import random
import signal
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from course.exam.attempt import fold
from course.exam.mock import MockExam, NotNow
from course.progress.journal import Journal
from course.progress.record import Record
from course.questions.grading import BadResponse
from course.questions.model import Question

from .conftest import Watch

Opened = Callable[..., MockExam]


def right(exam: MockExam) -> str:
    """The right answer of the item shown, by ids."""
    return " ".join(exam._question().key)


def test_before_it_begins_it_says_what_it_is_and_keeps_nothing(
    exam: Opened, record: Record
) -> None:
    told = repr(exam())
    for words in ("container mock exam", "DVA-C03", "65 items in 130 minutes", "broader"):
        assert words in told
    assert "has not been seen" in told
    assert record.events() == []


def test_the_version_before_is_not_called_unseen(exam: Opened) -> None:
    assert "has not been seen" not in repr(exam(version="C02"))


def test_an_answer_is_kept_and_not_judged(exam: Opened, record: Record) -> None:
    mock = exam().begin().answer("first")
    assert "Your answer:" in repr(mock)
    for word in ("Right", "right", "wrong", "About the first"):
        assert word not in repr(mock)
    assert [event.kind for event in record.events()] == ["exam-begun", "exam-answered"]


def test_an_answer_can_be_changed_and_taken_back(exam: Opened) -> None:
    mock = exam().begin().answer("first").answer("second")
    (given,) = mock.attempt.answers.values()  # type: ignore[union-attr]
    assert given.response == ("second",)
    mock.answer("")
    assert "No answer yet." in repr(mock)
    assert "0 answered" in repr(exam())


def test_an_answer_that_the_item_cannot_have_changes_nothing(exam: Opened) -> None:
    mock = exam().begin().answer("first")
    with pytest.raises(BadResponse):
        mock.answer("z")
    assert mock.attempt and len(mock.attempt.answers) == 1


def test_next_goes_on_and_behind_the_last_comes_the_review(exam: Opened) -> None:
    mock = exam(items=10).begin()
    assert "Item 2 of 10" in repr(mock.next())
    assert "Item 1 of 10" in repr(mock.back().back())
    assert "Review of 10 items" in repr(mock.go(10).next())


def test_the_review_shows_what_is_open_and_what_is_flagged(exam: Opened) -> None:
    mock = exam(items=10).begin().answer("first").flag().go(3).flag().review()
    assert "1+! 2- 3-! 4-" in repr(mock)
    assert "1 answered, 2 flagged" in repr(mock)
    assert "2-! 3-" not in repr(mock.go(3).flag().review())


def test_a_number_that_there_is_not_is_refused(exam: Opened) -> None:
    with pytest.raises(LookupError, match="1 to 10"):
        exam(items=10).begin().go(11)


def test_nothing_can_be_done_before_the_beginning(exam: Opened) -> None:
    with pytest.raises(NotNow, match="Not begun"):
        exam().answer("first")


def test_nothing_is_told_before_the_end(exam: Opened) -> None:
    with pytest.raises(NotNow, match="before the end"):
        exam().begin().score()


def test_submitted_it_tells_a_percentage_and_no_scaled_score(exam: Opened) -> None:
    mock = exam(items=10).begin()
    for _ in range(7):
        mock.answer(right(mock)).next()
    told = repr(mock.submit())
    assert "7 of 10 right, 70 %" in told
    assert "not a scaled score" in told
    assert mock.score().percent == 70


def test_a_part_of_several_is_worth_nothing(exam: Opened) -> None:
    mock = exam().begin()
    while mock._question().kind != "multiple":
        mock.next()
    mock.answer("first")
    mock.submit()
    assert mock.score().right == 0


def test_what_was_submitted_stands(exam: Opened) -> None:
    mock = exam(items=10).begin().answer("first")
    mock.submit()
    for step in (lambda: mock.answer("second"), mock.submit, mock.flag, mock.next):
        with pytest.raises(NotNow, match="over"):
            step()


def test_a_second_time_begun_is_the_same_attempt(exam: Opened, record: Record) -> None:
    exam().begin().begin()
    exam().begin()
    assert len(fold(record.events())) == 1


def test_the_next_attempt_is_another_exam(exam: Opened, record: Record) -> None:
    exam().begin().submit()
    exam(new=True).begin()
    first, second = fold(record.events())
    assert (first.terms.seed, second.terms.seed) == ("1", "2")
    assert first.terms.items != second.terms.items


def test_time_passes_while_nobody_looks_and_ends_the_attempt(exam: Opened, watch: Watch) -> None:
    mock = exam(items=10).begin().answer("first")
    assert "20 min left" in repr(mock)
    watch.pass_minutes(19.5)
    assert "30 s left" in repr(mock)
    watch.pass_minutes(1)
    assert "The time was over" in repr(mock)
    assert "The time was over" in repr(exam())


def test_what_comes_after_the_deadline_does_not_count(
    exam: Opened, watch: Watch, record: Record
) -> None:
    mock = exam(items=10).begin()
    watch.pass_minutes(21)
    with pytest.raises(NotNow, match="over"):
        mock.answer("first")
    (attempt,) = fold(record.events())
    assert attempt.submitted == attempt.deadline
    assert attempt.answers == {}


def test_ended_by_the_time_it_is_ended_once(exam: Opened, watch: Watch, record: Record) -> None:
    exam(items=10).begin().answer("first")
    watch.pass_minutes(500)
    for _ in range(3):
        repr(exam())
    kinds = [event.kind for event in record.events()]
    assert kinds.count("exam-submitted") == 1
    assert kinds.count("answered") == 1


def test_another_kernel_takes_the_attempt_up_where_it_stands(exam: Opened) -> None:
    exam().begin().answer("first", sure=True).next().flag().next().answer("second")
    mock = exam()
    assert "Item 2 of 65 · 2 answered, 1 flagged" in repr(mock)
    assert "Flagged" in repr(mock)
    assert mock.go(1)._question().id in mock.attempt.answers  # type: ignore[union-attr]
    assert "You are sure." in repr(mock)


def test_what_was_missed_comes_back_in_warm_ups(exam: Opened, record: Record) -> None:
    mock = exam(items=10).begin()
    wrong = mock._question().id
    mock.answer("third").next().answer(right(mock))
    mock.submit()
    assert ("practice-exam", wrong) in record.summary().missed()
    assert len(record.summary().missed()) == 1


def test_an_item_withdrawn_from_the_bank_counts_for_nothing(
    exam: Opened, questions: dict[str, Question]
) -> None:
    mock = exam(items=10).begin()
    gone = mock._question().id
    del questions[gone]
    assert "withdrawn" in repr(mock)
    for number in range(2, 11):
        mock.go(number).answer(right(mock))
    told = " ".join(repr(mock.submit()).split())
    assert "9 of 9 right, 100 %" in told
    assert gone in told


TAKER = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from tests.exam.conftest import made_up_bank
from course.exam.beginning import latest
from course.exam.mock import MockExam
from course.progress.journal import Journal
from course.progress.record import Record, wall_clock

record = Record("practice-exam", Journal(Path(sys.argv[1])))
mock = MockExam(record, made_up_bank(), wall_clock, version="C03", items=65, attempt=latest(record)).begin()
while mock.attempt.open_items():
    item = mock.attempt.open_items()[0]
    mock.go(mock.attempt.terms.items.index(item) + 1)
    key = " ".join(mock._question().key)
    mock.answer(key, sure=True)
    print(item, key, flush=True)
print("done", flush=True)
"""


def acknowledged(lines: Iterable[str]) -> dict[str, str]:
    """What a child said it had given; a line torn by the kill is no word of it."""
    whole = [line.split(" ", 1) for line in lines if line.endswith("\n") and " " in line]
    return {item: key.strip() for item, key in whole}


@pytest.mark.slow
def test_killed_at_fifty_moments_it_resumes_with_every_answer(tmp_path: Path) -> None:
    """Each child answers on; it is killed after a random number of acknowledged answers."""
    chance, folder = random.Random(13), Path(__file__).parents[2]
    told: dict[str, str] = {}
    for _ in range(50):
        with subprocess.Popen(
            [sys.executable, "-c", TAKER, str(tmp_path), str(folder)],
            stdout=subprocess.PIPE,
            text=True,
        ) as child:
            assert child.stdout
            told |= acknowledged(child.stdout.readline() for _ in range(chance.randint(0, 2)))
            os.kill(child.pid, signal.SIGKILL)
            told |= acknowledged(child.stdout)
        for attempt in fold(Journal(tmp_path).read()[0]):
            kept = {id: " ".join(given.response) for id, given in attempt.answers.items()}
            assert told.items() <= kept.items()
    assert told
    assert len(fold(Journal(tmp_path).read()[0])) == 1
