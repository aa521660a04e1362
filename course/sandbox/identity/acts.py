"""Who asked for what, and whether they may: the calls of callers who are held to policies. Pure.

A call asks more than itself: RunTask asks ``iam:PassRole`` too, for each role it
hands over. So an act is one decision, and not one call.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from course.sandbox.world import World


@dataclass(frozen=True, slots=True)
class Act:
    """One action on one resource, by whom (the ARN of a user, or of a session of a role)."""

    who: str
    action: str
    resource: str
    allowed: bool


def acts(world: World) -> Iterator[Act]:
    """Every decision in a world's history, the oldest first."""
    for call in world.history:
        for made in call.decisions:
            asked = made.request
            yield Act(asked.principal.arn, asked.action, asked.resource, made.allowed)
