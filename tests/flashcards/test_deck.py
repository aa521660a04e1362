"""The deck is a fold over events: kept, changed, recalled, thrown away."""

from datetime import UTC, datetime, timedelta

import pytest

from course.flashcards.deck import Deck, UnknownCard, card_id, fold
from course.progress.events import Event, new_event

AT = datetime(2026, 11, 2, 9, tzinfo=UTC)


def did(kind: str, front: str, back: str = "", *, minute: int = 0, lesson: str = "a") -> Event:
    response = (front, back) if kind == "noted" else ()
    return new_event(
        AT + timedelta(minutes=minute), kind, lesson, card_id(front), response=response
    )


def fronts(deck: Deck) -> list[str]:
    return [card.front for card in deck.cards]


@pytest.mark.parametrize(
    ("events", "cards"),
    [
        ([], []),
        ([did("noted", "task", "runs")], [("task", "runs", 0)]),
        ([did("noted", "task", "runs"), did("noted", "task", "ends")], [("task", "ends", 0)]),
        ([did("noted", "task", "runs"), did("recalled", "task")], [("task", "runs", 1)]),
        ([did("noted", "task", "runs"), did("dropped", "task")], []),
        ([did("recalled", "task"), did("dropped", "task")], []),
        ([did("noted", "task", "1"), did("noted", "task", "2", lesson="b")], [("task", "2", 0)]),
        ([did("noted", "a", "1"), did("reset", "a")], [("a", "1", 0)]),
        ([new_event(AT, "noted", "a", "x", response=("a side alone",))], []),
        (
            [
                did("noted", "a", "1"),
                did("recalled", "a"),
                did("noted", "b", "2"),
                did("noted", "a", "3"),
            ],
            [("a", "3", 1), ("b", "2", 0)],
        ),
        (
            [did("noted", "a", "1"), did("dropped", "a"), did("noted", "a", "2")],
            [("a", "2", 0)],
        ),
    ],
)
def test_what_was_done_gives_these_cards(
    events: list[Event], cards: list[tuple[str, str, int]]
) -> None:
    assert [(one.front, one.back, one.recalls) for one in fold(events).cards] == cards


def test_a_card_remembers_the_lesson_it_was_first_written_in() -> None:
    deck = fold([did("noted", "a", "1"), did("noted", "a", "2", lesson="b")])
    assert [card.lesson for card in deck.cards] == ["a"]


def test_spaces_and_line_ends_do_not_make_another_card() -> None:
    assert card_id("what is\n  a task?") == card_id(" what is a task? ")
    assert card_id("what is a task?") != card_id("what is a Task?")


def test_a_card_is_found_by_its_front_or_the_nearest_is_named() -> None:
    deck = fold([did("noted", "What is a task?", "x"), did("noted", "service", "y")])
    assert deck.find("What  is a task?").back == "x"
    with pytest.raises(UnknownCard) as told:
        deck.find("What is a tusk?")
    assert str(told.value).endswith("did you mean 'What is a task?'?")
    with pytest.raises(UnknownCard, match=r"no card with the front 'zzz'\.$"):
        deck.find("zzz")


def test_the_text_lists_both_sides_as_they_were_written() -> None:
    assert "No cards yet" in repr(fold([]))
    deck = fold([did("noted", "task", "one run\nof a definition"), did("noted", "b", "2")])
    assert repr(deck).splitlines() == [
        "2 cards:",
        "- task",
        "    one run",
        "    of a definition",
        "- b",
        "    2",
    ]
    assert (len(deck), fronts(deck)) == (2, ["task", "b"])
    assert repr(Deck(deck.cards[1:], "Due now: 1.")).splitlines()[-1] == "Due now: 1."
