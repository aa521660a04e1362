"""Scaling activities in AWS's words. Pure.

Sentences as in AWS's own examples (guide and CLI) and in accounts' outputs of 2016 to 2026;
what was not seen anywhere is marked.

AWS: https://docs.aws.amazon.com/autoscaling/application/userguide/application-auto-scaling-scaling-activities.html
"""

from collections.abc import Mapping

NOT_SCALED = "Attempting to scale due to alarm triggered"


def setting(capacity: int) -> str:
    """What an activity is about to do."""
    return f"Setting desired count to {capacity}."


def by_alarm(alarm: str, policy: str) -> str:
    """A policy's alarm went off."""
    return f"monitor alarm {alarm} in state ALARM triggered policy {policy}"


def by_bound(which: str, capacity: int) -> str:
    """The desired count was outside of the bounds; *which* is ``minimum`` or ``maximum``."""
    return f"{which} capacity was set to {capacity}"


def by_schedule(name: str) -> str:
    """A scheduled action was due."""
    return f"scheduled action name {name} was triggered"


def bounds(given: Mapping[str, int]) -> str:
    """What a scheduled action sets: one of the bounds or both."""
    words = {"MinCapacity": "min capacity to", "MaxCapacity": "max capacity to"}
    return " and ".join(f"{word} {given[key]}" for key, word in words.items() if key in given)


def waiting(capacity: int) -> str:
    """ECS has taken the new desired count, tasks are on their way."""
    return (
        f"Successfully set desired count to {capacity}. Waiting for change to be fulfilled by ecs."
    )


def fulfilled(capacity: int) -> str:
    """As many tasks run as are wanted."""
    return f"Successfully set desired count to {capacity}. Change successfully fulfilled by ecs."


def overridden(capacity: int, later: int) -> str:
    """Another desired count was set meanwhile."""
    return f"Successfully set desired count to {capacity}. Found it was later changed to {later}."


def unfulfilled(capacity: int) -> str:
    """ECS could not bring so many tasks to run; our words."""
    return f"Successfully set desired count to {capacity}. Change was not fulfilled by ecs."


def failed(what: str, reason: str) -> str:
    """ECS, or a rule, refused it."""
    return f"Failed to set {what}. Reason: {reason}"
