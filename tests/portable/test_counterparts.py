"""The comparison leaves nothing out, and says "same" of what is the same."""

from typing import Any

import pytest
from hypothesis import given, settings

from course.portable.counterparts import Row, at, belongs, ecs_leaves, kubernetes_leaves, rows
from course.portable.described import Described
from tests.portable.conftest import ANY

BOTH = ((ecs_leaves, "ecs"), (kubernetes_leaves, "kubernetes"))


@given(described=ANY)
@settings(max_examples=30, deadline=None)
def test_every_leaf_of_both_belongs_to_exactly_one_row(described: Described) -> None:
    for read, side in BOTH:
        for leaf in read(described):
            held = [
                row.what for row in rows() if any(belongs(leaf, one) for one in getattr(row, side))
            ]
            assert len(held) == 1, (leaf, held)


@pytest.mark.parametrize("row", rows(), ids=lambda row: row.what)
def test_every_place_of_a_row_is_there(row: Row, plaza: Described) -> None:
    for read, side in BOTH:
        for place in getattr(row, side):
            assert at(place, read(plaza)), place


@pytest.mark.parametrize("row", rows(), ids=lambda row: row.what)
def test_a_row_says_how_the_two_compare(row: Row, plaza: Described) -> None:
    only = row.how in ("ECS", "Kubernetes")
    assert bool(row.ecs) == (row.how != "Kubernetes")
    assert bool(row.kubernetes) == (row.how != "ECS")
    assert bool(row.why) == (only or row.how == "converted")
    if row.how == "same":
        ours, theirs = (_values(row, side, read(plaza)) for read, side in BOTH)
        assert set(ours) == set(theirs)


def _values(row: Row, side: str, held: dict[str, Any]) -> list[Any]:
    return [value for place in getattr(row, side) for value in at(place, held).values()]


def test_the_table_counts_itself(plaza: Described) -> None:
    table = plaza.side_by_side()
    assert len(table.rows) == len(rows())
    assert table.last == (
        "11 are the same, 11 are converted, 4 only ECS is told, 4 only Kubernetes."
    )
    copies = next(row for row in table.rows if row[0].text == "copies: same")
    assert [cell.text for cell in copies[1:]] == [
        "Service, desiredCount: 2",
        "Deployment, replicas: 2",
    ]


def test_what_is_not_said_has_no_row(plaza: Described) -> None:
    without = plaza.but(role="").side_by_side()
    assert len(without.rows) == len(rows()) - 1
    assert "taskRoleArn" not in repr(without)


def test_a_difference_shows_what_changed_on_both_sides(plaza: Described) -> None:
    table = plaza.but(copies=3, most=150).difference(plaza)
    assert [[cell.text for cell in row] for row in table.rows] == [
        ["copies", "Service, desiredCount: 2 -> 3", "Deployment, replicas: 2 -> 3"],
        [
            "most in an update",
            "Service, maximumPercent: 200 -> 150",
            "Deployment, maxSurge: 100% -> 50%",
        ],
        [
            "at least",
            "ScalableTarget, MinCapacity: 2 -> 3",
            "HorizontalPodAutoscaler, minReplicas: 2 -> 3",
        ],
    ]


def test_a_role_that_is_new_was_nothing_before(plaza: Described) -> None:
    table = plaza.difference(plaza.but(role=""))
    (role, kind) = table.rows
    assert role[1].text.endswith(f"taskRoleArn: nothing -> {plaza.role}")
    assert kind[1].text == "-"
    assert repr(plaza.difference(plaza)) == "Nothing differs."
