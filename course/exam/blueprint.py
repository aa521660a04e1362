"""The blueprint: what the bank holds by topic, and how many items of a domain an exam has.

The weights of the domains are AWS's, and stand in ``course/curriculum/exam.toml``; the
topics are ours. Pure.
"""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import msgspec

from course.curriculum.exam import Version, versions
from course.questions.model import Question


class Topic(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One topic: its title, how many items the bank is to hold, and of which levels."""

    title: str
    items: int
    levels: dict[str, int]


class Mock(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The form of a mock exam: its number of items, and its minutes."""

    items: int
    minutes: int


class Blueprint(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The plan of the bank, and the form of a mock exam."""

    mock: Mock
    topic: dict[str, Topic]


@cache
def blueprint() -> Blueprint:
    """The blueprint that ships with the course."""
    text = (files("course.exam") / "blueprint.toml").read_bytes()
    return msgspec.toml.decode(text, type=Blueprint)


def seats(weights: Mapping[int, int], items: int) -> dict[int, int]:
    """How many of so many *items* each domain has, by its weight in percent.

    Whole numbers by the largest remainder, the lower domain first where two are
    alike, so that they add up: 30, 26, 22, 22 percent of 65 are 20, 17, 14, 14.
    """
    shares = {domain: divmod(weight * items, 100) for domain, weight in weights.items()}
    given = {domain: whole for domain, (whole, _) in shares.items()}
    by_remainder = sorted(shares, key=lambda domain: (-shares[domain][1], domain))
    for domain in by_remainder[: items - sum(given.values())]:
        given[domain] += 1
    return given


def weights(version: Version) -> dict[int, int]:
    """The weight of each domain in percent, by its number."""
    return {number: domain.weight for number, domain in enumerate(version.domain, 1)}


def exam_version(short: str) -> Version:
    """A version by its short name. Raises LookupError, which names those there are."""
    if short not in versions():
        known = " and ".join(versions())
        raise LookupError(f"There is no version {short!r} of the exam; there are {known}.")
    return versions()[short]


def task_of(question: Question, version: str) -> str | None:
    """The task statement that an item counts for in a version: the first it names. None without."""
    tags = (tag.partition(":") for tag in question.exam)
    return next((task for short, _, task in tags if short == version), None)


def domain_of(question: Question, version: str) -> int | None:
    """The number of the domain that an item counts for in a version, or None."""
    task = task_of(question, version)
    return int(task.partition(".")[0]) if task else None
