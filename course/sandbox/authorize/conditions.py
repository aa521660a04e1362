"""The Condition element: operators, set operators, IfExists and Null. Pure.

Every operator and every key of a Condition has to hold; of the values written
for one key, one is enough (for a negated operator: none may fit). A key that
the request does not have fits nothing, so that negated operators hold.

AWS: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

import operator
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from ipaddress import ip_address, ip_network
from typing import Any, NamedTuple

from course.sandbox.authorize.patterns import Context, arn_matches, as_text, matches

Comparison = Callable[[str, str, Context | None], bool]
"""Whether a request's value (second) fits a policy's (first); policy variables, if there are any."""


class Test(NamedTuple):
    """A condition operator taken apart."""

    quantifier: str
    name: str
    negated: bool
    if_exists: bool


def holds(condition: object, request: Context, *, variables: bool = True) -> bool:
    """Whether a Condition holds for a request; without *variables* ``${...}`` is plain text.

    An operator that does not exist never holds.
    """
    if not isinstance(condition, Mapping):
        return condition is None
    return all(
        isinstance(keys, Mapping)
        and all(_holds(name, key, wanted, request, variables) for key, wanted in keys.items())
        for name, keys in condition.items()
    )


class Unmet(NamedTuple):
    """A part of a condition that does not hold: what was wanted of a key, and what it is."""

    operator: str
    key: str
    wanted: tuple[str, ...]
    values: tuple[str, ...]


def unmet(condition: object, request: Context, *, variables: bool = True) -> list[Unmet]:
    """Each part of a Condition that does not hold for a request, in the order written."""
    return [
        Unmet(name, key, tuple(_texts(wanted)), tuple(request.get(key.lower(), ())))
        for name, keys in (condition.items() if isinstance(condition, Mapping) else ())
        for key, wanted in (keys.items() if isinstance(keys, Mapping) else ())
        if not _holds(name, key, wanted, request, variables)
    ]


def _texts(wanted: object) -> list[str]:
    return [as_text(one) for one in (wanted if isinstance(wanted, list) else [wanted])]


def _holds(name: str, key: str, wanted: object, request: Context, variables: bool) -> bool:
    values = request.get(key.lower(), ())
    texts = _texts(wanted)
    if name.lower() == "null":
        return any((text.lower() == "true") == (not values) for text in texts)
    test = _taken_apart(name)
    compare = _COMPARISONS.get(test.name)
    if compare is None:
        return False
    if not values:
        return _holds_without(test)
    filled = request if variables else None
    fits = [any(compare(text, value, filled) for text in texts) != test.negated for value in values]
    return _combined(test)(fits)


def _taken_apart(name: str) -> Test:
    quantifier, _, rest = name.lower().rpartition(":")
    base = rest.removesuffix("ifexists")
    negated = base in _NEGATED
    return Test(quantifier, _NEGATED.get(base, base), negated, base != rest)


def _holds_without(test: Test) -> bool:
    """The request has no such key."""
    if test.quantifier == "forallvalues" or test.if_exists:
        return True
    return test.negated and not test.quantifier


def _combined(test: Test) -> Callable[[Iterable[bool]], bool]:
    """Whether all of several values have to fit, or one: the set operator says."""
    if test.quantifier:
        return all if test.quantifier == "forallvalues" else any
    return all if test.negated else any


def _equal(wanted: str, value: str, variables: Context | None) -> bool:
    return matches(wanted, value, variables, wildcards=False)


def _equal_ignoring_case(wanted: str, value: str, variables: Context | None) -> bool:
    return matches(wanted, value, variables, wildcards=False, ignore_case=True)


def _like(wanted: str, value: str, variables: Context | None) -> bool:
    return matches(wanted, value, variables)


def _bool(wanted: str, value: str, variables: Context | None) -> bool:
    return wanted.lower() == value.lower()


def _same_bytes(wanted: str, value: str, variables: Context | None) -> bool:
    return wanted == value


def _in_network(wanted: str, value: str, variables: Context | None) -> bool:
    try:
        return ip_address(value) in ip_network(wanted, strict=False)
    except ValueError:
        return False


def _ordered(read: Callable[[str], Any], order: Callable[[Any, Any], bool]) -> Comparison:
    """Compare as numbers or as dates; what is neither fits nothing."""

    def compare(wanted: str, value: str, variables: Context | None) -> bool:
        try:
            return order(read(value), read(wanted))
        except (ValueError, OverflowError, OSError):
            return False

    return compare


def _date(text: str) -> datetime:
    """ISO 8601, or seconds since 1970."""
    if re.fullmatch(r"-?\d+(\.\d+)?", text) and len(text) > 4:
        return datetime.fromtimestamp(float(text), UTC)
    read = datetime.fromisoformat(text)
    return read if read.tzinfo else read.replace(tzinfo=UTC)


_ORDERS = {
    "equals": operator.eq,
    "lessthan": operator.lt,
    "lessthanequals": operator.le,
    "greaterthan": operator.gt,
    "greaterthanequals": operator.ge,
}

_COMPARISONS: dict[str, Comparison] = {
    "stringequals": _equal,
    "stringequalsignorecase": _equal_ignoring_case,
    "stringlike": _like,
    "bool": _bool,
    "binaryequals": _same_bytes,
    "ipaddress": _in_network,
    "arnequals": arn_matches,
    "arnlike": arn_matches,
    **{f"numeric{name}": _ordered(float, order) for name, order in _ORDERS.items()},
    **{f"date{name}": _ordered(_date, order) for name, order in _ORDERS.items()},
}

_NEGATED = {
    "stringnotequals": "stringequals",
    "stringnotequalsignorecase": "stringequalsignorecase",
    "stringnotlike": "stringlike",
    "numericnotequals": "numericequals",
    "datenotequals": "dateequals",
    "notipaddress": "ipaddress",
    "arnnotequals": "arnequals",
    "arnnotlike": "arnlike",
}
