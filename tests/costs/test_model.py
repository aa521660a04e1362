"""The cost model: sums by hand, where the lines cross, and what is refused."""

import pytest

from course.costs.model import (
    Size,
    cheaper_from,
    fit,
    instances,
    on_ec2,
    on_fargate,
    on_instances,
    tasks_for,
)
from course.costs.prices import Machine, Prices, UnknownMachine, prices

BOX = Machine("box", hour=0.09, cpu=2048, memory=4000)
ROUND = Prices(
    region="us-east-1",
    checked="2026-11-27",
    fargate_vcpu=0.04,
    fargate_gigabyte=0.004,
    address=0.01,
    disk=0.0,
    eks_cluster=0.1,
    instances={"box": BOX},
)
QUARTER = Size(256, 512)


def test_a_task_on_fargate_is_paid_for_what_it_asks() -> None:
    assert on_fargate(QUARTER, 1, ROUND) == pytest.approx(0.01 + 0.002 + 0.01)
    assert on_fargate(Size(1024, 2048), 3, ROUND) == pytest.approx(3 * (0.04 + 0.008 + 0.01))


@pytest.mark.parametrize(
    ("size", "room"),
    [
        (Size(256, 512), 7),
        (Size(512, 512), 4),
        (Size(2048, 512), 1),
        (Size(4096, 512), 0),
        (Size(256, 4001), 0),
    ],
)
def test_room_is_by_what_is_used_up_first(size: Size, room: int) -> None:
    assert fit(size, BOX) == room


@pytest.mark.parametrize(
    ("tasks", "fewest", "count"), [(1, 0, 1), (7, 0, 1), (8, 0, 2), (1, 2, 2), (15, 2, 3)]
)
def test_an_instance_is_paid_for_whatever_is_on_it(tasks: int, fewest: int, count: int) -> None:
    assert instances(QUARTER, tasks, BOX, fewest=fewest) == count
    paid = on_ec2(QUARTER, tasks, BOX, ROUND, fewest=fewest)
    assert paid == on_instances(count, BOX, ROUND) == pytest.approx(count * 0.10)


def test_between_the_first_time_and_for_good_a_new_instance_makes_it_dearer() -> None:
    """0.022 a task against 0.10 an instance of seven: 5 tasks cost 0.11, 8 cost 0.176."""
    assert cheaper_from(QUARTER, BOX, ROUND) == (5, 10)
    wins = {n: on_ec2(QUARTER, n, BOX, ROUND) < on_fargate(QUARTER, n, ROUND) for n in range(4, 11)}
    assert wins == {4: False, 5: True, 6: True, 7: True, 8: False, 9: False, 10: True}


def test_where_too_few_fit_it_never_happens() -> None:
    assert cheaper_from(Size(256, 2000), BOX, ROUND) == (None, None)


def test_a_cheaper_machine_is_cheaper_sooner() -> None:
    assert cheaper_from(QUARTER, BOX.at(0.03), ROUND) == (2, 2)


def test_it_may_win_at_times_and_never_for_good() -> None:
    """What is looked at ends where it has just lost."""
    assert cheaper_from(QUARTER, BOX, ROUND, most=8) == (5, None)


@pytest.mark.parametrize(
    ("rate", "tasks"), [(0, 1), (29, 1), (30, 1), (31, 2), (300, 10), (301, 11)]
)
def test_a_load_is_a_number_of_tasks(rate: float, tasks: int) -> None:
    assert tasks_for(rate, QUARTER, 200) == tasks


def test_what_fits_nowhere_and_what_asks_for_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="fits on box: it has 2048 and 4000"):
        instances(Size(4096, 512), 1, BOX)
    with pytest.raises(ValueError, match="more than nothing"):
        Size(0, 512)
    with pytest.raises(UnknownMachine, match=r"has no 'p5'; it has t3.small, m6i.large"):
        prices().machine("p5")


def test_the_shipped_prices_are_dated_and_positive() -> None:
    listed = prices()
    assert (listed.region, listed.checked) == ("us-east-1", "2026-11-27")
    assert min(listed.fargate_vcpu, listed.fargate_gigabyte, listed.address, listed.disk) > 0
    assert listed.changed({"disk": 1.0}).disk == 1.0 and listed.disk < 0.01


def test_the_machines_have_what_the_sandbox_gives_them() -> None:
    from course import sandbox

    with sandbox.open():
        from course.sandbox.ecs.instance_types import instance_type

        for one in prices().instances.values():
            found = instance_type(one.name)
            assert (found.cpu, found.memory) == (one.cpu, one.memory), one.name
