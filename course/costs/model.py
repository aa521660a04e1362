"""Fargate against EC2: what so many equal tasks cost an hour, and from how many on EC2 costs less. Pure.

On Fargate each task is paid for what it asks; on EC2 each instance, whatever is on it.
Left out, and to be weighed by hand: the work of keeping instances, Spot, Savings Plans.
What requests a task carries is the course's model (``traffic/model``); AWS has none.
"""

from dataclasses import dataclass
from math import ceil

from course.costs.prices import Machine, Prices


@dataclass(frozen=True)
class Size:
    """What one task asks for, in CPU units and MiB."""

    cpu: int
    memory: int

    def __post_init__(self) -> None:
        if self.cpu <= 0 or self.memory <= 0:
            raise ValueError(
                f"A task asks for more than nothing: {self.cpu} CPU units, {self.memory} MiB."
            )


def on_fargate(size: Size, tasks: int, prices: Prices) -> float:
    """Dollars an hour for *tasks* on Fargate, each with a public address."""
    cpu = size.cpu / 1024 * prices.fargate_vcpu
    return tasks * (cpu + size.memory / 1024 * prices.fargate_gigabyte + prices.address)


def fit(size: Size, machine: Machine) -> int:
    """How many tasks an instance has room for: by CPU or by memory, whichever is used up first."""
    return min(machine.cpu // size.cpu, machine.memory // size.memory)


def instances(size: Size, tasks: int, machine: Machine, *, fewest: int = 0) -> int:
    """How many instances so many tasks need; *fewest* of them are kept, for instance one a zone.

    Raises ValueError where not even one task fits.
    """
    room = fit(size, machine)
    if not room:
        raise ValueError(
            f"No task of {size.cpu} CPU units and {size.memory} MiB fits on {machine.name}:"
            f" it has {machine.cpu} and {machine.memory}."
        )
    return max(fewest, ceil(tasks / room))


def on_instances(count: int, machine: Machine, prices: Prices) -> float:
    """Dollars an hour for so many instances, each with its disk and a public address."""
    return count * (machine.hour + prices.disk + prices.address)


def on_ec2(size: Size, tasks: int, machine: Machine, prices: Prices, *, fewest: int = 0) -> float:
    """Dollars an hour for the instances that so many tasks need."""
    return on_instances(instances(size, tasks, machine, fewest=fewest), machine, prices)


def cheaper_from(
    size: Size, machine: Machine, prices: Prices, *, fewest: int = 0, most: int = 200
) -> tuple[int | None, int | None]:
    """From how many tasks on EC2 costs less: the first time, and for good (up to *most*).

    Between the two a new instance, still empty, makes EC2 dearer again. None where
    it never happens.
    """
    wins = [
        on_ec2(size, tasks, machine, prices, fewest=fewest) < on_fargate(size, tasks, prices)
        for tasks in range(1, most + 1)
    ]
    if True not in wins:
        return None, None
    last_lost = max((number for number, won in enumerate(wins, 1) if not won), default=0)
    return wins.index(True) + 1, last_lost + 1 if last_lost < most else None


def tasks_for(rate: float, size: Size, carries: float, *, busy: float = 0.6) -> int:
    """How many tasks carry *rate* requests a second, each no busier than *busy* (0 to 1).

    *carries* is what one vCPU answers a second, a figure of the program's.
    """
    return max(1, ceil(rate / (carries * size.cpu / 1024 * busy)))
