"""HTTP APIs, their integrations and routes, through boto3."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest


def test_an_api_has_an_address_of_its_own(lab: Any, shop: Any) -> None:
    other = shop.api.create_api(Name="other", ProtocolType="HTTP")["ApiId"]
    found = shop.api.get_api(ApiId=other)
    assert found["ApiEndpoint"] == f"https://{other}.execute-api.us-east-1.amazonaws.com"
    assert found["RouteSelectionExpression"] == "$request.method $request.path"
    assert (found["CreatedDate"], found["ProtocolType"]) == (lab.aws.now(), "HTTP")
    assert [one["ApiId"] for one in shop.api.get_apis()["Items"]] == [shop.id, other]
    assert lab.aws.client("apigatewayv2", region_name="eu-west-1").get_apis()["Items"] == []


def test_quick_create_makes_an_api_that_answers(lab: Any, shop: Any) -> None:
    made = shop.api.create_api(
        Name="quick", ProtocolType="HTTP", Target="http://nobody.example.com", RouteKey="GET /a"
    )
    (route,) = shop.api.get_routes(ApiId=made["ApiId"])["Items"]
    (stage,) = shop.api.get_stages(ApiId=made["ApiId"])["Items"]
    assert (route["RouteKey"], route["ApiGatewayManaged"]) == ("GET /a", True)
    assert (stage["StageName"], stage["AutoDeploy"]) == ("$default", True)
    assert (
        lab.aws.get(f"{made['ApiEndpoint']}/a").status == 503
    )  # the way is there, the host is not
    assert lab.aws.get(f"{made['ApiEndpoint']}/b").status == 404


def test_an_api_is_changed_and_its_address_closed(lab: Any, shop: Any) -> None:
    shop.route("GET /a", shop.integrate(shop.link()))
    shop.api.create_stage(ApiId=shop.id, StageName="$default", AutoDeploy=True)
    assert lab.aws.get(f"{shop.url}/a").status == 200
    shop.api.update_api(ApiId=shop.id, Name="mall", DisableExecuteApiEndpoint=True)
    assert shop.api.get_api(ApiId=shop.id)["Name"] == "mall"
    reply = lab.aws.get(f"{shop.url}/a")
    assert (reply.status, reply.why) == (404, "the address of API mall is disabled")


def test_a_deleted_api_answers_no_more(lab: Any, shop: Any, refused: Any) -> None:
    assert lab.aws.get(f"{shop.url}/a").status == 404
    shop.api.delete_api(ApiId=shop.id)
    assert refused(shop.api.get_api, ApiId=shop.id).code == "NotFoundException"
    assert lab.aws.get(f"{shop.url}/a").status is None


def test_an_integration_is_what_it_was_given(shop: Any) -> None:
    link = shop.link()
    made = shop.integrate(link, RequestParameters={"overwrite:path": "$request.path"})
    found = shop.api.get_integration(ApiId=shop.id, IntegrationId=made)
    assert found["TimeoutInMillis"] == 30_000 and found["PayloadFormatVersion"] == "1.0"
    assert (found["ConnectionType"], found["ConnectionId"]) == ("VPC_LINK", link)
    assert found["IntegrationUri"] == shop.listener
    assert found["RequestParameters"] == {"overwrite:path": "$request.path"}
    listed = shop.api.get_integrations(ApiId=shop.id)["Items"]
    assert [one["IntegrationId"] for one in listed] == [made]


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"ConnectionId": None}, "ConnectionId must be specified"),
    ({"ConnectionId": "nope12"}, "Invalid VpcLink identifier specified nope12"),
    ({"IntegrationUri": "http://x.example.com"}, "should be a valid ELB listener ARN"),
    ({"IntegrationUri": None}, "IntegrationUri must be specified"),
    ({"PayloadFormatVersion": None}, "PayloadFormatVersion is a required parameter"),
    ({"IntegrationMethod": None}, "IntegrationMethod must be specified"),
    ({"TimeoutInMillis": 30_001}, "TimeoutInMillis '30001' must be between 50 and 30000"),
    ({"RequestParameters": {"overwrite:body": "x"}}, "overwrite:body"),
    ({"IntegrationType": "MOCK"}, "may only be associated with proxy integrations"),
]


def test_a_wrong_connection_is_refused(shop: Any, refused: Callable[..., Any]) -> None:
    link = shop.link()
    for given, message in WRONG:
        found = refused(shop.integrate, link, **given)
        assert found.code == "BadRequestException" and message in found.message, given
    assert shop.api.get_integrations(ApiId=shop.id)["Items"] == []


def test_a_listener_that_is_gone_and_a_link_that_is_not_ready(shop: Any, refused: Any) -> None:
    early = shop.link(minutes=0)
    assert f"VpcLink {early} is PENDING" in refused(shop.integrate, early).message
    shop.lab.clock.advance(minutes=3)
    shop.integrate(early)
    shop.elb.delete_listener(ListenerArn=shop.listener)
    found = refused(shop.integrate, early)
    assert found.code == "BadRequestException"
    assert found.message.startswith(
        "Unable to retrieve listener port and load balancer DNS name from ELB listener"
    )


def test_an_integration_is_changed_and_checked_again(shop: Any, refused: Any) -> None:
    made = shop.integrate(shop.link(), RequestParameters={"overwrite:path": "/a"})
    change = {"ApiId": shop.id, "IntegrationId": made}
    shop.api.update_integration(**change, TimeoutInMillis=100, Description="fast")
    found = shop.api.get_integration(**change)
    assert (found["TimeoutInMillis"], found["Description"]) == (100, "fast")
    assert refused(shop.api.update_integration, **change, ConnectionId="nope12").code == (
        "BadRequestException"
    )
    shop.api.update_integration(**change, RequestParameters={"overwrite:path": ""})
    assert shop.api.get_integration(**change).get("RequestParameters", {}) == {}
    assert shop.api.get_integration(**change)["TimeoutInMillis"] == 100


def test_a_route_goes_to_an_integration(shop: Any, refused: Any) -> None:
    one = shop.integrate(shop.link())
    route = shop.route("GET /pets/{id}", one)
    found = shop.api.get_route(ApiId=shop.id, RouteId=route)
    assert (found["RouteKey"], found["Target"]) == ("GET /pets/{id}", f"integrations/{one}")
    assert found["AuthorizationType"] == "NONE" and found["ApiKeyRequired"] is False
    listed = shop.api.get_routes(ApiId=shop.id)["Items"]
    assert [each["RouteId"] for each in listed] == [route]
    again = refused(shop.route, "GET /pets/{id}", one)
    assert again.code == "ConflictException"
    assert refused(shop.route, "GET /x", "nope123").code == "BadRequestException"
    assert refused(shop.api.get_route, ApiId=shop.id, RouteId="nope").code == "NotFoundException"


def test_a_route_is_changed(shop: Any, refused: Any) -> None:
    one = shop.integrate(shop.link())
    first, second = shop.route("GET /a", one), shop.route("GET /b", one)
    shop.api.update_route(ApiId=shop.id, RouteId=first, RouteKey="GET /c")
    assert shop.api.get_route(ApiId=shop.id, RouteId=first)["RouteKey"] == "GET /c"
    taken = refused(shop.api.update_route, ApiId=shop.id, RouteId=second, RouteKey="GET /c")
    assert taken.code == "ConflictException"


def test_what_others_need_is_not_deleted(shop: Any, refused: Any) -> None:
    one = shop.integrate(shop.link())
    route = shop.route("GET /a", one)
    found = refused(shop.api.delete_integration, ApiId=shop.id, IntegrationId=one)
    assert (found.code, found.message) == (
        "ConflictException",
        f"Cannot delete Integration because it is referenced by the following Routes with Ids: [{route}]",
    )
    shop.api.delete_route(ApiId=shop.id, RouteId=route)
    shop.api.delete_integration(ApiId=shop.id, IntegrationId=one)
    assert shop.api.get_routes(ApiId=shop.id)["Items"] == []
    assert shop.api.get_integrations(ApiId=shop.id)["Items"] == []


def test_tags_of_an_api_a_stage_and_a_link(shop: Any, refused: Any) -> None:
    shop.api.create_stage(ApiId=shop.id, StageName="prod", Tags={"a": "1"})
    head = "arn:aws:apigateway:us-east-1::"
    for path in (
        f"/apis/{shop.id}",
        f"/apis/{shop.id}/stages/prod",
        f"/vpclinks/{shop.link(minutes=0)}",
    ):
        shop.api.tag_resource(ResourceArn=head + path, Tags={"a": "2", "b": "3"})
        assert shop.api.get_tags(ResourceArn=head + path)["Tags"] == {"a": "2", "b": "3"}
        shop.api.untag_resource(ResourceArn=head + path, TagKeys=["a"])
        assert shop.api.get_tags(ResourceArn=head + path)["Tags"] == {"b": "3"}
    assert shop.api.get_api(ApiId=shop.id)["Tags"] == {"b": "3"}
    nobody = refused(shop.api.get_tags, ResourceArn=f"{head}/apis/nope")
    assert nobody.code == "NotFoundException"


OUTSIDE: list[tuple[str, dict[str, Any]]] = [
    ("create_api", {"Name": "x", "ProtocolType": "WEBSOCKET"}),
    ("get_authorizers", {"ApiId": "x"}),
    ("get_domain_names", {}),
    ("import_api", {"Body": "{}"}),
]


def test_what_lies_outside_is_refused(shop: Any, refused: Callable[..., Any]) -> None:
    for operation, given in OUTSIDE:
        found = refused(getattr(shop.api, operation), **given)
        assert found.code == "NotImplemented" and "The sandbox does not model" in found.message


def test_errors_have_the_status_of_their_model(shop: Any) -> None:
    with pytest.raises(shop.api.exceptions.NotFoundException) as missing:
        shop.api.get_api(ApiId="nope")
    assert missing.value.response["ResponseMetadata"]["HTTPStatusCode"] == 404
    shop.api.create_stage(ApiId=shop.id, StageName="prod")
    with pytest.raises(shop.api.exceptions.ConflictException) as there:
        shop.api.create_stage(ApiId=shop.id, StageName="prod")
    assert there.value.response["ResponseMetadata"]["HTTPStatusCode"] == 409
    with pytest.raises(shop.api.exceptions.BadRequestException) as wrong:
        shop.api.create_stage(ApiId=shop.id, StageName="a b")
    assert wrong.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400
