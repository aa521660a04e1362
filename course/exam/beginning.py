"""How an attempt begins: which version, which seed, which items; one line of the journal."""

from collections.abc import Mapping
from datetime import datetime

import msgspec

from course.exam.attempt import BEGUN, Attempt, Terms, fold
from course.exam.blueprint import blueprint, exam_version
from course.exam.draw import draw
from course.exam.pool import items_for
from course.progress.record import Record
from course.questions.model import Question


def current_version(now: datetime) -> str:
    """The version in use on this day: the newest that has begun."""
    from course.curriculum.exam import versions

    day = now.date().isoformat()
    begun = [short for short, one in versions().items() if one.first_day <= day]
    return max(begun, key=lambda short: versions()[short].first_day)


def latest(record: Record) -> Attempt | None:
    """The newest attempt, if there is one."""
    attempts = fold(record.events())
    return attempts[-1] if attempts else None


def begin(
    record: Record, questions: Mapping[str, Question], version: str, items: int, seed: str | None
) -> tuple[Attempt, str]:
    """Draw an exam and write its beginning down; returns it, and what to tell the learner if it is not kept.

    Without a *seed* it is the number of the attempt, so each one is another exam.
    The minutes are the real exam's, in proportion to the items. Raises TooFewItems.
    """
    exam_version(version)
    before = {one.id for one in fold(record.events())}
    seed = seed or str(len(before) + 1)
    drawn = draw(items_for(questions, version), version, seed, items)
    mock = blueprint().mock
    minutes = max(1, round(mock.minutes * items / mock.items))
    terms = Terms(version, seed, minutes, tuple(one.id for one in drawn))
    notice = record.remember(BEGUN, detail=msgspec.json.encode(terms).decode())
    begun = next(one for one in reversed(fold(record.events())) if one.id not in before)
    return begun, notice
