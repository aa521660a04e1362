"""What stands in front of services, as a boto3 session sees it: target groups, balancers, VPC links, APIs.

Read from the services backwards, so that only what leads to one of them is
asked for and drawn: a target group, the listeners whose rules send there, the
integrations of APIs that name one of these listeners (or the service's own
Cloud Map service), and the VPC link in between. Reads only.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from course.diagrams.reading import Session, Shape


@dataclass(frozen=True)
class Balancer:
    """A load balancer, with those of its listeners that lead to services, and the rules of each by its ARN."""

    shape: Shape
    listeners: list[Shape]
    rules: dict[str, list[Shape]]

    @property
    def arn(self) -> str:
        return str(self.shape["LoadBalancerArn"])

    @property
    def groups(self) -> list[str]:
        """The ARNs of the target groups that its rules send to, each once."""
        every = (rule for rules in self.rules.values() for rule in rules)
        return list(dict.fromkeys(arn for rule in every for arn in sent_to(rule)))


@dataclass(frozen=True)
class Api:
    """An HTTP API: its routes and stages, and those of its integrations that lead to services."""

    shape: Shape
    routes: list[Shape]
    stages: list[Shape]
    integrations: list[Shape]


@dataclass
class Doors:
    """All of it; *health* are the states of each target group's targets, by its ARN."""

    groups: dict[str, Shape] = field(default_factory=dict)
    health: dict[str, list[str]] = field(default_factory=dict)
    balancers: list[Balancer] = field(default_factory=list)
    links: dict[str, Shape] = field(default_factory=dict)
    apis: list[Api] = field(default_factory=list)


NO_DOORS = Doors()


def read_doors(session: Session, services: Iterable[Shape]) -> Doors:
    """What stands in front of these services of ECS; nothing is asked of other services without need."""
    shapes = list(services)
    groups = {arn for one in shapes for arn in groups_of(one)}
    registries = {arn for one in shapes for arn in registries_of(one)}
    doors = Doors()
    if groups:
        _read_balancers(session.client("elbv2"), doors, groups)
    if groups or registries:
        _read_apis(session.client("apigatewayv2"), doors, registries)
    return doors


def groups_of(service: Shape) -> Iterator[str]:
    """The ARNs of the target groups that a service registers its tasks with."""
    named = (one.get("targetGroupArn") for one in service.get("loadBalancers", ()))
    return (arn for arn in named if arn)


def registries_of(service: Shape) -> Iterator[str]:
    """The ARNs of the Cloud Map services that a service registers its tasks with."""
    named = (one.get("registryArn") for one in service.get("serviceRegistries", ()))
    return (arn for arn in named if arn)


def sent_to(rule: Shape) -> Iterator[str]:
    """The ARNs of the target groups that a rule sends requests to."""
    for action in rule["Actions"]:
        listed = action.get("ForwardConfig", {}).get("TargetGroups", [])
        named = [one["TargetGroupArn"] for one in listed]
        yield from named or filter(None, [action.get("TargetGroupArn")])


def _read_balancers(elb: Any, doors: Doors, wanted: set[str]) -> None:
    for balancer in _pages(elb, "describe_load_balancers", "LoadBalancers"):
        arn = balancer["LoadBalancerArn"]
        listeners = _pages(elb, "describe_listeners", "Listeners", LoadBalancerArn=arn)
        rules = {
            one["ListenerArn"]: elb.describe_rules(ListenerArn=one["ListenerArn"])["Rules"]
            for one in listeners
        }
        leading = [
            one
            for one in listeners
            if any(wanted & set(sent_to(rule)) for rule in rules[one["ListenerArn"]])
        ]
        if leading:
            kept = {one["ListenerArn"]: rules[one["ListenerArn"]] for one in leading}
            doors.balancers.append(Balancer(balancer, leading, kept))
    known = wanted | {arn for one in doors.balancers for arn in one.groups}
    for group in _pages(elb, "describe_target_groups", "TargetGroups"):
        arn = group["TargetGroupArn"]
        if arn in known:
            found = elb.describe_target_health(TargetGroupArn=arn)["TargetHealthDescriptions"]
            doors.groups[arn] = group
            doors.health[arn] = [one["TargetHealth"]["State"] for one in found]


def _read_apis(gateway: Any, doors: Doors, registries: set[str]) -> None:
    listeners = {one["ListenerArn"] for each in doors.balancers for one in each.listeners}
    names = {each.shape["DNSName"].lower() for each in doors.balancers}
    for api in _pages(gateway, "get_apis", "Items"):
        given = {"ApiId": api["ApiId"]}
        leading = [
            one
            for one in _pages(gateway, "get_integrations", "Items", **given)
            if one.get("IntegrationUri") in listeners | registries or host_of(one) in names
        ]
        if leading:
            routes = _pages(gateway, "get_routes", "Items", **given)
            stages = _pages(gateway, "get_stages", "Items", **given)
            doors.apis.append(Api(api, routes, stages, leading))
    used = {one.get("ConnectionId") for api in doors.apis for one in api.integrations}
    for link in _links(gateway):
        if link["VpcLinkId"] in used:
            doors.links[link["VpcLinkId"]] = link


def _links(gateway: Any) -> Iterator[Shape]:
    """Every VPC link; botocore has no paginator for this operation."""
    asked: dict[str, str] = {}
    while True:
        page = gateway.get_vpc_links(**asked)
        yield from page["Items"]
        if not page.get("NextToken"):
            return
        asked = {"NextToken": page["NextToken"]}


def host_of(integration: Shape) -> str:
    """The host of an integration of the internet; empty for a private one."""
    uri = str(integration.get("IntegrationUri", ""))
    _, found, rest = uri.partition("://")
    return rest.partition("/")[0].partition(":")[0].lower() if found else ""


def _pages(client: Any, operation: str, member: str, **asked: str) -> list[Shape]:
    """Everything that an operation lists, page by page."""
    pages = client.get_paginator(operation).paginate(**asked)
    return [one for page in pages for one in page[member]]
