"""Listener rules: which request goes where."""

from __future__ import annotations

from typing import Any

import pytest

from course.sandbox.balancing.route import (
    FixedResponse,
    Forward,
    Redirect,
    Request,
    Rule,
    matches,
    route,
)


def path(*values: str) -> dict[str, Any]:
    return {"Field": "path-pattern", "PathPatternConfig": {"Values": list(values)}}


def host(*values: str) -> dict[str, Any]:
    return {"Field": "host-header", "HostHeaderConfig": {"Values": list(values)}}


def method(*values: str) -> dict[str, Any]:
    return {"Field": "http-request-method", "HttpRequestMethodConfig": {"Values": list(values)}}


def header(name: str, *values: str) -> dict[str, Any]:
    return {
        "Field": "http-header",
        "HttpHeaderConfig": {"HttpHeaderName": name, "Values": list(values)},
    }


def source(*values: str) -> dict[str, Any]:
    return {"Field": "source-ip", "SourceIpConfig": {"Values": list(values)}}


def query(*pairs: tuple[str | None, str]) -> dict[str, Any]:
    values = [{"Value": value} | ({"Key": key} if key else {}) for key, value in pairs]
    return {"Field": "query-string", "QueryStringConfig": {"Values": values}}


ASKED = Request(
    host="Shop.Example.com",
    path="/img/Cat.png",
    method="GET",
    query="size=XL&debug",
    source_ip="203.0.113.9",
    headers={"user-agent": "Mozilla/5.0 (phone)"},
)


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        (path("/img/*"), True),
        (path("/img"), False),
        (path("/*.png"), True),
        (path("/img/cat.png"), False),  # paths are case-sensitive
        (path("/img/?at.png"), True),
        (path("/img/?Cat.png"), False),
        (path("/img/[C]at.png"), False),  # nothing but * and ? is special
        (path("/api/*", "/img/*"), True),
        ({"Field": "path-pattern", "Values": ["/img/*"]}, True),  # the older spelling
        (host("shop.example.com"), True),  # host names are not
        (host("*.example.com"), True),
        (host("example.com"), False),
        ({"Field": "host-header", "Values": ["shop.*"]}, True),
        (method("GET", "HEAD"), True),
        (method("POST"), False),
        (header("User-Agent", "*phone*"), True),
        (header("User-Agent", "curl*"), False),
        (header("X-Canary", "*"), False),  # not sent at all
        (source("203.0.113.0/24"), True),
        (source("198.51.100.0/24"), False),
        (query(("size", "xl")), True),
        (query(("size", "s*")), False),
        (query((None, "XL")), True),
        (query(("debug", "")), True),
    ],
)
def test_a_condition(condition: dict[str, Any], holds: bool) -> None:
    assert matches(condition, ASKED) is holds


def to(arn: str) -> list[dict[str, Any]]:
    return [{"Type": "forward", "TargetGroupArn": arn}]


RULES = [
    Rule(None, [], to("web")),
    Rule(20, [path("/api/*")], to("api")),
    Rule(10, [path("/api/*"), host("old.example.com")], to("old")),
    Rule(5, [path("/health")], [{"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "200"}}]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "where"),
    [
        (Request(path="/"), "web"),
        (Request(path="/api/cats"), "api"),
        (Request(path="/api/cats", host="old.example.com"), "old"),  # the lower number first
        (Request(path="/cats", host="old.example.com"), "web"),  # every condition has to hold
    ],
)
def test_the_first_rule_that_matches_decides(asked: Request, where: str) -> None:
    assert route(RULES, asked) == Forward(((where, 1),))


def test_an_answer_of_the_balancers_own() -> None:
    assert route(RULES, Request(path="/health")) == FixedResponse(200, "text/plain", "")


def test_without_a_default_rule_nothing_is_said() -> None:
    assert route(RULES[1:], Request(path="/")) is None


@pytest.mark.parametrize(
    ("weights", "shares"),
    [
        ({"blue": 1}, {"blue": 100}),
        ({"blue": 90, "green": 10}, {"blue": 90, "green": 10}),
        ({"blue": 3, "green": 1}, {"blue": 75, "green": 25}),
        ({"blue": 0, "green": 1}, {"green": 100}),
        ({"blue": 0, "green": 0}, {None: 100}),
    ],
)
def test_weights_share_out_the_requests(
    weights: dict[str, int], shares: dict[str | None, int]
) -> None:
    listed = [{"TargetGroupArn": arn, "Weight": weight} for arn, weight in weights.items()]
    rule = Rule(None, [], [{"Type": "forward", "ForwardConfig": {"TargetGroups": listed}}])
    found = route([rule], Request())
    assert isinstance(found, Forward)
    chosen = [found.choose(turn) for turn in range(100)]
    assert {arn: chosen.count(arn) for arn in set(chosen)} == shares


@pytest.mark.parametrize(
    ("config", "url"),
    [
        (
            {"Protocol": "HTTPS", "Port": "443"},
            "https://shop.example.com/img/Cat.png?size=XL",
        ),
        ({"Host": "www.#{host}"}, "http://www.shop.example.com/img/Cat.png?size=XL"),
        ({"Path": "/old/#{path}", "Query": "from=old"}, "http://shop.example.com/old/img/Cat.png?from=old"),
        ({"Port": "8080"}, "http://shop.example.com:8080/img/Cat.png?size=XL"),
    ],
)  # fmt: skip
def test_a_redirect_keeps_what_it_does_not_change(config: dict[str, str], url: str) -> None:
    given = {"StatusCode": "HTTP_301", **config}
    rule = Rule(None, [], [{"Type": "redirect", "RedirectConfig": given}])
    asked = Request(host="shop.example.com", path="/img/Cat.png", query="size=XL")
    assert route([rule], asked) == Redirect(301, url)
