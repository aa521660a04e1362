"""The picture of a Region's network as moto's EC2 has it now.

An adapter: it reads moto's EC2 and changes nothing there; what moto lacks of a
network, ``ec2_network`` has given it before.

AWS: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Operations_Amazon_VPC.html
"""

from collections.abc import Iterable, Iterator
from typing import Any

from moto.ec2.models import ec2_backends

from course.sandbox.network.picture import (
    ANY_CLIENT,
    EVERY_PORT,
    LINUX,
    AclEntry,
    Endpoint,
    NatGateway,
    Network,
    NetworkAcl,
    Place,
    Ports,
    Route,
    RouteTable,
    Rule,
    SecurityGroup,
    Subnet,
    Vpc,
    block,
    is_in,
)

RESERVED = 4
"""AWS keeps the first four addresses of a subnet for itself."""

PASSES_ON = ("ELB ", "VPC link ")
"""How the descriptions of the network interfaces of load balancers and VPC links begin."""

PROTOCOLS = {"6": "tcp", "17": "udp", "1": "icmp"}
"""A network ACL's protocol numbers."""

TARGETS = (
    "gateway_id",
    "nat_gateway_id",
    "instance_id",
    "transit_gateway_id",
    "network_interface_id",
    "vpc_peering_connection_id",
    "egress_only_internet_gateway_id",
    "carrier_gateway_id",
)


def network_of(account_id: str, region: str) -> Network:
    """All of a Region's network that decides who reaches whom."""
    ec2: Any = ec2_backends[account_id][region]
    endpoints = {key: _endpoint(ec2, one) for key, one in ec2.vpc_end_points.items()}
    return Network(
        region=region,
        vpcs={key: _vpc(ec2, one) for key, one in ec2.vpcs.items()},
        subnets={one.id: one for one in _subnets(ec2)},
        route_tables={key: _table(one) for key, one in ec2.route_tables.items()},
        acls={key: _acl(one) for key, one in ec2.network_acls.items()},
        groups={one.id: one for one in _groups(ec2)},
        nats={key: _nat(one) for key, one in ec2.nat_gateways.items()},
        endpoints=endpoints,
        prefix_lists={key: _blocks(one) for key, one in ec2.managed_prefix_lists.items()},
        service_lists={one.prefix_list_name: key for key, one in ec2.managed_prefix_lists.items()},
    )


def interface_place(account_id: str, region: str, interface_id: str) -> Place | None:
    """A network interface as it is now; None for one that is not there."""
    eni = ec2_backends[account_id][region].enis.get(interface_id)
    return None if eni is None else _place(eni)


def instance_place(account_id: str, region: str, instance_id: str) -> Place | None:
    """The primary network interface of an EC2 instance; None for an instance without one."""
    ec2: Any = ec2_backends[account_id][region]
    for reservation in ec2.reservations.values():
        for one in reservation.instances:
            if one.id == instance_id and 0 in one.nics:
                return _place(one.nics[0])
    return None


def place_at(account_id: str, region: str, vpc_id: str, address: str) -> Place | None:
    """Whose private address this is in a VPC; None for nobody's."""
    ec2: Any = ec2_backends[account_id][region]
    for zone in ec2.subnets.values():
        for subnet in zone.values():
            if subnet.vpc_id == vpc_id and is_in(address, subnet.cidr_block):
                return _place_in(ec2, subnet, address)
    return None


def _place_in(ec2: Any, subnet: Any, address: str) -> Place | None:
    """By the subnet's own list, where tasks and instances are; else by looking at every interface."""
    holder = subnet._subnet_ips.get(address)
    holder = holder.nics.get(0) if hasattr(holder, "nics") else holder
    if holder is None or holder.id not in ec2.enis:
        every = ec2.enis.values()
        holder = next(
            (
                one
                for one in every
                if one.subnet.id == subnet.id and one.private_ip_address == address
            ),
            None,
        )
    return None if holder is None else _place(holder)


def first_address(cidr: str) -> str:
    """The first address of a subnet that is not AWS's own."""
    return str(block(cidr).network_address + RESERVED)


def _place(eni: Any) -> Place:
    """Containers and instances ask from the ports Linux uses; load balancers and VPC links from more."""
    passes_on = eni.description.startswith(PASSES_ON)
    return Place(
        name=eni.id,
        subnet=eni.subnet.id,
        address=eni.private_ip_address,
        groups=tuple(sorted(one.id for one in eni.group_set)),
        public=eni.public_ip or "",
        asks_from=ANY_CLIENT if passes_on else LINUX,
    )


def _vpc(ec2: Any, vpc: Any) -> Vpc:
    attached = (key for key, one in ec2.internet_gateways.items() if one.vpc is vpc)
    return Vpc(
        id=vpc.id,
        dns_support=_is_on(vpc.enable_dns_support),
        dns_hostnames=_is_on(vpc.enable_dns_hostnames),
        gateway=next(attached, ""),
    )


def _is_on(value: Any) -> bool:
    """A VPC's attribute: born a bool, and after ModifyVpcAttribute the text of the request."""
    return str(value).lower() == "true"


def _subnets(ec2: Any) -> Iterator[Subnet]:
    tables = {
        target: table.id
        for table in ec2.route_tables.values()
        for target in table._associations.values()
    }
    main = {one.vpc_id: one.id for one in ec2.route_tables.values() if one.main_association_id}
    acls = {
        association.subnet_id: acl.id
        for acl in ec2.network_acls.values()
        for association in acl.associations
    }
    for zone in ec2.subnets.values():
        for one in zone.values():
            yield Subnet(
                id=one.id,
                vpc=one.vpc_id,
                zone=one.availability_zone,
                cidr=one.cidr_block,
                route_table=tables.get(one.id, main.get(one.vpc_id, "")),
                acl=acls.get(one.id, ""),
            )


def _table(table: Any) -> RouteTable:
    return RouteTable(table.id, tuple(route for one in table.routes if (route := _route(one))))


def _route(route: Any) -> Route | None:
    """One route; None for one of IPv6."""
    destination = route.destination_cidr_block or route.destination_prefix_list_id
    targets = (getattr(route, name) for name in TARGETS)
    target = next((str(one) for one in targets if one), "")
    return Route(destination, target) if destination else None


def _acl(acl: Any) -> NetworkAcl:
    entries = [
        (bool(one.egress) and str(one.egress).lower() != "false", _entry(one))
        for one in acl.entries
        if one.cidr_block
    ]
    return NetworkAcl(
        acl.id,
        inbound=tuple(entry for egress, entry in entries if not egress),
        outbound=tuple(entry for egress, entry in entries if egress),
    )


def _entry(entry: Any) -> AclEntry:
    protocol = PROTOCOLS.get(str(entry.protocol), str(entry.protocol))
    return AclEntry(
        number=int(entry.rule_number),
        allows=entry.rule_action == "allow",
        cidr=entry.cidr_block,
        protocol=protocol,
        ports=_ports(entry.port_range_from, entry.port_range_to),
    )


def _ports(first: Any, last: Any) -> Ports:
    return EVERY_PORT if first is None or last is None else (int(first), int(last))


def _groups(ec2: Any) -> Iterator[SecurityGroup]:
    for held in ec2.groups.values():
        for one in held.values():
            yield SecurityGroup(
                one.id, tuple(_rules(one.ingress_rules)), tuple(_rules(one.egress_rules))
            )


def _rules(rules: Iterable[Any]) -> Iterator[Rule]:
    """IPv4 rules; moto has an object for each CIDR block, group or prefix list."""
    for one in rules:
        cidr, group = one.cidr_ipv4 or "", (one.source_group or {}).get("GroupId", "")
        listed = one.prefix_list_id or ""
        if cidr or group or listed:
            protocol = one.ip_protocol or "-1"
            yield Rule(cidr, group, listed, protocol, _ports(one.from_port, one.to_port))


def _nat(nat: Any) -> NatGateway:
    return NatGateway(
        nat.id, nat.subnet_id, nat.connectivity_type != "private", nat.state == "available"
    )


def _endpoint(ec2: Any, endpoint: Any) -> Endpoint:
    gateway = (endpoint.vpc_endpoint_type or "Gateway").lower() == "gateway"
    groups = endpoint.security_group_ids or _default_group(ec2, endpoint.vpc_id)
    return Endpoint(
        id=endpoint.id,
        vpc=endpoint.vpc_id,
        service=endpoint.service_name,
        gateway=gateway,
        nodes=() if gateway else tuple(_nodes(ec2, endpoint)),
        groups=() if gateway else tuple(groups),
        private_dns=_is_on(endpoint.private_dns_enabled),
        policy=endpoint.policy_document,
        available=endpoint.state == "available",
    )


def _nodes(ec2: Any, endpoint: Any) -> Iterator[tuple[str, str]]:
    """Where an endpoint is; for a subnet that was added later moto makes no interface."""
    own = [ec2.enis[one] for one in endpoint.network_interface_ids if one in ec2.enis]
    held = {eni.subnet.id: eni.private_ip_address for eni in own}
    for name in endpoint.subnet_ids or ():
        for zone in ec2.subnets.values():
            if name in zone:
                yield name, held.get(name) or first_address(zone[name].cidr_block)


def _default_group(ec2: Any, vpc_id: str) -> list[str]:
    group = ec2.get_default_security_group(vpc_id)
    return [group.id] if group else []


def _blocks(prefix_list: Any) -> tuple[str, ...]:
    """The newest version's IPv4 blocks."""
    versions = list(prefix_list.entries.values())
    if prefix_list.address_family != "IPv4" or not versions:
        return ()
    return tuple(one["Cidr"] for one in versions[-1])
