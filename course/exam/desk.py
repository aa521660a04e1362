"""The desk: what a lesson asks for by one call, with the learner's record in hand."""

from collections.abc import Mapping
from pathlib import Path

from course.checkpoints.checkpoint import Told
from course.exam.attempt import LESSON, fold
from course.exam.beginning import current_version
from course.exam.blueprint import blueprint as plan
from course.exam.blueprint import exam_version
from course.exam.complaint import complaint
from course.exam.draw import most
from course.exam.holdings import holdings
from course.exam.how_many import how_many
from course.exam.mock import MockExam, NotNow
from course.exam.pool import items_for
from course.exam.practice import chosen, varied
from course.exam.report import Report, report
from course.exercises.blank import Blank, NotAttempted
from course.progress.record import Record, wall_clock
from course.questions.model import Question

Questions = Mapping[str, Question]


def exam(
    record: Record, questions: Questions, version: str, items: int, seed: str | None, new: bool
) -> MockExam:
    """The attempt that is under way, the one that is over, or with *new* the next one, not begun yet.

    Without a number of *items* it is as long as the bank can fill, up to the real exam's 65.
    An attempt is the learner's and no lesson's: it is kept under the practice exam's name.
    """
    version = version or current_version(wall_clock())
    exam_version(version)
    items = how_many(items, least=0) or most(
        items_for(questions, version), version, plan().mock.items
    )
    own = Record(LESSON, record.journal, wall_clock)
    attempts = fold(own.events())
    last = attempts[-1] if attempts else None
    if new and last and last.is_over(wall_clock()):
        last = None
    return MockExam(
        own, questions, wall_clock, version=version, items=items, seed=seed, attempt=last
    )


def exam_report(record: Record, questions: Questions, attempt: int) -> Report:
    """The report of the newest attempt that is over, or of the one of this number, from 1.

    Raises NotNow when there is none that is over, LookupError for a number that there is not.
    """
    attempts = fold(record.events())
    now = wall_clock()
    if attempt and not 1 <= attempt <= len(attempts):
        raise LookupError(f"There is no attempt {attempt}: you have begun {len(attempts)}.")
    wanted = [attempts[attempt - 1]] if attempt else list(attempts)
    over = [one for one in wanted if one.is_over(now)]
    if not over:
        raise NotNow("No attempt is over yet, and nothing is told before: exam.submit() ends it.")
    return report(over[-1], questions, attempts)


def blueprint(record: Record, questions: Questions, version: str) -> Report:
    """What is asked by weight, and what the bank holds by topic; of the version in use today if none."""
    version = version or current_version(wall_clock())
    return holdings(version, items_for(questions, version), record.summary())


def practice(
    record: Record, questions: Questions, topic: str, lesson: str, exam: str, weak: bool, items: int
) -> tuple[Question, ...]:
    """Items to practise, those most needed first."""
    summary = record.summary()
    return chosen(questions, summary, topic=topic, lesson=lesson, exam=exam, weak=weak, items=items)


def variations(record: Record, topic: str, items: int) -> tuple[Question, ...]:
    """Questions with values of their own, of the families most needed first."""
    return varied(record.summary(), topic=topic, items=items)


def report_item(question: Question, what: str, folder: Path) -> Told:
    """Write a complaint about an item into the folder; one that is there is kept.

    Raises NotAttempted for a blank, ValueError for empty words.
    """
    if isinstance(what, Blank):
        raise NotAttempted(
            "Not attempted yet, one blank in your report: what is wrong with the item."
        )
    if not isinstance(what, str) or not what.strip():
        raise ValueError(
            "Say what is wrong with it, in a few words: a claim, and where you read it."
        )
    number = 1
    while (file := folder / f"report-{question.id}-{number}.md").exists():
        number += 1
    file.write_text(complaint(question, what), "utf-8")
    return Told((f"Written to {file.name}: paste it into an issue. Nothing was sent.",))
