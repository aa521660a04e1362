"""What lets traffic through: network ACLs, which remember nothing, and security groups, which do. Pure.

A network ACL's rules count in the order of their numbers, the first that fits
decides, and what none fits is denied. A security group only allows, and any rule
of any group is enough.

AWS: https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html
     https://docs.aws.amazon.com/vpc/latest/userguide/vpc-security-groups.html
"""

from collections.abc import Iterable

from course.sandbox.network.picture import (
    AclEntry,
    Network,
    NetworkAcl,
    Place,
    Ports,
    Rule,
    is_in,
)
from course.sandbox.network.routes import blocks
from course.sandbox.network.verdict import Step

ALL = "-1"


def acl_step(
    acl: NetworkAcl, address: str, ports: Ports, protocol: str, *, inbound: bool, answer: bool
) -> Step:
    """What a network ACL says to traffic from, or to, an address; every port has to pass.

    *answer* says that the traffic is the answer, which a network ACL has forgotten was asked for.
    """
    entries = acl.inbound if inbound else acl.outbound
    decided = denied_by(entries, address, ports, protocol)
    way = f"{'inbound from' if inbound else 'outbound to'} {address}"
    traffic = f"{protocol} {_told(ports)} {way}" + (", the answer" if answer else "")
    if decided is None:
        return Step("network ACL", acl.id, True, f"{acl.id} allows {traffic}")
    by = f"by rule {decided}" if decided else "since no rule allows it"
    return Step("network ACL", acl.id, False, f"{acl.id} denies {traffic}, {by}")


def denied_by(entries: Iterable[AclEntry], address: str, ports: Ports, protocol: str) -> int | None:
    """The number of the rule that denies some of these ports; 0 if none speaks of one, None if all pass."""
    left = [ports]
    for entry in sorted(entries, key=lambda one: one.number):
        if entry.protocol not in (ALL, protocol) or not is_in(address, entry.cidr):
            continue
        if not entry.allows and any(_meet(one, entry.ports) for one in left):
            return entry.number
        left = [piece for one in left for piece in _without(one, entry.ports)]
        if not left:
            return None
    return 0


def group_step(
    network: Network, place: Place, peer: Place, port: int, protocol: str, *, inbound: bool
) -> Step:
    """What the security groups of a place say to traffic with a peer; answers need no rule."""
    way = f"{'inbound from' if inbound else 'outbound to'} {peer.name} {peer.address}"
    traffic = f"{protocol} {port} {way}"
    for name in place.groups:
        group = network.groups.get(name)
        rules = (group.inbound if inbound else group.outbound) if group else ()
        if any(_allows(network, rule, peer, port, protocol) for rule in rules):
            return Step("security group", name, True, f"{name} allows {traffic}")
    names = " and ".join(place.groups)
    says = f"no rule of {names} allows {traffic}"
    return Step("security group", place.groups[0], False, says)


def _allows(network: Network, rule: Rule, peer: Place, port: int, protocol: str) -> bool:
    if rule.protocol not in (ALL, protocol) or not rule.ports[0] <= port <= rule.ports[1]:
        return False
    if rule.group:
        return rule.group in peer.groups
    return any(is_in(peer.address, cidr) for cidr in blocks(network, rule.prefix_list or rule.cidr))


def _meet(one: Ports, other: Ports) -> bool:
    return one[0] <= other[1] and other[0] <= one[1]


def _without(one: Ports, taken: Ports) -> list[Ports]:
    """What is left of a range of ports when another is taken out of it."""
    below = (one[0], min(one[1], taken[0] - 1))
    above = (max(one[0], taken[1] + 1), one[1])
    return [piece for piece in (below, above) if piece[0] <= piece[1]]


def _told(ports: Ports) -> str:
    return str(ports[0]) if ports[0] == ports[1] else f"{ports[0]}-{ports[1]}"
