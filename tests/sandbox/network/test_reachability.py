"""Each element alone decides: what a verdict says when one of a working way's elements is changed."""

from dataclasses import replace
from typing import Any

import pytest

from course.sandbox.network.picture import (
    INTERNET,
    AclEntry,
    NatGateway,
    Network,
    NetworkAcl,
    Place,
    Route,
    RouteTable,
    SecurityGroup,
    Vpc,
)
from course.sandbox.network.reachability import reach
from course.sandbox.network.verdict import Verdict

Places = dict[str, Place]
ALL = "0.0.0.0/0"
OPEN, SHUT = (AclEntry(100, True, ALL),), ()
LOCAL = Route("10.0.0.0/16", "local")


def between(network: Network, places: Places, source: str, to: str, port: int = 80) -> Verdict:
    places = {**places, "internet": INTERNET}
    return reach(network, places[source], places[to], port)


@pytest.mark.parametrize(
    ("source", "to", "port", "kinds"),
    [
        # Inside one subnet only the two security groups count.
        ("web", "public", 80, ["security group"] * 2),
        (
            "web",
            "nat",
            80,
            [
                "security group",
                "network ACL",
                "route table",
                "network ACL",
                "security group",
                "network ACL",
                "network ACL",
            ],
        ),
        (
            "public",
            "internet",
            443,
            [
                "security group",
                "network ACL",
                "route table",
                "internet gateway",
                "public address",
                "network ACL",
            ],
        ),
        (
            "internet",
            "web",
            80,
            [
                "public address",
                "internet gateway",
                "network ACL",
                "security group",
                "route table",
                "network ACL",
            ],
        ),
    ],
)
def test_what_lies_on_a_way(
    network: Network, places: Places, source: str, to: str, port: int, kinds: list[str]
) -> None:
    verdict = between(network, places, source, to, port)
    assert verdict.reached
    assert [step.kind for step in verdict.path] == kinds


def test_a_way_over_a_nat_gateway_passes_two_subnets(network: Network, places: Places) -> None:
    verdict = between(network, places, "nat", "internet", 443)
    assert verdict.reached
    assert [step.element for step in verdict.path] == [
        "sg-task",
        "acl-nat",
        "rtb-nat",
        "acl-public",
        "nat-1",
        "acl-public",
        "rtb-public",
        "igw-1",
        "acl-public",
        "acl-public",
        "acl-nat",
    ]


STOPPED = [
    # from, to, port, what is changed, by what, and who decides then
    ("closed", "internet", 443, None, None, "rtb-closed"),
    ("nat", "internet", 443, "route_tables", RouteTable("rtb-nat", (LOCAL,)), "rtb-nat"),
    ("nat", "internet", 443, "route_tables", RouteTable("rtb-public", (LOCAL,)), "rtb-public"),
    (
        "nat",
        "internet",
        443,
        "nats",
        NatGateway("nat-1", "subnet-public", available=False),
        "nat-1",
    ),
    ("nat", "internet", 443, "nats", NatGateway("nat-1", "subnet-public", public=False), "nat-1"),
    ("nat", "internet", 443, "vpcs", Vpc("vpc-1"), "igw-1"),
    ("nat", "internet", 443, "groups", SecurityGroup("sg-task"), "sg-task"),
    ("nat", "internet", 443, "acls", NetworkAcl("acl-nat", OPEN, SHUT), "acl-nat"),
    ("nat", "internet", 443, "acls", NetworkAcl("acl-nat", SHUT, OPEN), "acl-nat"),
    ("nat", "internet", 443, "acls", NetworkAcl("acl-public", OPEN, SHUT), "acl-public"),
    ("nat", "internet", 443, "acls", NetworkAcl("acl-public", SHUT, OPEN), "acl-public"),
    ("public", "internet", 443, "vpcs", Vpc("vpc-1"), "igw-1"),
    ("public", "internet", 443, "vpcs", Vpc("vpc-1", gateway="igw-2"), "igw-1"),
    ("public", "internet", 443, "acls", NetworkAcl("acl-public", SHUT, OPEN), "acl-public"),
    ("web", "nat", 80, "acls", NetworkAcl("acl-public", OPEN, SHUT), "acl-public"),
    ("web", "nat", 80, "acls", NetworkAcl("acl-public", SHUT, OPEN), "acl-public"),
    ("web", "nat", 80, "acls", NetworkAcl("acl-nat", SHUT, OPEN), "acl-nat"),
    ("web", "nat", 80, "acls", NetworkAcl("acl-nat", OPEN, SHUT), "acl-nat"),
    ("web", "nat", 80, "groups", SecurityGroup("sg-web"), "sg-web"),
    ("web", "nat", 80, "groups", SecurityGroup("sg-task"), "sg-task"),
    ("web", "nat", 8080, None, None, "sg-task"),
    ("nat", "closed", 80, None, None, "sg-task"),
    ("web", "far", 80, None, None, "rtb-public"),
    ("internet", "nat", 80, None, None, "eni-nat"),
    ("internet", "public", 80, None, None, "sg-task"),
    ("internet", "web", 443, None, None, "sg-web"),
    ("internet", "web", 80, "vpcs", Vpc("vpc-1"), "vpc-1"),
    ("internet", "web", 80, "route_tables", RouteTable("rtb-public", (LOCAL,)), "rtb-public"),
    ("internet", "web", 80, "acls", NetworkAcl("acl-public", SHUT, OPEN), "acl-public"),
    ("internet", "web", 80, "acls", NetworkAcl("acl-public", OPEN, SHUT), "acl-public"),
]


@pytest.mark.parametrize(("source", "to", "port", "what", "by", "element"), STOPPED)
def test_one_element_decides(
    network: Network,
    places: Places,
    changed: Any,
    source: str,
    to: str,
    port: int,
    what: str | None,
    by: Any,
    element: str,
) -> None:
    if what:
        assert between(network, places, source, to, port).reached, "it works before"
        network = changed(network, what, by)
    verdict = between(network, places, source, to, port)
    assert (verdict.reached, verdict.element) == (False, element)
    assert verdict.why == verdict.path[-1].says and not verdict.path[-1].passes
    assert all(step.passes for step in verdict.path[:-1])


LINUX, ANY = (32768, 60999), (1024, 65535)
ANSWERS = [
    # from, to, port, whose list, in which direction, the ports asked for by it, the ports of the answer
    ("web", "nat", 80, "acl-nat", "outbound", None, LINUX),
    ("web", "nat", 80, "acl-public", "inbound", None, LINUX),
    ("nat", "internet", 443, "acl-nat", "inbound", None, LINUX),
    ("nat", "internet", 443, "acl-public", "inbound", (443, 443), ANY),
    ("nat", "internet", 443, "acl-public", "outbound", (443, 443), LINUX),
    ("public", "internet", 443, "acl-public", "inbound", None, LINUX),
    ("internet", "web", 80, "acl-public", "outbound", None, ANY),
]


@pytest.mark.parametrize(("source", "to", "port", "acl", "way", "asked", "answer"), ANSWERS)
def test_a_network_acl_has_to_let_the_whole_answer_pass(
    network: Network,
    places: Places,
    changed: Any,
    source: str,
    to: str,
    port: int,
    acl: str,
    way: str,
    asked: tuple[int, int] | None,
    answer: tuple[int, int],
) -> None:
    """A list without memory needs the ports that the other side asks from, all of them."""
    first, last = answer
    for allowed, reached in (
        (answer, True),
        ((first + 1, last), False),
        ((first, last - 1), False),
    ):
        entries = tuple(
            AclEntry(number, True, ALL, "tcp", ports)
            for number, ports in enumerate((asked, allowed), 1)
            if ports
        )
        narrowed = changed(network, "acls", replace(network.acls[acl], **{way: entries}))
        verdict = between(narrowed, places, source, to, port)
        assert verdict.reached is reached, allowed
        assert reached or verdict.element == acl


def test_without_a_public_address_an_internet_gateway_is_no_way_out(
    network: Network, places: Places
) -> None:
    private = replace(places["public"], public="")
    verdict = reach(network, private, INTERNET, 443)
    assert (verdict.element, verdict.why) == ("eni-public", "eni-public has no public address")


def test_answers_from_a_public_subnet_leave_by_its_internet_gateway(
    network: Network, places: Places, changed: Any
) -> None:
    """A route to a NAT gateway in place of one to the internet gateway: nobody outside gets an answer."""
    table = RouteTable("rtb-public", (LOCAL, Route(ALL, "nat-1")))
    verdict = between(changed(network, "route_tables", table), places, "internet", "web")
    assert (verdict.element, verdict.why) == (
        "rtb-public",
        "rtb-public answers by nat-1, not by igw-1",
    )


def test_a_nat_gateway_behind_itself_leads_nowhere(
    network: Network, places: Places, changed: Any
) -> None:
    table = RouteTable("rtb-public", (LOCAL, Route(ALL, "nat-1")))
    verdict = between(changed(network, "route_tables", table), places, "nat", "internet", 443)
    assert (verdict.reached, verdict.element) == (False, "rtb-public")


@pytest.mark.parametrize("target", ["pcx-1", "tgw-1", "vgw-1", "i-1", "eni-9"])
def test_what_is_not_modelled_says_so(
    network: Network, places: Places, changed: Any, target: str
) -> None:
    table = RouteTable("rtb-nat", (LOCAL, Route(ALL, target)))
    verdict = between(changed(network, "route_tables", table), places, "nat", "internet", 443)
    assert verdict.why == f"{target} leads elsewhere, which is not modelled here"


def test_a_load_balancers_node_without_a_security_group_is_not_filtered(
    network: Network, places: Places, changed: Any
) -> None:
    node = Place("net/web", "subnet-public", "10.0.1.4")
    verdict = reach(network, node, places["nat"], 80)
    assert (verdict.reached, verdict.path[0].kind) == (False, "network ACL")
    assert verdict.element == "sg-task", "the task's own group still counts"


def test_both_ends_outside_is_a_mistake(network: Network) -> None:
    with pytest.raises(ValueError, match="neither end"):
        reach(network, INTERNET, INTERNET, 80)
