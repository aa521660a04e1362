"""What comes back is a fold over the journal: own cards, tables of finished lessons, misses."""

from datetime import UTC, datetime, timedelta

import pytest

from course.curriculum.closing import read
from course.curriculum.curriculum import find_lesson
from course.flashcards.deck import card_id
from course.flashcards.stack import stack
from course.flashcards.tables import table_id
from course.progress.events import Event, new_event

AT = datetime(2026, 11, 2, 9, tzinfo=UTC)
TABLE = read(
    find_lesson("fargate-tutorial"),
    "## Where to look\n\n| you ask | you look at |\n|---|---|\n| why | `reason` |\n| where | port |",
)
WIDE = read(
    find_lesson("twelve-factor"),
    "## Factors\n\n| | factor | on AWS |\n|---|---|---|\n| a lock | VIII | count |",
)
WHY, WHERE = (table_id("fargate-tutorial", first) for first in ("why", "where"))
OWN = card_id("task")


def did(kind: str, id: str = "", *, day: float = 0, said: str = "", lesson: str = "a") -> Event:
    response = ("task", "a run") if kind == "noted" else ()
    at = AT + timedelta(days=day)
    return new_event(at, kind, lesson, id, response=response, outcome=said)


NOTED = did("noted", OWN)
FINISHED = did("finished", lesson="fargate-tutorial")


def due(events: list[Event], day: float) -> list[str]:
    held = stack(events, {"q-001", "q-002"}, (TABLE, WIDE))
    return [one.id for one in held.due(AT + timedelta(days=day))]


@pytest.mark.parametrize(
    ("events", "day", "ids"),
    [
        ([], 0, []),
        ([NOTED], 0, [OWN]),
        ([NOTED, did("rated", OWN, said="good")], 1, []),
        ([NOTED, did("rated", OWN, said="good")], 2, [OWN]),
        ([NOTED, did("rated", OWN, said="again")], 0, [OWN]),
        ([NOTED, did("rated", OWN, said="from a newer version")], 0, [OWN]),
        ([NOTED, did("dropped", OWN)], 9, []),
        ([NOTED, did("rated", OWN, said="easy"), did("dropped", OWN), NOTED], 0, [OWN]),
        ([FINISHED], 0, [WHY, WHERE]),
        ([FINISHED, did("finished", lesson="fargate-tutorial", day=5)], 1, [WHY, WHERE]),
        ([FINISHED, did("reset", lesson="fargate-tutorial")], 1, []),
        ([FINISHED, did("rated", WHY, said="good")], 1, [WHERE]),
        ([FINISHED, did("recalled", WHY, day=0.5)], 1, [WHERE, WHY]),
        ([did("answered", "q-001", said="right")], 99, []),
        ([did("answered", "q-001", said="partly")], 0, ["q-001"]),
        ([did("predicted", "q-001", said="wrong")], 9, []),
        ([did("answered", "q-withdrawn", said="wrong")], 9, []),
        ([did("answered", "q-001", said="wrong"), did("answered", "q-001", said="right")], 0.9, []),
        (
            [did("answered", "q-001", said="wrong"), did("answered", "q-001", said="right")],
            1.1,
            ["q-001"],
        ),
        ([did("answered", "q-001", said="wrong"), did("reset")], 9, []),
        ([did("answered", "q-001", said="wrong"), did("reset", lesson="b")], 9, ["q-001"]),
        (
            [did("answered", "q-002", said="wrong", day=1), NOTED, FINISHED],
            1,
            [OWN, WHY, WHERE, "q-002"],
        ),
    ],
)
def test_after_this_these_are_due(events: list[Event], day: float, ids: list[str]) -> None:
    assert due(events, day) == ids


def test_a_miss_counts_where_it_was_missed_last_and_is_one_card() -> None:
    missed = [
        did("answered", "q-001", said="wrong", lesson="fargate-tutorial"),
        did("answered", "q-001", said="wrong", lesson="practice-exam", day=1),
    ]
    (held,) = stack(missed, {"q-001"}, ()).held
    assert (held.lesson, held.source, held.standing.reviews) == ("practice-exam", "missed", 2)


def test_a_row_of_a_table_is_a_card_that_better_words_do_not_change() -> None:
    first, second = (one.card for one in stack([FINISHED], (), (TABLE,)).held)
    assert first and second
    assert (first.front, first.back) == ("You ask: why → you look at?", "`reason`")
    assert (first.id, first.table, first.lesson) == (WHY, "Where to look", "fargate-tutorial")
    assert second.id != first.id
    better = read(TABLE.entry, "# W\n| ask | see |\n|--|--|\n| why | its reason |\n")
    assert [one.id for one in stack([FINISHED], (), (better,)).held] == [WHY]


def test_a_wide_table_names_its_columns_on_the_back() -> None:
    (held,) = stack([did("finished", lesson="twelve-factor")], (), (WIDE,)).held
    assert held.card
    assert held.card.front == "A lock → factor, on AWS?"
    assert held.card.back == "factor: VIII\non AWS: count"


def test_the_next_one_is_known_when_none_is_due() -> None:
    assert stack([], (), ()).next_due is None
    held = stack([NOTED, did("rated", OWN, said="good")], (), ())
    assert held.next_due == AT + timedelta(days=2)
