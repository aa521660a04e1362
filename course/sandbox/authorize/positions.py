"""Where each statement of a policy stands in its text: what the policy simulator points at. Pure.

AWS: https://docs.aws.amazon.com/IAM/latest/APIReference/API_Statement.html
"""

import json
from typing import NamedTuple


class Position(NamedTuple):
    """A place in a text, both counted from 1."""

    line: int
    column: int


Span = tuple[Position, Position]


def statements_at(text: str) -> list[Span]:
    """Start and end of every statement, in order; none of a text that is no policy."""
    try:
        start = _value_of("Statement", text)
        return [(_position(text, one), _position(text, end)) for one, end in _elements(text, start)]
    except (ValueError, IndexError, RecursionError):
        return []


def _value_of(name: str, text: str) -> int:
    """Where the value of a member of the outermost object begins. Raises ValueError without one."""
    at = _past(text, 0, "{")
    while True:
        key, at = json.JSONDecoder().raw_decode(text, _skip(text, at))
        at = _skip(text, _past(text, at, ":"))
        if key == name:
            return at
        at = _past(text, json.JSONDecoder().raw_decode(text, at)[1], ",")


def _elements(text: str, start: int) -> list[tuple[int, int]]:
    """The elements of a list, or the one object that stands in its place."""
    decoder = json.JSONDecoder()
    if text[start] != "[":
        return [(start, decoder.raw_decode(text, start)[1])]
    found, at = [], _skip(text, start + 1)
    while text[at] != "]":
        end = decoder.raw_decode(text, at)[1]
        found.append((at, end))
        at = _skip(text, end)
        at = _skip(text, at + 1) if text[at] == "," else at
    return found


def _past(text: str, at: int, sign: str) -> int:
    at = _skip(text, at)
    if text[at] != sign:
        raise ValueError(f"no {sign} at {at}")
    return at + 1


def _skip(text: str, at: int) -> int:
    while text[at].isspace():
        at += 1
    return at


def _position(text: str, at: int) -> Position:
    before = text[:at]
    return Position(before.count("\n") + 1, at - (before.rfind("\n") + 1) + 1)
