"""Managed scaling: how many instances a capacity provider needs, and what becomes of its group. Pure.

CapacityProviderReservation is the instances needed, M, by those that run, N, in
percent; target tracking keeps it at targetCapacity. AWS gives the formula and the
two alarms; how M comes about follows its article on cluster auto scaling (2020)
as far as that goes, and is called our model beyond.

AWS: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/cluster-auto-scaling.html
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil

from course.sandbox.ecs.placement import Candidate, Demand, why_not

PERIOD = 60
"""Seconds between two datapoints of the metric."""

DATAPOINTS_OUT = 1
DATAPOINTS_IN = 15
"""Datapoints above the target before the group grows, and below it before it shrinks (2019 and 2026)."""

FROM_NOTHING = 200.0
"""The metric while tasks wait and no instance runs: the group grows to 2 (aws/containers-roadmap#1716)."""


@dataclass(frozen=True, slots=True)
class Step:
    """By how many instances managed scaling grows a group at once: minimumScalingStepSize and maximum."""

    least: int = 1
    most: int = 10_000


def instances_needed(
    running: int, idle: int, waiting: Iterable[Demand], empty: Candidate | None, step: Step
) -> int:
    """M: what the tasks need, those that run and those that wait.

    *idle* are the instances without a task of their own (daemons' do not count);
    *empty* is an instance of the group with nothing on it, None while none was
    ever seen. Of tasks that wait, equal ones are packed together, and the group
    of them that needs most decides: a lower bound, as AWS says. A task that does
    not even fit an empty instance asks for none, for none would help.
    """
    groups = Counter(waiting)
    if not groups:
        return running - idle
    extra = max(_packed(demand, count, empty) for demand, count in groups.items())
    return running + (min(max(extra, step.least), step.most) if extra else 0)


def reservation(needed: int, running: int) -> float:
    """The metric, in percent: 100 with nothing needed and nothing there, 200 while tasks wait for a first instance."""
    if running:
        return 100 * needed / running
    return FROM_NOTHING if needed else 100.0


def scaled_out(metric: float, target: int, running: int, desired: int, maximum: int) -> int:
    """The group's new desired capacity with the metric above its target; never less than it has now.

    Instances on their way are part of *desired* already, so that two alarms in a
    row do not order the same instance twice.
    """
    wanted = 2 if not running else ceil(running * metric / target)
    return max(desired, min(wanted, maximum))


def scaled_in(metric: float, target: int, running: int, desired: int, minimum: int) -> int:
    """The group's new desired capacity after 15 datapoints below the target; never more than it has now."""
    wanted = ceil(running * metric / target)
    return min(desired, max(wanted, minimum))


def _packed(demand: Demand, count: int, empty: Candidate | None) -> int:
    """Instances that so many equal tasks fill, if an instance took nothing else."""
    if empty is None:
        return 1
    if why_not(demand, empty) is not None:
        return 0
    return ceil(count / _how_many_fit(demand, empty))


def _how_many_fit(demand: Demand, empty: Candidate) -> int:
    fits = [empty.cpu // demand.cpu] if demand.cpu else []
    fits += [empty.memory // demand.memory] if demand.memory else []
    fits += [empty.interfaces] if demand.interface else []
    fits += [1] if demand.tcp_ports or demand.udp_ports else []
    return max(1, min(fits, default=1))
