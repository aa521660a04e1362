"""Placement: which container instance a task goes to, and which task of a service goes first.

An instance has to fit (resources, attributes, agent), then to meet the placement
constraints; the strategies narrow what is left, one after the other, and chance
decides between equals. Strategies are a best effort, constraints are binding.

AWS: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-placement.html
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import TypeVar

from course.sandbox.ecs.cluster_query import parse

Equal = TypeVar("Equal")

Step = Mapping[str, str]
"""One strategy (``type``, ``field``) or one constraint (``type``, ``expression``) of the API."""

MOST_HOST_PORTS = 100
"""Host ports that may be reserved on one instance; dynamically assigned ones do not count."""

ZONE = "ecs.availability-zone"

SERVICE_DEFAULT: tuple[Step, ...] = (
    {"type": "spread", "field": f"attribute:{ZONE}"},
    {"type": "spread", "field": "instanceId"},
)
"""A service without strategies: its fewest tasks by Availability Zone, then by instance (API reference)."""

DISTINCT = "DistinctInstance placement constraint unsatisfied."
MEMBER_OF = "MemberOf placement constraint unsatisfied."


@dataclass(frozen=True, slots=True)
class Demand:
    """What one task needs of an instance.

    CPU in units (1024 a vCPU), memory in MiB; ``interface`` is awsvpc's network
    interface and ``zones`` the Availability Zones of its subnets (none: any).
    ``attributes`` are names, or ``name=value``.
    """

    cpu: int
    memory: int
    tcp_ports: frozenset[int]
    udp_ports: frozenset[int]
    interface: bool
    attributes: frozenset[str]
    family: str
    group: str
    zones: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Candidate:
    """A container instance as placement sees it; ``cpu`` and ``memory`` are what remains.

    The ports are the fixed ones that are taken. ``groups`` counts the tasks on it
    that are meant to run, by task group.
    """

    arn: str
    instance_id: str
    cpu: int
    memory: int
    registered_cpu: int
    registered_memory: int
    tcp_ports: frozenset[int]
    udp_ports: frozenset[int]
    interfaces: int
    attributes: Mapping[str, str | None]
    groups: Mapping[str, int]
    agent_connected: bool
    active: bool
    agent_version: str = ""
    registered_at: datetime | None = None
    running_tasks: int = 0


@dataclass(frozen=True, slots=True)
class Placed:
    """The task goes to this container instance."""

    arn: str


@dataclass(frozen=True, slots=True)
class NotPlaced:
    """No instance takes the task: why each ACTIVE one does not, and which came closest."""

    failures: tuple[tuple[str, str], ...] = ()
    closest: str | None = None
    closest_reason: str | None = None


@dataclass(frozen=True, slots=True)
class Running:
    """One task of a service as scaling in sees it: where it is and what it would give back."""

    task: str
    instance: str
    cpu: int = 0
    memory: int = 0


def place(
    demand: Demand,
    candidates: Sequence[Candidate],
    *,
    strategy: Sequence[Step],
    constraints: Sequence[Step],
    random: Random,
) -> Placed | NotPlaced:
    """Where a task goes. Without a strategy chance decides; a service has SERVICE_DEFAULT.

    Raises BadExpression for a memberOf expression that cannot be read. With no
    ACTIVE instance at all ``failures`` is empty.
    """
    active = [one for one in candidates if one.active]
    refused = {one.arn: tuple(obstacles(demand, one, constraints)) for one in active}
    fitting = [one for one in active if not refused[one.arn]]
    if not fitting:
        return _nowhere(refused)
    for step in strategy:
        fitting = _narrow(step, demand, fitting, candidates)
    return Placed(_any_of(fitting, random).arn)


def why_not(demand: Demand, candidate: Candidate, constraints: Sequence[Step] = ()) -> str | None:
    """The reason in AWS's words why this instance does not take the task, or None: StartTask, DAEMON."""
    return next(obstacles(demand, candidate, constraints), None)


def obstacles(
    demand: Demand, candidate: Candidate, constraints: Sequence[Step] = ()
) -> Iterator[str]:
    """All that keeps a task off an instance; the first one is what AWS's answer names.

    Resources come before constraints, as AWS says; the rest of the order is our model: a taken
    port, which no smaller task would mend, before too little CPU or memory.
    """
    if not candidate.agent_connected:
        yield "AGENT"
    if any(not _has(candidate, one) for one in demand.attributes):
        yield "ATTRIBUTE"
    if demand.zones and candidate.attributes.get(ZONE) not in demand.zones:
        yield "LOCATION"
    if _ports_collide(demand, candidate):
        yield "RESOURCE:PORTS"
    if demand.cpu > candidate.cpu:
        yield "RESOURCE:CPU"
    if demand.memory > candidate.memory:
        yield "RESOURCE:MEMORY"
    if demand.interface and candidate.interfaces < 1:
        yield "RESOURCE:ENI"
    for constraint in constraints:
        if constraint["type"] == "distinctInstance":
            if candidate.groups.get(demand.group, 0):
                yield DISTINCT
        elif not parse(constraint["expression"])(candidate):
            yield MEMBER_OF


def choose_to_stop(
    tasks: Iterable[Running],
    count: int,
    candidates: Sequence[Candidate],
    *,
    strategy: Sequence[Step],
    random: Random,
) -> tuple[str, ...]:
    """Which tasks of a service go first at scale-in, under its strategy; at most *count*.

    ``spread`` takes from where most of them are, ``binpack`` from the instance
    that would have most left afterwards; between equals chance decides.
    """
    known = {one.arn: one for one in candidates}
    left, freed, chosen = list(tasks), dict[str, Counter[str]](), list[str]()
    while left and len(chosen) < count:
        pool = left
        for step in strategy:
            pool = _first_to_go(step, pool, left, known, freed)
        going = _any_of(pool, random)
        left.remove(going)
        chosen.append(going.task)
        freed.setdefault(going.instance, Counter()).update(cpu=going.cpu, memory=going.memory)
    return tuple(chosen)


def _any_of(equals: Sequence[Equal], chance: Random) -> Equal:
    return equals[0] if len(equals) == 1 else chance.choice(equals)


def _nowhere(refused: Mapping[str, tuple[str, ...]]) -> NotPlaced:
    """The closest match has the fewest obstacles: AWS does not say how it picks one, this is our model."""
    failures = tuple((arn, reasons[0]) for arn, reasons in refused.items())
    if not failures:
        return NotPlaced()
    closest = min(refused, key=lambda arn: len(refused[arn]))
    return NotPlaced(failures, closest, refused[closest][0])


def _has(candidate: Candidate, required: str) -> bool:
    name, given, value = required.partition("=")
    return name in candidate.attributes and (not given or candidate.attributes[name] == value)


def _ports_collide(demand: Demand, candidate: Candidate) -> bool:
    if demand.tcp_ports & candidate.tcp_ports or demand.udp_ports & candidate.udp_ports:
        return True
    wanted = len(demand.tcp_ports) + len(demand.udp_ports)
    taken = len(candidate.tcp_ports) + len(candidate.udp_ports)
    return wanted > 0 and wanted + taken > MOST_HOST_PORTS


def _narrow(
    step: Step, demand: Demand, fitting: list[Candidate], everyone: Sequence[Candidate]
) -> list[Candidate]:
    """The instances that one strategy likes best; all of them where it has no preference."""
    if step["type"] == "binpack":
        least = min(_amount(one, step["field"]) for one in fitting)
        return [one for one in fitting if _amount(one, step["field"]) == least]
    if step["type"] == "random":
        return fitting
    tasks = Counter[str]()
    for one in everyone:
        tasks[_value(one, step["field"]) or ""] += one.groups.get(demand.group, 0)
    named = [one for one in fitting if _value(one, step["field"]) is not None]
    if not named:  # nobody has the attribute: nothing to spread over
        return fitting
    fewest = min(tasks[_value(one, step["field"]) or ""] for one in named)
    return [one for one in named if tasks[_value(one, step["field"]) or ""] == fewest]


def _first_to_go(
    step: Step,
    pool: list[Running],
    left: list[Running],
    known: Mapping[str, Candidate],
    freed: Mapping[str, Counter[str]],
) -> list[Running]:
    field = step.get("field", "")
    if step["type"] == "random":
        return pool

    def value(task: Running) -> str:
        return _value(known[task.instance], field) or "" if task.instance in known else ""

    def remains(task: Running) -> int:
        after = getattr(task, field) + freed.get(task.instance, Counter())[field]
        return int(after) + (_amount(known[task.instance], field) if task.instance in known else 0)

    if step["type"] == "binpack":
        most = max(map(remains, pool))
        return [one for one in pool if remains(one) == most]
    tasks = Counter(map(value, left))
    fullest = max(tasks[value(one)] for one in pool)
    return [one for one in pool if tasks[value(one)] == fullest]


def _amount(candidate: Candidate, field: str) -> int:
    return candidate.cpu if field == "cpu" else candidate.memory


def _value(candidate: Candidate, field: str) -> str | None:
    """What ``spread`` groups an instance by: itself, or one of its attributes."""
    if field in ("instanceId", "host"):
        return candidate.arn
    return candidate.attributes.get(field.removeprefix("attribute:"))
