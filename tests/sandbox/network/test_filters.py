"""Network ACLs by their numbers and ports; security groups by any rule of any group."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from course.sandbox.network.filters import acl_step, denied_by, group_step
from course.sandbox.network.picture import (
    EVERY_PORT,
    AclEntry,
    Network,
    NetworkAcl,
    Place,
    Ports,
    Rule,
    SecurityGroup,
)

HERE, ALL = "10.0.1.9", "0.0.0.0/0"
ALLOW_ALL = AclEntry(100, True, ALL)


def allow(number: int, first: int, last: int, cidr: str = ALL, protocol: str = "tcp") -> AclEntry:
    return AclEntry(number, True, cidr, protocol, (first, last))


def deny(number: int, first: int, last: int, cidr: str = ALL, protocol: str = "tcp") -> AclEntry:
    return AclEntry(number, False, cidr, protocol, (first, last))


@pytest.mark.parametrize(
    ("entries", "ports", "denied"),
    [
        ([], (80, 80), 0),
        ([ALLOW_ALL], (80, 80), None),
        ([ALLOW_ALL], (1024, 65535), None),
        ([allow(100, 80, 80)], (80, 80), None),
        ([allow(100, 80, 80)], (443, 443), 0),
        ([allow(100, 80, 80, protocol="udp")], (80, 80), 0),
        ([allow(100, 80, 80, cidr="10.0.2.0/24")], (80, 80), 0),
        ([allow(100, 80, 80, cidr="10.0.1.0/24")], (80, 80), None),
        ([ALLOW_ALL, deny(90, 80, 80)], (80, 80), 90),
        ([deny(110, 80, 80), ALLOW_ALL], (80, 80), None),
        ([AclEntry(90, False, ALL), ALLOW_ALL], (80, 80), 90),
        # The answer's ports are many, and all of them have to pass.
        ([allow(100, 32768, 60999)], (1024, 65535), 0),
        ([allow(100, 1024, 65535)], (32768, 60999), None),
        ([allow(100, 1024, 40000), allow(110, 40001, 65535)], (1024, 65535), None),
        ([allow(100, 1024, 40000), allow(110, 40002, 65535)], (1024, 65535), 0),
        ([deny(90, 3389, 3389), ALLOW_ALL], (1024, 65535), 90),
        ([deny(90, 3389, 3389), ALLOW_ALL], (32768, 60999), None),
    ],
)
def test_the_first_rule_that_fits_decides(
    entries: list[AclEntry], ports: Ports, denied: int | None
) -> None:
    assert denied_by(entries, HERE, ports, "tcp") == denied


@given(
    some.lists(
        some.tuples(some.booleans(), some.integers(0, 30), some.integers(0, 30)), max_size=6
    ),
    some.integers(0, 30),
    some.integers(0, 30),
)
def test_a_range_passes_exactly_if_each_of_its_ports_does(
    made: list[tuple[bool, int, int]], one: int, other: int
) -> None:
    """The slow way, one port after the other, against the quick one."""
    entries = [
        AclEntry(number, allows, ALL, "tcp", (min(a, b), max(a, b)))
        for number, (allows, a, b) in enumerate(made)
    ]
    first, last = min(one, other), max(one, other)

    def passes(port: int) -> bool:
        fits = (entry for entry in entries if entry.ports[0] <= port <= entry.ports[1])
        decided = next(fits, None)
        return decided is not None and decided.allows

    quick = denied_by(entries, HERE, (first, last), "tcp") is None
    assert quick == all(passes(port) for port in range(first, last + 1))


def test_a_network_acl_names_the_rule_or_the_lack_of_one() -> None:
    acl = NetworkAcl("acl-1", (deny(90, 443, 443), ALLOW_ALL), ())
    denied = acl_step(acl, HERE, (443, 443), "tcp", inbound=True, answer=False)
    nothing = acl_step(acl, HERE, (1024, 65535), "tcp", inbound=False, answer=True)
    assert denied.says == "acl-1 denies tcp 443 inbound from 10.0.1.9, by rule 90"
    assert nothing.says == (
        "acl-1 denies tcp 1024-65535 outbound to 10.0.1.9, the answer, since no rule allows it"
    )
    assert not denied.passes and not nothing.passes


PEER = Place("eni-peer", "subnet-1", "10.0.1.9", ("sg-web", "sg-other"))


@pytest.mark.parametrize(
    ("rules", "allowed"),
    [
        ([], False),
        ([Rule(ALL)], True),
        ([Rule(ALL, protocol="tcp", ports=(80, 80))], True),
        ([Rule(ALL, protocol="tcp", ports=(8000, 8080))], False),
        ([Rule(ALL, protocol="tcp", ports=(0, 65535))], True),
        ([Rule(ALL, protocol="udp", ports=EVERY_PORT)], False),
        ([Rule("10.0.1.9/32")], True),
        ([Rule("10.0.2.0/24")], False),
        ([Rule(group="sg-web")], True),
        ([Rule(group="sg-other")], True),
        ([Rule(group="sg-nobody")], False),
        ([Rule(prefix_list="pl-1")], True),
        ([Rule(prefix_list="pl-2")], False),
        ([Rule(group="sg-nobody"), Rule("10.0.1.0/24", protocol="tcp", ports=(80, 80))], True),
    ],
)
@pytest.mark.parametrize("inbound", [True, False])
def test_one_rule_of_a_security_group_is_enough(
    rules: list[Rule], allowed: bool, inbound: bool
) -> None:
    group = SecurityGroup("sg-1", **{"inbound" if inbound else "outbound": tuple(rules)})
    network = Network("us-east-1", groups={"sg-1": group}, prefix_lists={"pl-1": ("10.0.0.0/16",)})
    place = Place("eni-1", "subnet-1", "10.0.1.8", ("sg-1",))
    assert group_step(network, place, PEER, 80, "tcp", inbound=inbound).passes == allowed


def test_any_of_several_groups_is_enough_and_none_is_named_first() -> None:
    held = {"sg-1": SecurityGroup("sg-1"), "sg-2": SecurityGroup("sg-2", (Rule(ALL),))}
    network = Network("us-east-1", groups=held)
    place = Place("eni-1", "subnet-1", "10.0.1.8", ("sg-1", "sg-2"))
    enter = group_step(network, place, PEER, 80, "tcp", inbound=True)
    leave = group_step(network, place, PEER, 80, "tcp", inbound=False)
    assert (enter.passes, enter.element) == (True, "sg-2")
    assert leave.says == "no rule of sg-1 and sg-2 allows tcp 80 outbound to eni-peer 10.0.1.9"
