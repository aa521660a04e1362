"""Stages and deployments: what is called under a name, and since when."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture
def routed(shop: Any) -> Any:
    """A shop whose API has a route ``GET /a`` to a listener that answers."""
    shop.one = shop.integrate(shop.link())
    shop.route("GET /a", shop.one)
    return shop


def get(shop: Any, path: str) -> int | None:
    status: int | None = shop.lab.aws.get(f"{shop.url}{path}").status
    return status


def test_a_stage_deploys_by_itself_if_it_is_told_to(routed: Any) -> None:
    made = routed.api.create_stage(ApiId=routed.id, StageName="$default", AutoDeploy=True)
    first = made["DeploymentId"]
    assert made["LastDeploymentStatusMessage"] == (
        f"Successfully deployed stage with deployment ID '{first}'"
    )
    assert (get(routed, "/a"), get(routed, "/b")) == (200, 404)
    routed.lab.clock.advance(10)
    routed.route("GET /b", routed.one)
    found = routed.api.get_stage(ApiId=routed.id, StageName="$default")
    assert found["DeploymentId"] != first
    assert found["LastUpdatedDate"] == routed.lab.aws.now()
    assert (get(routed, "/a"), get(routed, "/b")) == (200, 200)
    newest = routed.api.get_deployment(ApiId=routed.id, DeploymentId=found["DeploymentId"])
    assert newest["AutoDeployed"] is True and newest["DeploymentStatus"] == "DEPLOYED"
    assert newest["Description"] == (
        "Automatic deployment triggered by changes to the Api configuration"
    )


def test_an_api_without_a_route_is_not_deployed(shop: Any, refused: Any) -> None:
    made = shop.api.create_stage(ApiId=shop.id, StageName="$default", AutoDeploy=True)
    assert "DeploymentId" not in made
    assert made["LastDeploymentStatusMessage"] == (
        "Deployment attempt failed: At least one route is required before deploying the Api."
    )
    found = refused(shop.api.create_deployment, ApiId=shop.id)
    assert (found.code, found.message) == (
        "BadRequestException",
        "At least one route is required before deploying the Api.",
    )


def test_another_stage_keeps_its_deployment_until_it_is_given_one(routed: Any) -> None:
    routed.api.create_stage(ApiId=routed.id, StageName="prod")
    reply = routed.lab.aws.get(f"{routed.url}/prod/a")
    assert (reply.status, reply.why) == (404, "nothing is deployed on stage prod")
    first = routed.api.create_deployment(ApiId=routed.id, StageName="prod")["DeploymentId"]
    assert get(routed, "/prod/a") == 200
    routed.route("GET /b", routed.one)
    assert get(routed, "/prod/b") == 404
    second = routed.api.create_deployment(ApiId=routed.id, Description="b")["DeploymentId"]
    assert get(routed, "/prod/b") == 404
    routed.api.update_stage(ApiId=routed.id, StageName="prod", DeploymentId=second)
    assert get(routed, "/prod/b") == 200
    routed.api.update_stage(ApiId=routed.id, StageName="prod", DeploymentId=first)
    assert get(routed, "/prod/b") == 404
    found = routed.api.get_deployment(ApiId=routed.id, DeploymentId=second)
    assert (found["Description"], found["AutoDeployed"]) == ("b", False)
    listed = routed.api.get_deployments(ApiId=routed.id)["Items"]
    assert [one["DeploymentId"] for one in listed] == [second, first]


def test_a_deployment_keeps_an_integration_as_it_was(routed: Any) -> None:
    """What was changed since is another deployment's."""
    routed.api.create_stage(ApiId=routed.id, StageName="prod")
    routed.api.create_deployment(ApiId=routed.id, StageName="prod")
    for one in routed.api.get_routes(ApiId=routed.id)["Items"]:
        routed.api.delete_route(ApiId=routed.id, RouteId=one["RouteId"])
    routed.api.delete_integration(ApiId=routed.id, IntegrationId=routed.one)
    assert get(routed, "/prod/a") == 200


def test_stages_are_listed_changed_and_deleted(routed: Any, refused: Any) -> None:
    routed.api.create_stage(ApiId=routed.id, StageName="prod", StageVariables={"a": "1"})
    routed.api.update_stage(
        ApiId=routed.id, StageName="prod", AutoDeploy=True, Description="for all"
    )
    (found,) = routed.api.get_stages(ApiId=routed.id)["Items"]
    assert (found["AutoDeploy"], found["Description"]) == (True, "for all")
    assert found["StageVariables"] == {"a": "1"} and get(routed, "/prod/a") == 200
    by_hand = {"ApiId": routed.id, "StageName": "prod"}
    wrong = refused(routed.api.update_stage, **by_hand, DeploymentId=found["DeploymentId"])
    assert wrong.code == "BadRequestException"
    assert refused(routed.api.create_deployment, **by_hand).code == "BadRequestException"
    routed.api.delete_stage(**by_hand)
    assert get(routed, "/prod/a") == 404
    assert routed.api.get_stages(ApiId=routed.id)["Items"] == []


def test_a_deployment_in_use_is_kept(routed: Any, refused: Any) -> None:
    routed.api.create_stage(ApiId=routed.id, StageName="prod")
    made = routed.api.create_deployment(ApiId=routed.id, StageName="prod")["DeploymentId"]
    one = {"ApiId": routed.id, "DeploymentId": made}
    routed.api.update_deployment(**one, Description="first")
    assert routed.api.get_deployment(**one)["Description"] == "first"
    assert refused(routed.api.delete_deployment, **one).code == "ConflictException"
    routed.api.delete_stage(ApiId=routed.id, StageName="prod")
    routed.api.delete_deployment(**one)
    assert refused(routed.api.get_deployment, **one).code == "NotFoundException"
