"""Event patterns: which events a rule takes. Pure.

A pattern has the shape of an event, with a list of alternatives where the event has a
value. A member that the pattern names must be there; what it does not name may be anything. Where an
event has a list, one of its elements is enough; where it has a list of objects, the
same element must fit everything that the pattern asks of it.

Numbers are equal by value, as in AWS's own open matcher (aws/event-ruler, 2024); the user guide
says that 300 and 300.0 differ.

AWS: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from course.sandbox.observability.eventbridge.filters import BadPattern, Test, read_test

OR = "$or"
ABSENT = object()
"""What stands where the event has no such member."""

Match = Callable[[Any], bool]


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern that could be read: its text and what it lets through."""

    text: str
    _match: Match

    def matches(self, event: Mapping[str, Any]) -> bool:
        """Whether an event, its envelope and its detail, fits."""
        return self._match(event)


def read_pattern(text: str) -> Pattern:
    """Read a pattern. Raises BadPattern with AWS's reason."""
    try:
        written = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadPattern("Filter is not valid JSON") from error  # our words
    if not isinstance(written, dict):
        raise BadPattern("Filter is not an object")
    return Pattern(text, _object(written))


def _object(written: dict[str, Any]) -> Match:
    if not written:
        raise BadPattern("Empty objects are not allowed")
    tests = [_either(one) if name == OR else _member(name, one) for name, one in written.items()]
    return lambda value: all(test(value) for test in tests)


def _either(written: Any) -> Match:
    """``$or``: two alternatives at least, each like an object in this place."""
    if not isinstance(written, list):
        raise BadPattern(f"It must be an Array followed with {OR}.")
    if not all(isinstance(one, dict) for one in written):
        raise BadPattern(f"Only JSON object is allowed in array of {OR} relationship.")
    if len(written) < 2:
        raise BadPattern(f"There must have at least 2 Objects in {OR} relationship.")
    ways = [_object(one) for one in written]
    return lambda value: any(way(value) for way in ways)


def _member(name: str, written: Any) -> Match:
    if isinstance(written, dict):
        inner = _object(written)
        return lambda value: _within(_get(value, name), inner)
    if not isinstance(written, list):
        raise BadPattern(f'"{name}" must be an object or an array')
    if not written:
        raise BadPattern("Empty arrays are not allowed")
    tests = [_value(one) for one in written]
    return lambda value: any(_holds(test, _get(value, name)) for test in tests)


def _value(written: Any) -> Test:
    if isinstance(written, list):
        raise BadPattern("Match value must be String, number, true, false, or null")
    return read_test(written)


def _get(value: Any, name: str) -> Any:
    return value.get(name, ABSENT) if isinstance(value, Mapping) else ABSENT


def _within(value: Any, inner: Match) -> bool:
    """A nested object, or one object of a list; of a member that is missing, nothing is there."""
    if isinstance(value, list):
        return any(inner(one) for one in value)
    return inner(value)


def _holds(test: Test, value: Any) -> bool:
    """A leaf: *exists* looks at whether it is there, all others at one of its values."""
    leaf = value is not ABSENT and not isinstance(value, Mapping)
    if test.exists is not None:
        return leaf is test.exists
    values = value if isinstance(value, list) else [value]
    return leaf and any(test.holds(one) for one in values)
