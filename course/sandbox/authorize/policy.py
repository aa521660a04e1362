"""Policy documents: what is written, and which statements speak of a request. Pure.

What AWS would not have accepted says nothing here: a statement that is
malformed neither allows nor denies, and text that is no JSON has no statements.

AWS: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from course.sandbox.authorize.conditions import holds
from course.sandbox.authorize.patterns import Context, matches
from course.sandbox.authorize.principals import Named, Principal, how_named

WITH_VARIABLES = "2012-10-17"
"""The version in which ``${...}`` is a policy variable; a document without version is older."""

EVERYTHING = ("*",)


@dataclass(frozen=True, slots=True)
class Request:
    """One action on one resource by someone, with what else is known (``patterns.context``)."""

    principal: Principal
    action: str
    resource: str
    context: Context


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement; ``except_`` says that its list is a NotAction, NotResource or NotPrincipal."""

    sid: str
    allows: bool
    actions: tuple[str, ...]
    except_actions: bool
    resources: tuple[str, ...]
    except_resources: bool
    principals: Any
    except_principals: bool
    condition: Any
    variables: bool
    index: int = 0
    """Which statement of its policy it is, from 0."""

    def speaks_of(self, request: Request) -> bool:
        """Whether action, resource and condition fit; who asks is another matter (``names``)."""
        return self.does(request.action) and self.fits(request)

    def fits(self, request: Request) -> bool:
        """Whether resource and condition fit, for one of which the action is known to."""
        return self.is_on(request) and holds(
            self.condition, request.context, variables=self.variables
        )

    def is_about(self, request: Request) -> bool:
        """Whether action and resource fit, whatever the condition says."""
        return self.does(request.action) and self.is_on(request)

    def does(self, action: str) -> bool:
        """Whether an action is among its actions, or not among its NotAction's."""
        named = any(matches(one, action, ignore_case=True) for one in self.actions)
        return named != self.except_actions

    def is_on(self, request: Request) -> bool:
        """Whether the resource asked for is among its resources, or not among its NotResource's."""
        filled = request.context if self.variables else None
        named = any(matches(one, request.resource, filled) for one in self.resources)
        return named != self.except_resources

    def names(self, principal: Principal) -> Named:
        """How closely a statement of a resource-based policy names someone."""
        named = how_named(self.principals, principal)
        if self.except_principals:
            return Named.NOT if named else Named.ROLE
        return named


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy as attached: its name, or ARN, what it says, and its text."""

    name: str
    statements: tuple[Statement, ...]
    text: str = ""

    def __deepcopy__(self, memo: object) -> "Policy":
        """Itself: nothing in it changes, and a history that is copied holds it many times."""
        return self

    def first(self, request: Request, *, allows: bool) -> Statement | None:
        """The first statement of this effect that speaks of a request."""
        speaking = self.of_action(request.action, allows=allows)
        return next((one for one in speaking if one.fits(request)), None)

    def of_action(self, action: str, *, allows: bool) -> tuple[Statement, ...]:
        """The statements of an effect whose actions include this one, in their order.

        What can be remembered: it follows from the text alone, and AWS's own policies name
        hundreds of actions.
        """
        if self.statements is _statements(self.text):
            return _of_action(self.text, action, allows)
        return _having(self.statements, action, allows)


def read_policy(name: str, text: str) -> Policy:
    """A policy from its JSON text."""
    return Policy(name, _statements(text), text)


def names_a_principal(text: str) -> bool:
    """Whether a policy's text says whom it means, as those of resources and trust policies do."""
    return any(one.principals is not None for one in _statements(text))


@lru_cache(maxsize=1024)
def _statements(text: str) -> tuple[Statement, ...]:
    """Read once per text: a policy that is changed has another text."""
    try:
        document = json.loads(text)
    except (ValueError, TypeError, RecursionError):
        return ()
    return tuple(_read(document)) if isinstance(document, dict) else ()


@lru_cache(maxsize=4096)
def _of_action(text: str, action: str, allows: bool) -> tuple[Statement, ...]:
    return _having(_statements(text), action, allows)


def _having(written: tuple[Statement, ...], action: str, allows: bool) -> tuple[Statement, ...]:
    return tuple(one for one in written if one.allows == allows and one.does(action))


def _read(document: dict[str, Any]) -> Iterator[Statement]:
    written = document.get("Statement")
    variables = document.get("Version") == WITH_VARIABLES
    for index, one in enumerate(written if isinstance(written, list) else [written]):
        read = _statement(one, variables, index) if isinstance(one, dict) else None
        if read:
            yield read


def _statement(written: dict[str, Any], variables: bool, index: int) -> Statement | None:
    effect, actions = written.get("Effect"), _list(written, "Action")
    resources, principals = _list(written, "Resource"), _either(written, "Principal")
    if effect not in ("Allow", "Deny") or actions is None:
        return None
    return Statement(
        sid=str(written.get("Sid", "")),
        allows=effect == "Allow",
        actions=actions,
        except_actions="NotAction" in written,
        resources=EVERYTHING if resources is None else resources,  # trust and ECR policies
        except_resources="NotResource" in written,
        principals=principals,
        except_principals="NotPrincipal" in written,
        condition=written.get("Condition"),
        variables=variables,
        index=index,
    )


def _either(written: dict[str, Any], name: str) -> Any:
    return written.get(name, written.get(f"Not{name}"))


def _list(written: dict[str, Any], name: str) -> tuple[str, ...] | None:
    """One text, or a list of them; None when there is no such element, or when it is neither."""
    value = _either(written, name)
    values = value if isinstance(value, list) else [value]
    return tuple(values) if values and all(isinstance(one, str) for one in values) else None
