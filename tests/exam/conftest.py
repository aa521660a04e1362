"""A made-up bank that is large enough for an exam, and a learner's record with a clock of its own."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from course.exam.blueprint import blueprint
from course.exam.mock import MockExam
from course.progress.journal import Journal
from course.progress.record import Record
from course.questions.model import Option, Question, Source

PLACES = {
    "factors": "1.1",
    "patterns": "1.1",
    "balancing": "1.1",
    "identity": "2.1",
    "secrets": "2.2",
    "images": "3.1",
    "objects": "3.3",
    "evidence": "4.1",
    "scaling": "4.3",
}
"""A task statement for each topic of the made-up bank; both versions have these numbers."""

EACH = 14


def item(topic: str, number: int, *, several: bool = False) -> Question:
    """One item: the first option is right, or the first two of five."""
    words = ("first", "second", "third", "fourth", "fifth")[: 5 if several else 4]
    options = tuple(
        Option(word, f"The {word} one.", f"About the {word}.", right=place < 1 + several)
        for place, word in enumerate(words)
    )
    task = PLACES[topic]
    return Question(
        id=f"{topic}-made-{number:03}",
        kind="multiple" if several else "single",
        stem=f"Which one of {topic} {number}? Choose {'two' if several else 'one'}.",
        options=options,
        rationale="The first ones are right.",
        objective="fargate-tutorial/services",
        sources=(Source("A page", "2026-11-27", "https://docs.aws.amazon.com/page"),),
        exam=(f"C03:{task}", f"C02:{task}"),
        topic=topic,
        level="apply",
        section="Services",
    )


def made_up_bank() -> dict[str, Question]:
    made = (
        item(topic, number, several=number % 5 == 0)
        for topic in PLACES
        for number in range(1, EACH + 1)
    )
    return {one.id: one for one in made}


class Watch:
    """A wall clock that a test moves."""

    def __init__(self) -> None:
        self.now = datetime(2026, 12, 2, 20, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def pass_minutes(self, minutes: float) -> None:
        self.now += timedelta(minutes=minutes)


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def questions() -> dict[str, Question]:
    assert set(PLACES) <= set(blueprint().topic)
    return made_up_bank()


@pytest.fixture
def record(tmp_path: Path, watch: Watch) -> Record:
    return Record("practice-exam", Journal(tmp_path), watch)


@pytest.fixture
def exam(record: Record, questions: dict[str, Question], watch: Watch) -> Callable[..., MockExam]:
    """Opens the mock exam as a cell does; the latest attempt is taken up unless told otherwise."""
    from course.exam.beginning import latest

    def opened(new: bool = False, items: int = 65, version: str = "C03", **more: str) -> MockExam:
        attempt = None if new else latest(record)
        return MockExam(
            record, questions, watch, version=version, items=items, attempt=attempt, **more
        )

    return opened
