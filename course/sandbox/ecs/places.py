"""Between tasks, container instances and placement: what one needs, what the other has left. Pure.

AWS: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-placement.html
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from random import Random
from typing import Any

from course.sandbox.ecs.fargate_sizes import amount
from course.sandbox.ecs.placement import Candidate, Demand, NotPlaced, Step, place
from course.sandbox.ecs.resources import ContainerInstance, Share, TaskDefinition

ARCHITECTURES = {"ARM64": "arm64", "X86_64": "x86_64"}


def demand_of(
    definition: TaskDefinition,
    overrides: Mapping[str, Any],
    *,
    group: str,
    zones: Iterable[str] = (),
) -> Demand:
    """What one task of a definition needs: its own size, or what its containers add up to.

    Of a container's two limits memoryReservation is what counts, if it has one.
    *zones* are the Availability Zones of awsvpc's subnets.
    """
    containers = [_overridden(one, overrides) for one in definition.container_definitions]
    cpu = overrides.get("cpu") or definition.cpu
    memory = overrides.get("memory") or definition.memory
    return Demand(
        cpu=_units(cpu) if cpu else sum(one.get("cpu") or 0 for one in containers),
        memory=_units(memory) if memory else sum(_reserved(one) for one in containers),
        tcp_ports=_ports(definition, "tcp"),
        udp_ports=_ports(definition, "udp"),
        interface=definition.network_mode == "awsvpc",
        attributes=_attributes(definition),
        family=definition.family,
        group=group,
        zones=frozenset(zones),
    )


def share_of(demand: Demand) -> Share:
    """What a placed task then holds of its instance."""
    return Share(demand.cpu, demand.memory, demand.tcp_ports, demand.udp_ports, demand.interface)


def candidates_of(instances: Sequence[ContainerInstance]) -> list[Candidate]:
    """Container instances as placement sees them, in the order they registered."""
    return [candidate_of(one) for one in instances]


def candidate_of(instance: ContainerInstance) -> Candidate:
    """One container instance with what it has left."""
    return Candidate(
        arn=instance.container_instance_arn,
        instance_id=instance.ec2_instance_id,
        cpu=instance.remaining_cpu,
        memory=instance.remaining_memory,
        registered_cpu=instance.cpu,
        registered_memory=instance.memory,
        tcp_ports=instance.tcp_ports,
        udp_ports=instance.udp_ports,
        interfaces=instance.remaining_interfaces,
        attributes=instance.attributes,
        groups=_groups(instance),
        agent_connected=instance.agent_connected,
        active=instance.status == "ACTIVE",
        agent_version=instance.version_info.get("agentVersion", ""),
        registered_at=instance.registered_at,
        running_tasks=instance.running_tasks_count,
    )


def find_place(
    demand: Demand,
    instances: Sequence[ContainerInstance],
    *,
    strategy: Sequence[Step],
    constraints: Sequence[Step],
    random: Random,
) -> ContainerInstance | NotPlaced:
    """The container instance a task goes to, or why there is none."""
    found = place(
        demand,
        candidates_of(instances),
        strategy=strategy,
        constraints=constraints,
        random=random,
    )
    if isinstance(found, NotPlaced):
        return found
    return next(one for one in instances if one.container_instance_arn == found.arn)


def _groups(instance: ContainerInstance) -> Counter[str]:
    """Tasks that are meant to run there, by task group and by family."""
    groups = Counter[str]()
    for task in instance.tasks.values():
        if task.wanted:
            groups.update({task.group, f"family:{task.family}"})
    return groups


def _overridden(container: dict[str, Any], overrides: Mapping[str, Any]) -> dict[str, Any]:
    every = overrides.get("containerOverrides") or []
    own: dict[str, Any] = next((one for one in every if one.get("name") == container["name"]), {})
    return {**container, **own}


def _reserved(container: Mapping[str, Any]) -> int:
    return int(container.get("memoryReservation") or container.get("memory") or 0)


def _units(text: str) -> int:
    return amount(text) or 0


def _ports(definition: TaskDefinition, protocol: str) -> frozenset[int]:
    """Host ports that are fixed; awsvpc's are the task's own, and 0 lets Docker choose one."""
    if definition.network_mode in ("awsvpc", "none"):
        return frozenset()
    mappings = [
        port for one in definition.container_definitions for port in one.get("portMappings") or []
    ]
    return frozenset(
        port["hostPort"]
        for port in mappings
        if port.get("hostPort") and port.get("protocol", "tcp") == protocol
    )


def _attributes(definition: TaskDefinition) -> frozenset[str]:
    """What the agent must be able to do, and the processor if the definition names one."""
    names = {one["name"] for one in definition.requires_attributes}
    given = (definition.runtime_platform or {}).get("cpuArchitecture", "")
    if given in ARCHITECTURES:
        names.add(f"ecs.cpu-architecture={ARCHITECTURES[given]}")
    return frozenset(names)
