"""Who reaches whom: one pure function over a picture of the network, with the element that decides.

The way is followed as a packet goes, and then the answer's way back where it
needs to be allowed by itself: a security group remembers what was asked, a
network ACL does not. Inside one VPC, out to the internet and in from it, over
internet gateways, NAT gateways and endpoints. Not modelled, and so no way: VPC
peering, transit and virtual private gateways, NAT instances, IPv6.

AWS: https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Internet_Gateway.html
     https://docs.aws.amazon.com/vpc/latest/userguide/vpc-nat-gateway.html
     https://docs.aws.amazon.com/vpc/latest/userguide/custom-network-acl.html (the ports of answers)
"""

from collections.abc import Iterator
from dataclasses import dataclass

from course.sandbox.network.filters import acl_step, group_step
from course.sandbox.network.picture import (
    ANY_CLIENT,
    NatGateway,
    Network,
    Place,
    Ports,
    Route,
    Subnet,
)
from course.sandbox.network.routes import route_for
from course.sandbox.network.verdict import Step, Verdict, walk


def reach(
    network: Network, source: Place, destination: Place, port: int, protocol: str = "tcp"
) -> Verdict:
    """Whether *source* reaches a port of *destination*, and gets an answer.

    Raises ValueError when both are outside of every VPC.
    """
    return walk(steps(network, source, destination, port, protocol))


@dataclass(frozen=True, slots=True)
class _Way:
    """What is asked for, as every step needs it."""

    network: Network
    source: Place
    destination: Place
    port: int
    protocol: str

    def subnet(self, place: Place) -> Subnet:
        return self.network.subnets[place.subnet]

    def acl(self, subnet: Subnet, peer: Place, *, inbound: bool, to: Ports | None = None) -> Step:
        """A subnet's network ACL: for what is asked, or, *to* the ports it was asked from, the answer."""
        acl, ports, answer = self.network.acls[subnet.acl], to or (self.port, self.port), bool(to)
        return acl_step(acl, peer.address, ports, self.protocol, inbound=inbound, answer=answer)

    def group(self, place: Place, peer: Place, *, inbound: bool) -> Step:
        return group_step(self.network, place, peer, self.port, self.protocol, inbound=inbound)


def steps(
    network: Network, source: Place, destination: Place, port: int, protocol: str = "tcp"
) -> Iterator[Step]:
    """The elements on the way, in order, up to the first that stops it or beyond; see ``walk``."""
    way = _Way(network, source, destination, port, protocol)
    if way.source.subnet and way.destination.subnet:
        return _inside(way)
    if way.source.subnet:
        return _out(way)
    if way.destination.subnet:
        return _in(way)
    raise ValueError("neither end is in a VPC")


def _inside(way: _Way) -> Iterator[Step]:
    """Between two places of one VPC; inside one subnet neither routes nor network ACLs count."""
    source, destination = way.source, way.destination
    here, there = way.subnet(source), way.subnet(destination)
    if source.groups:
        yield way.group(source, destination, inbound=False)
    if here.vpc != there.vpc:
        says = f"{here.route_table} has no route to {there.vpc}: peering is not modelled here"
        yield Step("route table", here.route_table, False, says)
    if here.id != there.id:
        yield way.acl(here, destination, inbound=False)
        yield _local(way, here)
        yield way.acl(there, source, inbound=True)
    if destination.groups:
        yield way.group(destination, source, inbound=True)
    if here.id != there.id:
        yield way.acl(there, source, inbound=False, to=source.asks_from)
        yield way.acl(here, destination, inbound=True, to=source.asks_from)


def _local(way: _Way, here: Subnet) -> Step:
    table, address = way.network.route_tables[here.route_table], way.destination.address
    route = route_for(way.network, table, address)
    if route is not None and route.target == "local":
        return Step("route table", table.id, True, f"{table.id} keeps {address} local")
    to = f"sends it to {route.target}" if route else f"has no route to {address}"
    return Step("route table", table.id, False, f"{table.id} {to}")


def _out(way: _Way) -> Iterator[Step]:
    """From a VPC to an address outside, by whatever its route leads to."""
    source, here = way.source, way.subnet(way.source)
    if source.groups:
        yield way.group(source, way.destination, inbound=False)
    yield way.acl(here, way.destination, inbound=False)
    route = route_for(
        way.network, way.network.route_tables[here.route_table], way.destination.address
    )
    yield _route(here, route, way.destination)
    assert route is not None, "without one the way has ended"
    if route.target.startswith("nat-"):
        yield from _by_nat(way, way.network.nats.get(route.target), route)
    elif route.target.startswith("igw-"):
        yield _gateway(way, route.target, here)
        yield _public(source)
    elif route.target in way.network.endpoints:
        yield Step("endpoint", route.target, True, f"{route.target} leads to the service")
    else:
        says = f"{route.target} leads elsewhere, which is not modelled here"
        yield Step("route table", here.route_table, False, says)
    yield way.acl(here, way.destination, inbound=True, to=source.asks_from)


def _route(here: Subnet, route: Route | None, destination: Place) -> Step:
    to = f"{destination.name} {destination.address}"
    if route is None:
        says = f"{here.route_table} of {here.id} has no route to {to}"
        return Step("route table", here.route_table, False, says)
    says = f"{here.route_table} sends {to} to {route.target}, by its route to {route.destination}"
    return Step("route table", here.route_table, True, says)


def _gateway(way: _Way, gateway: str, here: Subnet) -> Step:
    attached = way.network.vpcs[here.vpc].gateway == gateway
    says = "is attached to" if attached else "is not attached to"
    return Step("internet gateway", gateway, attached, f"{gateway} {says} {here.vpc}")


def _public(place: Place) -> Step:
    """An internet gateway only serves who has a public address."""
    has = f"has the public address {place.public}" if place.public else "has no public address"
    return Step("public address", place.name, bool(place.public), f"{place.name} {has}")


def _by_nat(way: _Way, nat: NatGateway | None, route: Route) -> Iterator[Step]:
    """Through a NAT gateway, and from its own subnet on; it has no security groups."""
    if nat is None or not nat.available:
        says = f"{route.target} is deleted: the route to {route.destination} is a blackhole"
        yield Step("NAT gateway", route.target, False, says)
        return
    source, here, there = way.source, way.subnet(way.source), way.network.subnets[nat.subnet]
    if here.id != there.id:
        yield way.acl(there, source, inbound=True)
    if not nat.public:
        yield Step("NAT gateway", nat.id, False, f"{nat.id} is private: it has no public address")
    yield Step("NAT gateway", nat.id, True, f"{nat.id} asks on behalf of {source.name}")
    yield from _from_nat(way, there)
    if here.id != there.id:
        yield way.acl(there, source, inbound=False, to=source.asks_from)


def _from_nat(way: _Way, there: Subnet) -> Iterator[Step]:
    yield way.acl(there, way.destination, inbound=False)
    route = route_for(
        way.network, way.network.route_tables[there.route_table], way.destination.address
    )
    yield _route(there, route, way.destination)
    target = route.target if route else ""
    if target in way.network.endpoints:
        yield Step("endpoint", target, True, f"{target} leads to the service")
    elif target.startswith("igw-"):
        yield _gateway(way, target, there)
    else:
        says = f"{target} does not lead a NAT gateway to the internet"
        yield Step("route table", there.route_table, False, says)
    yield way.acl(there, way.destination, inbound=True, to=ANY_CLIENT)


def _in(way: _Way) -> Iterator[Step]:
    """From the internet to a public address; the subnet's route is what answers leave by."""
    destination, there = way.destination, way.subnet(way.destination)
    yield _public(destination)
    gateway = way.network.vpcs[there.vpc].gateway
    if not gateway:
        yield Step("VPC", there.vpc, False, f"{there.vpc} has no internet gateway")
    yield Step("internet gateway", gateway, True, f"{gateway} leads into {there.vpc}")
    yield way.acl(there, way.source, inbound=True)
    if destination.groups:
        yield way.group(destination, way.source, inbound=True)
    table = way.network.route_tables[there.route_table]
    back = route_for(way.network, table, way.source.address)
    yield _route(there, back, way.source)
    if back is not None and back.target != gateway:
        says = f"{table.id} answers by {back.target}, not by {gateway}"
        yield Step("route table", table.id, False, says)
    yield way.acl(there, way.source, inbound=False, to=way.source.asks_from)
