"""Elastic network interfaces of awsvpc tasks, in the learner's own subnets.

An adapter: it leans on moto's EC2 model, so that ``describe_network_interfaces``
shows the very interface a task's attachment names. Addresses come from the
subnet, in order, are never handed out twice at once, and are returned.

AWS: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-task-networking.html
"""

from ipaddress import IPv4Address, IPv4Network
from typing import Any

from moto.ec2.exceptions import InvalidSubnetIdError
from moto.ec2.models import ec2_backends

from course.sandbox.ecs.resources import Attachment, Task

RESERVED = 4
"""AWS keeps the first four addresses of a subnet (and the last) for itself."""


class NoFreeAddress(Exception):
    """Every address of the subnet is taken."""


class Interfaces:
    """Creates and deletes the interfaces of one account's tasks in one Region."""

    def __init__(self, account_id: str, region: str) -> None:
        self._account_id = account_id
        self._region = region
        self._last: dict[str, IPv4Address] = {}
        self._own: set[str] = set()

    @property
    def _ec2(self) -> Any:
        return ec2_backends[self._account_id][self._region]

    def availability_zone(self, subnet_id: str) -> str | None:
        """The Availability Zone of a subnet; None for a subnet that does not exist."""
        try:
            return str(self._ec2.get_subnet(subnet_id).availability_zone)
        except InvalidSubnetIdError:
            return None

    def zone_id(self, subnet_id: str) -> str | None:
        """The id of a subnet's Availability Zone, the same for every account; None as above."""
        try:
            return str(self._ec2.get_subnet(subnet_id).availability_zone_id)
        except InvalidSubnetIdError:
            return None

    def those_in(self, network: dict[str, Any] | None, zone: str | None) -> dict[str, Any]:
        """A network configuration with only the subnets of one Availability Zone."""
        given = network or {}
        subnets = [one for one in given.get("subnets", []) if self.availability_zone(one) == zone]
        return {**given, "subnets": subnets}

    def zone_of_address(self, vpc_id: str, address: str) -> str | None:
        """The Availability Zone of the subnet of a VPC that an address is in; None for one in none."""
        for subnet in self._subnets_of(vpc_id):
            if IPv4Address(address) in IPv4Network(subnet.cidr_block, strict=False):
                return str(subnet.availability_zone)
        return None

    def security_group_exists(self, group_id: str) -> bool:
        """Whether this security group is there, in any VPC of the Region."""
        return self._ec2.get_security_group_from_id(group_id) is not None

    def vpc_of_subnet(self, subnet_id: str) -> str | None:
        """The VPC a subnet is part of; None for a subnet that does not exist."""
        try:
            return str(self._ec2.get_subnet(subnet_id).vpc_id)
        except InvalidSubnetIdError:
            return None

    def ranges(self, subnet_id: str) -> tuple[str, str] | None:
        """The address ranges of a subnet and of its VPC; None for a subnet that does not exist."""
        try:
            subnet = self._ec2.get_subnet(subnet_id)
        except InvalidSubnetIdError:
            return None
        return str(subnet.cidr_block), str(self._ec2.get_vpc(subnet.vpc_id).cidr_block)

    def default_security_group(self, vpc_id: str) -> str | None:
        """The default security group of a VPC."""
        held = self._ec2.groups[vpc_id].values()
        return next((one.id for one in held if one.name == "default"), None)

    def has_gateway(self, vpc_id: str) -> bool:
        """Whether an internet gateway is attached to a VPC."""
        gateways = self._ec2.internet_gateways.values()
        return any(one.vpc is not None and one.vpc.id == vpc_id for one in gateways)

    def networks(self, vpc_id: str) -> list[IPv4Network]:
        """The address ranges of a VPC's subnets."""
        return [IPv4Network(one.cidr_block, strict=False) for one in self._subnets_of(vpc_id)]

    def _subnets_of(self, vpc_id: str) -> list[Any]:
        every = self._ec2.describe_subnets()
        return [one for one in every if one.vpc_id == vpc_id]

    def vpc_of_security_group(self, group_id: str) -> str | None:
        """The VPC a security group belongs to; None for one that does not exist."""
        group = self._ec2.get_security_group_from_id(group_id)
        return None if group is None else str(group.vpc_id)

    def attach(self, task: Task) -> None:
        """Create the interface of a task and describe it in the task's attachment.

        Raises NoFreeAddress when the subnet is full or gone.
        """
        attachment, network = task.interface, (task.network or {})
        if attachment is None:
            return
        subnet = self._subnet(attachment)
        eni = self._ec2.create_network_interface(
            subnet,
            self._free_address(subnet),
            group_ids=network.get("securityGroups") or None,
            description=f"arn:aws:ecs:{self._region}:{self._account_id}:attachment/{attachment.id}",
            public_ip_auto_assign=network.get("assignPublicIp") == "ENABLED",
        )
        self._keep(eni)
        attachment.status = "ATTACHED"
        attachment.details = _details(subnet.id, eni)

    def detach(self, task: Task) -> None:
        """Delete the interface of a task and give its address back to the subnet."""
        attachment = task.interface
        if attachment is None:
            return
        attachment.status = "DELETED"
        self._drop(attachment.detail("networkInterfaceId"))

    def attach_balancer(
        self, subnet_id: str, groups: list[str], description: str, *, public: bool
    ) -> str:
        """Create an interface of a load balancer, or a VPC link, in a subnet, and return its id.

        Raises NoFreeAddress when the subnet is full or gone.
        """
        subnet = self._find(subnet_id)
        eni = self._ec2.create_network_interface(
            subnet,
            self._free_address(subnet),
            group_ids=groups or None,
            description=description,
            public_ip_auto_assign=public,
        )
        self._keep(eni)
        return str(eni.id)

    def detach_balancer(self, interface_id: str) -> None:
        """Delete an interface of a load balancer, or a VPC link, and give its address back to the subnet."""
        self._drop(interface_id)

    def _keep(self, eni: Any) -> None:
        eni.subnet.request_ip(eni.private_ip_address, eni)
        eni.status, eni.requester_managed = "in-use", True
        self._own.add(eni.id)

    def _drop(self, interface_id: str | None) -> None:
        eni = self._ec2.enis.pop(interface_id, None)
        if eni is not None:
            self._own.discard(eni.id)
            eni.subnet.del_subnet_ip(eni.private_ip_address)

    def _subnet(self, attachment: Attachment) -> Any:
        return self._find(attachment.detail("subnetId"))

    def _find(self, subnet_id: str | None) -> Any:
        try:
            return self._ec2.get_subnet(subnet_id)
        except InvalidSubnetIdError as gone:
            raise NoFreeAddress(str(gone)) from gone

    def _free_address(self, subnet: Any) -> str:
        """The next free address after the one handed out last, wrapping round."""
        network = IPv4Network(subnet.cidr_block, strict=False)
        first, last = network.network_address + RESERVED, network.broadcast_address - 1
        others = self._of_others(subnet.id)
        address = self._last.get(subnet.id, first - 1)
        for _ in range(int(last) - int(first) + 1):
            address = address + 1 if address < last else first
            if str(address) not in subnet._subnet_ips and str(address) not in others:
                self._last[subnet.id] = address
                return str(address)
        raise NoFreeAddress(f"no address is left in {subnet.id}")

    def _of_others(self, subnet_id: str) -> set[str]:
        """Addresses of interfaces the learner made, which moto does not put on the subnet's list."""
        if len(self._ec2.enis) == len(self._own):
            return set()
        return {
            eni.private_ip_address
            for eni in self._ec2.enis.values()
            if eni.id not in self._own and eni.subnet.id == subnet_id
        }


def _details(subnet_id: str, eni: Any) -> list[dict[str, str]]:
    values = {
        "subnetId": subnet_id,
        "networkInterfaceId": eni.id,
        "macAddress": eni.mac_address,
        "privateDnsName": getattr(eni, "private_dns_name", None),
        "privateIPv4Address": eni.private_ip_address,
    }
    return [{"name": name, "value": value} for name, value in values.items() if value]
