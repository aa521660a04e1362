"""Progress as a reader sees it: a line a lesson, what is not right yet, what is odd."""

import pytest

from course.curriculum.curriculum import lessons
from course.progress.journal import Journal
from course.progress.record import Record
from course.progress.report import NOTHING, report


@pytest.fixture
def some(journal: Journal) -> Journal:
    """Some progress in three lessons, one of which the curriculum no longer has."""
    gone, fargate = Record("gone", journal), Record("fargate-tutorial", journal)
    gone.remember("answered", "gone-a-001", outcome="right")
    fargate.remember("answered", "fargate-tasks-001", outcome="wrong")
    fargate.remember("hinted", "fargate-tasks-001", detail="1")
    fargate.remember("answered", "fargate-tasks-001", outcome="partly")
    fargate.remember("predicted", "fargate-predict-001", outcome="wrong")
    fargate.remember("explained", "fargate-explain-001", detail="because")
    Record("start-here", journal).remember("finished")
    return journal


def test_the_table_is_in_the_curriculums_order(some: Journal) -> None:
    assert repr(report(some)).splitlines() == [
        "lesson            attempted  right  hints  finished",
        "start-here                0      0      0  yes",
        "fargate-tutorial          1      0      1  not yet",
        "gone                      1      1      0  not yet",
        "",
        "Not right yet:",
        "  fargate-tutorial: fargate-tasks-001 (tried 2 times)",
        "",
        "Begun and not finished: 05-fargate-tutorial.ipynb.",
    ]


def following(journal: Journal) -> str:
    return report(journal).next


def test_what_comes_next(journal: Journal) -> None:
    """What was begun, else the first after the last that was finished; never the start again."""
    first, second, *_ = (entry for entry in lessons() if entry.number)
    assert following(journal).startswith(f"Next: {first.notebook}, ")
    Record("start-here", journal).remember("answered", "a", outcome="right")
    assert following(journal).startswith(f"Next: {first.notebook}, ")
    Record(second.name, journal).remember("answered", "b", outcome="right")
    assert following(journal) == f"Begun and not finished: {second.notebook}."
    Record(second.name, journal).remember("finished")
    assert first.notebook not in following(journal)
    for entry in lessons():
        Record(entry.name, journal).remember("finished")
    assert following(journal) == "Every lesson that is there is finished."


def test_nothing_yet_is_a_sentence_and_not_an_empty_table(journal: Journal) -> None:
    assert repr(report(journal)) == NOTHING


def test_what_is_odd_about_the_journal_comes_last(some: Journal) -> None:
    with some.path.open("ab") as file:
        file.write(b'{"torn')
    assert repr(report(some)).splitlines()[-1].endswith("everything before it is there.")


def test_the_learners_own_journal_is_the_one_meant(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COURSE_DATA_DIR", str(journal.path.parent))
    Record("start-here", journal).remember("answered", "a", outcome="right")
    assert [row.lesson for row in report().rows] == ["start-here"]


def test_a_machine_reads_the_same(some: Journal) -> None:
    facts = report(some).as_json()
    assert facts["lessons"][1] == {
        "lesson": "fargate-tutorial",
        "attempted": 1,
        "right": 0,
        "hints": 1,
        "finished": False,
    }
    assert facts["missed"][0] == {
        "lesson": "fargate-tutorial",
        "id": "fargate-tasks-001",
        "attempts": 2,
    }
    assert facts["next"] == "Begun and not finished: 05-fargate-tutorial.ipynb."
    assert facts["notes"] == []
