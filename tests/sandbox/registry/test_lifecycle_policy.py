"""Which images expire: tables of rules and images, among them the examples of AWS's guide."""

from datetime import timedelta

import pytest

from course.sandbox.clock import START
from course.sandbox.registry.lifecycle_policy import HeldImage, Rule, expiring


def image(name: str, age: float, *tags: str, referenced: bool = False) -> HeldImage:
    """An image that was pushed *age* days ago."""
    return HeldImage(name, tags, START - timedelta(days=age), referenced)


def count(priority: int, keep: int, *prefixes: str, status: str = "tagged") -> Rule:
    return Rule(priority, status, "imageCountMoreThan", keep, prefixes=prefixes)


def older(priority: int, days: int, *patterns: str, status: str = "tagged") -> Rule:
    return Rule(priority, status, "sinceImagePushed", days, patterns=patterns)


TWO_OF_EACH = (
    image("A", 10, "beta-1", "prod-1"),
    image("B", 9, "beta-2", "prod-2"),
    image("C", 8, "beta-3"),
)
AGES = (image("old", 15, "prod-1"), image("edge", 14, "prod-2"), image("new", 1, "prod-3"))
MIXED = (image("bare", 3), image("dev", 2, "dev-1"), image("prod", 4, "prod-1"))


@pytest.mark.parametrize(
    ("rules", "images", "expired"),
    [
        # AWS's examples of several rules (lifecycle_policy_examples, A and B)
        ([count(1, 1, "prod"), count(2, 1, "beta")], TWO_OF_EACH, {"A": 1}),
        ([count(1, 1, "beta"), count(2, 1, "prod")], TWO_OF_EACH, {"A": 1, "B": 1}),
        # by age: older than so many days, and not as old
        ([older(1, 14, "prod*")], AGES, {"old": 1}),
        ([older(1, 14, "*-1")], AGES, {"old": 1}),
        ([older(1, 14, "prod")], AGES, {}),
        # a prefix is no pattern
        ([count(1, 1, "beta-*")], TWO_OF_EACH, {}),
        # by tag status
        ([count(1, 1, status="untagged")], MIXED, {}),
        ([older(1, 2, status="untagged")], MIXED, {"bare": 1}),
        ([count(1, 1, status="any")], MIXED, {"prod": 1, "bare": 1}),
        # all patterns of a rule have to fit, each some tag
        ([count(1, 1, "beta", "prod")], TWO_OF_EACH, {"A": 1}),
        # who keeps release images by a rule of their own takes them out of what comes after
        ([count(1, 99, "prod"), count(2, 1, status="any")], MIXED, {"bare": 2}),
        # a rule counts what a higher one has marked, as if it were still there
        ([older(1, 9, "prod*"), count(2, 2, "beta")], TWO_OF_EACH, {"A": 1}),
    ],
)
def test_what_expires_by_which_rule(
    rules: list[Rule], images: tuple[HeldImage, ...], expired: dict[str, int]
) -> None:
    found = expiring(rules, images, START)
    assert {one.image.digest: one.rule_priority for one in found} == expired
    assert expiring(rules[::-1], images, START) == found  # priority decides, not the order written


def test_the_oldest_goes_first_and_of_one_second_the_one_pushed_first() -> None:
    images = [image("a", 1, "x"), image("b", 1, "y"), image("c", 2, "z"), image("d", 0, "w")]
    found = expiring([count(1, 1, status="any")], images, START)
    assert [one.image.digest for one in found] == ["c", "a", "b"]


def test_an_image_that_an_index_names_stays() -> None:
    images = [image("part", 9, referenced=True), image("other", 9)]
    found = expiring([older(1, 1, status="untagged")], images, START)
    assert [one.image.digest for one in found] == ["other"]
