"""What API Gateway refuses: of VPC links, integrations, routes and stages. Pure.

The rules look at plain values and raise Refused with the codes of API Gateway's
model, and with AWS's text where a user copied one.

AWS: https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid-integrations.html
     https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-vpc-links-v2.html
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from course.sandbox.api_gateway.resources import DEFAULT, LONGEST, VPC_LINK, Route, VpcLink
from course.sandbox.api_gateway.routes import METHODS, is_route_key, unmapped
from course.sandbox.ecs.errors import Refused

SHORTEST = 50
"""Milliseconds that an integration may at least take."""

NO_LINKS_IN = ("use1-az3", "euw3-az2", "ape1-az1")
"""Availability Zones in which users were told that API Gateway has no VPC links."""

LISTENER = re.compile(
    r"arn:aws[\w-]*:elasticloadbalancing:[\w-]+:\d+:listener/(app|net)/[^/]+/[^/]+/[^/]+"
)
DISCOVERY = re.compile(r"arn:aws[\w-]*:servicediscovery:[\w-]+:\d+:service/srv-[\w-]+")
STAGE_NAME = re.compile(r"[A-Za-z0-9_-]{1,128}")
MAPPED_TO = re.compile(r"overwrite:path|(append|overwrite|remove):header\.[!#$%&'*+.^_`|~\w-]+")


@dataclass(frozen=True, slots=True)
class Place:
    """A subnet of a VPC link: its id, VPC, and its Availability Zone's id."""

    subnet: str
    vpc: str | None
    zone_id: str


def bad_request(message: str) -> Refused:
    """BadRequestException: a parameter is missing or wrong."""
    return Refused("BadRequestException", message)


def not_found(message: str) -> Refused:
    """NotFoundException: what the call names is not there."""
    return Refused("NotFoundException", message)


def conflict(message: str) -> Refused:
    """ConflictException: there is such a one already, or somebody needs it."""
    return Refused("ConflictException", message)


def outside(what: str) -> Refused:
    """What AWS has and the sandbox has not."""
    return Refused("NotImplemented", f"The sandbox does not model {what}; AWS has it.")


# --- VPC links


def check_places(places: Sequence[Place], groups: Mapping[str, str | None]) -> None:
    """Subnets of one VPC, in zones that have VPC links; security groups, each with its VPC, of that VPC."""
    if not places:
        raise bad_request("At least one subnet must be specified")  # our words
    for one in places:
        if one.vpc is None:
            raise bad_request(f"The subnet ID '{one.subnet}' does not exist")  # our words
        if one.zone_id in NO_LINKS_IN:  # driftctl#1329, 2022-01
            raise bad_request(
                f"Subnet '{one.subnet}' is in Availability Zone '{one.zone_id}' where service is "
                "not available"
            )
    if len({one.vpc for one in places}) > 1:
        raise bad_request("All subnets of a VPC link belong to one VPC")  # our words
    for group, vpc in groups.items():
        if vpc != places[0].vpc:
            raise bad_request(  # our words
                f"The security group '{group}' is not in the VPC '{places[0].vpc}' of the subnets"
            )


def check_unused(link_id: str, routes: Iterable[Route]) -> None:
    """A VPC link that routes lead to is kept."""
    named = ", ".join(f"{one.route_key.partition(' ')[0]}:{one.route_id}" for one in routes)
    if named:  # terraform-provider-aws#12195, 2020-10
        raise bad_request(
            f"Cannot delete vpc link. Vpc link '{link_id}', is referenced in [{named}] in format "
            "of [Method:Resource]."
        )


# --- Integrations


def check_kind(kind: str) -> None:
    """HTTP_PROXY; AWS's other kind for HTTP APIs, Lambda and other services, is not modelled."""
    if kind == "AWS_PROXY":
        raise outside("integrations of an API with Lambda or other services (AWS_PROXY)")
    if kind != "HTTP_PROXY":  # aws-cli#6363, 2021-08
        raise bad_request(
            "Currently, an API with a protocol type of HTTP may only be associated with proxy "
            "integrations (AWS_PROXY, HTTP_PROXY)"
        )


def check_format(version: str | None) -> None:
    """The payload's format has to be given, and is 1.0 for whatever is no Lambda function."""
    if version is None:  # its head stands in a comment of a public template of 2021
        raise bad_request("PayloadFormatVersion is a required parameter for integration")
    if version != "1.0":
        raise bad_request(  # our words
            f"PayloadFormatVersion '{version}' is not supported for HTTP_PROXY: it must be 1.0"
        )


def check_method(method: str | None) -> None:
    """The method in which the backend is asked has to be given, and to be one."""
    if not method:
        raise bad_request("IntegrationMethod must be specified for HTTP_PROXY")  # our words
    if method not in METHODS:
        raise bad_request(f"IntegrationMethod '{method}' is no method of HTTP")  # our words


def check_timeout(milliseconds: int) -> None:
    """Between 50 and 30,000 ms for an HTTP API."""
    if not SHORTEST <= milliseconds <= LONGEST:
        raise bad_request(  # our words
            f"TimeoutInMillis '{milliseconds}' must be between {SHORTEST} and {LONGEST}"
        )


def check_mappings(parameters: Mapping[str, str]) -> None:
    """Which parameters of a request may be changed; those of the query string are not modelled."""
    for key, value in parameters.items():
        if re.match(r"(append|overwrite|remove):querystring\.", key):
            raise outside("mappings of an API's query strings")
        if not MAPPED_TO.fullmatch(key):
            raise bad_request(f"Invalid mapping expression specified: {key}")  # our words
        if unknown := unmapped(value):
            raise outside(f"the mapping of ${unknown[0]}")


def check_connection(connection_type: str, uri: str | None, link_id: str | None) -> None:
    """Of a private integration the link's id and an ARN; of another a URL."""
    if not uri:
        raise bad_request("IntegrationUri must be specified for HTTP_PROXY")  # our words
    if connection_type == VPC_LINK:
        if not link_id:
            raise bad_request(
                "ConnectionId must be specified for connection type VPC_LINK"
            )  # our words
        if not (LISTENER.fullmatch(uri) or DISCOVERY.fullmatch(uri)):  # sst#5510, 2025-02
            raise bad_request(
                "For VpcLink VPC_LINK, integration uri should be a valid ELB listener ARN or a "
                "valid Cloud Map service ARN."
            )
    elif link_id:
        raise bad_request("ConnectionId is for connection type VPC_LINK only")  # our words
    elif not re.match(r"https?://[^/\s{}]+", uri):
        raise bad_request(f"Invalid HTTP endpoint specified for URI: {uri}")  # our words


def check_link(link_id: str, link: VpcLink | None) -> None:
    """An integration's link is there, and AVAILABLE."""
    if link is None:
        raise bad_request(f"Invalid VpcLink identifier specified {link_id}")  # our words
    if link.vpc_link_status != "AVAILABLE":
        raise bad_request(  # our words
            f"VpcLink {link_id} is {link.vpc_link_status}: an integration needs one that is AVAILABLE"
        )


def listener_missing(arn: str) -> Refused:
    """A listener's ARN that leads to none (terraform-provider-aws#22590, 2022-01)."""
    return bad_request(
        f"Unable to retrieve listener port and load balancer DNS name from ELB listener {arn}"
    )


def discovery_missing(arn: str) -> Refused:
    """A Cloud Map service's ARN that leads to none."""
    return bad_request(f"Unable to find the Cloud Map service {arn}")  # our words


def check_unrouted(routes: Iterable[Route]) -> None:
    """An integration that routes go to is kept (terraform-provider-aws#12195, 2020-10)."""
    named = ", ".join(one.route_id for one in routes)
    if named:
        raise conflict(
            f"Cannot delete Integration because it is referenced by the following Routes with Ids: [{named}]"
        )


# --- Routes and stages


def check_route(key: str, held: Iterable[Route], authorization: str) -> None:
    """A key that can be one, is no other route's, and of a route that is open to everyone."""
    if not is_route_key(key):
        raise bad_request(  # our words
            f"The route key '{key}' is not valid: it is $default, or a method and a path such as "
            "GET /pets/{id} or ANY /{proxy+}"
        )
    if any(one.route_key == key for one in held):
        raise conflict(f"Route with key {key} already exists for this API")  # our words
    if authorization != "NONE":
        raise outside("authorizers of an API's routes")


def check_target(target: str | None, integrations: Iterable[str]) -> None:
    """A route goes to an integration of its own API."""
    if target is not None and target.removeprefix("integrations/") not in integrations:
        raise bad_request(f"Invalid target specified: {target}")  # our words


def check_stage_name(name: str, held: Iterable[str]) -> None:
    """``$default``, or letters, digits, hyphens and underscores; and not there yet."""
    if name != DEFAULT and not STAGE_NAME.fullmatch(name):
        raise bad_request(f"The stage name '{name}' is not valid")  # our words
    if name in held:
        raise conflict(f"Stage {name} already exists")  # our words
