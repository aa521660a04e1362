"""Virtual time: it stands still until somebody waits for it.

The clock is a heap of alarms. Moving time forward runs the alarms that fall
due, in order, and after each instant gives the control plane one chance to
settle. A timestamp once shown never changes, because reading the time does not
move it. At ``rate`` 0 (every notebook) only waiting moves time; at a higher
rate the clock also follows the wall, ``rate`` virtual seconds to a real one.
"""

import heapq
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime, timedelta
from typing import Any

from course.sandbox.errors import ClockError, WaitTimeout

START = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
"""When every lesson begins: a Monday morning, the same for the learner and for CI."""


def _nothing(*_: datetime) -> None: ...


class Clock:
    """The one source of time in a world; durations are seconds, instants aware UTC datetimes."""

    def __init__(
        self,
        start: datetime = START,
        *,
        rate: float = 0,
        wall: Callable[[], float] | None = None,
        lock: AbstractContextManager[Any] | None = None,
    ) -> None:
        if rate and wall is None:
            raise ClockError("a clock that runs by itself needs a wall clock to follow")
        self._now = start
        self._alarms: list[tuple[datetime, int, Callable[..., None], tuple[Any, ...]]] = []
        self._alarms_set = 0  # a plain number: an itertools.count cannot be copied from 3.14 on
        self._settle: Callable[[], None] = _nothing
        self._passing: Callable[[datetime, datetime], None] = _nothing
        self._lock = lock or nullcontext()
        self._wall = wall
        self._wall_seen = wall() if wall else 0.0
        self.rate = rate

    def __repr__(self) -> str:
        return f"Clock({self._now:%Y-%m-%d %H:%M:%S} UTC, {self._pace()})"

    def _pace(self) -> str:
        return f"{self.rate:g}x" if self.rate else "time moves when you wait"

    def now(self) -> datetime:
        """The present instant of the virtual world; reading it changes nothing."""
        return self._now

    def on_instant(self, settle: Callable[[], None]) -> None:
        """Name what runs once after the alarms of each instant (the control plane's settling)."""
        self._settle = settle

    def on_passing(self, passing: Callable[[datetime, datetime], None]) -> None:
        """Name what is told of the time between two instants, before the second one comes (traffic)."""
        self._passing = passing

    def at(self, when: datetime, function: Callable[..., None], *args: Any) -> None:
        """Set an alarm; *function* must not be a closure, or a snapshot would point at the original."""
        if when < self._now:
            raise ClockError(f"an alarm at {when} was refused: it is already {self._now}")
        self._alarms_set += 1
        heapq.heappush(self._alarms, (when, self._alarms_set, function, args))

    def after(self, seconds: float, function: Callable[..., None], *args: Any) -> None:
        """Set an alarm this many virtual seconds from now."""
        self.at(self._now + timedelta(seconds=seconds), function, *args)

    def advance(
        self, seconds: float = 0, *, minutes: float = 0, hours: float = 0, days: float = 0
    ) -> datetime:
        """Let this much virtual time pass, and everything happen that falls due in it.

        Returns the new time. Raises ClockError for a negative duration.
        """
        by = timedelta(seconds=seconds, minutes=minutes, hours=hours, days=days)
        if by < timedelta(0):
            raise ClockError(
                f"the clock only moves forward: advance({by.total_seconds():g} s) was refused"
            )
        with self._lock:
            self._move_to(self._now + by)
            return self._now

    def advance_until(self, condition: Callable[[], Any], timeout: float = 600) -> datetime:
        """Let time pass, from one event to the next, until *condition* is true.

        *timeout* is in virtual seconds. Raises WaitTimeout when they are over.
        """
        with self._lock:
            end = self._now + timedelta(seconds=timeout)
        while not condition():  # without the lock: it may ask through the endpoint
            if self._now >= end:
                raise WaitTimeout(
                    f"{timeout:g} virtual seconds passed and the condition is still not true"
                )
            with self._lock:
                self._move_to(min(end, self._next_instant() or end))
        return self._now

    def catch_up(self) -> None:
        """Follow the wall clock, for a clock with a rate; nothing at rate 0."""
        if self._wall is None:
            return
        with self._lock:  # read inside, or of two threads the second would see time run backwards
            wall = self._wall()
            passed, self._wall_seen = wall - self._wall_seen, wall
            if self.rate:
                self.advance(passed * self.rate)

    def run(self, rate: float) -> None:
        """From now on let *rate* virtual seconds pass in a real one; 0 is standing still again.

        Raises ClockError for a negative rate, and without a wall clock to follow.
        """
        if rate < 0 or (rate and self._wall is None):
            raise ClockError(
                f"a clock cannot run at {rate:g}x: it needs a wall clock, and a rate from 0"
            )
        with self._lock:
            self.catch_up()
            self.rate = rate

    def resume(self, rate: float) -> None:
        """Run on from this very instant: wall time that went by while nobody looked does not count.

        A restored snapshot's clock last saw the wall when the snapshot was taken.
        """
        with self._lock:
            self._wall_seen = self._wall() if self._wall else 0.0
            self.rate = rate

    def _next_instant(self) -> datetime | None:
        return self._alarms[0][0] if self._alarms else None

    def _move_to(self, target: datetime) -> None:
        while self._alarms and self._alarms[0][0] <= target:
            self._pass_to(self._alarms[0][0])
            self._run_instant()
        self._pass_to(target)

    def _pass_to(self, instant: datetime) -> None:
        if instant > self._now:
            self._passing(self._now, instant)
        self._now = instant

    def _run_instant(self) -> None:
        """Run what is due now, then settle; what they schedule for this same instant comes next."""
        while self._alarms and self._alarms[0][0] <= self._now:
            _, _, function, args = heapq.heappop(self._alarms)
            function(*args)
        self._settle()
