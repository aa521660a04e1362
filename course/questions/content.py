"""From a table in a TOML file to a question, or to an error that finds the place.

What msgspec leaves out is added here: the file, the id, the value seen, the
nearest valid name; and what a question can get wrong though each member is fine.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from difflib import get_close_matches
from string import ascii_lowercase
from typing import Any, TypeVar, get_args

import msgspec

from course.questions.model import Explanation, Kind, Option, Question, Source

Item = TypeVar("Item", Question, Explanation)

ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*-\d{3}")
OPTION_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
COUNTS = ("zero", "one", "two", "three", "four", "five")
INSIDE = {"options": Option, "sources": Source}


class BadContent(ValueError):
    """Authored content that cannot be right; the message names file, id, member and value."""


def read_question(file: str, row: dict[str, Any]) -> Question:
    """The question of one [[question]] table. Raises BadContent."""
    question = _decode(file, row, Question)
    _refuse(file, question.id, _contradiction(question))
    return question


def read_explanation(file: str, row: dict[str, Any]) -> Explanation:
    """The explanation of one [[explanation]] table. Raises BadContent."""
    explanation = _decode(file, row, Explanation)
    _refuse(file, explanation.id, _undated(explanation.sources))
    return explanation


def nearest(name: str, valid: Iterable[str]) -> str:
    """The end of a sentence about an unknown name: the nearest valid one, or all there are."""
    valid = list(valid)
    near = get_close_matches(name, valid, n=1, cutoff=0.4)
    return f"; did you mean {near[0]!r}?" if near else f"; there are {', '.join(valid)}."


def _refuse(file: str, id: str, wrong: str | None) -> None:
    if wrong:
        raise BadContent(f"{file}: {id}: {wrong}")


def _decode(file: str, row: dict[str, Any], type: type[Item]) -> Item:
    id = str(row.get("id", "an entry without id"))
    _refuse(file, id, next(_unknown_members(row, type), None))
    _refuse(file, id, next((f"{place}: is empty." for place in _blanks(row)), None))
    try:
        item = msgspec.convert(row, type)
    except msgspec.ValidationError as error:
        raise BadContent(f"{file}: {id}: {error}{_value_seen(row, str(error))}") from error
    if not ID.fullmatch(item.id):
        _refuse(file, id, "id: an id is area-topic-nnn in lower case, such as ecs-tasks-001.")
    return item


def _unknown_members(row: dict[str, Any], type: Any, place: str = "") -> Iterator[str]:
    valid = type.__struct_fields__
    for name, value in row.items():
        if name not in valid:
            yield f"{place}unknown member {name!r}{nearest(name, valid)}"
        elif name in INSIDE and isinstance(value, list):
            for number, inner in enumerate(value):
                if isinstance(inner, dict):
                    yield from _unknown_members(inner, INSIDE[name], f"{name}[{number}]: ")


def _blanks(value: Any, place: str = "") -> Iterator[str]:
    """Where a text is empty, such as ``options[1].feedback``."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _blanks(inner, f"{place}.{name}" if place else name)
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _blanks(inner, f"{place}[{number}]")
    elif isinstance(value, str) and not value.strip():
        yield place


def _value_seen(row: Any, message: str) -> str:
    """The value at the path that msgspec's message ends with, such as ``$.options[1].right``."""
    path = re.search(r"at `\$(.*)`", message)
    if not path:
        return ""
    for name, index in re.findall(r"\.(\w+)|\[(\d+)\]", path[1]):
        row = row[int(index)] if index else row[name]
    return f", seen: {row!r}" + (nearest(str(row), get_args(Kind)) if path[1] == ".kind" else "")


def _contradiction(question: Question) -> str | None:
    """What a decoded question gets wrong in itself, or None."""
    return (
        _bad_options(question)
        or _bad_key(question)
        or _bad_hints(question)
        or _bad_place(question)
        or _undated(question.sources)
    )


def _bad_hints(question: Question) -> str | None:
    """A lesson's question has three; an exam item may do without, for an exam gives none."""
    if len(question.hints) == 3 or (question.topic and not question.hints):
        return None
    return f"hints: a question has three hints, and here are {len(question.hints)}."


def _bad_place(question: Question) -> str | None:
    """An exam item says its topic, its level and the task statements it serves."""
    if not (question.topic or question.level):
        return None
    if not question.topic or not question.level:
        return "an exam item has both a topic and a level."
    if not question.exam:
        return "exam: an exam item names a task statement, such as C03:3.3."
    if question.kind == "ordering":
        return "kind: an exam item is single or multiple; the exam orders no steps."
    return None


def _bad_options(question: Question) -> str | None:
    ids = [option.id for option in question.options]
    letters = set(ascii_lowercase[: len(ids)])
    if not 2 <= len(ids) <= len(ascii_lowercase):
        return f"options: a question has 2 to {len(ascii_lowercase)} options, not {len(ids)}."
    if len(set(ids)) < len(ids):
        return f"options: an id is used twice in {', '.join(ids)}."
    for id in ids:
        if not OPTION_ID.fullmatch(id):
            return f"options: an id is one word in lower case, such as two-tasks, not {id!r}."
        if set(id) <= letters:
            return f"options: the id {id!r} would be taken for letters shown; use another word."
    values = [option.value for option in question.options if option.value is not None]
    if values and len(set(values)) < len(ids):
        return f"options: each has a value of its own, or none has one, not {', '.join(values)}."
    return None


def _bad_key(question: Question) -> str | None:
    right = len([option for option in question.options if option.right])
    if question.kind == "ordering":
        return "right: in an ordering question the order is the answer." if right else None
    if question.kind == "single":
        return None if right == 1 else f"right: single choice has one right option, not {right}."
    if not 2 <= right < len(question.options):
        return f"right: multiple response has two or more right options, not all; here {right}."
    said = (COUNTS[right] if right < len(COUNTS) else str(right), str(right))
    if not any(re.search(rf"\b{word}\b", question.stem, re.IGNORECASE) for word in said):
        return f"stem: it says how many to choose: {said[0]}."
    return None


def _undated(sources: tuple[Source, ...]) -> str | None:
    if not sources:
        return "sources: name at least one, with the day it was checked."
    for number, source in enumerate(sources):
        if not _is_day(source.checked):
            return f"sources[{number}].checked: a day is YYYY-MM-DD, seen: {source.checked!r}."
    return None


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
