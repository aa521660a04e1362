"""A service's name: by private DNS to an endpoint, by a route to a gateway endpoint, or to the internet."""

import json
from dataclasses import replace
from typing import Any

import pytest

from course.sandbox.authorize.patterns import context
from course.sandbox.authorize.policy import Request
from course.sandbox.authorize.principals import Principal
from course.sandbox.network.endpoints import reach_internet, reach_service
from course.sandbox.network.picture import (
    AclEntry,
    Endpoint,
    Network,
    NetworkAcl,
    Place,
    Route,
    RouteTable,
    SecurityGroup,
    Vpc,
)

Places = dict[str, Place]
OPEN = (AclEntry(100, True, "0.0.0.0/0"),)
ROLE = "arn:aws:iam::123456789012:role/execution"
SESSION = "arn:aws:sts::123456789012:assumed-role/execution/task"
ASKED = Request(
    Principal(SESSION, "123456789012", ROLE), "ecr:GetAuthorizationToken", "*", context({})
)


@pytest.mark.parametrize(
    ("source", "service", "by"),
    [
        ("closed", "ecr.api", "vpce-api"),
        ("closed", "s3", "vpce-s3"),
        ("nat", "ecr.api", "vpce-api"),  # the name leads there, whatever the route
        ("nat", "s3", "nat-1"),
        ("public", "s3", "igw-1"),
        ("nat", "ecr.dkr", "nat-1"),
    ],
)
def test_by_which_element_a_service_is_reached(
    network: Network, places: Places, source: str, service: str, by: str
) -> None:
    verdict = reach_service(network, places[source], service)
    assert verdict.reached
    assert by in [step.element for step in verdict.path]


def _endpoint(network: Network, name: str, **changes: Any) -> Endpoint:
    return replace(network.endpoints[name], **changes)


ONE_NODE = (("subnet-public", "10.0.1.4"),)


@pytest.mark.parametrize(
    ("service", "what", "name", "changes", "element", "says"),
    [
        ("ecr.dkr", "", "", {}, "rtb-closed", "has no route to com.amazonaws.us-east-1.ecr.dkr"),
        ("ecr.api", "vpcs", "vpc-1", {"dns_support": False}, "vpc-1", "off: no name resolves"),
        ("s3", "vpcs", "vpc-1", {"dns_support": False}, "vpc-1", "off: no name resolves"),
        ("ecr.api", "vpcs", "vpc-1", {"dns_hostnames": False}, "vpc-1", "enableDnsHostnames"),
        ("ecr.api", "endpoints", "vpce-api", {"private_dns": False}, "vpce-api", "private DNS"),
        ("ecr.api", "endpoints", "vpce-api", {"available": False}, "vpce-api", "is deleted"),
        ("ecr.api", "endpoints", "vpce-api", {"nodes": ()}, "vpce-api", "has no subnet"),
        ("ecr.api", "endpoints", "vpce-api", {"vpc": "vpc-2"}, "rtb-closed", "has no route"),
        ("ecr.api", "endpoints", "vpce-api", {"groups": ("sg-web",)}, "sg-web", "tcp 443"),
        ("ecr.api", "groups", "sg-endpoint", {"inbound": ()}, "sg-endpoint", "inbound from"),
        ("ecr.api", "groups", "sg-task", {"outbound": ()}, "sg-task", "outbound to"),
        ("s3", "route_tables", "rtb-closed", {"routes": ()}, "rtb-closed", "has no route"),
        ("s3", "groups", "sg-task", {"outbound": ()}, "sg-task", "outbound to"),
        ("s3", "acls", "acl-closed", {"inbound": ()}, "acl-closed", "the answer"),
        ("s3", "acls", "acl-closed", {"outbound": ()}, "acl-closed", "outbound to 52.216.0.0"),
    ],
)
def test_one_element_decides(
    network: Network,
    places: Places,
    changed: Any,
    service: str,
    what: str,
    name: str,
    changes: dict[str, Any],
    element: str,
    says: str,
) -> None:
    if what:
        network = changed(network, what, replace(getattr(network, what)[name], **changes))
    verdict = reach_service(network, places["closed"], service)
    assert (verdict.reached, verdict.element) == (False, element)
    assert says in verdict.why


def test_an_endpoint_in_another_subnet_is_behind_its_network_acl(
    network: Network, places: Places, changed: Any
) -> None:
    network = changed(network, "endpoints", _endpoint(network, "vpce-api", nodes=ONE_NODE))
    assert reach_service(network, places["closed"], "ecr.api").reached
    for acl in (NetworkAcl("acl-public", OPEN, ()), NetworkAcl("acl-public", (), OPEN)):
        verdict = reach_service(changed(network, "acls", acl), places["closed"], "ecr.api")
        assert (verdict.reached, verdict.element) == (False, "acl-public")


def test_with_a_way_out_an_endpoint_that_gets_nothing_does_no_harm(
    network: Network, places: Places, changed: Any
) -> None:
    network = changed(network, "endpoints", _endpoint(network, "vpce-api", available=False))
    assert reach_service(network, places["nat"], "ecr.api").reached


def test_an_endpoint_takes_the_name_over_even_if_it_is_shut(
    network: Network, places: Places, changed: Any
) -> None:
    """The NAT gateway would do, but the name leads to the endpoint, whose security group is shut."""
    network = changed(network, "groups", SecurityGroup("sg-endpoint"))
    verdict = reach_service(network, places["nat"], "ecr.api")
    assert (verdict.reached, verdict.element) == (False, "sg-endpoint")


def test_an_endpoint_serves_its_own_region_only(network: Network, places: Places) -> None:
    assert not reach_service(network, places["closed"], "ecr.api", region="eu-west-1").reached
    assert reach_service(network, places["nat"], "ecr.api", region="eu-west-1").reached


def _policy(**statement: Any) -> str:
    given = {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"} | statement
    return json.dumps({"Statement": [given]})


@pytest.mark.parametrize(
    ("policy", "because"),
    [
        (_policy(), None),
        (_policy(Action="ecr:*"), None),
        (_policy(Principal={"AWS": ROLE}), None),
        (_policy(Action="ecr:BatchGetImage"), "because no VPC endpoint policy allows"),
        (_policy(Principal={"AWS": ROLE + "2"}), "because no VPC endpoint policy allows"),
        (_policy(Effect="Deny"), "with an explicit deny in a VPC endpoint policy"),
    ],
)
def test_an_endpoints_policy_has_to_allow(
    network: Network, places: Places, changed: Any, policy: str, because: str | None
) -> None:
    network = changed(network, "endpoints", _endpoint(network, "vpce-api", policy=policy))
    verdict = reach_service(network, places["closed"], "ecr.api", [ASKED])
    assert verdict.reached == (because is None)
    assert verdict.element == "vpce-api"
    if because:
        assert verdict.denial.startswith(f"User: {SESSION} is not authorized to perform: ecr:Get")
        assert because in verdict.denial


def test_a_gateway_endpoints_policy_has_to_allow_too(
    network: Network, places: Places, changed: Any
) -> None:
    shut = _endpoint(network, "vpce-s3", policy=_policy(Effect="Deny"))
    network = changed(network, "endpoints", shut)
    assert reach_service(network, places["closed"], "s3", [ASKED]).kind == "endpoint policy"
    assert reach_service(network, places["nat"], "s3", [ASKED]).reached, "by NAT it does not count"


def test_a_nat_gateways_own_subnet_may_lead_to_a_gateway_endpoint(
    network: Network, places: Places, changed: Any
) -> None:
    table = network.route_tables["rtb-public"]
    routes = (*table.routes, Route("pl-s3", "vpce-s3"))
    network = changed(network, "route_tables", RouteTable("rtb-public", routes))
    assert "vpce-s3" in [step.element for step in reach_service(network, places["nat"], "s3").path]


def test_a_host_on_the_internet_needs_dns_and_a_way_out(
    network: Network, places: Places, changed: Any
) -> None:
    assert reach_internet(network, places["nat"]).reached
    assert reach_internet(network, places["closed"]).element == "rtb-closed"
    deaf = changed(network, "vpcs", Vpc("vpc-1", dns_support=False, gateway="igw-1"))
    assert reach_internet(deaf, places["public"]).element == "vpc-1"
