"""``rate(...)``, ``cron(...)`` and ``at(...)``: when each is due next. Pure.

A rate counts from when it began. Cron and at look at the clock of a time zone: a
local time that a change to summer time leaves out is skipped, one that comes twice is due once.

AWS: https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from course.sandbox.schedules.cron import BadSchedule, Cron, read_cron

_FORM = re.compile(r"(rate|cron|at)\((.*)\)", re.DOTALL)
_UNITS = {"minute": 60, "hour": 3600, "day": 86400}


@dataclass(frozen=True, slots=True)
class Schedule:
    """One schedule expression: a rate, a cron expression, or a single time."""

    every: timedelta | None = None
    cron: Cron | None = None
    once: datetime | None = None
    zone: ZoneInfo | None = None

    def next(self, after: datetime, began: datetime) -> datetime | None:
        """When it is due next after a moment (both aware); None if never again."""
        if self.every:
            rounds = (after - began) // self.every + 1
            return began + max(rounds, 0) * self.every
        if self.once:
            due = self._utc(self.once)
            return due if due and due > after else None
        return self._next_of_cron(after)

    def _next_of_cron(self, after: datetime) -> datetime | None:
        local: datetime | None = after.astimezone(self.zone or UTC).replace(tzinfo=None)
        while local is not None and self.cron:
            local = self.cron.after(local)
            due = self._utc(local) if local else None
            if due and due > after:
                return due
        return None

    def _utc(self, local: datetime) -> datetime | None:
        """A local time in UTC; None for one that the clocks leave out."""
        due = local.replace(tzinfo=self.zone or UTC).astimezone(UTC)
        back = due.astimezone(self.zone or UTC).replace(tzinfo=None)
        return due if back == local else None


def read_schedule(text: str, zone: str | None = None, *, once: bool = False) -> Schedule:
    """Read an expression; *once* says whether ``at(...)`` is known. Raises BadSchedule."""
    found = _FORM.fullmatch(text.strip())
    if found is None or (found[1] == "at" and not once):
        raise BadSchedule(f"{text!r} is no schedule expression")
    kind, given = found[1], found[2]
    if kind == "rate":
        return Schedule(every=_rate(given))
    try:
        place = ZoneInfo(zone) if zone and zone != "UTC" else None
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise BadSchedule(f"{zone!r} is no time zone") from error
    if kind == "cron":
        return Schedule(cron=read_cron(given), zone=place)
    try:
        return Schedule(once=datetime.strptime(given, "%Y-%m-%dT%H:%M:%S"), zone=place)
    except ValueError as error:
        raise BadSchedule(f"{given!r} is not yyyy-mm-ddThh:mm:ss") from error


def due_after(
    schedule: Schedule, now: datetime, began: datetime, ends: datetime | None, *, at_start: bool
) -> datetime | None:
    """When something planned is due next, not before it *began*; None after its end.

    Of a rate with a start date the first time is that start (*at_start*).
    """
    after = max(now, began) - (timedelta(microseconds=1) if at_start else timedelta(0))
    due = schedule.next(after, began)
    over = schedule.once is None and due is not None and ends is not None and due > ends
    return None if over or due is None else max(due, now)


def _rate(text: str) -> timedelta:
    """A positive number and a unit, which is in the singular for 1 alone."""
    found = re.fullmatch(r"([1-9]\d*) (minute|hour|day)(s?)", text)
    if found is None or (found[1] == "1") == (found[3] == "s"):
        raise BadSchedule(f"{text!r} is no rate: a number and minute(s), hour(s) or day(s)")
    return timedelta(seconds=int(found[1]) * _UNITS[found[2]])
