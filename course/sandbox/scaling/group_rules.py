"""An Auto Scaling group: where its next instance goes, and which one goes first. Pure.

AWS: https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-termination-policies.html
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Member:
    """An instance of a group, as its rules see it."""

    instance_id: str
    zone: str
    launched_at: datetime
    protected: bool = False


def next_zone(zones: Sequence[str], members: Sequence[Member]) -> str:
    """The Availability Zone with the fewest instances, of equal ones the first: zones stay balanced."""
    held = Counter(one.zone for one in members)
    return min(zones, key=lambda zone: held[zone])


def choose_to_terminate(members: Sequence[Member], count: int) -> tuple[str, ...]:
    """Which instances go first: of the fullest zone, the oldest; never one protected from scale-in.

    AWS's default policy looks at the launch template before it looks at the billing
    hour; that the oldest goes among equals is our model.
    """
    left = sorted(members, key=lambda one: one.launched_at)
    chosen: list[str] = []
    while len(chosen) < count:
        held = Counter(one.zone for one in left)
        able = [one for one in left if not one.protected]
        if not able:
            break
        going = max(able, key=lambda one: held[one.zone])
        left.remove(going)
        chosen.append(going.instance_id)
    return tuple(chosen)
