"""Expressions: fields, numbers, texts, functions, comparisons, and what joins them. Pure.

``or`` binds loosest, then ``and``, ``not``, comparisons, ``+ -``, ``* / %``, ``^``.

AWS: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-operations-functions.html
"""

import re
from collections.abc import Callable
from typing import Any

from course.sandbox.observability.insights.functions import AGGREGATES, FUNCTIONS, OUTSIDE
from course.sandbox.observability.insights.reader import NUMBER, Malformed, Outside, Reader
from course.sandbox.observability.insights.values import Instant, Row, compare, equal, number, text

Expression = Callable[[Row], Any]

PERIOD = re.compile(r"(\d+)\s*([a-z]+)")
COMPARISON = re.compile(r"!=|<=|>=|=(?!~)|<|>")
MILLISECONDS = {
    **dict.fromkeys(("ms", "msec", "millisecond"), 1),
    **dict.fromkeys(("s", "sec", "second"), 1_000),
    **dict.fromkeys(("m", "min", "minute"), 60_000),
    **dict.fromkeys(("h", "hr", "hour"), 3_600_000),
    **dict.fromkeys(("d", "day"), 86_400_000),
}
LONGER = ("w", "week", "mo", "mon", "month", "q", "qtr", "quarter", "y", "yr", "year")
CALL = re.compile(r"([A-Za-z_]\w*)\s*\(")


def read_expression(reader: Reader) -> Expression:
    """The expression that comes next. Raises Malformed, and Outside for what AWS has and we have not."""
    left = _conjunction(reader)
    while reader.takes_word("or"):
        left = _either(left, _conjunction(reader))
    return left


def _either(left: Expression, right: Expression) -> Expression:
    return lambda row: bool(left(row)) or bool(right(row))


def _conjunction(reader: Reader) -> Expression:
    left = _negation(reader)
    while reader.takes_word("and"):
        left = _both(left, _negation(reader))
    return left


def _both(left: Expression, right: Expression) -> Expression:
    return lambda row: bool(left(row)) and bool(right(row))


def _negation(reader: Reader) -> Expression:
    if not reader.takes_word("not"):
        return _comparison(reader)
    inner = _negation(reader)
    return lambda row: not inner(row)


def _comparison(reader: Reader) -> Expression:
    left = _sum(reader)
    found = reader.take(COMPARISON)
    if found:
        operator, right = found[0], _sum(reader)
        return lambda row: compare(left(row), operator, right(row))
    for words, wanted in ((("like",), True), (("not", "like"), False)):
        if reader.takes_word(*words):
            return _like(left, _matcher(reader), wanted=wanted)
    if reader.takes("=~"):
        return _like(left, _matcher(reader), wanted=True)
    for words, wanted in ((("in",), True), (("not", "in"), False)):
        if reader.takes_word(*words):
            return _among(left, _list(reader), wanted=wanted)
    return left


def _matcher(reader: Reader) -> Callable[[str], bool]:
    """A text that has to be in it, or a regular expression that has to be found."""
    part = reader.string()
    if part is not None:
        return lambda whole: part in whole
    regex = reader.regex()
    if regex is None:
        raise reader.wrong("like takes a text in quotes, or /a regular expression/")
    return lambda whole: bool(regex.search(whole))


def _like(left: Expression, found: Callable[[str], bool], *, wanted: bool) -> Expression:
    def holds(row: Row) -> bool:
        value = left(row)
        return value is not None and found(text(value)) is wanted

    return holds


def _list(reader: Reader) -> list[Expression]:
    reader.need("[")
    items = [_sum(reader)]
    while reader.takes(","):
        items.append(_sum(reader))
    reader.need("]")
    return items


def _among(left: Expression, items: list[Expression], *, wanted: bool) -> Expression:
    def holds(row: Row) -> bool:
        value = left(row)
        return value is not None and any(equal(value, one(row)) for one in items) is wanted

    return holds


def _sum(reader: Reader) -> Expression:
    return _chain(reader, ("+", "-"), _product)


def _product(reader: Reader) -> Expression:
    return _chain(reader, ("*", "/", "%"), _power)


def _power(reader: Reader) -> Expression:
    return _chain(reader, ("^",), _one)


def _chain(
    reader: Reader, signs: tuple[str, ...], part: Callable[[Reader], Expression]
) -> Expression:
    left = part(reader)
    while sign := next((one for one in signs if reader.takes(one)), None):
        left = _arithmetic(sign, left, part(reader))
    return left


def _arithmetic(sign: str, left: Expression, right: Expression) -> Expression:
    operations: dict[str, Callable[[float, float], float]] = {
        "+": lambda a, b: a + b,
        "-": lambda a, b: a - b,
        "*": lambda a, b: a * b,
        "/": lambda a, b: a / b,
        "%": lambda a, b: a % b,
        "^": lambda a, b: a**b,
    }

    def result(row: Row) -> float | None:
        one, other = number(left(row)), number(right(row))
        if one is None or other is None:
            return None
        try:
            return operations[sign](one, other)
        except (ZeroDivisionError, OverflowError):
            return None

    return result


def _one(reader: Reader) -> Expression:
    if reader.takes("("):
        inner = read_expression(reader)
        reader.need(")")
        return inner
    if reader.takes("-"):
        return _arithmetic("-", lambda row: 0, _one(reader))
    constant = reader.string()
    if constant is not None:
        return lambda row: constant
    digits = reader.take(NUMBER)
    if digits:
        amount = float(digits[0])
        return lambda row: amount
    if CALL.match(reader.text, reader.at):
        return _call(reader)
    name = reader.word()
    return lambda row: row.get(name)


def _call(reader: Reader) -> Expression:
    start, name = reader.at, reader.word()
    reader.need("(")
    if name == "bin":
        return _bin(reader)
    given = [read_expression(reader)] if not reader.takes(")") else []
    while given and reader.takes(","):
        given.append(read_expression(reader))
    if given:
        reader.need(")")
    if name in FUNCTIONS:
        function, least, most = FUNCTIONS[name]
        if least <= len(given) <= (most or len(given)):
            return lambda row: function(*(one(row) for one in given))
        raise Malformed(f"wrong number of arguments for {name}()", start, reader.at)  # our words
    if name in AGGREGATES:
        raise Malformed(f"{name}() stands in stats only", start, reader.at)  # our words
    if name.lower() in [one.lower() for one in OUTSIDE]:
        raise Outside(f"the function {name}()")
    raise Malformed(f"there is no function {name}()", start, reader.at)  # our words


def _bin(reader: Reader) -> Expression:
    found = reader.take(PERIOD)
    if found is None:
        raise reader.wrong("bin() takes a period, such as 5m")
    unit = found[2] if found[2] in MILLISECONDS else found[2].removesuffix("s")
    if unit in LONGER:
        raise Outside(f"bin({found[0]}); its longest unit here is a day")
    if unit not in MILLISECONDS or not int(found[1]):
        raise reader.wrong(f"there is no period {found[0]!r}")
    reader.need(")")
    length = int(found[1]) * MILLISECONDS[unit]
    return lambda row: Instant(row["@timestamp"] // length * length)
