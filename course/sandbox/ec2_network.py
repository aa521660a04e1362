"""What moto's EC2 lacks of a network that AWS's has, given to it while a sandbox is open.

A default VPC has an internet gateway, and a route to it in its main table. A
route whose target is gone is a blackhole. A subnet of another VPC gives no public
addresses by itself. A gateway endpoint is a route in each table it is associated
with, also after ModifyVpcEndpoint. The addresses of NAT gateways and interface
endpoints come from their subnets, and go back. An adapter: what of moto it stands
on is in ``tests/contract``.

AWS: https://docs.aws.amazon.com/vpc/latest/userguide/default-vpc-components.html
"""

from collections.abc import Callable, Iterable
from contextlib import ExitStack
from hashlib import sha256
from ipaddress import IPv4Address, IPv4Network
from typing import Any
from unittest.mock import patch

EVERYWHERE = "0.0.0.0/0"
RESERVED = 4
"""AWS keeps the first four addresses of a subnet (and the last) for itself."""


def install() -> Callable[[], None]:
    """Give every EC2 made from now on what it lacks, until the undo is called."""
    from moto.ec2.models import EC2Backend
    from moto.ec2.models.route_tables import Route

    ec2: Any = EC2Backend
    with ExitStack() as undo:
        for name, wrapped in (
            ("create_default_vpc", _with_gateway(ec2.create_default_vpc)),
            ("create_subnet", _private_unless_default(ec2.create_subnet)),
            ("create_nat_gateway", _nat_in_its_subnet(ec2.create_nat_gateway)),
            ("delete_nat_gateway", _nat_gone(ec2.delete_nat_gateway)),
            ("create_vpc_endpoint", _endpoint_in_its_subnets(ec2.create_vpc_endpoint)),
            ("modify_vpc_endpoint", _endpoint_in_its_tables(ec2.modify_vpc_endpoint)),
        ):
            undo.enter_context(patch.object(ec2, name, wrapped))
        undo.enter_context(patch.object(Route, "state", property(_state)))
        return undo.pop_all().close


def _with_gateway(create: Callable[..., Any]) -> Callable[..., Any]:
    def create_default_vpc(ec2: Any) -> Any:
        vpc = create(ec2)
        gateway = _gateway(ec2, vpc.id)
        ec2.attach_internet_gateway(gateway.id, vpc.id)
        main = next(
            one
            for one in ec2.route_tables.values()
            if one.vpc_id == vpc.id and one.main_association_id
        )
        ec2.create_route(main.id, EVERYWHERE, gateway_id=gateway.id)
        return vpc

    return create_default_vpc


def _gateway(ec2: Any, vpc_id: str) -> Any:
    """A gateway with an id made of the VPC's: moto's dice, from which all other ids come, stay as they were."""
    from moto.moto_api._internal import mock_random

    chance = mock_random.getstate()
    gateway = ec2.create_internet_gateway()
    mock_random.setstate(chance)
    del ec2.internet_gateways[gateway.id]
    gateway.id = f"igw-{sha256(vpc_id.encode()).hexdigest()[:17]}"
    ec2.internet_gateways[gateway.id] = gateway
    return gateway


def _private_unless_default(create: Callable[..., Any]) -> Callable[..., Any]:
    def create_subnet(ec2: Any, *args: Any, **kwargs: Any) -> Any:
        subnet = create(ec2, *args, **kwargs)
        if not ec2.vpcs[subnet.vpc_id].is_default:
            subnet.default_for_az = subnet.map_public_ip_on_launch = False
        return subnet

    return create_subnet


def _state(route: Any) -> str:
    """``blackhole`` for a route whose target is gone, which moto never says."""
    nat, gateway = route.nat_gateway, route.gateway
    if nat is not None and nat.state != "available":
        return "blackhole"
    if gateway is not None and gateway.id.startswith("igw-"):
        return "active" if _attached(gateway, route.route_table.vpc_id) else "blackhole"
    return "active"


def _attached(gateway: Any, vpc_id: str) -> bool:
    return gateway.vpc is not None and gateway.vpc.id == vpc_id


def _nat_in_its_subnet(create: Callable[..., Any]) -> Callable[..., Any]:
    def create_nat_gateway(ec2: Any, *args: Any, **kwargs: Any) -> Any:
        nat = create(ec2, *args, **kwargs)
        _settle(ec2, nat._eni)
        nat.private_ip = nat.address_set[0]["privateIp"] = nat._eni.private_ip_address
        return nat

    return create_nat_gateway


def _nat_gone(delete: Callable[..., Any]) -> Callable[..., Any]:
    """Its interface is deleted with it, and its Elastic IP address is free for another."""

    def delete_nat_gateway(ec2: Any, nat_gateway_id: str) -> Any:
        nat = delete(ec2, nat_gateway_id)
        for eip in list(ec2.addresses):
            if eip.eni is nat._eni:
                ec2.disassociate_address(association_id=eip.association_id)
        ec2.enis.pop(nat._eni.id, None)
        return nat

    return delete_nat_gateway


def _endpoint_in_its_subnets(create: Callable[..., Any]) -> Callable[..., Any]:
    def create_vpc_endpoint(ec2: Any, *args: Any, **kwargs: Any) -> Any:
        endpoint = create(ec2, *args, **kwargs)
        endpoint.vpc_endpoint_type = endpoint.vpc_endpoint_type or "Gateway"
        for name in endpoint.network_interface_ids:
            _settle(ec2, ec2.enis[name])
        return endpoint

    return create_vpc_endpoint


def _endpoint_in_its_tables(modify: Callable[..., Any]) -> Callable[..., Any]:
    def modify_vpc_endpoint(ec2: Any, **given: Any) -> None:
        (endpoint,) = ec2.describe_vpc_endpoints(vpc_end_point_ids=[given["vpc_id"]])
        before = list(endpoint.route_table_ids or ())
        modify(ec2, **given)
        after, listed = list(endpoint.route_table_ids or ()), endpoint.destination_prefix_list_id
        if listed:
            for table in _missing(after, before):
                ec2.create_route(
                    table, None, gateway_id=endpoint.id, destination_prefix_list_id=listed
                )
            for table in _missing(before, after):
                ec2.delete_route(table, None, destination_prefix_list_id=listed)

    return modify_vpc_endpoint


def _missing(some: Iterable[str], there: Iterable[str]) -> list[str]:
    held = set(there)
    return [one for one in some if one not in held]


def _settle(ec2: Any, eni: Any) -> None:
    """Give an interface the first free address of its subnet, in place of one from anywhere."""
    network = IPv4Network(eni.subnet.cidr_block)
    taken = {one.private_ip_address for one in ec2.enis.values() if one.subnet is eni.subnet}
    taken |= set(eni.subnet._subnet_ips)
    last = int(network.broadcast_address) - 1
    for number in range(int(network.network_address) + RESERVED, last + 1):
        address = str(IPv4Address(number))
        if address not in taken:
            eni.private_ip_address = address
            eni.private_ip_addresses = [{"Primary": True, "PrivateIpAddress": address}]
            return
