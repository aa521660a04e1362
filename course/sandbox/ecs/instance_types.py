"""EC2 instance types as ECS counts them: CPU units, the memory an agent registers, interfaces.

vCPUs, memory and network interfaces are EC2's own, from the catalogue that
DescribeInstanceTypes answers from. An agent registers less memory than the type
has, because the kernel keeps some: what the operating system calls its total.

AWS: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/memory-management.html
An adapter: it leans on moto's catalogue of instance types.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any

UNITS_A_VCPU = 1024

REGISTERED = {"t2.micro": 995, "m4.large": 7985}
"""MiB seen in AWS's own output: its CLI tutorial for EC2 (2023), and the page above (2026)."""

KEPT_MIB, KEPT_SHARE = 4, 0.0248
"""What the kernel keeps of any other type: the line through the two figures above, our model."""

UNKNOWN = (2, 8192, 3)
"""vCPUs, MiB and network interfaces of a type that the catalogue does not have."""


@dataclass(frozen=True, slots=True)
class InstanceType:
    """CPU units, the MiB an agent registers, and network interfaces, the instance's own among them."""

    name: str
    cpu: int
    memory: int
    interfaces: int


@cache
def instance_type(name: str) -> InstanceType:
    """What an instance of this type (``t3.micro`` ...) gives to ECS; never fails."""
    vcpus, memory, interfaces = _of_catalogue(name)
    return InstanceType(name, vcpus * UNITS_A_VCPU, registered_memory(name, memory), interfaces)


def registered_memory(name: str, memory: int) -> int:
    """MiB that the agent registers of a type's *memory*."""
    return REGISTERED.get(name) or memory - KEPT_MIB - round(memory * KEPT_SHARE)


def _of_catalogue(name: str) -> tuple[int, int, int]:
    from moto.ec2.models.instance_types import INSTANCE_TYPES

    known: Any = INSTANCE_TYPES.get(name)
    if not known:
        return UNKNOWN
    return (
        int(known["VCpuInfo"]["DefaultVCpus"]),
        int(known["MemoryInfo"]["SizeInMiB"]),
        int(known["NetworkInfo"]["MaximumNetworkInterfaces"]),
    )
