"""What Elastic Load Balancing refuses: of load balancers, listeners and targets. Pure.

The rules look at plain values and raise Refused with AWS's code, and with AWS's
text where a user copied one.

AWS: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/Welcome.html
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network

from course.sandbox.ecs.errors import Refused

KINDS_OF = {
    "HTTP": ("HTTP", "HTTPS"),
    "HTTPS": ("HTTP", "HTTPS"),
    "TCP": ("TCP", "TCP_UDP"),
    "TLS": ("TCP", "TLS"),
    "UDP": ("UDP", "TCP_UDP"),
    "TCP_UDP": ("TCP_UDP",),
}
"""The protocols of target groups that a listener of each protocol sends to."""

RANGES = {
    "HealthCheckIntervalSeconds": (5, 300),
    "HealthCheckTimeoutSeconds": (2, 120),
    "HealthyThresholdCount": (2, 10),
    "UnhealthyThresholdCount": (2, 10),
}
"""What the numbers of a health check may be (API reference of CreateTargetGroup)."""

CODES = {"HTTP": (200, 499), "HTTPS": (200, 499)}
"""The range of a matcher's HTTP codes; 200 to 599 for a Network Load Balancer's groups."""

PRIVATE = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10")
"""Where an address may lie that is a target: RFC 1918 and 6598 (API reference of CreateTargetGroup)."""


@dataclass(frozen=True, slots=True)
class Place:
    """A subnet: its id, VPC and Availability Zone."""

    subnet: str
    vpc: str
    zone: str


@dataclass(frozen=True, slots=True)
class Machine:
    """An EC2 instance that is to be a target."""

    id: str
    state: str
    vpc: str | None


def check_places(kind: str, places: Sequence[Place]) -> None:
    """One subnet a zone, all of one VPC; an Application Load Balancer has two zones at least."""
    zones = [one.zone for one in places]
    if len(set(zones)) < len(zones):
        raise Refused(  # terraform-aws-vault#5, 2022-02
            "InvalidConfigurationRequest",
            "A load balancer cannot be attached to multiple subnets in the same Availability Zone",
        )
    if kind == "application" and len(zones) < 2:
        raise Refused(  # kasmtech/terraform#5, 2023-09
            "ValidationError",
            "At least two subnets in two different Availability Zones must be specified",
        )
    if len({one.vpc for one in places}) > 1:
        raise Refused(  # our words
            "InvalidConfigurationRequest", "All subnets of a load balancer belong to one VPC"
        )


def check_gateway(vpc: str, *, internet_facing: bool, has_gateway: bool) -> None:
    """A load balancer that faces the internet needs a VPC that is connected to it."""
    if internet_facing and not has_gateway:
        raise Refused("InvalidSubnet", f"VPC {vpc} has no internet gateway")  # installer#1110, 2019


def check_security_group(group: str, vpc_of_group: str | None, vpc: str) -> None:
    """A security group is there, and in the load balancer's VPC."""
    if vpc_of_group is None:
        raise Refused(
            "InvalidSecurityGroup", f"Security group '{group}' does not exist"
        )  # our words
    if vpc_of_group != vpc:
        raise Refused(  # hashicorp/terraform#958, 2015-02
            "InvalidConfigurationRequest",
            f"Security group '{group}' does not belong to VPC '{vpc}'",
        )


def check_forward(listener_protocol: str, group: str, group_protocol: str | None) -> None:
    """A listener sends to target groups of protocols that go with its own."""
    fitting = KINDS_OF.get(listener_protocol)
    if fitting and group_protocol and group_protocol not in fitting:
        raise Refused(  # our words
            "IncompatibleProtocols",
            f"A listener of protocol {listener_protocol} cannot forward to the target group "
            f"'{group}' of protocol {group_protocol}",
        )


def check_association(group: str, others: Sequence[str], balancer: str) -> None:
    """A target group is used by one load balancer only."""
    if any(one != balancer for one in others):
        raise Refused(  # the code is the API's; our words
            "TargetGroupAssociationLimit",
            f"The target group '{group}' cannot be associated with more than one load balancer",
        )


def check_health_check(given: Mapping[str, int], codes: str | None, protocol: str | None) -> None:
    """The numbers of a health check and the codes of its matcher are within their ranges."""
    for name, value in given.items():
        low, high = RANGES[name]
        if not low <= value <= high:
            raise Refused(  # our words
                "ValidationError", f"{name} '{value}' must be between '{low}' and '{high}'"
            )
    low, high = CODES.get(protocol or "", (200, 599))
    for one in re.findall(r"\d+", codes or ""):
        if not low <= int(one) <= high:
            raise Refused(  # our words
                "ValidationError",
                f"Health check HTTP code '{one}' must be between {low} and {high}",
            )


def check_timing(interval: int, timeout: int, protocol: str | None) -> None:
    """A check over HTTP ends before the next one begins; in seconds."""
    if protocol in CODES and interval <= timeout:
        raise Refused(  # tflint-ruleset-aws#404, 2022-11
            "ValidationError", "Health check interval must be greater than the timeout."
        )


def check_address(address: str, subnets: Sequence[IPv4Network], zone: str | None) -> None:
    """A target's address lies in the VPC, or is private and says that every zone may use it."""
    try:
        found = IPv4Address(address)
    except ValueError:
        raise Refused(  # our words
            "ValidationError", f"The IP address '{address}' is not a valid IPv4 address"
        ) from None
    if any(found in one for one in subnets):
        if zone == "all":
            raise Refused(  # its head: aws-load-balancer-controller#561, 2018-08
                "ValidationError",
                f"The IP address '{address}' is within the VPC, and cannot have its Availability "
                "Zone overridden to 'all'",
            )
        return
    if not any(found in IPv4Network(one) for one in PRIVATE):
        raise Refused(  # our words
            "ValidationError", f"The IP address '{address}' is publicly routable: no target can be"
        )
    if zone is None:
        raise Refused(  # aws-load-balancer-controller#3084, 2023-03
            "ValidationError",
            "You must specify a valid Availability Zone or select 'all' for all enabled "
            f"Availability zones, since the IP address '{address}' is outside the VPC",
        )


def check_machine(instance_id: str, found: Machine | None, vpc: str) -> None:
    """A target's instance is running, in the target group's VPC."""
    if not instance_id.startswith("i-"):
        raise Refused(  # aws-load-balancer-controller#3668, 2024-04
            "ValidationError", f"Instance ID '{instance_id}' is not valid"
        )
    if found is None or found.state != "running":
        raise Refused(  # moto's text
            "InvalidTarget",
            "The following targets are not in a running state and cannot be registered: "
            f"'{instance_id}'",
        )
    if found.vpc != vpc:
        raise Refused(  # our words
            "InvalidTarget",
            f"The following targets are not in the target group VPC '{vpc}': '{instance_id}'",
        )
