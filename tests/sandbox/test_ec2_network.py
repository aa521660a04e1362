"""What moto's EC2 lacks of a network, seen in plain EC2 calls."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network
from typing import Any

import pytest

from course import sandbox

EVERYWHERE = "0.0.0.0/0"


@pytest.fixture
def ec2(lab: Any) -> Any:
    return lab.ec2


def _table(ec2: Any, **by: str) -> dict[str, Any]:
    filters = [{"Name": name.replace("_", "-"), "Values": [value]} for name, value in by.items()]
    (found,) = ec2.describe_route_tables(Filters=filters)["RouteTables"]
    return dict(found)


def _default_vpc(ec2: Any) -> str:
    (vpc,) = ec2.describe_vpcs(Filters=[{"Name": "is-default", "Values": ["true"]}])["Vpcs"]
    return str(vpc["VpcId"])


def _route(ec2: Any, table: str, destination: str = EVERYWHERE) -> dict[str, Any]:
    routes = _by_id(ec2, table)["Routes"]
    (found,) = (one for one in routes if one.get("DestinationCidrBlock") == destination)
    return dict(found)


def _by_id(ec2: Any, table: str) -> dict[str, Any]:
    (found,) = ec2.describe_route_tables(RouteTableIds=[table])["RouteTables"]
    return dict(found)


def test_the_default_vpc_leads_to_the_internet(ec2: Any) -> None:
    vpc = _default_vpc(ec2)
    gateways = ec2.describe_internet_gateways(
        Filters=[{"Name": "attachment.vpc-id", "Values": [vpc]}]
    )["InternetGateways"]
    (gateway,) = (one["InternetGatewayId"] for one in gateways)
    table = _table(ec2, vpc_id=vpc)["RouteTableId"]
    route = _route(ec2, table)
    assert (route["GatewayId"], route["State"]) == (gateway, "active")


def test_a_default_vpc_made_again_does_too() -> None:
    """In a world without other subnets, which moto would take for the default ones."""
    with sandbox.open() as aws:
        ec2 = aws.client("ec2")
        vpc = _default_vpc(ec2)
        for subnet in ec2.describe_subnets()["Subnets"]:
            ec2.delete_subnet(SubnetId=subnet["SubnetId"])
        ec2.delete_vpc(VpcId=vpc)
        again = ec2.create_default_vpc()["Vpc"]["VpcId"]
        routes = _table(ec2, vpc_id=again)["Routes"]
    assert EVERYWHERE in [one["DestinationCidrBlock"] for one in routes]


def test_the_gateways_id_takes_nothing_from_motos_dice() -> None:
    """The ids of what is made after the default VPC are those that golden stories have."""

    def ids() -> tuple[str, str]:
        with sandbox.open() as aws:
            client = aws.client("ec2")
            made = client.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
            gateways = client.describe_internet_gateways()["InternetGateways"]
            return str(made), str(gateways[0]["InternetGatewayId"])

    first = ids()
    assert first == ids()
    assert first[0].removeprefix("vpc-") != first[1].removeprefix("igw-")


def test_a_vpc_of_ones_own_has_no_gateway_and_its_subnets_no_public_addresses(ec2: Any) -> None:
    vpc = ec2.create_vpc(CidrBlock="10.5.0.0/16")["Vpc"]["VpcId"]
    made = ec2.create_subnet(VpcId=vpc, CidrBlock="10.5.0.0/24")["Subnet"]
    assert len(_table(ec2, vpc_id=vpc)["Routes"]) == 1
    assert (made["MapPublicIpOnLaunch"], made["DefaultForAz"]) == (False, False)
    zones = ec2.describe_subnets(Filters=[{"Name": "vpc-id", "Values": [_default_vpc(ec2)]}])
    assert all(one["MapPublicIpOnLaunch"] for one in zones["Subnets"])


def test_a_route_whose_target_is_gone_is_a_blackhole(ec2: Any, lab: Any) -> None:
    table = ec2.create_route_table(VpcId=lab.vpc)["RouteTable"]["RouteTableId"]
    address = ec2.allocate_address(Domain="vpc")["AllocationId"]
    nat = ec2.create_nat_gateway(SubnetId=lab.subnets[0], AllocationId=address)["NatGateway"]
    ec2.create_route(
        RouteTableId=table, DestinationCidrBlock=EVERYWHERE, NatGatewayId=nat["NatGatewayId"]
    )
    assert _route(ec2, table)["State"] == "active"
    ec2.delete_nat_gateway(NatGatewayId=nat["NatGatewayId"])
    assert _route(ec2, table)["State"] == "blackhole"


def test_a_route_to_a_detached_internet_gateway_is_a_blackhole(ec2: Any) -> None:
    vpc = _default_vpc(ec2)
    table = _table(ec2, vpc_id=vpc)["RouteTableId"]
    gateway = _route(ec2, table)["GatewayId"]
    ec2.detach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    assert _route(ec2, table)["State"] == "blackhole"
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    assert _route(ec2, table)["State"] == "active"


def test_a_nat_gateway_takes_an_address_of_its_subnet_and_gives_it_back(ec2: Any, lab: Any) -> None:
    address = ec2.allocate_address(Domain="vpc")["AllocationId"]
    before = lab.free_addresses()
    nat = ec2.create_nat_gateway(SubnetId=lab.subnets[0], AllocationId=address)["NatGateway"]
    assert nat["NatGatewayAddresses"][0]["PrivateIp"] == "10.0.1.4"
    assert lab.free_addresses() == before - 1
    ec2.delete_nat_gateway(NatGatewayId=nat["NatGatewayId"])
    assert lab.free_addresses() == before
    again = ec2.create_nat_gateway(SubnetId=lab.subnets[0], AllocationId=address)["NatGateway"]
    assert again["State"] == "available", "the Elastic IP address is free again"


def test_an_interface_endpoint_takes_an_address_in_each_of_its_subnets(ec2: Any, lab: Any) -> None:
    (task,) = lab.run()
    lab.clock.advance(minutes=1)
    made = ec2.create_vpc_endpoint(
        VpcId=lab.vpc,
        ServiceName="com.amazonaws.us-east-1.ecr.api",
        VpcEndpointType="Interface",
        SubnetIds=lab.subnets,
    )["VpcEndpoint"]
    found = ec2.describe_network_interfaces(NetworkInterfaceIds=made["NetworkInterfaceIds"])
    addresses = [one["PrivateIpAddress"] for one in found["NetworkInterfaces"]]
    for cidr, address in zip(("10.0.1.0/24", "10.0.2.0/24"), sorted(addresses), strict=True):
        assert IPv4Address(address) in IPv4Network(cidr)
    details = {one["name"]: one["value"] for one in lab.task(task)["attachments"][0]["details"]}
    assert details["privateIPv4Address"] not in addresses


def test_a_gateway_endpoint_is_a_route_in_the_tables_it_is_associated_with(
    ec2: Any, lab: Any
) -> None:
    tables = [ec2.create_route_table(VpcId=lab.vpc)["RouteTable"]["RouteTableId"] for _ in range(2)]
    made = ec2.create_vpc_endpoint(
        VpcId=lab.vpc, ServiceName="com.amazonaws.us-east-1.s3", RouteTableIds=tables[:1]
    )["VpcEndpoint"]["VpcEndpointId"]

    def targets() -> list[list[str]]:
        return [[one["GatewayId"] for one in _by_id(ec2, table)["Routes"]] for table in tables]

    assert targets() == [["local", made], ["local"]]
    ec2.modify_vpc_endpoint(
        VpcEndpointId=made, AddRouteTableIds=tables[1:], RemoveRouteTableIds=tables[:1]
    )
    assert targets() == [["local"], ["local", made]]
    ec2.delete_vpc_endpoints(VpcEndpointIds=[made])
    assert targets() == [["local"], ["local"]]
