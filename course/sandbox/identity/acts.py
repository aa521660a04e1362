"""Who asked for what, and whether they may: the calls of callers who are held to policies. Pure.

A call asks more than itself: RunTask asks ``iam:PassRole`` too, for each role it
hands over. So an act is one decision, and not one call.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from heapq import merge

from course.sandbox.history import ApiCall
from course.sandbox.world import World


@dataclass(frozen=True, slots=True)
class Act:
    """One action on one resource, by whom (the ARN of a user, or of a session of a role).

    *resource* is empty for a call that nothing was decided about.
    """

    who: str
    action: str
    resource: str
    allowed: bool


def acts(world: World) -> Iterator[Act]:
    """What was decided in a world, the oldest first: for callers, and for ECS in a task's name."""
    for call in merge(world.history, world.on_behalf, key=lambda call: call.when):
        yield from _of(call)


def _of(call: ApiCall) -> Iterator[Act]:
    for made in call.decisions:
        asked = made.request
        yield Act(asked.principal.arn, asked.action, asked.resource, made.allowed)
    if not call.decisions and call.who and call.who.role:
        yield Act(call.who.arn, f"{call.service}:{call.operation}", "", call.error is None)
