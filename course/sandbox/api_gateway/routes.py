"""Which stage and which route take a request, and which path goes on to the backend. Pure.

A stage that the path names comes before ``$default``. Of the routes one that fits
the whole path is taken before one with a greedy variable, and ``$default`` last of
all; among several, a segment as it is comes before a variable, and with the same
path one that names the method before ``ANY`` (the last two are our reading).

AWS: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html
     https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-parameter-mapping.html
     https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-private.html
     (read in copies of 2026)
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from course.sandbox.api_gateway.resources import DEFAULT, Integration, Route

METHODS = ("ANY", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT")
"""What a route's key may begin with."""

_VARIABLE = re.compile(r"\{([\w.:-]+)(\+?)\}")
_MAPPED = re.compile(r"\$\{([^}]*)\}|\$((?:request|stageVariables|context)\.[\w.-]*\w)")


@dataclass(frozen=True, slots=True)
class Match:
    """A route that takes a request, and what its path's variables are in it."""

    route: Route
    variables: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Incoming:
    """A request as a mapping sees it: its *path* without the stage's name."""

    stage: str
    path: str
    variables: Mapping[str, str] = field(default_factory=dict)
    stage_variables: Mapping[str, str] = field(default_factory=dict)


def choose_stage(stages: Collection[str], path: str) -> tuple[str, str] | None:
    """The stage that a request's path names, or else ``$default``, and the path without its name."""
    first, _, rest = path.removeprefix("/").partition("/")
    if first in stages and first != DEFAULT:
        return first, f"/{rest}"
    return (DEFAULT, path) if DEFAULT in stages else None


def choose_route(routes: Iterable[Route], method: str, path: str) -> Match | None:
    """The most specific route for a request; None where none takes it."""
    found = [(one, _fit(one.route_key, method, path)) for one in routes]
    fitting = [(fit[0], one, fit[1]) for one, fit in found if fit is not None]
    if not fitting:
        return None
    _, route, variables = max(fitting, key=lambda one: one[0])
    return Match(route, variables)


def _fit(key: str, method: str, path: str) -> tuple[tuple[int, ...], dict[str, str]] | None:
    """How well a route's key fits, the larger the better, with its variables; None where it does not."""
    if key == DEFAULT:
        return (), {}
    wanted, _, template = key.partition(" ")
    if wanted not in ("ANY", method):
        return None
    asked, rank, variables = path.split("/")[1:], list[int](), dict[str, str]()
    parts = template.split("/")[1:]
    for place, part in enumerate(parts):
        variable = _VARIABLE.fullmatch(part)
        if variable and variable[2]:
            rest = "/".join(asked[place:])
            if not rest:
                return None
            return (1, *rank, 0, wanted != "ANY"), variables | {variable[1]: rest}
        if place >= len(asked) or (part != asked[place] and not (variable and asked[place])):
            return None
        rank.append(1 if variable else 2)
        if variable:
            variables[variable[1]] = asked[place]
    return ((2, *rank, wanted != "ANY"), variables) if len(parts) == len(asked) else None


def is_route_key(key: str) -> bool:
    """Whether this is ``$default``, or a method and a path whose greedy variable, if any, is its end."""
    if key == DEFAULT:
        return True
    method, _, path = key.partition(" ")
    if method not in METHODS or not path.startswith("/"):
        return False
    parts = path.split("/")[1:]
    greedy = [
        place
        for place, part in enumerate(parts)
        if (found := _VARIABLE.fullmatch(part)) and found[2]
    ]
    whole = all(_VARIABLE.fullmatch(one) or not set(one) & set("{}") for one in parts)
    return whole and greedy in ([], [len(parts) - 1])


def private_path(integration: Integration, incoming: Incoming) -> str:
    """The path that a private integration is sent: with the stage's name, unless overwritten."""
    mapped = integration.request_parameters.get("overwrite:path")
    if mapped is not None:
        return f"/{mapped_value(mapped, incoming).removeprefix('/')}"
    return incoming.path if incoming.stage == DEFAULT else f"/{incoming.stage}{incoming.path}"


def public_url(integration: Integration, incoming: Incoming, key: str) -> str:
    """The URL that an integration of the internet is sent; by ``$default`` with the whole path."""
    uri = _VARIABLE.sub(
        lambda found: incoming.variables.get(found[1], ""), integration.integration_uri
    )
    mapped = integration.request_parameters.get("overwrite:path")
    if mapped is not None:
        scheme, _, rest = uri.partition("://")
        path = mapped_value(mapped, incoming).removeprefix("/")
        return f"{scheme}://{rest.partition('/')[0]}/{path}"
    return f"{uri.removesuffix('/')}{incoming.path}" if key == DEFAULT else uri


def headers_sent(integration: Integration, incoming: Incoming, host: str) -> dict[str, str]:
    """The headers that mappings change, by lower-case name, with the backend's *host* unless it is one."""
    sent = {"host": host}
    for key, value in sorted(integration.request_parameters.items()):
        action, _, place = key.partition(":")
        kind, _, name = place.lower().partition(".")
        if kind == "header" and action != "remove":
            sent[name] = mapped_value(value, incoming)
    return sent


def mapped_value(text: str, incoming: Incoming) -> str:
    """A mapping's value: text, with variables such as ``$request.path`` or ``${request.path.name}``."""
    return _MAPPED.sub(lambda found: _value(found[1] or found[2], incoming), text)


def unmapped(text: str) -> list[str]:
    """The variables in a mapping's value that are not modelled here."""
    names = [found[1] or found[2] for found in _MAPPED.finditer(text)]
    return [one for one in names if not re.match(r"request\.path(\.|$)|stageVariables\.", one)]


def _value(name: str, incoming: Incoming) -> str:
    if name == "request.path":
        return incoming.path
    if name.startswith("request.path."):
        return incoming.variables.get(name.removeprefix("request.path."), "")
    return incoming.stage_variables.get(name.removeprefix("stageVariables."), "")
