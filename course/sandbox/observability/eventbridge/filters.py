"""One alternative of an event pattern: a value, or a comparison by name. Pure.

AWS: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
The reasons of what is not valid: aws/event-ruler, 2024.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import ip_address, ip_network
from operator import eq, ge, gt, le, lt
from typing import Any

ONE_KEY = "Only one key allowed in match expression"
NUMBERS = {"<": lt, "<=": le, "=": eq, ">=": ge, ">": gt}
FURTHEST = 5.0e9
"""Numbers in comparisons lie between minus and plus this."""


class BadPattern(ValueError):
    """The pattern is not valid; the text is AWS's reason where it is known."""


@dataclass(frozen=True, slots=True)
class Test:
    """Whether a single value passes; ``exists`` is set for the one test that asks for presence."""

    holds: Callable[[Any], bool]
    exists: bool | None = None


def read_test(written: Any) -> Test:
    """A scalar, or an object with one operator. Raises BadPattern."""
    if not isinstance(written, dict):
        return Test(lambda value: _same(value, written))
    if not written:
        raise BadPattern("Match expression name not found")
    if len(written) > 1:
        raise BadPattern(ONE_KEY)
    ((name, given),) = written.items()
    if name == "exists":
        if not isinstance(given, bool):
            raise BadPattern("exists match pattern must be either true or false.")
        return Test(lambda value: True, given)
    if name not in _OPERATORS:
        raise BadPattern(f"Unrecognized match type {name}")
    return Test(_OPERATORS[name](given))


def _same(value: Any, wanted: Any) -> bool:
    """Equal and of one kind: true is not 1."""
    return isinstance(value, bool) == isinstance(wanted, bool) and value == wanted


def _text(given: Any, name: str) -> str:
    if not isinstance(given, str):
        raise BadPattern(f"{name} match pattern must be a string")
    return given


def _of_text(test: Callable[[str], bool]) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, str) and test(value)


def _begins(given: Any) -> Callable[[Any], bool]:
    wanted, ignore = _perhaps_ignoring_case(given, "prefix")
    return _of_text(lambda value: _cased(value, ignore).startswith(wanted))


def _ends(given: Any) -> Callable[[Any], bool]:
    wanted, ignore = _perhaps_ignoring_case(given, "suffix")
    return _of_text(lambda value: _cased(value, ignore).endswith(wanted))


def _perhaps_ignoring_case(given: Any, name: str) -> tuple[str, bool]:
    """The text of a prefix or suffix: itself, or in ``{"equals-ignore-case": text}``."""
    if isinstance(given, dict) and list(given) == ["equals-ignore-case"]:
        return _text(given["equals-ignore-case"], name).casefold(), True
    return _text(given, name), False


def _cased(value: str, ignore: bool) -> str:
    return value.casefold() if ignore else value


def _ignoring_case(given: Any) -> Callable[[Any], bool]:
    wanted = _text(given, "equals-ignore-case").casefold()
    return _of_text(lambda value: value.casefold() == wanted)


def _wildcard(given: Any) -> Callable[[Any], bool]:
    """``*`` stands for any characters; a backslash makes it, and itself, an ordinary one."""
    text = _text(given, "wildcard")
    if re.search(r"(?<!\\)\*\*", text):
        raise BadPattern("Consecutive wildcard characters are not allowed")  # our words
    pieces = re.findall(r"\\.|\*|[^\\*]+|\\", text, re.DOTALL)
    if any(one[0] == "\\" and one not in (r"\*", r"\\") for one in pieces):
        raise BadPattern("Invalid escape character")  # our words
    parts = [".*" if one == "*" else re.escape(re.sub(r"\\(.)", r"\1", one)) for one in pieces]
    found = re.compile("".join(parts), re.DOTALL)
    return _of_text(lambda value: found.fullmatch(value) is not None)


def _numeric(given: Any) -> Callable[[Any], bool]:
    if not isinstance(given, list):
        raise BadPattern("Value of numeric must be an array.")
    if len(given) not in (2, 4):
        raise BadPattern("Too many elements in numeric expression")
    pairs = list(zip(given[::2], given[1::2], strict=True))
    for operator, number in pairs:
        if operator not in NUMBERS:
            raise BadPattern(f"Unrecognized numeric range operator: {operator}")
        if not _is_number(number):
            raise BadPattern(f"Value of {operator} must be numeric")
        if abs(number) > FURTHEST:
            raise BadPattern(f"Value of {operator} is out of range")  # our words
    return lambda value: (
        _is_number(value) and all(NUMBERS[operator](value, number) for operator, number in pairs)
    )


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _cidr(given: Any) -> Callable[[Any], bool]:
    try:
        network = ip_network(_text(given, "cidr"), strict=False)
    except ValueError as error:
        raise BadPattern(f"Malformed CIDR, {error}") from error  # our words

    def holds(value: str) -> bool:
        try:
            return ip_address(value) in network
        except ValueError:
            return False

    return _of_text(holds)


def _anything_but(given: Any) -> Callable[[Any], bool]:
    """None of these values; or none of what a prefix, suffix, wildcard or case-blind text lets through."""
    if isinstance(given, dict):
        return _but_not(given)
    values = given if isinstance(given, list) else [given]
    if not values or not (
        all(isinstance(one, str) for one in values) or all(_is_number(one) for one in values)
    ):
        raise BadPattern(
            "Inside anything but list, either all values are number or string, "
            "mixed type is not supported"
        )
    return lambda value: not any(_same(value, one) for one in values)


def _but_not(given: dict[str, Any]) -> Callable[[Any], bool]:
    if len(given) != 1:
        raise BadPattern(ONE_KEY)
    ((name, texts),) = given.items()
    if name not in ("prefix", "suffix", "equals-ignore-case", "wildcard"):
        raise BadPattern(f"Unsupported anything-but pattern: {name}")
    listed = texts if isinstance(texts, list) else [texts]
    if name in ("prefix", "suffix") and "" in listed:
        raise BadPattern("Null prefix/suffix not allowed")
    tests = [_OPERATORS[name](one) for one in listed]
    return lambda value: not any(test(value) for test in tests)


_OPERATORS: dict[str, Callable[[Any], Callable[[Any], bool]]] = {
    "prefix": _begins,
    "suffix": _ends,
    "equals-ignore-case": _ignoring_case,
    "wildcard": _wildcard,
    "numeric": _numeric,
    "cidr": _cidr,
    "anything-but": _anything_but,
}
