"""What an alarm calls when it changes its state, or stays in it: receivers, by the pattern of an ARN.

A topic is told once, when the state changes; a scaling policy is called again every minute
for as long as the alarm stays in the state, as the documentation says.

AWS: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-actions.html
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from fnmatch import fnmatchcase

from course.sandbox.observability.alarms.alarm import Alarm
from course.sandbox.observability.metrics.store import Datapoint


@dataclass(frozen=True, slots=True)
class Firing:
    """An action that is due: whose, which (*action*, an ARN), in which state, and what was seen.

    *changed* is False where the alarm only stays in the state; *datapoints* are those that
    decided, the oldest first, and *value* the newest of them, None where there is none.
    """

    region: str
    alarm: Alarm
    action: str
    state: str
    previous: str
    changed: bool
    when: datetime
    datapoints: tuple[Datapoint, ...] = ()

    @property
    def value(self) -> float | None:
        """The newest datapoint's value."""
        return self.datapoints[-1].value if self.datapoints else None


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of an action: *error* is why it failed, "" where it did not.

    *waits* is True where calling it again, with nothing changed in the world, would do nothing:
    then the clock need not run for it.
    """

    error: str = ""
    waits: bool = False


Receiver = Callable[[Firing], Receipt | None]
"""None is a Receipt that says nothing."""


@dataclass(frozen=True, slots=True)
class Registered:
    """A receiver, the ARNs it is for, and whether it is called again while the state stays."""

    pattern: str
    receiver: Receiver
    repeats: bool


@dataclass
class Actions:
    """The receivers of one world."""

    _receivers: list[Registered] = field(default_factory=list)

    def register(self, pattern: str, receiver: Receiver, *, repeats: bool) -> None:
        """Call *receiver* for actions whose ARN fits *pattern* (``*`` is anything).

        It has to be a function or a method of an object of the control plane, no closure, or
        a snapshot would keep calling the original.
        """
        self._receivers.append(Registered(pattern, receiver, repeats))

    def find(self, action: str) -> Registered | None:
        """Who takes an action; None where nobody here does."""
        held = self._receivers
        return next((one for one in held if fnmatchcase(action, one.pattern)), None)

    def repeats(self, alarm: Alarm) -> bool:
        """Whether it calls something again and again while it stays in its state."""
        if not alarm.actions_enabled:
            return False
        found = (self.find(action) for action in alarm.actions(alarm.state_value))
        return any(one is not None and one.repeats for one in found)
