"""Where a listener sends a request: the first rule whose conditions all match, else the default one.

Pure. Conditions and actions are dictionaries in the API's own shape, as
DescribeRules shows them; what comes out says what the balancer does.

AWS: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-rules.html
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from ipaddress import ip_address, ip_network
from typing import Any
from urllib.parse import parse_qsl

Shape = Mapping[str, Any]

PORTS = {"HTTP": 80, "HTTPS": 443}


@dataclass(frozen=True, slots=True)
class Request:
    """What of a request rules look at; header names in small letters, the query without its ``?``."""

    host: str = ""
    path: str = "/"
    method: str = "GET"
    query: str = ""
    source_ip: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rule:
    """A listener rule; without a priority it is the default one, which has no conditions."""

    priority: int | None
    conditions: Sequence[Shape]
    actions: Sequence[Shape]


@dataclass(frozen=True, slots=True)
class Forward:
    """To one of these target groups, by weight: each its ARN and 0 to 999."""

    groups: tuple[tuple[str, int], ...]

    def choose(self, turn: int) -> str | None:
        """The target group of the request number *turn*: of as many as the weights sum up to, each its share.

        None when every weight is 0.
        """
        total = sum(weight for _, weight in self.groups)
        left = turn % total if total else 0
        for arn, weight in self.groups:
            if left < weight:
                return arn
            left -= weight
        return None


@dataclass(frozen=True, slots=True)
class FixedResponse:
    """An answer of the balancer's own."""

    status: int
    content_type: str
    body: str


@dataclass(frozen=True, slots=True)
class Redirect:
    """301 or 302 to this address."""

    status: int
    url: str


Outcome = Forward | FixedResponse | Redirect


def route(
    rules: Sequence[Rule], request: Request, *, protocol: str = "HTTP", port: int = 80
) -> Outcome | None:
    """What a listener of that protocol and port does with a request; None where no rule says anything."""
    for rule in sorted(rules, key=_order):
        if all(matches(one, request) for one in rule.conditions):
            return _outcome(rule.actions, request, protocol, port)
    return None


def _order(rule: Rule) -> tuple[bool, int]:
    return rule.priority is None, rule.priority or 0


def matches(condition: Shape, request: Request) -> bool:
    """Whether one condition holds; of several values one is enough."""
    field_name = condition["Field"]
    if field_name == "host-header":
        return _any(_values(condition, "HostHeaderConfig"), request.host, any_case=True)
    if field_name == "path-pattern":
        return _any(_values(condition, "PathPatternConfig"), request.path)
    if field_name == "http-request-method":
        return request.method in _values(condition, "HttpRequestMethodConfig")
    if field_name == "http-header":
        name = condition["HttpHeaderConfig"]["HttpHeaderName"].lower()
        seen = request.headers.get(name)
        return seen is not None and _any(
            _values(condition, "HttpHeaderConfig"), seen, any_case=True
        )
    if field_name == "source-ip":
        return _comes_from(_values(condition, "SourceIpConfig"), request.source_ip)
    return _asks(condition["QueryStringConfig"]["Values"], request.query)


def _values(condition: Shape, config: str) -> Sequence[str]:
    found: Sequence[str] = (condition.get(config) or condition).get("Values") or ()
    return found


def _any(patterns: Sequence[str], text: str, *, any_case: bool = False) -> bool:
    return any(_pattern(one, any_case).fullmatch(text) for one in patterns)


@cache
def _pattern(text: str, any_case: bool) -> re.Pattern[str]:
    """``*`` is any number of characters, ``?`` exactly one; nothing else is special."""
    parts = (".*" if one == "*" else "." if one == "?" else re.escape(one) for one in text)
    return re.compile("".join(parts), re.DOTALL | (re.IGNORECASE if any_case else 0))


def _comes_from(networks: Sequence[str], address: str) -> bool:
    return bool(address) and any(
        ip_address(address) in ip_network(one, strict=False) for one in networks
    )


def _asks(wanted: Sequence[Shape], query: str) -> bool:
    """Whether the query has one of these values, under its key where one is given."""
    pairs = parse_qsl(query, keep_blank_values=True)
    return any(
        _any([one["Value"]], value, any_case=True)
        and ("Key" not in one or _any([one["Key"]], key, any_case=True))
        for one in wanted
        for key, value in pairs
    )


def _outcome(
    actions: Sequence[Shape], request: Request, protocol: str, port: int
) -> Outcome | None:
    """What the last action says, which is the one that answers; who a user is, is not asked (our model)."""
    for action in sorted(actions, key=_turn, reverse=True):
        if action["Type"] == "forward":
            return Forward(groups_of(action))
        if action["Type"] == "fixed-response":
            given = action["FixedResponseConfig"]
            kind = given.get("ContentType") or "text/plain"
            return FixedResponse(int(given["StatusCode"]), kind, given.get("MessageBody") or "")
        if action["Type"] == "redirect":
            return _redirect(action["RedirectConfig"], request, protocol, port)
    return None


def _turn(action: Shape) -> int:
    return int(action.get("Order") or 1)


def groups_of(action: Shape) -> tuple[tuple[str, int], ...]:
    """The target groups of a forward action with their weights, in either of its two spellings."""
    listed = (action.get("ForwardConfig") or {}).get("TargetGroups") or []
    if not listed and action.get("TargetGroupArn"):
        return ((action["TargetGroupArn"], 1),)
    weights = ((one["TargetGroupArn"], one.get("Weight")) for one in listed)
    return tuple((arn, 1 if weight is None else int(weight)) for arn, weight in weights)


def _redirect(given: Shape, request: Request, protocol: str, port: int) -> Redirect:
    """The new address: what is not given stays as it was asked for."""
    known = {
        "protocol": protocol.lower(),
        "host": request.host,
        "port": str(port),
        "path": request.path.removeprefix("/"),
        "query": request.query,
    }

    def filled(name: str, default: str) -> str:
        text: str = given.get(name) or default
        return re.sub(r"#\{(\w+)\}", lambda found: known.get(found[1], found[0]), text)

    scheme = filled("Protocol", "#{protocol}").lower()
    where = filled("Port", "#{port}")
    usual = where == str(PORTS.get(scheme.upper()))
    query = filled("Query", "#{query}")
    url = f"{scheme}://{filled('Host', '#{host}')}{'' if usual else ':' + where}"
    url += filled("Path", "/#{path}") + (f"?{query}" if query else "")
    return Redirect(302 if given["StatusCode"] == "HTTP_302" else 301, url)
