"""A way to the internet for a VPC's subnets: how exercises look at it, and how tests build one."""

from ipaddress import IPv4Network
from typing import Any

EVERYWHERE = "0.0.0.0/0"


def lead_out_by_nat(ec2: Any, vpc: str) -> str:
    """Lead a VPC's main route table to a NAT gateway in a public subnet of its own; the gateway's id.

    *ec2* is a client, *vpc* the id of a VPC without an internet gateway. Its last 16
    addresses become the public subnet.
    """
    (shape,) = ec2.describe_vpcs(VpcIds=[vpc])["Vpcs"]
    *_, last = IPv4Network(shape["CidrBlock"]).subnets(new_prefix=28)
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock=str(last))["Subnet"]["SubnetId"]
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    public = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    ec2.associate_route_table(RouteTableId=public, SubnetId=subnet)
    _lead(ec2, public, GatewayId=gateway)
    address = ec2.allocate_address(Domain="vpc")["AllocationId"]
    nat = ec2.create_nat_gateway(SubnetId=subnet, AllocationId=address)["NatGateway"]
    ec2.get_waiter("nat_gateway_available").wait(NatGatewayIds=[nat["NatGatewayId"]])
    _lead(ec2, _main(ec2, vpc)["RouteTableId"], NatGatewayId=nat["NatGatewayId"])
    return str(nat["NatGatewayId"])


def way_out(ec2: Any, subnet: str) -> tuple[str, str]:
    """A subnet's route table, and what its route to the internet leads to; empty without one, or for a blackhole."""
    own = ec2.describe_route_tables(
        Filters=[{"Name": "association.subnet-id", "Values": [subnet]}]
    )["RouteTables"]
    (shape,) = ec2.describe_subnets(SubnetIds=[subnet])["Subnets"]
    (table,) = own or [_main(ec2, shape["VpcId"])]
    for route in table["Routes"]:
        if route.get("DestinationCidrBlock") == EVERYWHERE and route["State"] == "active":
            target = route.get("GatewayId") or route.get("NatGatewayId") or ""
            return str(table["RouteTableId"]), str(target)
    return str(table["RouteTableId"]), ""


def _lead(ec2: Any, table: str, **to: str) -> None:
    ec2.create_route(RouteTableId=table, DestinationCidrBlock=EVERYWHERE, **to)


def _main(ec2: Any, vpc: str) -> dict[str, Any]:
    filters = [
        {"Name": "vpc-id", "Values": [vpc]},
        {"Name": "association.main", "Values": ["true"]},
    ]
    (found,) = ec2.describe_route_tables(Filters=filters)["RouteTables"]
    return dict(found)
