"""The question bank: every question by its id, from TOML files, with errors that find the place.

A file that cannot be right is refused as a whole, with the file, the question,
the member, the value seen and, for a misspelt name, the nearest valid one.
"""

import tomllib
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from course.questions.content import BadContent, Item, nearest, read_explanation, read_question
from course.questions.families.family import instance
from course.questions.model import Explanation, Question

TABLES = ("question", "explanation")


class UnknownId(LookupError):
    """No question has this id; the message names the nearest."""


class Bank:
    """All questions and explanations by id."""

    def __init__(self, questions: Mapping[str, Question], explanations: Mapping[str, Explanation]):
        self.questions = dict(questions)
        self.explanations = dict(explanations)

    def question(self, id: str) -> Question:
        """The question of this id, a family's instance among them. Raises UnknownId."""
        return _made(id) or _found(self.questions, id, "question")

    def __contains__(self, id: object) -> bool:
        """Whether there is a question of this id, kept here or made by a family."""
        return id in self.questions or _made(id) is not None

    def explanation(self, id: str) -> Explanation:
        """The explanation of this id. Raises UnknownId."""
        return _found(self.explanations, id, "explanation")


def _made(id: object) -> Question | None:
    """A family's instance of this id; None for any other, and for what is no id."""
    return instance(id) if isinstance(id, str) else None


def _found(items: dict[str, Item], id: str, what: str) -> Item:
    if id in items:
        return items[id]
    near = get_close_matches(str(id), items, n=1, cutoff=0.4)
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
    taken: dict[str, str] = {}
    for source in sorted(sources, key=lambda entry: entry.name):
        tables = _parse(source)
        for row in tables["question"]:
            question = read_question(source.name, row)
            _take(taken, question.id, source.name)
            questions[question.id] = question
        for row in tables["explanation"]:
            explanation = read_explanation(source.name, row)
            _take(taken, explanation.id, source.name)
            explanations[explanation.id] = explanation
    return Bank(questions, explanations)


def _take(taken: dict[str, str], id: str, file: str) -> None:
    """An id is one thing's alone: the journal knows an answer by it."""
    if id in taken:
        raise BadContent(f"{file}: {id}: this id is used twice; the other is in {taken[id]}.")
    taken[id] = file


def _parse(source: Traversable) -> dict[str, list[dict[str, Any]]]:
    """The rows of a file's tables."""
    try:
        tables = tomllib.loads(source.read_text("utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise BadContent(f"{source.name}: not valid TOML: {error}") from error
    except UnicodeDecodeError as error:
        raise BadContent(f"{source.name}: not UTF-8 text: {error}") from error
    for name, rows in tables.items():
        if name not in TABLES:
            raise BadContent(f"{source.name}: unknown table {name!r}{nearest(name, TABLES)}")
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise BadContent(f"{source.name}: write [[{name}]], with two brackets, for each one.")
    return {name: tables.get(name, []) for name in TABLES}
