"""What is shown is a fold over events: attempts, hints, right once and for all, begun anew."""

from datetime import UTC, datetime

import pytest

from course.progress.events import Event, new_event
from course.progress.summary import Summary, fold

AT = datetime(2026, 11, 2, 9, tzinfo=UTC)


def did(kind: str, id: str = "q", outcome: str = "", lesson: str = "fargate") -> Event:
    return new_event(AT, kind, lesson, id, outcome=outcome)


@pytest.mark.parametrize(
    ("events", "attempts", "right"),
    [
        ([], 0, False),
        ([did("answered", outcome="wrong")], 1, False),
        ([did("answered", outcome="partly")], 1, False),
        ([did("answered", outcome="wrong"), did("answered", outcome="right")], 2, True),
        ([did("answered", outcome="right"), did("answered", outcome="wrong")], 2, True),
        ([did("predicted", outcome="wrong")], 1, False),
        ([did("checked", outcome="right")], 1, True),
        ([did("explained")], 1, True),
        ([did("committed")], 0, False),
        ([did("begun")], 0, False),
        ([did("hinted"), did("hinted")], 0, False),
        ([did("dreamt", outcome="right")], 0, False),
    ],
    ids=lambda value: " ".join(e.kind for e in value) if isinstance(value, list) else str(value),
)
def test_attempts_and_right(events: list[Event], attempts: int, right: bool) -> None:
    item = fold(events).item("fargate", "q")
    assert (item.attempts, item.right) == (attempts, right)


def test_hints_and_solutions_are_counted_and_not_held_against_anybody() -> None:
    summary = fold(
        [did("hinted"), did("hinted"), did("revealed"), did("answered", outcome="right")]
    )
    item = summary.item("fargate", "q")
    assert (item.hints, item.solution_seen, item.right) == (2, True, True)
    assert summary.hints("fargate") == 2
    assert not summary.missed()


def test_lessons_do_not_mix() -> None:
    summary = fold([did("answered", outcome="right"), did("answered", lesson="b", outcome="wrong")])
    assert summary.counts("fargate") == (1, 1)
    assert summary.counts("b") == (1, 0)
    assert summary.missed() == [("b", "q")]
    assert summary.lessons() == ["fargate", "b"]


def test_predictions_and_own_words_are_kept_and_do_not_count() -> None:
    free = [did("predicted", "p", "wrong"), did("explained", "e"), did("answered", "q", "right")]
    summary = fold([*free, did("checked", "x", "partly")])
    assert summary.counts("fargate") == (2, 1)
    assert summary.missed() == [("fargate", "x")]
    assert summary.item("fargate", "p").attempts == 1


def test_a_finished_lesson_is_known_though_nothing_was_asked_in_it() -> None:
    assert fold([did("finished", id="")]).lessons() == ["fargate"]


def test_a_reset_begins_one_lesson_anew_and_leaves_the_others() -> None:
    before = [
        did("answered", outcome="right"),
        did("hinted", id="r"),
        did("committed", id="p"),
        did("finished", id=""),
        did("answered", lesson="b", outcome="right"),
    ]
    summary = fold([*before, did("reset", id="")])
    assert summary == fold(before[-1:])
    again = fold([*before, did("reset", id=""), did("answered", outcome="wrong")])
    assert again.missed() == [("fargate", "q")]


def test_nothing_done_is_an_empty_summary() -> None:
    assert fold([]) == Summary()
    assert fold([]).counts("fargate") == (0, 0)
