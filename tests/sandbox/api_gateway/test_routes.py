"""Stages, routes and paths by tables."""

from __future__ import annotations

import pytest

from course.sandbox.api_gateway.resources import Integration, Route
from course.sandbox.api_gateway.routes import (
    Incoming,
    choose_route,
    choose_stage,
    headers_sent,
    is_route_key,
    mapped_value,
    private_path,
    public_url,
    unmapped,
)

GUIDE = (
    "GET /pets/dog/1",
    "GET /pets/dog/{id}",
    "GET /pets/{proxy+}",
    "ANY /{proxy+}",
    "$default",
)


@pytest.mark.parametrize(
    ("stages", "path", "chosen"),
    [
        (("$default",), "/pets", ("$default", "/pets")),
        (("prod",), "/prod/pets", ("prod", "/pets")),
        (("prod",), "/prod", ("prod", "/")),
        (("prod",), "/pets", None),
        (("prod",), "/products/prod", None),
        (("$default", "prod"), "/prod/pets", ("prod", "/pets")),
        (("$default", "prod"), "/pets", ("$default", "/pets")),
        (("$default",), "/$default/pets", ("$default", "/$default/pets")),
        ((), "/", None),
    ],
)
def test_the_stage_of_a_path(
    stages: tuple[str, ...], path: str, chosen: tuple[str, str] | None
) -> None:
    assert choose_stage(stages, path) == chosen


@pytest.mark.parametrize(
    ("keys", "method", "path", "key", "variables"),
    [
        (GUIDE, "GET", "/pets/dog/1", "GET /pets/dog/1", {}),
        (GUIDE, "GET", "/pets/dog/2", "GET /pets/dog/{id}", {"id": "2"}),
        (GUIDE, "GET", "/pets/cat/1", "GET /pets/{proxy+}", {"proxy": "cat/1"}),
        (GUIDE, "POST", "/test/5", "ANY /{proxy+}", {"proxy": "test/5"}),
        (GUIDE, "GET", "/", "$default", {}),
        (("GET /pets/{proxy+}",), "GET", "/pets", None, {}),
        (("GET /pets/{proxy+}",), "GET", "/pets/", None, {}),
        (("GET /pets",), "GET", "/pets/", None, {}),
        (("GET /pets/{id}",), "GET", "/pets/", None, {}),
        (("GET /pets/{id}",), "GET", "/pets/1/2", None, {}),
        (("POST /pets",), "GET", "/pets", None, {}),
        (("ANY /pets", "GET /pets"), "GET", "/pets", "GET /pets", {}),
        (("ANY /pets", "GET /pets"), "PUT", "/pets", "ANY /pets", {}),
        # a whole path before a greedy one, whatever its segments
        (
            ("GET /{kind}/1", "GET /pets/{proxy+}"),
            "GET",
            "/pets/1",
            "GET /{kind}/1",
            {"kind": "pets"},
        ),
        (("GET /{a}/{b}", "GET /pets/{b}"), "GET", "/pets/1", "GET /pets/{b}", {"b": "1"}),
        (("ANY /pets/1", "GET /pets/{id}"), "GET", "/pets/1", "ANY /pets/1", {}),
        (("GET /",), "GET", "/", "GET /", {}),
        ((), "GET", "/", None, {}),
    ],
)
def test_the_most_specific_route_takes_a_request(
    keys: tuple[str, ...], method: str, path: str, key: str | None, variables: dict[str, str]
) -> None:
    """The order in which the routes were made does not matter."""
    for given in (keys, keys[::-1]):
        found = choose_route([Route(str(n), one) for n, one in enumerate(given)], method, path)
        assert (found.route.route_key if found else None) == key
        assert (dict(found.variables) if found else {}) == variables


@pytest.mark.parametrize(
    ("key", "fine"),
    [
        ("$default", True),
        ("GET /", True),
        ("ANY /{proxy+}", True),
        ("PATCH /a/{b}/c/{d+}", True),
        ("/pets", False),
        ("get /pets", False),
        ("GET pets", False),
        ("GET", False),
        ("FETCH /pets", False),
        ("GET /{proxy+}/more", False),
        ("GET /{a+}/{b+}", False),
        ("GET /pet{id}", False),
        ("GET /{}", False),
        ("$connect", False),
    ],
)
def test_what_a_routes_key_may_be(key: str, fine: bool) -> None:
    assert is_route_key(key) is fine


def to(uri: str = "", **parameters: str) -> Integration:
    given = {name.replace("__", ":").replace("_DOT_", "."): one for name, one in parameters.items()}
    return Integration("i", "HTTP_PROXY", "ANY", uri, request_parameters=given)


@pytest.mark.parametrize(
    ("stage", "mapped", "sent"),
    [
        ("$default", None, "/pets/1"),
        ("prod", None, "/prod/pets/1"),
        ("prod", "$request.path", "/pets/1"),
        ("prod", "${request.path}", "/pets/1"),
        ("$default", "/v2/$request.path.id", "/v2/1"),
        ("$default", "v2/${request.path.id}x", "/v2/1x"),
        ("$default", "/$stageVariables.base/", "/shop/"),
        ("$default", "/fixed", "/fixed"),
        ("$default", "/$request.path.nobody", "/"),
    ],
)
def test_the_path_that_a_private_integration_is_sent(
    stage: str, mapped: str | None, sent: str
) -> None:
    incoming = Incoming(stage, "/pets/1", {"id": "1"}, {"base": "shop"})
    one = to(**({} if mapped is None else {"overwrite__path": mapped}))
    assert private_path(one, incoming) == sent


@pytest.mark.parametrize(
    ("uri", "key", "mapped", "url"),
    [
        ("http://a/base", "GET /pets/{id}", None, "http://a/base"),
        ("http://a/{id}/x", "GET /pets/{id}", None, "http://a/1/x"),
        ("http://a", "$default", None, "http://a/pets/1"),
        ("http://a/base/", "$default", None, "http://a/base/pets/1"),
        ("http://a:81/base", "$default", "$request.path", "http://a:81/pets/1"),
    ],
)
def test_the_url_that_an_integration_of_the_internet_is_sent(
    uri: str, key: str, mapped: str | None, url: str
) -> None:
    one = to(uri, **({} if mapped is None else {"overwrite__path": mapped}))
    assert public_url(one, Incoming("prod", "/pets/1", {"id": "1"}), key) == url


def test_headers_are_added_and_overwritten() -> None:
    incoming = Incoming("prod", "/pets")
    one = to(
        overwrite__header_DOT_Host="shop.example.com",
        append__header_DOT_Path="$request.path",
        remove__header_DOT_cookie="''",
    )
    assert headers_sent(one, incoming, "x") == {"host": "shop.example.com", "path": "/pets"}
    assert headers_sent(to(), incoming, "x") == {"host": "x"}


@pytest.mark.parametrize(
    ("text", "unknown"),
    [
        ("$request.path", []),
        ("/x/${request.path.id}", []),
        ("$stageVariables.a", []),
        ("$context.requestId", ["context.requestId"]),
        ("${request.body.name}", ["request.body.name"]),
        ("$request.header.x", ["request.header.x"]),
        ("plain $5", []),
    ],
)
def test_variables_that_are_not_modelled_are_named(text: str, unknown: list[str]) -> None:
    assert unmapped(text) == unknown


def test_a_value_is_text_and_variables() -> None:
    incoming = Incoming("s", "/p", {"a": "1", "b": "2"})
    assert mapped_value("${request.path.a}-${request.path.b}", incoming) == "1-2"
