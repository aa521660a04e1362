"""The weights of the domains as whole numbers of items, and the plan of the bank."""

import pytest

from course.curriculum.exam import versions
from course.exam.blueprint import blueprint, domain_of, exam_version, seats, task_of, weights

from .conftest import item


@pytest.mark.parametrize(
    ("version", "items", "expected"),
    [
        ("C03", 65, [20, 17, 14, 14]),
        ("C02", 65, [21, 17, 15, 12]),
        ("C03", 10, [3, 3, 2, 2]),
        ("C03", 1, [1, 0, 0, 0]),
        ("C03", 100, [30, 26, 22, 22]),
    ],
)
def test_seats_are_the_weights_rounded_and_add_up(
    version: str, items: int, expected: list[int]
) -> None:
    given = seats(weights(exam_version(version)), items)
    assert list(given.values()) == expected
    assert sum(given.values()) == items


@pytest.mark.parametrize("version", versions())
def test_weights_are_whole(version: str) -> None:
    assert sum(weights(exam_version(version)).values()) == 100


def test_the_plan_has_180_items_and_its_levels_add_up() -> None:
    topics = blueprint().topic.values()
    assert sum(one.items for one in topics) == 180
    for one in topics:
        assert sum(one.levels.values()) == one.items, one.title


def test_an_item_counts_for_the_first_statement_it_names() -> None:
    question = item("images", 1)
    assert task_of(question, "C03") == "3.1"
    assert domain_of(question, "C03") == 3


def test_an_item_of_another_version_counts_for_none() -> None:
    assert domain_of(item("images", 1), "C01") is None


def test_an_unknown_version_is_told_which_there_are() -> None:
    with pytest.raises(LookupError, match="C03 and C02"):
        exam_version("C04")
