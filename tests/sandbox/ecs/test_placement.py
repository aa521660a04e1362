"""Placement by tables: instances, strategy, constraints -> where a task goes, and why nowhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from course.sandbox.ecs.placement import (
    DISTINCT,
    MEMBER_OF,
    SERVICE_DEFAULT,
    Candidate,
    Demand,
    NotPlaced,
    Placed,
    Running,
    Step,
    choose_to_stop,
    obstacles,
    place,
    why_not,
)

RESERVED = frozenset({22, 2375, 2376, 51678, 51679})
NONE: frozenset[Any] = frozenset()

SPREAD_ZONE = {"type": "spread", "field": "attribute:ecs.availability-zone"}
SPREAD_HOST = {"type": "spread", "field": "host"}
PACK_CPU = {"type": "binpack", "field": "cpu"}
PACK_MEMORY = {"type": "binpack", "field": "memory"}
RANDOM = {"type": "random"}
DISTINCT_INSTANCE = {"type": "distinctInstance"}


def demand(cpu: int = 256, memory: int = 512, **changes: Any) -> Demand:
    plain = Demand(cpu, memory, NONE, NONE, False, NONE, "web", "service:web")
    return replace(plain, **changes)


def candidate(name: str, zone: str = "a", cpu: int = 2048, **changes: Any) -> Candidate:
    attributes = {"ecs.availability-zone": f"us-east-1{zone}", **changes.pop("attributes", {})}
    plain = Candidate(
        *(name, f"i-{name}", cpu, 3900, 2048, 3900, RESERVED, NONE, 2, attributes, {}),
        agent_connected=True,
        active=True,
    )
    return replace(plain, **changes)


def on(count: int, group: str = "service:web") -> dict[str, int]:
    return {group: count}


def placed(
    instances: Sequence[Candidate],
    strategy: Sequence[Step] = (),
    constraints: Sequence[Step] = (),
    **wanted: Any,
) -> Placed | NotPlaced:
    return place(
        demand(**wanted), instances, strategy=strategy, constraints=constraints, random=Random(1)
    )


def taken(instance: Candidate, task: Demand) -> Candidate:
    """The instance once the task is on it."""
    groups = Counter(instance.groups)
    groups[task.group] += 1
    return replace(
        instance,
        cpu=instance.cpu - task.cpu,
        memory=instance.memory - task.memory,
        tcp_ports=instance.tcp_ports | task.tcp_ports,
        interfaces=instance.interfaces - task.interface,
        groups=groups,
    )


def fill(
    instances: list[Candidate], task: Demand, count: int, strategy: Sequence[Step], seed: int = 1
) -> list[Candidate]:
    """The instances after placing so many equal tasks, as far as they fit."""
    chance = Random(seed)
    for _ in range(count):
        answer = place(task, instances, strategy=strategy, constraints=(), random=chance)
        if isinstance(answer, NotPlaced):
            break
        instances = [taken(one, task) if one.arn == answer.arn else one for one in instances]
    return instances


def in_use(instances: list[Candidate]) -> int:
    return sum(bool(one.groups) for one in instances)


@pytest.mark.parametrize(
    ("instances", "strategy", "expected"),
    [
        pytest.param(
            [candidate("1", groups=on(1)), candidate("2")],
            [{"type": "spread", "field": "instanceId"}],
            "2",
            id="spread over instances",
        ),
        pytest.param(
            [candidate("1", groups=on(1)), candidate("2")],
            [SPREAD_HOST],
            "2",
            id="host is instanceId",
        ),
        pytest.param(
            [
                candidate("1", "a", groups=on(1)),
                candidate("2", "a"),
                candidate("3", "b", groups=on(1)),
            ],
            [SPREAD_ZONE, SPREAD_HOST],
            "2",
            id="equal zones: the emptier instance",
        ),
        pytest.param(
            [
                candidate("1", "a", groups=on(2)),
                candidate("2", "a"),
                candidate("3", "b", groups=on(1)),
            ],
            [SPREAD_ZONE, SPREAD_HOST],
            "3",
            id="the zone comes first",
        ),
        pytest.param(
            [candidate("1", groups=on(3, "service:other")), candidate("2", groups=on(1))],
            [SPREAD_HOST],
            "1",
            id="only tasks of the same group count",
        ),
        pytest.param(
            [
                candidate("1", attributes={"rack": "1"}, groups=on(1)),
                candidate("2", attributes={"rack": "2"}),
            ],
            [{"type": "spread", "field": "attribute:rack"}],
            "2",
            id="spread over an attribute of one's own",
        ),
        pytest.param(
            [candidate("1"), candidate("2", attributes={"rack": "2"}, groups=on(5))],
            [{"type": "spread", "field": "attribute:rack"}],
            "2",
            id="who lacks the attribute comes last",
        ),
        pytest.param(
            [candidate("1", cpu=2048), candidate("2", cpu=512), candidate("3", cpu=128)],
            [PACK_CPU],
            "2",
            id="binpack: the least that is enough",
        ),
        pytest.param(
            [candidate("1", cpu=512, memory=3000), candidate("2", cpu=2048, memory=600)],
            [PACK_MEMORY],
            "2",
            id="binpack by memory",
        ),
        pytest.param(
            [
                candidate("1", "a", memory=600, groups=on(1)),
                candidate("2", "b", memory=900),
                candidate("3", "b", memory=700),
            ],
            [SPREAD_ZONE, PACK_MEMORY],
            "3",
            id="spread, then pack within the zone",
        ),
        pytest.param(
            [
                candidate("1", "a", active=False),
                candidate("2", "b", groups=on(1)),
                candidate("3", "c", agent_connected=False),
            ],
            SERVICE_DEFAULT,
            "2",
            id="a strategy is a best effort: what is left takes it",
        ),
    ],
)
def test_where_a_task_goes(instances: list[Candidate], strategy: list[Step], expected: str) -> None:
    assert placed(instances, strategy) == Placed(expected)


@pytest.mark.parametrize("strategy", [[], [RANDOM]])
def test_without_a_preference_chance_decides(strategy: list[Step]) -> None:
    instances = [candidate(name) for name in "123"]
    seen = {
        place(demand(), instances, strategy=strategy, constraints=(), random=Random(seed))
        for seed in range(30)
    }
    assert seen == {Placed("1"), Placed("2"), Placed("3")}


@pytest.mark.parametrize(
    ("instance", "wanted", "reason"),
    [
        ({}, {}, None),
        ({"cpu": 255}, {}, "RESOURCE:CPU"),
        ({"cpu": 256}, {}, None),
        ({"memory": 511}, {}, "RESOURCE:MEMORY"),
        ({"cpu": 0, "memory": 0}, {}, "RESOURCE:CPU"),
        ({"tcp_ports": RESERVED | {80}}, {"tcp_ports": frozenset({80})}, "RESOURCE:PORTS"),
        ({"tcp_ports": RESERVED | {80}}, {"udp_ports": frozenset({80})}, None),
        ({"udp_ports": frozenset({53})}, {"udp_ports": frozenset({53})}, "RESOURCE:PORTS"),
        ({}, {"tcp_ports": frozenset({22})}, "RESOURCE:PORTS"),
        ({}, {"tcp_ports": frozenset(range(100, 195))}, None),
        ({}, {"tcp_ports": frozenset(range(100, 196))}, "RESOURCE:PORTS"),
        ({"interfaces": 0}, {"interface": True}, "RESOURCE:ENI"),
        ({"interfaces": 0}, {}, None),
        ({"agent_connected": False, "cpu": 0}, {}, "AGENT"),
        ({}, {"attributes": frozenset({"ecs.capability.task-eni"})}, "ATTRIBUTE"),
        (
            {"attributes": {"ecs.capability.task-eni": None}},
            {"attributes": frozenset({"ecs.capability.task-eni"})},
            None,
        ),
        (
            {"attributes": {"ecs.cpu-architecture": "arm64"}},
            {"attributes": frozenset({"ecs.cpu-architecture=x86_64"})},
            "ATTRIBUTE",
        ),
        ({}, {"zones": frozenset({"us-east-1b"})}, "LOCATION"),
        ({}, {"zones": frozenset({"us-east-1a", "us-east-1b"})}, None),
    ],
)
def test_why_an_instance_does_not_take_it(
    instance: dict[str, Any], wanted: dict[str, Any], reason: str | None
) -> None:
    assert why_not(demand(**wanted), candidate("1", **instance)) == reason


@pytest.mark.parametrize(
    ("constraints", "instance", "reason"),
    [
        ([DISTINCT_INSTANCE], {"groups": on(1)}, DISTINCT),
        ([DISTINCT_INSTANCE], {"groups": on(0)}, None),
        ([DISTINCT_INSTANCE], {"groups": on(1, "family:web")}, None),
        ([{"type": "memberOf", "expression": "attribute:stack == prod"}], {}, MEMBER_OF),
        (
            [{"type": "memberOf", "expression": "attribute:stack == prod"}],
            {"attributes": {"stack": "prod"}},
            None,
        ),
        (
            [{"type": "memberOf", "expression": "not(task:group == database)"}],
            {"groups": on(1, "database")},
            MEMBER_OF,
        ),
        ([{"type": "memberOf", "expression": "attribute:x == 1"}], {"cpu": 0}, "RESOURCE:CPU"),
    ],
)
def test_constraints_are_binding(
    constraints: list[Step], instance: dict[str, Any], reason: str | None
) -> None:
    assert why_not(demand(), candidate("1", **instance), constraints) == reason


def test_every_active_instance_says_why_and_the_closest_has_least_in_the_way() -> None:
    instances = [
        candidate("1", cpu=0, memory=0),
        candidate("2", memory=100),
        candidate("3", active=False),
        candidate("4", agent_connected=False, cpu=0, memory=0),
    ]
    assert placed(instances) == NotPlaced(
        (("1", "RESOURCE:CPU"), ("2", "RESOURCE:MEMORY"), ("4", "AGENT")), "2", "RESOURCE:MEMORY"
    )


@pytest.mark.parametrize("instances", [[], [candidate("1", active=False)]])
def test_without_an_active_instance_there_is_nothing_to_name(instances: list[Candidate]) -> None:
    assert placed(instances) == NotPlaced()


HELD = [Running(f"{instance}{n}", instance, 256, 512) for instance in "123" for n in "ab"]


@pytest.mark.parametrize(
    ("instances", "strategy", "from_instances"),
    [
        pytest.param(
            [candidate("1", "a"), candidate("2", "a"), candidate("3", "b")],
            SERVICE_DEFAULT,
            ["12"],
            id="the fuller zone",
        ),
        pytest.param(
            [candidate("1", "a"), candidate("2", "b"), candidate("3", "c")],
            [SPREAD_HOST],
            ["123"],
            id="all alike: any",
        ),
        pytest.param(
            [candidate("1", cpu=0), candidate("2", cpu=1000), candidate("3", cpu=500)],
            [PACK_CPU],
            ["2", "2", "3", "3", "1", "1"],
            id="binpack: whose instance has most left afterwards",
        ),
        pytest.param(
            [
                candidate("1", "a", memory=0),
                candidate("2", "a", memory=500),
                candidate("3", "b", memory=900),
            ],
            [SPREAD_ZONE, PACK_MEMORY],
            ["2", "2", "3", "1"],
            id="zones in balance, then binpack within",
        ),
        pytest.param([candidate(n) for n in "123"], [RANDOM], ["123"], id="random: any"),
    ],
)
def test_which_tasks_go_first(
    instances: list[Candidate], strategy: list[Step], from_instances: list[str]
) -> None:
    for seed in range(10):
        gone = choose_to_stop(
            HELD, len(from_instances), instances, strategy=strategy, random=Random(seed)
        )
        if len(from_instances) == 4:  # once the zones are even, either may be next
            assert [one[0] for one in gone[:2]] == ["2", "2"] and gone[2][0] in "13"
        else:
            assert all(one[0] in where for one, where in zip(gone, from_instances, strict=True))


def test_no_more_go_than_there_are_and_a_lost_instance_is_no_obstacle() -> None:
    gone = choose_to_stop(HELD, 99, [], strategy=SERVICE_DEFAULT, random=Random(1))
    assert sorted(gone) == sorted(one.task for one in HELD)


# Six instances take a while to make up on a machine that is busy.
unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

candidates = st.lists(
    st.builds(
        lambda zone, cpu, memory, interfaces, ports, connected, active: (
            zone,
            {
                "cpu": cpu,
                "memory": memory,
                "interfaces": interfaces,
                "tcp_ports": frozenset(ports),
                "agent_connected": connected,
                "active": active,
            },
        ),
        st.sampled_from("abc"),
        st.integers(0, 1024),
        st.integers(0, 2048),
        st.integers(0, 3),
        st.sets(st.sampled_from([80, 443, 8080])),
        st.booleans(),
        st.booleans(),
    ),
    max_size=6,
).map(lambda rows: [candidate(str(n), zone, **row) for n, (zone, row) in enumerate(rows)])

strategies = st.lists(
    st.sampled_from([SPREAD_ZONE, SPREAD_HOST, PACK_CPU, PACK_MEMORY, RANDOM]), max_size=5
)
demands = st.builds(
    lambda cpu, memory, ports, interface: demand(
        cpu, memory, tcp_ports=frozenset(ports), interface=interface
    ),
    st.integers(0, 1024),
    st.integers(0, 2048),
    st.sets(st.sampled_from([80, 443, 8080])),
    st.booleans(),
)


@unhurried
@given(candidates, strategies, demands, st.integers())
def test_a_placed_task_fits_and_one_that_fits_is_placed(
    instances: list[Candidate], strategy: list[Step], task: Demand, seed: int
) -> None:
    fits = {one.arn for one in instances if one.active and not list(obstacles(task, one))}
    answer = place(task, instances, strategy=strategy, constraints=(), random=Random(seed))
    match answer:
        case Placed(arn):
            assert arn in fits
        case NotPlaced(failures, closest, reason):
            assert not fits
            assert [arn for arn, _ in failures] == [one.arn for one in instances if one.active]
            assert ((closest, reason) in failures) == bool(failures)


@unhurried
@given(candidates, strategies, demands, st.integers(0, 40))
def test_no_instance_is_over_committed(
    instances: list[Candidate], strategy: list[Step], task: Demand, count: int
) -> None:
    filled = fill(instances, task, count, strategy)
    assert all(one.cpu >= 0 and one.memory >= 0 and one.interfaces >= 0 for one in filled)
    if task.tcp_ports:
        assert all(sum(one.groups.values()) <= 1 for one in filled)


@given(st.integers(1, 8), st.integers(1, 30), st.sampled_from([PACK_CPU, PACK_MEMORY]))
def test_binpack_never_uses_more_instances_than_spread(
    instances: int, tasks: int, pack: Step
) -> None:
    equal = [candidate(str(n)) for n in range(instances)]
    packed, spread = (fill(equal, demand(), tasks, [one]) for one in (pack, SPREAD_HOST))
    assert in_use(packed) <= in_use(spread)
    per_instance = 3900 // 512
    assert in_use(packed) == min(instances, -(-tasks // per_instance))
    assert in_use(spread) == min(instances, tasks)


@given(st.integers(1, 3), st.integers(1, 3), st.integers(0, 18))
def test_spread_keeps_zones_and_instances_within_one_task_of_each_other(
    zones: int, each: int, tasks: int
) -> None:
    equal = [candidate(f"{zone}{n}", zone) for zone in "abc"[:zones] for n in range(each)]
    filled = fill(equal, demand(cpu=1, memory=1), tasks, SERVICE_DEFAULT)
    by_zone = Counter[str]()
    for one in filled:
        by_zone[one.arn[0]] += sum(one.groups.values())
    assert sum(by_zone.values()) == tasks
    assert max(by_zone.values()) - min(by_zone.values()) <= 1
    for zone in by_zone:
        on_each = [sum(one.groups.values()) for one in filled if one.arn[0] == zone]
        assert max(on_each) - min(on_each) <= 1


@given(strategies, st.integers(0, 9), st.integers())
def test_stopping_names_each_task_once(strategy: list[Step], count: int, seed: int) -> None:
    instances = [candidate("1", "a"), candidate("2", "b"), candidate("3", "b")]
    gone = choose_to_stop(HELD, count, instances, strategy=strategy, random=Random(seed))
    assert len(gone) == len(set(gone)) == min(count, len(HELD))
    assert set(gone) <= {one.task for one in HELD}
