"""A Region's network as a plain picture: VPCs, subnets, routes, gateways, endpoints and what filters. Pure.

The rules of reachability look at nothing else. IPv4 only.

AWS: https://docs.aws.amazon.com/vpc/latest/userguide/how-it-works.html
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network

Ports = tuple[int, int]
"""First and last."""

EVERY_PORT: Ports = (0, 65535)
ANY_CLIENT: Ports = (1024, 65535)
"""From which ports load balancers, NAT gateways and clients on the internet ask, so where answers go."""

LINUX: Ports = (32768, 60999)
"""From which ports a container or an instance asks; AWS's guide says 32768-61000, the kernel ends one earlier."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where traffic starts or ends: a network interface, or a load balancer's node in one subnet.

    *name* is the id of what it is. Without *groups* no security group filters there (a
    Network Load Balancer may have none). *public* is its public address, if it has one;
    *asks_from* are the ports it asks from. Without a *subnet* it is outside every VPC.
    """

    name: str
    subnet: str
    address: str
    groups: tuple[str, ...] = ()
    public: str = ""
    asks_from: Ports = LINUX


INTERNET = Place("internet", "", "203.0.113.10", asks_from=ANY_CLIENT)
"""Somebody out there; one address of those kept for documentation stands for all."""


@dataclass(frozen=True, slots=True)
class Route:
    """*destination* is a CIDR block or a prefix list's id, *target* ``local`` or an id."""

    destination: str
    target: str


@dataclass(frozen=True, slots=True)
class RouteTable:
    """A route table, whatever the order of its routes."""

    id: str
    routes: tuple[Route, ...] = ()


@dataclass(frozen=True, slots=True)
class AclEntry:
    """One numbered rule of a network ACL; protocol ``-1`` is all."""

    number: int
    allows: bool
    cidr: str
    protocol: str = "-1"
    ports: Ports = EVERY_PORT


@dataclass(frozen=True, slots=True)
class NetworkAcl:
    """A network ACL's entries for each direction."""

    id: str
    inbound: tuple[AclEntry, ...] = ()
    outbound: tuple[AclEntry, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of a security group: for a CIDR block, a security group, or a prefix list."""

    cidr: str = ""
    group: str = ""
    prefix_list: str = ""
    protocol: str = "-1"
    ports: Ports = EVERY_PORT


@dataclass(frozen=True, slots=True)
class SecurityGroup:
    """A security group's rules for each direction."""

    id: str
    inbound: tuple[Rule, ...] = ()
    outbound: tuple[Rule, ...] = ()


@dataclass(frozen=True, slots=True)
class Subnet:
    """A subnet with the route table and the network ACL that count for it."""

    id: str
    vpc: str
    zone: str
    cidr: str
    route_table: str
    acl: str


@dataclass(frozen=True, slots=True)
class NatGateway:
    """A NAT gateway; only a *public* one leads to the internet, and only while it is available."""

    id: str
    subnet: str
    public: bool = True
    available: bool = True


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A VPC endpoint of *service*, ``com.amazonaws.us-east-1.ecr.api`` for example.

    A *gateway* endpoint is a target of routes; an interface endpoint has an address in
    each of its subnets (*nodes*: subnet and address), and security groups.
    """

    id: str
    vpc: str
    service: str
    gateway: bool = False
    nodes: tuple[tuple[str, str], ...] = ()
    groups: tuple[str, ...] = ()
    private_dns: bool = True
    policy: str = ""
    available: bool = True


@dataclass(frozen=True, slots=True)
class Vpc:
    """A VPC, its two DNS settings, and the internet gateway attached to it, if any."""

    id: str
    dns_support: bool = True
    dns_hostnames: bool = True
    gateway: str = ""


@dataclass(frozen=True, slots=True)
class Network:
    """All of a Region that decides who reaches whom, by id; *prefix_lists* are CIDR blocks by id."""

    region: str
    vpcs: Mapping[str, Vpc] = field(default_factory=dict)
    subnets: Mapping[str, Subnet] = field(default_factory=dict)
    route_tables: Mapping[str, RouteTable] = field(default_factory=dict)
    acls: Mapping[str, NetworkAcl] = field(default_factory=dict)
    groups: Mapping[str, SecurityGroup] = field(default_factory=dict)
    nats: Mapping[str, NatGateway] = field(default_factory=dict)
    endpoints: Mapping[str, Endpoint] = field(default_factory=dict)
    prefix_lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    service_lists: Mapping[str, str] = field(default_factory=dict)
    """The prefix list of each service that a gateway endpoint can serve, by the service's name."""

    def vpc_of(self, place: Place) -> Vpc:
        """The VPC a place is in."""
        return self.vpcs[self.subnets[place.subnet].vpc]


@lru_cache(maxsize=4096)
def block(cidr: str) -> IPv4Network:
    """A CIDR block, read once."""
    return IPv4Network(cidr, strict=False)


@lru_cache(maxsize=4096)
def _address(text: str) -> IPv4Address:
    return IPv4Address(text)


def is_in(address: str, cidr: str) -> bool:
    """Whether an IPv4 address lies in a CIDR block."""
    return _address(address) in block(cidr)
