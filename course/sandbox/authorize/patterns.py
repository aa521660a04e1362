"""How policies name things: wildcards, ARNs and policy variables. Pure.

``*`` stands for any characters and ``?`` for one. In a policy of version
2012-10-17 ``${aws:username}`` stands for a value of the request; such a value
is taken literally, whatever characters it holds.

AWS: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
"""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

Context = Mapping[str, tuple[str, ...]]
"""What is known of a request, by condition key in lower case; see ``context``."""

ARN_PARTS = 6
_TOKENS = re.compile(r"(\$\{[^{}]*\}|\*|\?)")
_COLON = re.compile(r":(?![^{}]*\})")
"""A colon that divides an ARN, and not the key within a ``${...}``."""
_DEFAULT = re.compile(r"(?P<key>[^,]+),\s*'(?P<default>.*)'", re.DOTALL)
_LITERAL = {"*", "?", "$"}


def context(values: Mapping[str, object]) -> Context:
    """A request's condition keys and their values; keys compare without regard to case."""
    return {key.lower(): _texts(value) for key, value in values.items()}


def _texts(value: object) -> tuple[str, ...]:
    if isinstance(value, list | tuple | set | frozenset):
        return tuple(as_text(one) for one in value)
    return (as_text(value),)


def as_text(value: object) -> str:
    """A JSON value as policies write it: true and false in small letters."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def matches(
    pattern: str,
    text: str,
    variables: Context | None = None,
    *,
    wildcards: bool = True,
    ignore_case: bool = False,
) -> bool:
    """Whether a text fits a pattern; *variables* None means that ``${...}`` stands for itself.

    A variable that the request has no value for fits nothing.
    """
    if variables is None or "${" not in pattern:
        return _regex(pattern, wildcards, ignore_case).fullmatch(text) is not None
    pieces = list(_pieces(pattern, variables, wildcards))
    if None in pieces:
        return False
    flags = re.DOTALL | (re.IGNORECASE if ignore_case else 0)
    return re.compile(_joined([one for one in pieces if one]), flags).fullmatch(text) is not None


def arn_matches(pattern: str, arn: str, variables: Context | None = None) -> bool:
    """Whether an ARN fits, each of its six parts on its own, as ArnLike and ArnEquals have it."""
    wanted, given = _COLON.split(pattern, ARN_PARTS - 1), arn.split(":", ARN_PARTS - 1)
    if not len(wanted) == len(given) == ARN_PARTS:
        return pattern == "*"
    return all(matches(one, other, variables) for one, other in zip(wanted, given, strict=True))


@lru_cache(maxsize=4096)
def _regex(pattern: str, wildcards: bool, ignore_case: bool) -> re.Pattern[str]:
    pieces = [one for one in _pieces(pattern, None, wildcards) if one]
    return re.compile(_joined(pieces), re.DOTALL | (re.IGNORECASE if ignore_case else 0))


def _pieces(pattern: str, variables: Context | None, wildcards: bool) -> Iterator[str | None]:
    """The pattern's parts as regular expressions; None for a variable without a value."""
    for part in _TOKENS.split(pattern):
        if wildcards and part in ("*", "?"):
            yield ".*" if part == "*" else "."
        elif part.startswith("${") and variables is not None:
            value = _value(part[2:-1].strip(), variables)
            yield None if value is None else re.escape(value)
        else:
            yield re.escape(part)


def _joined(pieces: list[str]) -> str:
    """One expression; what lies between two stars is atomic, so that no pattern takes long."""
    runs = [""]
    for piece in pieces:
        if piece == ".*":
            runs.append("")
        else:
            runs[-1] += piece
    first, *middle = runs
    if not middle:
        return first
    last = middle.pop()
    return first + "".join(f"(?>.*?{run})" for run in middle if run) + f".*{last}"


def _value(name: str, variables: Context) -> str | None:
    if name in _LITERAL:
        return name
    with_default = _DEFAULT.fullmatch(name)
    values = variables.get((with_default["key"] if with_default else name).strip().lower(), ())
    if len(values) == 1:
        return values[0]
    return with_default["default"] if with_default else None
