"""CloudWatch Logs filter patterns: which log events one lets through. Pure.

Four kinds: terms (``ERROR -health "GET /"``, ``?WARN ?ERROR``), one regular expression
(``%5[0-9][0-9]%``), JSON (``{ $.level = "ERROR" && $.ms > 100 }``) and space-delimited
(``[ip, ..., status=5*, bytes]``). An empty pattern lets everything through. A term is
found anywhere in a message, in its own case.

AWS: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
(as of 2026; how many terms a term counts for, inside a word too, by the CDK's
FilterPattern: "if all the strings given appear in the event").
"""

import json
import re
from dataclasses import dataclass
from typing import Any, Protocol

from course.sandbox.observability.filter_conditions import Comparison, Condition, Joined
from course.sandbox.observability.filter_conditions import read_condition as _condition
from course.sandbox.observability.filter_values import BadPattern, checked_regex

LONGEST = 1024
TERM = re.compile(r'\s*([-?]?)("(?:[^"\\]|\\.)*"|\w+)(?=\s|$)')
STEP = re.compile(r"\.?\['([^']*)'\]|\.([\w-]+|\*)|\[(\d+|\*)\]")
WORD = re.compile(r'\[([^\]]*)\]|"([^"]*)"|(\S+)')
ELLIPSIS = "..."


class Pattern(Protocol):
    """A pattern that was read."""

    def matches(self, message: str) -> bool:
        """Whether a log event of this message passes."""
        ...

    def extracted(self, message: str) -> dict[str, str]:
        """What TestMetricFilter shows of a message that passes: the values at the pattern's fields."""
        ...


def read_pattern(text: str) -> Pattern:
    """The pattern that a text means. Raises BadPattern."""
    text = text.strip()
    for opens, closes in (("{", "}"), ("[", "]")):
        if text.startswith(opens) and not text.endswith(closes):
            raise BadPattern(
                f"If a filter pattern starts with '{opens}' it must end with '{closes}'"
            )
    if text.startswith("{"):
        condition = _condition(text[1:-1])
        if not all(one.startswith("$") for one in _fields(condition)):
            raise BadPattern
        return Json(condition)
    if text.startswith("["):
        return _spaced(text[1:-1])
    if len(text) > 1 and text.startswith("%") and text.endswith("%"):
        return Regex(re.compile(checked_regex(text[1:-1])))
    return _terms(text)


@dataclass(frozen=True)
class Terms:
    """Texts that have to be there, must not be there, and of which one has to be."""

    required: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()

    def matches(self, message: str) -> bool:
        """Optional terms beside others are ignored, as the guide says."""
        if self.optional and not self.required and not self.excluded:
            return any(one in message for one in self.optional)
        missing = any(one not in message for one in self.required)
        return not missing and not any(one in message for one in self.excluded)

    def extracted(self, message: str) -> dict[str, str]:
        return {}


def _terms(text: str) -> Terms:
    found: dict[str, list[str]] = {"": [], "-": [], "?": []}
    at = 0
    while text[at:].strip():
        term = TERM.match(text, at)
        if term is None:
            raise BadPattern
        word = term[2]
        quoted = word[0] == '"'
        found[term[1]].append(word[1:-1].replace('\\"', '"') if quoted else word)
        at = term.end()
    required = [one for one in found[""] if one.strip()]
    return Terms(tuple(required), tuple(found["-"]), tuple(found["?"]))


@dataclass(frozen=True)
class Regex:
    """One regular expression, found anywhere."""

    expression: re.Pattern[str]

    def matches(self, message: str) -> bool:
        return bool(self.expression.search(message))

    def extracted(self, message: str) -> dict[str, str]:
        return {}


@dataclass(frozen=True)
class Json:
    """A condition on a message that is a JSON object; any other message never passes."""

    condition: Condition

    def matches(self, message: str) -> bool:
        document = _document(message)
        return document is not None and self.condition.holds(lambda path: select(document, path))

    def extracted(self, message: str) -> dict[str, str]:
        document = _document(message)
        values = {path: select(document, path) for path in _fields(self.condition)}
        return {path: _shown(found[0]) for path, found in values.items() if found}


def field_of(message: str, path: str) -> str | None:
    """What a JSON message says at a path such as ``$.latency``; None where it says nothing there."""
    document = _document(message)
    found = select(document, path) if document is not None else []
    return _shown(found[0]) if found else None


def _document(message: str) -> Any:
    try:
        found = json.loads(message)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def select(document: Any, path: str) -> list[Any]:
    """The nodes of a JSON document that a selector such as ``$.users[0].name`` points at."""
    nodes = [document]
    for in_quotes, name, place in STEP.findall(path[1:]):
        step = in_quotes or name or place
        nodes = [below for node in nodes for below in _below(node, step, indexed=bool(place))]
    return nodes


def _below(node: Any, step: str, *, indexed: bool) -> list[Any]:
    if step == "*":
        if isinstance(node, dict):
            return list(node.values())
        return list(node) if isinstance(node, list) else []
    if indexed:
        there = isinstance(node, list) and int(step) < len(node)
        return [node[int(step)]] if there else []
    return [node[step]] if isinstance(node, dict) and step in node else []


def _fields(condition: Condition) -> list[str]:
    if isinstance(condition, Joined):
        return [one for part in condition.parts for one in _fields(part)]
    return [condition.field]


def _shown(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


@dataclass(frozen=True)
class Spaced:
    """Fields in their order, each with a name and perhaps a condition; what is left over is the last one's."""

    names: tuple[str, ...]
    conditions: tuple[Condition, ...]

    def matches(self, message: str) -> bool:
        fields = self._read(message)
        if fields is None:
            return False
        return all(one.holds(lambda name: _of(fields, name)) for one in self.conditions)

    def extracted(self, message: str) -> dict[str, str]:
        fields = self._read(message) or {}
        return {f"${name}": value for name, value in fields.items()}

    def _read(self, message: str) -> dict[str, str] | None:
        """The message's words by the fields' names; None where there are fewer words than fields."""
        words = ["".join(groups) for groups in WORD.findall(message)]
        names = list(self.names)
        if ELLIPSIS in names:
            place = names.index(ELLIPSIS)
            behind = len(names) - place - 1
            if len(words) < place + behind:
                return None
            skipped = len(words) - place - behind
            names[place : place + 1] = [f"{number + 1}" for number in range(place, place + skipped)]
        elif names and len(words) > len(names):
            words = [*words[: len(names) - 1], " ".join(words[len(names) - 1 :])]
        return dict(zip(names, words, strict=True)) if len(names) == len(words) else None


def _of(fields: dict[str, str], name: str) -> list[str]:
    return [fields[name]] if name in fields else []


def _spaced(text: str) -> Spaced:
    names, conditions = [], []
    for part in re.split(r',(?=(?:[^"]*"[^"]*")*[^"]*$)', text):
        part = part.strip()
        name = re.match(r"\(*\s*([\w-]+|\.\.\.)", part)
        if not part or name is None or (name[1] == ELLIPSIS and ELLIPSIS in names):
            raise BadPattern
        names.append(name[1])
        if part != name[1]:
            condition = _condition(part)
            if {*_fields(condition)} != {name[1]} or not _compares(condition):
                raise BadPattern
            conditions.append(condition)
    return Spaced(tuple(names), tuple(conditions))


def _compares(condition: Condition) -> bool:
    """Whether it is made of comparisons only: IS and NOT EXISTS are for JSON."""
    if isinstance(condition, Joined):
        return all(_compares(one) for one in condition.parts)
    return isinstance(condition, Comparison)
