"""CapacityProviderReservation by tables: instances and waiting tasks -> the metric -> the group's size."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.sandbox.ecs.placement import Candidate, Demand
from course.sandbox.scaling.capacity_reservation import (
    Step,
    instances_needed,
    reservation,
    scaled_in,
    scaled_out,
)

EMPTY = Candidate(
    arn="one",
    instance_id="i-1",
    cpu=2048,
    memory=4000,
    registered_cpu=2048,
    registered_memory=4000,
    tcp_ports=frozenset({22}),
    udp_ports=frozenset(),
    interfaces=2,
    attributes={},
    groups={},
    agent_connected=True,
    active=True,
)
NONE: frozenset[int] = frozenset()
SMALL = Demand(512, 1000, NONE, NONE, False, frozenset(), "small", "service:small")
WIDE = replace(SMALL, cpu=1024, memory=500)
ALONE = replace(SMALL, tcp_ports=frozenset({80}))
AWSVPC = replace(SMALL, cpu=1, memory=1, interface=True)
TOO_BIG = replace(SMALL, cpu=4096)


@pytest.mark.parametrize(
    ("running", "idle", "waiting", "step", "needed"),
    [
        pytest.param(0, 0, [], Step(), 0, id="nothing at all"),
        pytest.param(3, 0, [], Step(), 3, id="every instance has tasks"),
        pytest.param(3, 2, [], Step(), 1, id="two instances have none"),
        pytest.param(1, 0, [SMALL], Step(), 2, id="one task waits"),
        pytest.param(1, 0, [SMALL] * 4, Step(), 2, id="four of them fill one instance"),
        pytest.param(1, 0, [SMALL] * 5, Step(), 3, id="a fifth needs another one"),
        pytest.param(1, 0, [ALONE] * 3, Step(), 4, id="a fixed host port: one task an instance"),
        pytest.param(1, 0, [AWSVPC] * 5, Step(), 4, id="two network interfaces for tasks"),
        pytest.param(1, 0, [SMALL] * 4 + [WIDE] * 6, Step(), 4, id="the largest group decides"),
        pytest.param(1, 0, [SMALL], Step(least=3), 4, id="minimumScalingStepSize"),
        pytest.param(1, 0, [ALONE] * 9, Step(most=2), 3, id="maximumScalingStepSize"),
        pytest.param(2, 0, [TOO_BIG], Step(), 2, id="what fits nowhere asks for nothing"),
        pytest.param(2, 0, [TOO_BIG], Step(least=3), 2, id="nor by the step"),
    ],
)
def test_instances_needed(
    running: int, idle: int, waiting: list[Demand], step: Step, needed: int
) -> None:
    assert instances_needed(running, idle, waiting, EMPTY, step) == needed


def test_while_no_instance_was_ever_seen_one_is_needed() -> None:
    assert instances_needed(0, 0, [SMALL] * 50, None, Step()) == 1


@pytest.mark.parametrize(
    ("needed", "running", "percent"),
    [(0, 0, 100), (1, 0, 200), (9, 0, 200), (2, 2, 100), (3, 2, 150), (1, 2, 50), (0, 2, 0)],
)
def test_the_metric(needed: int, running: int, percent: float) -> None:
    assert reservation(needed, running) == percent


@pytest.mark.parametrize(
    ("metric", "target", "running", "desired", "maximum", "becomes"),
    [
        pytest.param(200, 100, 0, 0, 10, 2, id="from 0 instances to 2"),
        pytest.param(200, 100, 0, 2, 10, 2, id="which are on their way"),
        pytest.param(150, 100, 2, 2, 10, 3, id="one more"),
        pytest.param(100, 80, 4, 4, 10, 5, id="spare capacity: 80 percent"),
        pytest.param(400, 100, 2, 2, 5, 5, id="no more than the maximum"),
        pytest.param(150, 100, 2, 4, 10, 4, id="never in"),
    ],
)
def test_scaling_out(
    metric: float, target: int, running: int, desired: int, maximum: int, becomes: int
) -> None:
    assert scaled_out(metric, target, running, desired, maximum) == becomes


@pytest.mark.parametrize(
    ("metric", "target", "running", "desired", "minimum", "becomes"),
    [
        (50, 100, 2, 2, 0, 1),
        (0, 100, 2, 2, 0, 0),
        (0, 100, 2, 2, 1, 1),
        (25, 50, 4, 4, 0, 2),
        (50, 100, 4, 1, 0, 1),
    ],
)
def test_scaling_in(
    metric: float, target: int, running: int, desired: int, minimum: int, becomes: int
) -> None:
    assert scaled_in(metric, target, running, desired, minimum) == becomes


@given(
    st.integers(0, 20),
    st.lists(st.sampled_from([SMALL, WIDE, ALONE, AWSVPC, TOO_BIG]), max_size=20),
    st.integers(1, 100),
    st.integers(0, 30),
)
def test_a_group_grows_only_for_waiting_tasks_and_keeps_its_bounds(
    running: int, waiting: list[Demand], target: int, maximum: int
) -> None:
    needed = instances_needed(running, 0, waiting, EMPTY, Step())
    assert (needed > running) == any(one is not TOO_BIG for one in waiting)
    desired = min(running, maximum)
    grown = scaled_out(reservation(needed, running), target, running, desired, maximum)
    assert desired <= grown <= max(maximum, desired)
    assert scaled_in(reservation(needed, running), target, max(running, 1), desired, 0) <= desired
