"""Build: an HTTP API in front of a service that only a VPC link reaches."""

from typing import Any

from course.exercises.balancers import health, target_groups
from course.exercises.deployed import balanced_service, remove_balanced
from course.exercises.ecs import active_service
from course.exercises.exercise import (
    MET,
    Criterion,
    Exercise,
    Finding,
    Session,
    WrongSolution,
    missing,
)
from course.exercises.gateways import (
    apis,
    create_front,
    create_link,
    delete_api,
    delete_links,
    inside,
    integrate,
    links,
    listener,
)

TILL = "till"
EVERY_PATH = {"ANY /", "ANY /{proxy+}"}
"""The two routes that together take what ``$default`` takes."""
APIS = "get_apis, then get_integrations, get_routes, get_stages of its ApiId"


def _setup(session: Session) -> None:
    """A service behind an internal load balancer, and a VPC link that is AVAILABLE."""
    if links(session, TILL):
        return
    create_link(session, TILL)
    balanced_service(session, TILL, TILL, Scheme="internal")


def _attempted(session: Session) -> bool:
    return bool(apis(session, TILL)) or active_service(session, TILL, TILL) is None


def _api(session: Session) -> dict[str, Any] | None:
    """The API of the name that is farthest: calls made twice leave one behind that is not finished."""

    def how_far(api: dict[str, Any]) -> tuple[bool, int, int]:
        routes, stages = (inside(session, api["ApiId"], what) for what in ("routes", "stages"))
        return bool(_private(session, api)), len(routes), len(stages)

    return max(apis(session, TILL), key=how_far, default=None)


def _private(session: Session, api: dict[str, Any]) -> list[str]:
    """The ids of the API's integrations that go through a link of the name to the listener."""
    ways = [one["VpcLinkId"] for one in links(session, TILL)]
    return [
        one["IntegrationId"]
        for one in inside(session, api["ApiId"], "integrations")
        if one.get("ConnectionId") in ways and one["IntegrationUri"] == listener(session, TILL)
    ]


def _integrated(session: Session) -> Finding:
    api = _api(session)
    if api is None:
        return missing(f"an HTTP API {TILL}", "none", APIS)
    if _private(session, api):
        return MET
    held = inside(session, api["ApiId"], "integrations")
    kinds = sorted({one["ConnectionType"] for one in held})
    found = f"by {', '.join(kinds)}, not through the link {TILL}" if kinds else "no integration"
    return missing("an integration by VPC_LINK to the listener", found, APIS)


def _routed(session: Session) -> Finding:
    api = _api(session) or {}
    wanted = {f"integrations/{one}" for one in _private(session, api)}
    held = inside(session, api["ApiId"], "routes")
    there = {one["RouteKey"] for one in held if one.get("Target") in wanted}
    if "$default" in there or there >= EVERY_PATH:
        stray = sorted({one["RouteKey"] for one in held} - there)
        found = f"{', '.join(stray)} with another target"
        return missing("all routes to that integration", found, APIS) if stray else MET
    keys = ", ".join(sorted(one["RouteKey"] for one in held))
    found = f"there is {keys}" if keys else "no route"
    return missing("the route $default to that integration", found, APIS)


def _staged(session: Session) -> Finding:
    held = inside(session, (_api(session) or {})["ApiId"], "stages")
    stage = next((one for one in held if one["StageName"] == "$default"), None)
    if stage is None:
        names = ", ".join(sorted(one["StageName"] for one in held)) or "none"
        return missing("a stage $default", f"stages: {names}", APIS)
    if stage.get("DeploymentId"):
        return MET
    return missing("a stage that is deployed", "AutoDeploy is off, and no deployment", APIS)


def _serving(session: Session) -> Finding:
    group = target_groups(session).get(TILL)
    states = health(session, group["TargetGroupArn"]) if group else []
    if states == ["healthy", "healthy"]:
        return MET
    return missing("2 healthy targets", ", ".join(states) or "no target", "describe_target_health")


def _solve(session: Session) -> None:
    api, elb = session.client("apigatewayv2"), session.client("elbv2")
    (till,) = elb.describe_load_balancers(Names=["till"])["LoadBalancers"]
    found = elb.describe_listeners(LoadBalancerArn=till["LoadBalancerArn"])["Listeners"][0]
    (way,) = [one for one in api.get_vpc_links()["Items"] if one["Name"] == "till"]
    entry = api.create_api(Name="till", ProtocolType="HTTP")["ApiId"]
    made = api.create_integration(
        ApiId=entry,
        IntegrationType="HTTP_PROXY",
        IntegrationMethod="ANY",
        PayloadFormatVersion="1.0",
        IntegrationUri=found["ListenerArn"],
        ConnectionType="VPC_LINK",
        ConnectionId=way["VpcLinkId"],
    )
    route = {"RouteKey": "$default", "Target": f"integrations/{made['IntegrationId']}"}
    api.create_route(ApiId=entry, **route)
    api.create_stage(ApiId=entry, StageName="$default", AutoDeploy=True)


def _cleanup(session: Session) -> None:
    delete_api(session, TILL)
    delete_links(session, TILL)
    remove_balanced(session, TILL, TILL)


def _new_api(session: Session) -> str:
    made = session.client("apigatewayv2").create_api(Name=TILL, ProtocolType="HTTP")
    return str(made["ApiId"])


def _only_an_api(session: Session) -> None:
    _new_api(session)


def _by_the_internet(session: Session) -> None:
    changes = {"ConnectionType": "INTERNET", "ConnectionId": None}
    integrate(session, _new_api(session), "", "http://till.example.com/", **changes)


def _one_path(session: Session) -> None:
    create_front(session, TILL)
    gateway, api = session.client("apigatewayv2"), apis(session, TILL)[0]["ApiId"]
    (route,) = inside(session, api, "routes")
    gateway.update_route(ApiId=api, RouteId=route["RouteId"], RouteKey="GET /order")


def _elsewhere(session: Session) -> None:
    create_front(session, TILL)
    gateway, api = session.client("apigatewayv2"), apis(session, TILL)[0]["ApiId"]
    changes = {"ConnectionType": "INTERNET", "ConnectionId": None}
    other = integrate(session, api, "", "http://till.example.com/", **changes)
    route = {"RouteKey": "ANY /{proxy+}", "Target": f"integrations/{other}"}
    gateway.create_route(ApiId=api, **route)


def _no_route(session: Session) -> None:
    api, (link,) = _new_api(session), links(session, TILL)
    integrate(session, api, link["VpcLinkId"], listener(session, TILL))


def _another_stage(session: Session) -> None:
    create_front(session, TILL)
    gateway, api = session.client("apigatewayv2"), apis(session, TILL)[0]["ApiId"]
    gateway.delete_stage(ApiId=api, StageName="$default")
    gateway.create_stage(ApiId=api, StageName="prod", AutoDeploy=True)


def _not_deployed(session: Session) -> None:
    create_front(session, TILL)
    gateway, api = session.client("apigatewayv2"), apis(session, TILL)[0]["ApiId"]
    gateway.delete_stage(ApiId=api, StageName="$default")
    gateway.create_stage(ApiId=api, StageName="$default")


def _nobody_there(session: Session) -> None:
    create_front(session, TILL)
    ecs = session.client("ecs")
    ecs.update_service(cluster=TILL, service=TILL, desiredCount=0)
    tasks = ecs.list_tasks(cluster=TILL, desiredStatus="STOPPED")["taskArns"]
    ecs.get_waiter("tasks_stopped").wait(cluster=TILL, tasks=tasks)


PUT_AN_API_IN_FRONT = Exercise(
    id="patterns-gateway-101",
    lesson="microservice-patterns",
    goal=(
        f"The service {TILL!r} is behind the load balancer {TILL!r}, which is internal: nobody "
        f"outside the VPC reaches it. A VPC link {TILL!r} is there, and AVAILABLE. Put an HTTP API "
        f"{TILL!r} in front, by which whatever is asked for, at any path, reaches the service."
    ),
    criteria=(
        Criterion("integrated", "the API has an integration through the link", _integrated),
        Criterion("routed", "every request is routed there", _routed, after="integrated"),
        Criterion("staged", "and its stage is deployed", _staged, after="routed"),
        Criterion("serving", "the service is there to answer", _serving, after="integrated"),
    ),
    hints=(
        "Four calls, in this order: the API, what it is integrated with, a route, a stage.",
        (
            "create_integration takes the listener's ARN as IntegrationUri, VPC_LINK as "
            "ConnectionType, and the link's id as ConnectionId."
        ),
        "Route and stage are both called $default; with AutoDeploy=True the stage is deployed.",
    ),
    setup=_setup,
    attempted=_attempted,
    solve=_solve,
    cleanup=_cleanup,
    wrong_solutions=(
        WrongSolution("only an API", _only_an_api, "integrated", "no integration"),
        WrongSolution(
            "by the internet", _by_the_internet, "integrated", "by INTERNET, not through"
        ),
        WrongSolution("one path", _one_path, "routed", "there is GET /order"),
        WrongSolution("elsewhere", _elsewhere, "routed", "ANY /{proxy+} with another target"),
        WrongSolution("no route", _no_route, "routed", "no route"),
        WrongSolution("another stage", _another_stage, "staged", "stages: prod"),
        WrongSolution("not deployed", _not_deployed, "staged", "AutoDeploy is off"),
        WrongSolution("nobody there", _nobody_there, "serving", "no target"),
    ),
    rationale=(
        "A private integration names a listener and the link that leads to it; the route says which "
        "requests go there; a stage with automatic deployment puts it all under the API's address."
    ),
    objective="microservice-patterns/gateway",
    sources=(
        "Amazon API Gateway Developer Guide, private integrations of HTTP APIs, checked 2026-11-27",
        "Amazon API Gateway V2 API Reference (botocore 1.44.5), checked 2026-11-27",
    ),
)
