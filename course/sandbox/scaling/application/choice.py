"""What several policies that want something at one instant come to: one capacity, or none. Pure.

Who wants more decides: any policy scales out, and the largest capacity wins, in both
directions. A policy of target tracking scales in only if all of them want to that may;
one of step scaling does not ask. While a scale-out cools down, its own tasks count as part
of what is wanted next; while a scale-in does, no other one follows, but a scale-out does.
During a deployment nothing is scaled in.

AWS: https://docs.aws.amazon.com/autoscaling/application/userguide/target-tracking-scaling-policy-overview.html
     https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-autoscaling-targettracking.html
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

AT_MAX, AT_MIN = "AlreadyAtMaxCapacity", "AlreadyAtMinCapacity"
AT_DESIRED = "AlreadyAtDesiredCapacity"
FLAPPING = "AutoScalingAnticipatedFlapping"
UNSCALABLE = "TargetServicePutResourceAsUnscalable"


@dataclass(frozen=True, slots=True)
class Wish:
    """What one policy wants: *capacity* from a present one, since its *alarm* is in ALARM.

    *inwards* says that the alarm is one for scaling in; *agreeing* that it scales in by
    agreement only (target tracking). *cooldown* is in seconds.
    """

    policy: str
    alarm: str
    capacity: Callable[[int], int]
    inwards: bool
    agreeing: bool = False
    cooldown: int = 300


@dataclass(frozen=True, slots=True)
class Situation:
    """How a scalable target stands at an instant.

    *cooling* is "out" or "in" while a cooldown runs, and *before* the capacity that the
    scale-out began from; *agreement* are the policies that have to agree to a scale-in.
    """

    current: int
    minimum: int
    maximum: int
    agreement: frozenset[str] = frozenset()
    cooling: str = ""
    before: int = 0
    deploying: bool = False
    out_suspended: bool = False
    in_suspended: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """Set the desired count to this capacity, because of that wish."""

    capacity: int
    wish: Wish


@dataclass(frozen=True, slots=True)
class NotScaled:
    """Nothing changes, by one of AWS's reason codes; ``passing`` says that only time stands in the way."""

    code: str
    wish: Wish
    passing: bool = False


def choose(wishes: Sequence[Wish], situation: Situation) -> Change | NotScaled | None:
    """The one thing that is done; None where nothing is wanted, or it is suspended or not agreed on."""
    wishes = sorted(wishes, key=lambda one: (one.policy, one.alarm))  # their order never matters
    outwards = [one for one in wishes if not _shrinks(one, situation)]
    found = _out(outwards, situation)
    if isinstance(found, Change):
        return found
    return _in([one for one in wishes if _shrinks(one, situation)], situation) or found


def _shrinks(wish: Wish, situation: Situation) -> bool:
    """A step policy's alarm says no direction; what it comes to does."""
    return wish.inwards or wish.capacity(situation.current) < situation.current


def _out(wishes: Sequence[Wish], situation: Situation) -> Change | NotScaled | None:
    if not wishes or situation.out_suspended:
        return None
    base = situation.before if situation.cooling == "out" else situation.current
    wish = max(wishes, key=lambda one: one.capacity(base))
    wanted = wish.capacity(base)
    capacity = min(max(wanted, situation.minimum), situation.maximum)
    if capacity > situation.current:
        return Change(capacity, wish)
    if situation.current >= situation.maximum and wanted >= situation.maximum:
        return NotScaled(AT_MAX, wish)
    return NotScaled(AT_DESIRED, wish, passing=situation.cooling == "out")


def _in(wishes: Sequence[Wish], situation: Situation) -> Change | NotScaled | None:
    if not wishes or situation.in_suspended:
        return None
    wanting = {one.policy for one in wishes}
    agreed = situation.agreement <= wanting
    able = [one for one in wishes if agreed or not one.agreeing]
    if not able:
        return None
    wish = max(able, key=lambda one: one.capacity(situation.current))
    wanted = wish.capacity(situation.current)
    capacity = min(max(wanted, situation.minimum), situation.maximum)
    if capacity >= situation.current:
        at_min = situation.current <= situation.minimum
        return NotScaled(AT_MIN if at_min else _stays(wish), wish)
    if situation.deploying:
        return NotScaled(UNSCALABLE, wish, passing=True)
    if situation.cooling == "in":
        return NotScaled(AT_DESIRED, wish, passing=True)
    return Change(capacity, wish)


def _stays(wish: Wish) -> str:
    """One task fewer would bring the metric above its target at once, where the policy tracks one."""
    return FLAPPING if wish.agreeing else AT_DESIRED
