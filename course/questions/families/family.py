"""A family: one question with other values each time, from a seed; the key follows from the values. Pure.

An instance is known by its id alone, such as ``family-step-scaling-017``: the number is the
seed, so whoever has the id has the question, and a journal needs to keep no more.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from random import Random
from typing import Any

from course.questions.content import read_question
from course.questions.model import Question

SEEDS = 1000
"""An instance's number has three digits."""

PREFIX = "family-"
WRONG = 3
CHECKED = "2026-11-27"
PLACES = ("first", "second", "third", "fourth")
"""Ids of an instance's options, by the alphabet of their texts, so that they give nothing away."""


@dataclass(frozen=True)
class Choice:
    """One option: its text, why it is right or wrong, and the wrong idea that leads to it."""

    text: str
    feedback: str
    misconception: str = ""


@dataclass(frozen=True)
class Made:
    """What a family makes of a seed. Of *wrong* the first three that differ are offered."""

    stem: str
    right: Choice
    wrong: tuple[Choice, ...]
    rationale: str


Make = Callable[[Random], Made]


@dataclass(frozen=True)
class Family:
    """One family: its *name*, how it makes an instance, and what all instances have in common."""

    name: str
    make: Make
    common: Mapping[str, Any]

    def instance(self, seed: int) -> Question:
        """The question of this seed, 0 to 999. Raises BadContent for one that cannot be right."""
        made = self.make(Random(f"{self.name}/{seed}"))
        wrong = list(_distinct(made.right, made.wrong))[:WRONG]
        right = made.right.text
        options = sorted((made.right, *wrong), key=lambda one: one.text)
        row = {
            "id": f"{PREFIX}{self.name}-{seed % SEEDS:03}",
            "kind": "single",
            "stem": made.stem,
            "rationale": made.rationale,
            "options": [
                _option(id, one, one.text == right) for id, one in zip(PLACES, options, strict=True)
            ],
        }
        return read_question(f"families/{self.name}", {**self.common, **row})


def _distinct(right: Choice, wrong: Iterable[Choice]) -> Iterable[Choice]:
    seen = {right.text}
    for one in wrong:
        if one.text not in seen:
            seen.add(one.text)
            yield one


def _option(id: str, choice: Choice, right: bool) -> dict[str, Any]:
    said: dict[str, Any] = {"id": id, "text": choice.text, "feedback": choice.feedback}
    if choice.misconception:
        said["misconception"] = choice.misconception
    return said | ({"right": True} if right else {})


_families: dict[str, Family] = {}


def family(
    name: str, *, topic: str, exam: str, objective: str, section: str, page: str, title: str
) -> Callable[[Make], Make]:
    """Keep a function as a family. *exam*: task statements, with spaces between; *page*: an address."""
    common = {
        "topic": topic,
        "level": "apply",
        "exam": exam.split(),
        "objective": objective,
        "section": section,
        "sources": [{"title": title, "checked": CHECKED, "url": page}],
    }

    def keep(make: Make) -> Make:
        _families[name] = Family(name, make, common)
        return make

    return keep


@cache
def families() -> dict[str, Family]:
    """Every family by its name: all modules of this package are read."""
    package = import_module("course.questions.families")
    for module in iter_modules(package.__path__):
        import_module(f"{package.__name__}.{module.name}")
    return dict(sorted(_families.items()))


def instances(seed: int) -> tuple[Question, ...]:
    """One instance of every family."""
    return tuple(one.instance(seed % SEEDS) for one in families().values())


def instance(id: str) -> Question | None:
    """The instance of an id; None for what is no family's."""
    name, _, number = id.removeprefix(PREFIX).rpartition("-")
    if not id.startswith(PREFIX) or name not in families() or not number.isdigit():
        return None
    found = families()[name].instance(int(number))
    return found if found.id == id else None
