"""The question bank: every question by its id, from TOML files, with errors that find the place.

A file that cannot be right is refused as a whole, with the file, the question,
the member, the value seen and, for a misspelt name, the nearest valid one.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, TypeVar

import msgspec

from course.questions.model import Explanation, Question

Item = TypeVar("Item", Question, Explanation)

ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*-\d{3}")
COUNTS = ("zero", "one", "two", "three", "four", "five")


class BadContent(ValueError):
    """Authored content that cannot be right; the message names file, id, member and value."""


class UnknownId(LookupError):
    """No question has this id; the message names the nearest."""


class Bank:
    """All questions and explanations by id."""

    def __init__(self, questions: Mapping[str, Question], explanations: Mapping[str, Explanation]):
        self.questions = dict(questions)
        self.explanations = dict(explanations)

    def question(self, id: str) -> Question:
        """The question of this id. Raises UnknownId."""
        return _found(self.questions, id, "question")

    def explanation(self, id: str) -> Explanation:
        """The explanation of this id. Raises UnknownId."""
        return _found(self.explanations, id, "explanation")


def _found(items: dict[str, Item], id: str, what: str) -> Item:
    if id in items:
        return items[id]
    near = get_close_matches(id, items, n=1, cutoff=0.4)
    hint = f"; did you mean {near[0]!r}?" if near else "."
    raise UnknownId(f"There is no {what} {id!r}{hint}")


@cache
def bank() -> Bank:
    """The bank that ships with the course."""
    folder = files("course.questions") / "data"
    return load(entry for entry in folder.iterdir() if entry.name.endswith(".toml"))


def load(sources: Iterable[Traversable]) -> Bank:
    """Read question files into one bank. Raises BadContent at the first thing that is wrong."""
    questions: dict[str, Question] = {}
    explanations: dict[str, Explanation] = {}
    for source in sorted(sources, key=lambda entry: entry.name):
        tables = _parse(source)
        for row in tables.pop("question", []):
            _add(questions, _question(source.name, row), source.name)
        for row in tables.pop("explanation", []):
            _add(explanations, _decode(source.name, row, Explanation), source.name)
        if tables:
            raise BadContent(
                f"{source.name}: unknown table {next(iter(tables))!r}; use [[question]]."
            )
    return Bank(questions, explanations)


def _parse(source: Traversable) -> dict[str, Any]:
    try:
        return tomllib.loads(source.read_text("utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise BadContent(f"{source.name}: not valid TOML: {error}") from error


def _add(items: dict[str, Item], item: Item, file: str) -> None:
    if item.id in items:
        raise BadContent(f"{file}: {item.id}: this id is used twice.")
    items[item.id] = item


def _decode(file: str, row: dict[str, Any], type: type[Item]) -> Item:
    place = f"{file}: {row.get('id', 'an entry without id')}"
    unknown = sorted(set(row) - set(type.__struct_fields__))
    if unknown:
        near = get_close_matches(unknown[0], type.__struct_fields__, n=1, cutoff=0.4)
        meant = (
            f"; did you mean {near[0]!r}?"
            if near
            else f"; there are {', '.join(type.__struct_fields__)}."
        )
        raise BadContent(f"{place}: unknown member {unknown[0]!r}{meant}")
    try:
        item = msgspec.convert(row, type)
    except msgspec.ValidationError as error:
        raise BadContent(f"{place}: {error}{_value_seen(row, str(error))}") from error
    if not ID.fullmatch(item.id):
        raise BadContent(f"{place}: an id is area-topic-nnn in lower case, such as ecs-tasks-001.")
    return item


def _value_seen(row: Any, message: str) -> str:
    """The value at the path that msgspec's message ends with, such as ``$.options[1].right``."""
    path = re.search(r"at `\$(.*)`", message)
    for name, index in re.findall(r"\.(\w+)|\[(\d+)\]", path[1] if path else ""):
        try:
            row = row[int(index)] if index else row[name]
        except (KeyError, IndexError, TypeError):
            return ""
    return f", seen: {row!r}" if path else ""


def _question(file: str, row: dict[str, Any]) -> Question:
    question = _decode(file, row, Question)
    wrong = _contradiction(question)
    if wrong:
        raise BadContent(f"{file}: {question.id}: {wrong}")
    return question


def _contradiction(question: Question) -> str | None:
    """What a decoded question gets wrong in itself, or None."""
    ids = [option.id for option in question.options]
    if len(ids) < 2:
        return f"a question needs at least two options, and has {len(ids)}."
    if len(set(ids)) < len(ids):
        return f"options: an id is used twice in {', '.join(ids)}."
    if any(len(id) == 1 for id in ids):
        return "options: an id of one letter would be taken for the letter shown; use a word."
    if not question.sources:
        return "sources: name at least one, with the day it was checked."
    right = len([option for option in question.options if option.right])
    if question.kind == "ordering":
        return "right: in an ordering question the order is the answer." if right else None
    if question.kind == "single":
        return None if right == 1 else f"single choice has one right option, not {right}."
    return _multiple(question, right)


def _multiple(question: Question, right: int) -> str | None:
    if not 2 <= right < len(question.options):
        return (
            f"multiple response has two or more right options and a wrong one, not {right} right."
        )
    said = (COUNTS[right] if right < len(COUNTS) else str(right), str(right))
    if not any(re.search(rf"\b{word}\b", question.stem, re.IGNORECASE) for word in said):
        return f"the stem says how many to choose: {said[0]}."
    return None
