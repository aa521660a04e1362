"""What API Gateway refuses, by tables."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from course.sandbox.api_gateway import api_rules as rules
from course.sandbox.api_gateway.api_rules import Place
from course.sandbox.api_gateway.resources import Route, VpcLink
from course.sandbox.ecs.errors import Refused

LISTENER = (
    "arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/front/"
    "50dc6c495c0c9188/f2f7dc8efc522ab2"
)
BALANCER = (
    "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/front/50dc6c495c0c9188"
)
DISCOVERY = "arn:aws:servicediscovery:us-east-1:123456789012:service/srv-utcrh6wavdkggqtk"
TO_WHAT = (
    "For VpcLink VPC_LINK, integration uri should be a valid ELB listener ARN or a valid Cloud Map "
    "service ARN."
)


def refusal(check: Callable[..., Any], *given: Any) -> tuple[str, str] | None:
    try:
        check(*given)
    except Refused as refused:
        return refused.code, refused.message
    return None


@pytest.mark.parametrize(
    ("connection", "uri", "link", "message"),
    [
        ("VPC_LINK", LISTENER, "abc123", None),
        ("VPC_LINK", LISTENER.replace("/app/", "/net/"), "abc123", None),
        ("VPC_LINK", DISCOVERY, "abc123", None),
        ("VPC_LINK", BALANCER, "abc123", TO_WHAT),
        ("VPC_LINK", "http://front.example.com/", "abc123", TO_WHAT),
        ("VPC_LINK", LISTENER, None, "ConnectionId must be specified"),
        ("VPC_LINK", None, "abc123", "IntegrationUri must be specified"),
        ("INTERNET", "https://shop.example.com/{proxy}", None, None),
        ("INTERNET", "shop.example.com", None, "Invalid HTTP endpoint"),
        ("INTERNET", LISTENER, None, "Invalid HTTP endpoint"),
        ("INTERNET", "http://shop.example.com/", "abc123", "ConnectionId is for"),
    ],
)
def test_a_connection_has_what_its_type_needs(
    connection: str, uri: str | None, link: str | None, message: str | None
) -> None:
    found = refusal(rules.check_connection, connection, uri, link)
    if message is None:
        assert found is None
    else:
        assert found is not None
        assert found[0] == "BadRequestException" and message in found[1]


@pytest.mark.parametrize("status", ["PENDING", "AVAILABLE", "DELETING", "FAILED", "INACTIVE", None])
def test_only_a_link_that_is_available_serves(status: str | None) -> None:
    link = VpcLink("abc123", "link", datetime(2026, 1, 1, tzinfo=UTC), [], [], status or "")
    found = refusal(rules.check_link, "abc123", link if status else None)
    assert (found is None) == (status == "AVAILABLE")
    assert found is None or (found[0] == "BadRequestException" and "abc123" in found[1])


HERE = Place("subnet-1", "vpc-1", "use1-az1")


@pytest.mark.parametrize(
    ("places", "groups", "message"),
    [
        ([HERE], {}, None),
        ([HERE, Place("subnet-2", "vpc-1", "use1-az2")], {"sg-1": "vpc-1"}, None),
        ([], {}, "At least one subnet"),
        ([Place("subnet-9", None, "")], {}, "'subnet-9' does not exist"),
        ([HERE, Place("subnet-2", "vpc-2", "use1-az2")], {}, "belong to one VPC"),
        ([HERE], {"sg-9": None}, "'sg-9' is not in the VPC 'vpc-1'"),
        ([HERE], {"sg-2": "vpc-2"}, "'sg-2' is not in the VPC 'vpc-1'"),
        (
            [Place("subnet-0fc2", "vpc-1", "use1-az3")],
            {},
            "Subnet 'subnet-0fc2' is in Availability Zone 'use1-az3' where service is not available",
        ),
    ],
)
def test_where_a_link_may_be(
    places: list[Place], groups: dict[str, str | None], message: str | None
) -> None:
    found = refusal(rules.check_places, places, groups)
    assert (found is None) == (message is None)
    assert found is None or (found[0] == "BadRequestException" and str(message) in found[1])


@pytest.mark.parametrize(
    ("check", "given", "code", "message"),
    [
        (rules.check_kind, ("HTTP_PROXY",), None, ""),
        (rules.check_kind, ("AWS_PROXY",), "NotImplemented", "does not model"),
        (rules.check_kind, ("AWS",), "BadRequestException", "may only be associated with proxy"),
        (rules.check_format, ("1.0",), None, ""),
        (rules.check_format, ("2.0",), "BadRequestException", "must be 1.0"),
        (rules.check_format, (None,), "BadRequestException", "is a required parameter"),
        (rules.check_method, ("ANY",), None, ""),
        (rules.check_method, (None,), "BadRequestException", "must be specified"),
        (rules.check_method, ("get",), "BadRequestException", "no method of HTTP"),
        (rules.check_timeout, (50,), None, ""),
        (rules.check_timeout, (30_000,), None, ""),
        (rules.check_timeout, (49,), "BadRequestException", "between 50 and 30000"),
        (rules.check_timeout, (30_001,), "BadRequestException", "between 50 and 30000"),
        (rules.check_mappings, ({"overwrite:path": "$request.path"},), None, ""),
        (rules.check_mappings, ({"append:header.x-a": "1"},), None, ""),
        (rules.check_mappings, ({"append:path": "x"},), "BadRequestException", "append:path"),
        (rules.check_mappings, ({"path": "x"},), "BadRequestException", "path"),
        (rules.check_mappings, ({"append:querystring.a": "1"},), "NotImplemented", "query"),
        (
            rules.check_mappings,
            ({"overwrite:header.id": "$context.requestId"},),
            "NotImplemented",
            "$context.requestId",
        ),
        (rules.check_route, ("GET /a", [], "NONE"), None, ""),
        (rules.check_route, ("GET a", [], "NONE"), "BadRequestException", "is not valid"),
        (
            rules.check_route,
            ("GET /a", [Route("r", "GET /a")], "NONE"),
            "ConflictException",
            "exists",
        ),
        (rules.check_route, ("GET /a", [], "JWT"), "NotImplemented", "authorizers"),
        (rules.check_target, (None, ["i"]), None, ""),
        (rules.check_target, ("integrations/i", ["i"]), None, ""),
        (rules.check_target, ("integrations/x", ["i"]), "BadRequestException", "integrations/x"),
        (rules.check_stage_name, ("$default", []), None, ""),
        (rules.check_stage_name, ("prod-1_a", []), None, ""),
        (rules.check_stage_name, ("a b", []), "BadRequestException", "not valid"),
        (rules.check_stage_name, ("prod", ["prod"]), "ConflictException", "exists"),
        (
            rules.check_unrouted,
            ([Route("qtfgl2b", "ANY /a")],),
            "ConflictException",
            "because it is referenced by the following Routes with Ids: [qtfgl2b]",
        ),
        (rules.check_unrouted, ([],), None, ""),
        (
            rules.check_unused,
            ("l4er5c", [Route("qtfgl2b", "ANY /a")]),
            "BadRequestException",
            "Vpc link 'l4er5c', is referenced in [ANY:qtfgl2b] in format of [Method:Resource].",
        ),
        (rules.check_unused, ("l4er5c", []), None, ""),
    ],
)
def test_what_is_refused(
    check: Callable[..., Any], given: tuple[Any, ...], code: str | None, message: str
) -> None:
    found = refusal(check, *given)
    assert (found[0] if found else None) == code
    assert found is None or message in found[1]
