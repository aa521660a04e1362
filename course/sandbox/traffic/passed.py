"""What has gone through the doors of a world since that was last asked: what metrics are made of. Pure.

A door is a load balancer and one of its target groups; "" stands for no balancer, or for an answer
that no target had a part in.
"""

from collections import Counter
from dataclasses import dataclass, field

Door = tuple[str, str]
"""The ARNs of a load balancer and of a target group."""


@dataclass
class Through:
    """Requests through one door.

    *answered* are the targets' answers by status, *by_balancer* those that came from the balancer
    itself because something went wrong, *by_rule* those that a rule gives, *unconnected* the
    connections that no target took. *seconds* says how many answers took how long.
    """

    requests: int = 0
    routed: int = 0
    answered: Counter[int] = field(default_factory=Counter)
    by_balancer: Counter[int] = field(default_factory=Counter)
    by_rule: Counter[int] = field(default_factory=Counter)
    unconnected: int = 0
    seconds: Counter[float] = field(default_factory=Counter)

    def add(self, other: "Through") -> None:
        """Sum up."""
        self.requests += other.requests
        self.routed += other.routed
        self.unconnected += other.unconnected
        for name in ("answered", "by_balancer", "by_rule", "seconds"):
            getattr(self, name).update(getattr(other, name))


@dataclass
class Passed:
    """Requests by door, and by task the seconds in which its CPU was busy: 30 of 60 are 50 percent."""

    doors: dict[Door, Through] = field(default_factory=dict)
    busy: dict[str, float] = field(default_factory=dict)

    def through(self, door: Door) -> Through:
        """What went through a door, nothing at first."""
        if door not in self.doors:
            self.doors[door] = Through()
        return self.doors[door]

    def worked(self, task: str, seconds: float) -> None:
        """A task's CPU was busy for so many seconds."""
        self.busy[task] = self.busy.get(task, 0.0) + seconds

    def add(self, other: "Passed") -> None:
        """Sum up."""
        for door, through in other.doors.items():
            self.through(door).add(through)
        for task, seconds in other.busy.items():
            self.worked(task, seconds)

    def fate(
        self, door: Door, word: str, status: int | None, count: int, seconds: float = 0.0
    ) -> None:
        """What became of requests, by the ledger's word and the status that a client saw."""
        if not door[0] or not count:
            return
        through = self.through(door)
        through.requests += count
        through.routed += count if door[1] else 0
        if word == "answered" and status is not None:
            through.answered[status] += count
            through.seconds[round(seconds, 6)] += count
        elif status is not None:
            through.by_balancer[status] += count
