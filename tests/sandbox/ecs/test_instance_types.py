"""What an instance of a type gives to ECS."""

from __future__ import annotations

import pytest

from course import sandbox
from course.sandbox.ecs.instance_types import UNKNOWN, instance_type, registered_memory


@pytest.mark.parametrize(
    ("name", "cpu", "memory", "interfaces"),
    [
        ("t2.micro", 1024, 995, 2),  # AWS's CLI tutorial for EC2 prints both numbers
        ("m4.large", 2048, 7985, 2),
        ("t3.micro", 2048, 995, 2),
        ("t3.small", 2048, 1993, 3),
        ("t4g.micro", 2048, 995, 2),
        ("t3a.medium", 2048, 3990, 3),
        ("m5.large", 2048, 7985, 3),
        ("m7g.large", 2048, 7985, 3),
        ("c5.large", 2048, 3990, 3),  # three interfaces: two awsvpc tasks
        ("c5.xlarge", 4096, 7985, 4),
    ],
)
def test_what_a_type_gives(name: str, cpu: int, memory: int, interfaces: int) -> None:
    with sandbox.open():
        found = instance_type(name)
    assert (found.cpu, found.memory, found.interfaces) == (cpu, memory, interfaces)


def test_a_type_that_is_not_known_is_an_ordinary_one() -> None:
    with sandbox.open():
        found = instance_type("z9.enormous")
    assert (found.cpu, found.interfaces) == (UNKNOWN[0] * 1024, UNKNOWN[2])


@pytest.mark.parametrize("memory", [512, 1024, 4096, 1024 * 1024])
def test_an_agent_registers_less_than_there_is(memory: int) -> None:
    assert 0.95 * memory < registered_memory("any", memory) < memory
