"""Families: every instance of fifty seeds is a whole question, and its key is the only right option."""

from collections import Counter
from datetime import UTC, datetime

import pytest

from course.exam.lint import findings
from course.questions.bank import bank
from course.questions.families.capacity import SIZES
from course.questions.families.family import (
    PLACES,
    SEEDS,
    Choice,
    Family,
    Made,
    families,
    instance,
    instances,
)
from course.questions.grading import Outcome, grade
from course.questions.misconceptions import misconceptions
from course.questions.model import Question
from course.sandbox.ecs import fargate_sizes
from course.sandbox.schedules.cron import BadSchedule
from course.sandbox.schedules.expression import read_schedule

FLOOR = 28
"""So many families there are; there may be more."""

FIFTY = range(0, SEEDS, SEEDS // 50)

every_family = pytest.mark.parametrize("family", families().values(), ids=families())


def text_of(question: Question) -> str:
    return question.by_id[question.key[0]].text


def test_there_are_at_least_so_many() -> None:
    assert len(families()) >= FLOOR


@every_family
def test_each_instance_has_four_distinct_options_and_one_key(family: Family) -> None:
    for seed in FIFTY:
        question = family.instance(seed)
        assert len({one.text for one in question.options}) == len(PLACES) == 4, question.id
        assert len(question.key) == 1
        assert all(one.feedback and one.text for one in question.options)
        assert question.rationale
        for option in question.options:
            given = grade(question, (option.id,)).outcome
            assert given is (Outcome.RIGHT if option.right else Outcome.WRONG)
        assert grade(question, ()).outcome is Outcome.NOT_ATTEMPTED


@every_family
def test_the_linter_finds_nothing_in_an_instance(family: Family) -> None:
    for seed in FIFTY:
        question = family.instance(seed)
        found = findings([question], ("leaks", "forms", "sources"))
        found += [one for one in findings([question], ("lengths", "misconceptions")) if one.item]
        assert not found, (question.id, list(map(str, found)))


@every_family
def test_values_and_keys_vary_with_the_seed(family: Family) -> None:
    made = [family.instance(seed) for seed in FIFTY]
    assert len({one.stem for one in made}) >= 5
    assert len({text_of(one) for one in made}) >= 3


@every_family
def test_an_id_is_enough_to_have_the_same_instance_again(family: Family) -> None:
    question = family.instance(417)
    assert instance(question.id) == question == family.instance(417)


@pytest.mark.parametrize("id", ["exam-ai-001", "family-none-001", "family-cron-1", "family-cron"])
def test_what_is_no_instance_is_none(id: str) -> None:
    assert instance(id) is None


def test_the_place_of_the_key_gives_nothing_away() -> None:
    places = Counter(one.key[0] for seed in FIFTY for one in instances(seed))
    assert set(places) == set(PLACES)
    assert max(places.values()) < 0.5 * places.total()


def test_families_are_not_in_the_bank_and_count_for_no_item() -> None:
    assert not set(bank().questions) & {one.id for one in instances(1)}


def test_a_family_whose_wrong_options_coincide_is_an_error() -> None:
    same = Choice("1", "So it is.")
    family = Family("poor", lambda chance: Made("Which?", same, (same, same, same), "So."), {})
    with pytest.raises(ValueError, match="zip"):
        family.instance(1)


def test_sizes_are_those_of_the_sandbox() -> None:
    held = {cpu: fargate_sizes.SIZES[cpu] for cpu in SIZES}
    assert held == SIZES


def test_the_right_schedule_is_due_at_another_time_than_the_wrong_ones() -> None:
    began = datetime(2026, 11, 2, tzinfo=UTC)  # a Monday
    for seed in FIFTY:
        question = families()["cron"].instance(seed)
        due = {one.text: _due(one.text, began) for one in question.options}
        right = due.pop(text_of(question))
        assert right is not None
        assert f" {right:%H:%M} UTC" in question.stem
        assert right not in due.values()


def _due(text: str, began: datetime) -> datetime | None:
    try:
        return read_schedule(text).next(began, began)
    except BadSchedule:
        return None


def test_misconceptions_of_families_are_known() -> None:
    named = {option.misconception for one in instances(3) for option in one.options} - {""}
    assert named <= set(misconceptions())
