"""The order shown and its letters: the same for a seed, and answers in letters or ids."""

import msgspec
import pytest

from course.questions.bank import Bank
from course.questions.model import Option
from course.questions.order import ids_for, shown

OPTIONS = tuple(Option(id, id, id) for id in ("alpha", "beta", "gamma", "delta"))
SEEDS = [f"seed-{number}" for number in range(60)]


@pytest.mark.parametrize(
    ("answer", "ids"),
    [
        ("", []),
        ("  ", []),
        ("b", ["beta"]),
        ("B", ["beta"]),
        (" b ", ["beta"]),
        ("beta", ["beta"]),
        ("b d", ["beta", "delta"]),
        ("b,d", ["beta", "delta"]),
        ("B, D", ["beta", "delta"]),
        ("bd", ["beta", "delta"]),
        ("DB", ["delta", "beta"]),
        ("dbca", ["delta", "beta", "gamma", "alpha"]),
        ("delta a", ["delta", "alpha"]),
        ("delta, beta", ["delta", "beta"]),
        ("z", ["z"]),
        ("bz", ["bz"]),
        ("e", ["e"]),
        ("Beta", ["Beta"]),
        ("b; d", ["b;", "delta"]),
    ],
)
def test_an_answer_by_letter_or_by_id(answer: str, ids: list[str]) -> None:
    assert ids_for(answer, OPTIONS) == ids


def test_one_seed_shows_one_order(sample: Bank) -> None:
    question = sample.question("sample-single-001")
    assert {shown(question, "notebook") for _ in range(5)} == {shown(question, "notebook")}
    assert len({shown(question, seed) for seed in SEEDS}) > 10


def test_two_questions_of_one_seed_are_shuffled_apart(sample: Bank) -> None:
    one = sample.question("sample-single-001")
    other = msgspec.structs.replace(one, id="sample-single-002")
    assert any(shown(one, seed) != shown(other, seed) for seed in SEEDS)


def test_what_keeps_its_order_keeps_it(sample: Bank) -> None:
    question = msgspec.structs.replace(sample.question("sample-single-001"), keep_order=True)
    assert {shown(question, seed) for seed in SEEDS} == {question.options}


@pytest.mark.parametrize("keep_order", [True, False])
def test_an_ordering_question_is_never_shown_solved(sample: Bank, keep_order: bool) -> None:
    question = sample.question("sample-ordering-001")
    question = msgspec.structs.replace(question, keep_order=keep_order)
    orders = {shown(question, seed) for seed in SEEDS}
    assert question.options not in orders
    assert all(sorted(o.id for o in order) == sorted(question.key) for order in orders)
