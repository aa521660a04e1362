"""The history of calls: who asked which service for what, and what came of it.

The gate notes every call of the learner's, and ECS the calls it makes for a task
with the task's roles. What is kept is bounded, and no secret and no key of
anybody's is in it: parameters come here masked.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self

from course.sandbox.authorize.decision import Decision

KEPT = 10_000
"""Calls that are kept at least; the oldest go when there are a tenth more."""

OWN_KEY = "SANDBOX0ACCESS0KEY00"
"""The access key of a notebook: 20 capitals and digits, the shape moto reads from a signature; no real key's prefix."""

Note = Callable[[Decision], None]
"""Takes down what a role has asked for, and whether it may."""


def unnoted(decision: Decision) -> None:
    """Takes nothing down."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who made a call: a user, a session of a role by the role's ARN, or a service of AWS."""

    arn: str = ""
    account: str = ""
    user_id: str = ""
    access_key: str = ""
    role: str = ""
    service: str = ""


@dataclass(frozen=True, slots=True)
class ApiCall:
    """One call to any AWS service, with the error code and text it was answered with, if any.

    ``decisions`` are those on a caller who is held to policies; the learner's own calls have none.
    ``number`` tells calls of one instant apart.
    ``parameters`` and ``answered`` are JSON as CloudTrail writes it, empty where it writes null.
    """

    when: datetime
    service: str
    operation: str
    error: str | None = None
    decisions: tuple[Decision, ...] = ()
    message: str = field(default="", repr=False)
    region: str = ""
    who: Identity | None = field(default=None, repr=False)
    parameters: str = field(default="", repr=False)
    answered: str = field(default="", repr=False)
    request_id: str = field(default="", repr=False)
    agent: str = field(default="", repr=False)
    number: int = field(default=0, repr=False)

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self  # nothing in it ever changes, and a snapshot has thousands


class History(list[ApiCall]):
    """Calls, the oldest first; ``total`` is how many there ever were, so it tells whether there was another."""

    def __init__(self) -> None:
        super().__init__()
        self.total = 0

    def note(self, call: ApiCall) -> None:
        """Take down one more call."""
        self.total += 1
        self.append(call)
        if len(self) > KEPT * 1.1:
            del self[: len(self) - KEPT]
