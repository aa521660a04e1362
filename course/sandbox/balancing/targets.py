"""Targets as they are: what is registered with a target group, under which port, and how it fares.

Kept in the world, by target group and by id *and* port: one instance may be
registered under as many ports as it has tasks.

AWS: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-register-targets.html
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from course.sandbox.balancing.target_health import REGISTERING, Health

if TYPE_CHECKING:
    from course.sandbox.ecs.resources import Task


@dataclass(eq=False)
class Target:
    """One target of a target group.

    ``task`` is the task that a service registered, None for one registered by
    hand; ``turn`` counts its alarms, so that an earlier one is known to be out
    of date; ``checked_since`` is when its checks began, which gives them their
    rhythm; ``quiet`` says that no further check can change anything until
    something else changes; ``lost``, that it was taken from its task by hand.
    """

    group: str
    id: str
    port: int
    registered_at: datetime
    task: "Task | None" = field(default=None, repr=False)
    zone: str | None = None
    health: Health = REGISTERING
    turn: int = 0
    checked_since: datetime | None = None
    quiet: bool = False
    lost: bool = False

    @property
    def state(self) -> str:
        return self.health.state

    @property
    def key(self) -> tuple[str, int]:
        return self.id, self.port


Targets = dict[tuple[str, int], Target]
"""The targets of one target group."""


def receiving(targets: Targets) -> list[Target]:
    """The targets that are sent requests: the healthy ones; where none is, the unhealthy ones.

    That a balancer without a healthy target tries them all is called fail open.
    """
    for state in ("healthy", "unhealthy"):
        found = [one for one in targets.values() if one.state == state]
        if found:
            return found
    return []
