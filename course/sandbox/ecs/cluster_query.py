"""The cluster query language: expressions that pick container instances.

``subject operator [argument]``, joined by and, or and not, with parentheses
around whole expressions. Used by the placement constraint memberOf and by the
filter of ListContainerInstances.

AWS: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/cluster-query-language.html
"""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, NamedTuple, Protocol

LONGEST = 2000
"""Characters an expression may have."""

DEEPEST = 50
"""Parentheses and nots within each other, as far as the sandbox reads them."""


class BadExpression(ValueError):
    """An expression that cannot be read. The words are ours: no AWS text was found."""


class Instance(Protocol):
    """What an expression can ask of a container instance."""

    @property
    def instance_id(self) -> str: ...
    @property
    def attributes(self) -> Mapping[str, str | None]: ...
    @property
    def groups(self) -> Mapping[str, int]: ...
    @property
    def agent_connected(self) -> bool: ...
    @property
    def agent_version(self) -> str: ...
    @property
    def registered_at(self) -> datetime | None: ...
    @property
    def running_tasks(self) -> int: ...


Query = Callable[[Instance], bool]


class _Kind(NamedTuple):
    """How a subject is read from an instance and compared with an argument."""

    operators: frozenset[str]
    read: Callable[[Instance], Any]
    argument: Callable[[str], Any] = str


_NAMES = {
    "equals": "==",
    "not_equals": "!=",
    "greater_than": ">",
    "greater_than_equal": ">=",
    "less_than": "<",
    "less_than_equal": "<=",
    "not_exists": "!exists",
    "not_in": "!in",
    "matches": "=~",
    "not_matches": "!~",
}
_EQUAL = frozenset({"==", "!="})
_MEMBER = _EQUAL | {"in", "!in", "=~", "!~"}
_ORDER = _EQUAL | {">", ">=", "<", "<="}
_EVERY = _MEMBER | _ORDER | {"exists", "!exists"}

_TOKEN = re.compile(
    r"""\s*(?:
        (?P<quoted>'[^']*'|"[^"]*")
      | (?P<sign>&&|\|\||==|!=|>=|<=|=~|!~|!exists\b|!in\b|[()\[\],<>!])
      | (?P<word>(?:[^\s()\[\],<>=!&|'"]|[=!](?![=~]))+)
    )""",
    re.VERBOSE,
)


@lru_cache(maxsize=256)
def parse(expression: str) -> Query:
    """The test that an expression stands for. Raises BadExpression."""
    if len(expression) > LONGEST:
        raise BadExpression(f"An expression has at most {LONGEST} characters.")
    return _Reader(expression).whole()


class _Reader:
    """Reads one expression from left to right: or, within it and, within it not."""

    def __init__(self, expression: str) -> None:
        self._expression = expression
        self._at = self._depth = 0
        self._end = len(expression.rstrip())

    def whole(self) -> Query:
        query = self._any()
        if self._at < self._end:
            raise self._bad("something that was not expected here")
        return query

    def _any(self) -> Query:
        parts = [self._every()]
        while self._takes("or", "||"):
            parts.append(self._every())
        return lambda instance: any(part(instance) for part in parts)

    def _every(self) -> Query:
        parts = [self._one()]
        while self._takes("and", "&&"):
            parts.append(self._one())
        return lambda instance: all(part(instance) for part in parts)

    def _one(self) -> Query:
        negated = self._takes("not", "!")
        if not negated and not self._takes("("):
            return self._comparison()
        self._depth += 1
        if self._depth > DEEPEST:
            raise self._bad("more nesting than can be read")
        inner = self._one() if negated else self._any()
        self._depth -= 1
        if negated:
            return lambda instance: not inner(instance)
        self._expect(")")
        return inner

    def _comparison(self) -> Query:
        subject = self._word("a subject")
        kind = _kind(subject)
        if kind is None:
            raise self._bad(f"the unknown subject {subject!r}")
        operator = self._next()
        operator = _NAMES.get(operator, operator)
        if operator not in kind.operators:
            raise self._bad(f"no operator that {subject} takes")
        if operator in ("exists", "!exists"):
            return lambda instance: (kind.read(instance) is not _ABSENT) == (operator == "exists")
        return _comparing(kind, operator, self._argument(kind, operator))

    def _argument(self, kind: _Kind, operator: str) -> Any:
        if operator in ("in", "!in"):
            self._expect("[")
            values = [self._word("a value")]
            while self._takes(","):
                values.append(self._word("a value"))
            self._expect("]")
            return frozenset(values)
        text = self._word("a value")
        try:
            return re.compile(text) if operator in ("=~", "!~") else kind.argument(text)
        except (ValueError, re.error):
            raise self._bad(f"the value {text!r}, which it cannot be") from None

    def _match(self) -> re.Match[str] | None:
        return _TOKEN.match(self._expression, self._at, self._end)

    def _next(self) -> str:
        found = self._match()
        if found is None or found.end() == self._at:
            raise self._bad("no end that was expected here")
        self._at = found.end()
        return found[0].strip()

    def _takes(self, *tokens: str) -> bool:
        found = self._match()
        if found is None or found[0].strip() not in tokens:
            return False
        self._at = found.end()
        return True

    def _word(self, what: str) -> str:
        found = self._match()
        if found is None or found["sign"] is not None:
            raise self._bad(f"no {what.removeprefix('a ')}")
        self._at = found.end()
        return str(found["word"] or found["quoted"][1:-1])

    def _expect(self, token: str) -> None:
        if not self._takes(token):
            raise self._bad(f"no {token!r}")

    def _bad(self, found: str) -> BadExpression:
        return BadExpression(  # our words
            f"The expression {self._expression!r} cannot be read: at character {self._at + 1} "
            f"there is {found}."
        )


_ABSENT = object()
"""What a subject is that an instance does not have."""


def _kind(subject: str) -> _Kind | None:
    if subject.startswith("attribute:"):
        name = subject.removeprefix("attribute:")
        return _Kind(_EVERY, lambda one: one.attributes.get(name, _ABSENT) or "")
    return _KINDS.get(subject)


def _comparing(kind: _Kind, operator: str, wanted: Any) -> Query:
    """One comparison; an instance without the subject meets none, not even ``!=``.

    That is how ECS has it: aws/containers-roadmap#486 (2019).
    """

    def compare(instance: Instance) -> bool:
        value = kind.read(instance)
        if value is _ABSENT:
            return False
        if isinstance(value, frozenset):  # task:group: any of the groups on the instance
            positive = {"!=": "==", "!in": "in", "!~": "=~"}.get(operator, operator)
            return any(_holds(one, positive, wanted) for one in value) == (positive == operator)
        return _holds(value, operator, wanted)

    return compare


def _holds(value: Any, operator: str, wanted: Any) -> bool:
    match operator:
        case "==" | "!=":
            return bool(value == wanted) == (operator == "==")
        case "in" | "!in":
            return (value in wanted) == (operator == "in")
        case "=~" | "!~":
            return (wanted.fullmatch(value) is not None) == (operator == "=~")
        case _:
            return _ordered(*_numbers(value, wanted), operator)


def _ordered(value: Any, wanted: Any, operator: str) -> bool:
    if value == wanted:
        return operator in (">=", "<=")
    return bool(value > wanted) == (operator in (">", ">="))


def _numbers(value: Any, wanted: Any) -> tuple[Any, Any]:
    """Two attribute values as numbers where both are some; as text otherwise: our model."""
    try:
        return float(value), float(wanted)
    except (TypeError, ValueError):
        return value, wanted


def _version(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split("."))


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _registered(instance: Instance) -> Any:
    return instance.registered_at or _ABSENT


_KINDS = {
    "agentConnected": _Kind(_MEMBER, lambda one: str(one.agent_connected).lower()),
    "agentVersion": _Kind(
        _ORDER, lambda one: _version(one.agent_version) if one.agent_version else _ABSENT, _version
    ),
    "ec2InstanceId": _Kind(_MEMBER, lambda one: one.instance_id),
    "registeredAt": _Kind(_ORDER, _registered, _moment),
    "runningTasksCount": _Kind(_ORDER, lambda one: one.running_tasks, int),
    "task:group": _Kind(_MEMBER, lambda one: frozenset(g for g, n in one.groups.items() if n)),
}
