"""A real VPC in plain EC2 calls: each element alone is taken away, names itself, and is put back."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from course.sandbox.authorize.patterns import context
from course.sandbox.authorize.policy import Request
from course.sandbox.authorize.principals import Principal
from course.sandbox.network.picture import Place
from course.sandbox.network.verdict import Verdict
from course.sandbox.network.ways import Ways

REGION = "us-east-1"
EVERYWHERE = "0.0.0.0/0"
ALL_TCP = {"IpProtocol": "tcp", "FromPort": 80, "ToPort": 80}
ASKED = Request(
    Principal("arn:aws:sts::123456789012:assumed-role/execution/task", "123456789012"),
    "ecr:GetAuthorizationToken",
    "*",
    context({}),
)


class Plot:
    """A VPC with a public subnet, one behind a NAT gateway, and one that has endpoints alone."""

    def __init__(self, lab: Any) -> None:
        self.ec2 = lab.ec2
        self.ways = Ways(lab.aws.world, REGION)
        self.vpc = self.ec2.create_vpc(CidrBlock="10.7.0.0/16")["Vpc"]["VpcId"]
        self.dns("Hostnames", True)
        self.gateway = self.ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
        self.attach()
        names = ("public", "nat", "closed")
        self.subnets = {name: self.subnet(number) for number, name in enumerate(names, 1)}
        self.tables = {name: self.table(self.subnets[name]) for name in names}
        self.acls = {name: self.acl(self.subnets[name]) for name in names}
        self.route("public", GatewayId=self.gateway)
        self.address = self.ec2.allocate_address(Domain="vpc")["AllocationId"]
        self.nat = self.ec2.create_nat_gateway(
            SubnetId=self.subnets["public"], AllocationId=self.address
        )["NatGateway"]["NatGatewayId"]
        self.route("nat", NatGatewayId=self.nat)
        self.groups = {name: self.group(name) for name in ("balancer", "task", "endpoint")}
        self.allow("task", 80, group="balancer")
        self.allow("endpoint", 443, cidr="10.7.0.0/16")
        self.endpoints = {"ecr.api": self.endpoint("ecr.api"), "s3": self.endpoint("s3")}
        self.places = {name: self.interface(name) for name in names}

    def subnet(self, number: int) -> str:
        made = self.ec2.create_subnet(
            VpcId=self.vpc, CidrBlock=f"10.7.{number}.0/24", AvailabilityZone=f"{REGION}a"
        )
        return str(made["Subnet"]["SubnetId"])

    def table(self, subnet: str) -> str:
        table = self.ec2.create_route_table(VpcId=self.vpc)["RouteTable"]["RouteTableId"]
        self.ec2.associate_route_table(RouteTableId=table, SubnetId=subnet)
        return str(table)

    def acl(self, subnet: str) -> str:
        """A network ACL of the subnet's own, with the two rules that a default one has."""
        acl = self.ec2.create_network_acl(VpcId=self.vpc)["NetworkAcl"]["NetworkAclId"]
        found = self.ec2.describe_network_acls(
            Filters=[{"Name": "association.subnet-id", "Values": [subnet]}]
        )["NetworkAcls"]
        (old,) = (
            one["NetworkAclAssociationId"]
            for one in found[0]["Associations"]
            if one["SubnetId"] == subnet
        )
        self.ec2.replace_network_acl_association(AssociationId=old, NetworkAclId=acl)
        for egress in (True, False):
            self.entry(acl, 100, egress, "allow")
        return str(acl)

    def entry(self, acl: str, number: int, egress: bool, action: str) -> None:
        self.ec2.create_network_acl_entry(
            NetworkAclId=acl,
            RuleNumber=number,
            Egress=egress,
            RuleAction=action,
            Protocol="-1",
            CidrBlock=EVERYWHERE,
        )

    def shut(self, acl: str, egress: bool) -> None:
        self.ec2.delete_network_acl_entry(NetworkAclId=acl, RuleNumber=100, Egress=egress)

    def group(self, name: str) -> str:
        made = self.ec2.create_security_group(GroupName=name, Description=name, VpcId=self.vpc)
        return str(made["GroupId"])

    def _rule(self, port: int, group: str = "", cidr: str = "") -> list[dict[str, Any]]:
        rule: dict[str, Any] = {"IpProtocol": "tcp", "FromPort": port, "ToPort": port}
        rule |= {"UserIdGroupPairs": [{"GroupId": self.groups[group]}]} if group else {}
        return [rule | ({"IpRanges": [{"CidrIp": cidr}]} if cidr else {})]

    def allow(self, name: str, port: int, **who: str) -> None:
        self.ec2.authorize_security_group_ingress(
            GroupId=self.groups[name], IpPermissions=self._rule(port, **who)
        )

    def forbid(self, name: str, port: int, **who: str) -> None:
        self.ec2.revoke_security_group_ingress(
            GroupId=self.groups[name], IpPermissions=self._rule(port, **who)
        )

    def leave(self, name: str, allowed: bool) -> None:
        """The outbound rule that a security group is born with."""
        every = [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": EVERYWHERE}]}]
        change = "authorize" if allowed else "revoke"
        getattr(self.ec2, f"{change}_security_group_egress")(
            GroupId=self.groups[name], IpPermissions=every
        )

    def endpoint(self, service: str) -> str:
        given: dict[str, Any] = {
            "VpcId": self.vpc,
            "ServiceName": f"com.amazonaws.{REGION}.{service}",
        }
        if service == "s3":
            given |= {"VpcEndpointType": "Gateway", "RouteTableIds": [self.tables["closed"]]}
        else:
            given |= {
                "VpcEndpointType": "Interface",
                "SubnetIds": [self.subnets["closed"]],
                "SecurityGroupIds": [self.groups["endpoint"]],
                "PrivateDnsEnabled": True,
            }
        return str(self.ec2.create_vpc_endpoint(**given)["VpcEndpoint"]["VpcEndpointId"])

    def interface(self, name: str) -> Callable[[], Place]:
        """A task's network interface, asked for anew each time; in the public subnet with a public address."""
        made = self.ec2.create_network_interface(
            SubnetId=self.subnets[name], Groups=[self.groups["task"]]
        )["NetworkInterface"]["NetworkInterfaceId"]
        if name == "public":
            self.public = self.ec2.allocate_address(Domain="vpc")["AllocationId"]
            self.eni = made
            self.associate()

        def place() -> Place:
            found = self.ways.interface(made)
            assert found is not None
            return found

        return place

    def associate(self) -> None:
        made = self.ec2.associate_address(AllocationId=self.public, NetworkInterfaceId=self.eni)
        self.association = made["AssociationId"]

    def disassociate(self) -> None:
        self.ec2.disassociate_address(AssociationId=self.association)

    def attach(self) -> None:
        self.ec2.attach_internet_gateway(InternetGatewayId=self.gateway, VpcId=self.vpc)

    def detach(self) -> None:
        self.ec2.detach_internet_gateway(InternetGatewayId=self.gateway, VpcId=self.vpc)

    def route(self, name: str, **to: str) -> None:
        self.ec2.create_route(RouteTableId=self.tables[name], DestinationCidrBlock=EVERYWHERE, **to)

    def unroute(self, name: str) -> None:
        self.ec2.delete_route(RouteTableId=self.tables[name], DestinationCidrBlock=EVERYWHERE)

    def renat(self) -> None:
        """Another NAT gateway in place of a deleted one, and the route led to it.

        With an address of its own: moto does not give back that of a deleted one.
        """
        self.address = self.ec2.allocate_address(Domain="vpc")["AllocationId"]
        made = self.ec2.create_nat_gateway(
            SubnetId=self.subnets["public"], AllocationId=self.address
        )
        nat = made["NatGateway"]["NatGatewayId"]
        self.ec2.replace_route(
            RouteTableId=self.tables["nat"], DestinationCidrBlock=EVERYWHERE, NatGatewayId=nat
        )

    def dns(self, what: str, on: bool) -> None:
        self.ec2.modify_vpc_attribute(VpcId=self.vpc, **{f"EnableDns{what}": {"Value": on}})

    def delete_endpoint(self, service: str) -> None:
        self.ec2.delete_vpc_endpoints(VpcEndpointIds=[self.endpoints[service]])

    def policy(self, service: str, effect: str) -> None:
        statement = {"Effect": effect, "Principal": "*", "Action": "*", "Resource": "*"}
        self.ec2.modify_vpc_endpoint(
            VpcEndpointId=self.endpoints[service],
            PolicyDocument=json.dumps({"Statement": [statement]}),
        )

    def tables_of_s3(self, change: str) -> None:
        self.ec2.modify_vpc_endpoint(
            VpcEndpointId=self.endpoints["s3"],
            **{f"{change}RouteTableIds": [self.tables["closed"]]},
        )

    # --- What is asked

    def ask(self, what: str) -> Verdict:
        """``public internet``, ``closed s3``: from a subnet; ``balancer nat``: to one; or from the internet."""
        source, target = what.split()
        if source == "balancer":
            nodes = self.ways.nodes("app/web", [self.subnets["public"]], [self.groups["balancer"]])
            return self.ways.between(nodes, self.places[target]().address, 80)
        if source == "internet":
            return self.ways.from_internet(self.places[target](), 80)
        place = self.places[source]()
        if target == "internet":
            return self.ways.to_internet(place)
        return self.ways.to_service(place, target, [ASKED])


@pytest.fixture
def plot(lab: Any) -> Plot:
    return Plot(lab)


Change = Callable[[Plot], object]
Named = Callable[[Plot], str]

FLIPS: dict[str, tuple[str, Change, Change, Named]] = {
    "route out": (
        "public internet",
        lambda p: p.unroute("public"),
        lambda p: p.route("public", GatewayId=p.gateway),
        lambda p: p.tables["public"],
    ),
    "route to NAT": (
        "nat internet",
        lambda p: p.unroute("nat"),
        lambda p: p.route("nat", NatGatewayId=p.nat),
        lambda p: p.tables["nat"],
    ),
    "NAT gateway": (
        "nat internet",
        lambda p: p.ec2.delete_nat_gateway(NatGatewayId=p.nat),
        lambda p: p.renat(),
        lambda p: p.nat,
    ),
    "NAT gateway's own route": (
        "nat internet",
        lambda p: p.unroute("public"),
        lambda p: p.route("public", GatewayId=p.gateway),
        lambda p: p.tables["public"],
    ),
    "internet gateway": (
        "public internet",
        lambda p: p.detach(),
        lambda p: p.attach(),
        lambda p: p.gateway,
    ),
    "public address": (
        "public internet",
        lambda p: p.disassociate(),
        lambda p: p.associate(),
        lambda p: p.eni,
    ),
    "network ACL out": (
        "nat internet",
        lambda p: p.shut(p.acls["nat"], True),
        lambda p: p.entry(p.acls["nat"], 100, True, "allow"),
        lambda p: p.acls["nat"],
    ),
    "network ACL in, for the answer": (
        "nat internet",
        lambda p: p.shut(p.acls["nat"], False),
        lambda p: p.entry(p.acls["nat"], 100, False, "allow"),
        lambda p: p.acls["nat"],
    ),
    "network ACL of the NAT gateway": (
        "nat internet",
        lambda p: p.entry(p.acls["public"], 50, False, "deny"),
        lambda p: p.ec2.delete_network_acl_entry(
            NetworkAclId=p.acls["public"], RuleNumber=50, Egress=False
        ),
        lambda p: p.acls["public"],
    ),
    "network ACL in, for a request": (
        "balancer nat",
        lambda p: p.shut(p.acls["nat"], False),
        lambda p: p.entry(p.acls["nat"], 100, False, "allow"),
        lambda p: p.acls["nat"],
    ),
    "network ACL out, for the answer": (
        "balancer nat",
        lambda p: p.shut(p.acls["nat"], True),
        lambda p: p.entry(p.acls["nat"], 100, True, "allow"),
        lambda p: p.acls["nat"],
    ),
    "security group out": (
        "nat internet",
        lambda p: p.leave("task", False),
        lambda p: p.leave("task", True),
        lambda p: p.groups["task"],
    ),
    "security group out of the balancer": (
        "balancer nat",
        lambda p: p.leave("balancer", False),
        lambda p: p.leave("balancer", True),
        lambda p: p.groups["balancer"],
    ),
    "security group in, from a group": (
        "balancer nat",
        lambda p: p.forbid("task", 80, group="balancer"),
        lambda p: p.allow("task", 80, group="balancer"),
        lambda p: p.groups["task"],
    ),
    "endpoint": (
        "closed ecr.api",
        lambda p: p.delete_endpoint("ecr.api"),
        lambda p: p.endpoint("ecr.api"),
        lambda p: p.endpoints["ecr.api"],
    ),
    "endpoint's security group": (
        "closed ecr.api",
        lambda p: p.forbid("endpoint", 443, cidr="10.7.0.0/16"),
        lambda p: p.allow("endpoint", 443, cidr="10.7.0.0/16"),
        lambda p: p.groups["endpoint"],
    ),
    "endpoint's policy": (
        "closed ecr.api",
        lambda p: p.policy("ecr.api", "Deny"),
        lambda p: p.policy("ecr.api", "Allow"),
        lambda p: p.endpoints["ecr.api"],
    ),
    "gateway endpoint": (
        "closed s3",
        lambda p: p.delete_endpoint("s3"),
        lambda p: p.endpoint("s3"),
        lambda p: p.endpoints["s3"],
    ),
    "gateway endpoint's route tables": (
        "closed s3",
        lambda p: p.tables_of_s3("Remove"),
        lambda p: p.tables_of_s3("Add"),
        lambda p: p.tables["closed"],
    ),
    "gateway endpoint's policy": (
        "closed s3",
        lambda p: p.policy("s3", "Deny"),
        lambda p: p.policy("s3", "Allow"),
        lambda p: p.endpoints["s3"],
    ),
    "DNS support": (
        "nat internet",
        lambda p: p.dns("Support", False),
        lambda p: p.dns("Support", True),
        lambda p: p.vpc,
    ),
    "DNS hostnames": (
        "closed ecr.api",
        lambda p: p.dns("Hostnames", False),
        lambda p: p.dns("Hostnames", True),
        lambda p: p.vpc,
    ),
}


@pytest.mark.parametrize("flip", FLIPS)
def test_each_element_alone_decides_and_put_back_it_works_again(plot: Plot, flip: str) -> None:
    asked, take_away, put_back, named = FLIPS[flip]
    assert plot.ask(asked).reached, plot.ask(asked).why
    take_away(plot)
    verdict = plot.ask(asked)
    assert (verdict.reached, verdict.element) == (False, named(plot)), verdict.why
    put_back(plot)
    assert plot.ask(asked).reached, plot.ask(asked).why


def test_from_the_internet_to_a_public_address(plot: Plot) -> None:
    assert plot.ask("internet public").element == plot.groups["task"]
    plot.allow("task", 80, cidr=EVERYWHERE)
    assert plot.ask("internet public").reached
    assert plot.ask("internet nat").why.endswith("has no public address")


def test_the_balancers_address_is_the_peer_of_rules_by_cidr_block(plot: Plot) -> None:
    plot.forbid("task", 80, group="balancer")
    plot.allow("task", 80, cidr="10.7.2.0/24")
    assert plot.ask("balancer nat").element == plot.groups["task"]
    plot.allow("task", 80, cidr="10.7.1.0/24")
    assert plot.ask("balancer nat").reached


def test_all_nodes_of_a_balancer_have_to_reach_the_target(plot: Plot) -> None:
    nodes = plot.ways.nodes(
        "app/web",
        [plot.subnets["public"], plot.subnets["closed"], "subnet-gone"],
        [plot.groups["balancer"]],
    )
    target = plot.places["nat"]().address
    assert len(nodes) == 2
    assert plot.ways.between(nodes, target, 80).reached
    plot.shut(plot.acls["closed"], True)
    assert plot.ways.between(nodes, target, 80).element == plot.acls["closed"]


def test_an_address_that_nobody_has_is_not_reached(plot: Plot) -> None:
    nodes = plot.ways.nodes("app/web", [plot.subnets["public"]])
    for address in ("10.7.2.200", "192.0.2.1"):
        verdict = plot.ways.between(nodes, address, 80)
        assert (verdict.reached, verdict.element) == (False, address)


def test_no_source_is_a_mistake(plot: Plot) -> None:
    with pytest.raises(ValueError, match="no source"):
        plot.ways.between(plot.ways.nodes("app/web", ["subnet-gone"]), "10.7.2.9", 80)


def test_a_rule_by_prefix_list_opens_the_way_to_s3_alone(plot: Plot) -> None:
    plot.leave("task", False)
    lists = plot.ec2.describe_prefix_lists()["PrefixLists"]
    (s3,) = (one["PrefixListId"] for one in lists if one["PrefixListName"].endswith(".s3"))
    rule = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443}
    plot.ec2.authorize_security_group_egress(
        GroupId=plot.groups["task"],
        IpPermissions=[rule | {"PrefixListIds": [{"PrefixListId": s3}]}],
    )
    assert plot.ask("closed s3").reached
    assert plot.ask("closed ecr.api").element == plot.groups["task"]


def test_a_subnet_without_an_association_has_the_main_route_table(plot: Plot) -> None:
    subnet = plot.subnet(9)
    found = plot.ec2.describe_route_tables(
        Filters=[
            {"Name": "vpc-id", "Values": [plot.vpc]},
            {"Name": "association.main", "Values": ["true"]},
        ]
    )["RouteTables"]
    assert plot.ways.network.subnets[subnet].route_table == found[0]["RouteTableId"]


def test_an_instance_is_reached_by_the_address_of_its_primary_interface(plot: Plot) -> None:
    (made,) = plot.ec2.run_instances(
        ImageId="ami-12c6146b",
        MinCount=1,
        MaxCount=1,
        SubnetId=plot.subnets["nat"],
        SecurityGroupIds=[plot.groups["task"]],
    )["Instances"]
    place = plot.ways.instance(made["InstanceId"])
    assert place is not None
    assert (place.address, place.groups) == (made["PrivateIpAddress"], (plot.groups["task"],))
    nodes = plot.ways.nodes("app/web", [plot.subnets["public"]], [plot.groups["balancer"]])
    assert plot.ways.between(nodes, place.address, 80).reached
    assert plot.ways.instance("i-gone") is None
