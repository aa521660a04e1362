"""The linter: each rule finds what it is for, and nothing else in a sound bank; what it finds in ours."""

import re

import msgspec
import pytest

from course.exam.balance import even, places
from course.exam.lint import RULES, Finding, findings
from course.exam.pool import exam_items
from course.exam.similar import likeness, near_duplicates, words
from course.questions.bank import bank
from course.questions.model import Option, Question, Source

from .conftest import item

OURS = exam_items(bank().questions)

UNTESTED = 0
"""Wrong ideas of the fact sheet that no option is made of yet; the number may only fall."""


def rules(found: list[Finding]) -> set[str]:
    return {one.rule for one in found}


def changed(question: Question, **members: object) -> Question:
    return msgspec.structs.replace(question, **members)


def reworded(question: Question, **texts: str) -> Question:
    """The question with other texts for some of its options, by id."""
    options = tuple(
        msgspec.structs.replace(one, text=texts.get(one.id, one.text)) for one in question.options
    )
    return changed(question, options=options)


SOUND = item("images", 1)


def test_a_sound_item_has_only_the_whole_banks_findings() -> None:
    assert {one.item for one in findings([SOUND])} == {""}


@pytest.mark.parametrize(
    ("rule", "broken", "says"),
    [
        ("forms", changed(SOUND, options=SOUND.options[:3]), "4 options"),
        ("forms", changed(SOUND, topic="cooking"), "not in the blueprint"),
        ("forms", changed(SOUND, exam=("C03:9.9",)), "no task statement"),
        ("forms", reworded(SOUND, second="All of the above"), "of the above"),
        ("sources", changed(SOUND, sources=(Source("A page", "2026-11-27"),)), "no address"),
        (
            "sources",
            changed(SOUND, sources=(Source("A blog", "2026-11-27", "https://example.com"),)),
            "leads to none",
        ),
        (
            "leaks",
            reworded(
                changed(SOUND, stem="A team wants to keep ten images of a repository. How?"),
                first="a rule to keep ten images of a repository",
                second="a setting of the repository that is as long",
            ),
            "to keep ten images of a repository",
        ),
        (
            "lengths",
            reworded(SOUND, first="The first one, at some length, because it is right"),
            "longer|long",
        ),
        (
            "misconceptions",
            changed(
                SOUND, options=(*SOUND.options[:3], Option("x", "X.", "No.", misconception="M999"))
            ),
            "no misconception M999",
        ),
        (
            "misconceptions",
            changed(
                SOUND,
                options=(
                    Option("x", "X.", "Yes.", right=True, misconception="M001"),
                    *SOUND.options[1:],
                ),
            ),
            "is right",
        ),
    ],
)
def test_what_is_wrong_with_one_item_is_found(rule: str, broken: Question, says: str) -> None:
    found = [one for one in findings([broken]) if one.item]
    assert rules(found) == {rule}
    assert re.search(says, str(found[0]))


def test_a_near_duplicate_is_found_and_a_neighbour_is_not() -> None:
    one = changed(
        item("images", 1), stem="Which tag does ECR refuse to move in an immutable repository?"
    )
    same = changed(
        item("images", 2), stem="Which tag does ECR refuse to move in an IMMUTABLE repository now?"
    )
    other = changed(item("images", 3), stem="How many images does a lifecycle rule by count keep?")
    other = reworded(other, first="Five.", second="Six.", third="Seven.", fourth="Eight.")
    assert [(a.id, b.id) for a, b, _ in near_duplicates([one, same, other])] == [(one.id, same.id)]
    assert rules(findings([one, same], ["duplicates"])) == {"duplicates"}


def test_a_habit_of_being_the_longest_is_the_banks() -> None:
    habit = [reworded(item("images", n), first="The first one it is.") for n in range(1, 6)]
    (found,) = findings(habit, ["lengths"])
    assert (found.item, found.says) == ("", "in 5 of 5 items a right option is the longest.")


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("", "", 0.0),
        ("a b c d", "a b c d", 1.0),
        ("a b c d", "e f g h", 0.0),
        ("a b c d", "d c b a", 0.25),
    ],
)
def test_likeness_is_of_words_in_their_order(one: str, other: str, alike: float) -> None:
    assert likeness(words(one), words(other)) == alike


@pytest.mark.parametrize("rule", [name for name in RULES if name != "misconceptions"])
def test_our_bank_has_nothing_to_find(rule: str) -> None:
    assert list(map(str, findings(OURS, [rule]))) == []


def test_few_wrong_ideas_are_left_that_no_option_is_made_of() -> None:
    found = findings(OURS, ["misconceptions"])
    assert [str(one) for one in found if one.item] == []
    assert len(found) <= UNTESTED


@pytest.mark.parametrize("version", ["C03", "C02"])
def test_no_letter_is_right_by_habit_in_drawn_exams(version: str) -> None:
    shares = places(OURS, version, exams=100)
    assert even(shares), shares


def test_a_letter_that_wins_is_not_even() -> None:
    kept = [changed(item("images", n), keep_order=True) for n in range(1, 15)]
    assert not even({"A": 0.4, "B": 0.2, "C": 0.2, "D": 0.2})
    assert not even({"A": 1.0})
    assert {one.keep_order for one in kept} == {True}
