"""A lesson's place in LIVE: what the sandbox is to a lesson, as far as a real account has it.

What only the sandbox can do (time, traffic, a trace, a snapshot) is not here: a lesson
raises SandboxOnly for it, before anything is asked of the account.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from course.live.report import CleanupReport
from course.live.session import Live


class InLive:
    """One attempt in LIVE, as a lesson holds it."""

    def __init__(self, live: Live) -> None:
        self._live = live
        self.region = live.region

    @property
    def open(self) -> bool:
        """Whether it is still the one of this kernel."""
        return self._live.open

    def close(self) -> None:
        """End it; nothing is removed."""
        self._live.close()

    def client(self, service: str, **kwargs: Any) -> Any:
        """A guarded boto3 client."""
        return self._live.client(service, **kwargs)

    def now(self) -> datetime:
        """The present time, an aware UTC datetime."""
        return self._live.now()

    def wait_until(self, condition: Callable[[], Any], timeout: float) -> datetime:
        """Ask again and again until it is true; *timeout* in seconds."""
        return self._live.wait_until(condition, timeout)

    def cleanup(self, *, dry: bool) -> CleanupReport:
        """Remove what attempts in this account and Region left."""
        return self._live.cleanup(dry=dry)

    def state(self) -> str:
        """One line on what is there and what it cost, by the ledger."""
        return self._live.state()


def needs_the_sandbox(what: str) -> str:
    """Why something is not there in LIVE, in one line."""
    return f"{what} is the sandbox's: a real account has no such thing. Open the lesson in SANDBOX."
