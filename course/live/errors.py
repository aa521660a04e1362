"""What LIVE raises: why there is none, and what a guard rail stopped.

LiveError
├── NoLive             LIVE was asked for and cannot be, with the reason
└── GuardRail          a call that did not leave this machine
    ├── NotAllowed     an operation or a parameter that is not on the list
    ├── NotOurs        something that this attempt did not create
    ├── TooMuch        a count, a size, or the ceiling in dollars
    └── TimeIsOver     the minutes are over; only looking and removing is left
"""


class LiveError(Exception):
    """Anything that LIVE refuses, apart from AWS's own errors; one line in a notebook."""

    def _render_traceback_(self) -> list[str]:
        """IPython prints these lines in place of a traceback."""
        return [f"{type(self).__name__}: {self}"]


class NoLive(LiveError):
    """LIVE was asked for and cannot be; the lesson goes on in the sandbox."""


class GuardRail(LiveError):
    """A call was stopped before it was sent; AWS never saw it."""


class NotAllowed(GuardRail):
    """The operation, or one of its parameters, is not on LIVE's list."""


class NotOurs(GuardRail):
    """The call is about something that this attempt did not create."""


class TooMuch(GuardRail):
    """More than LIVE allows: in number, in size, in public, or in dollars."""


class TimeIsOver(GuardRail):
    """The attempt's minutes are over: it may look and remove, and create nothing."""
