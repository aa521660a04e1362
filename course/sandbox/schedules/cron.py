"""AWS's cron expressions: minutes, hours, day of month, month, day of week, year. Pure.

One of the two days has to be ``?``. ``L`` is the last day of a month, or with a weekday
(``6L``) the last such day of it; ``W`` the weekday nearest to a day of the month, within
the month; ``6#3`` the third Friday. Sunday is 1.

AWS: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html
"""

from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
WEEKDAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
FIRST_YEAR, LAST_YEAR = 1970, 2199

OnDay = Callable[[date], bool]


class BadSchedule(ValueError):
    """No schedule expression."""


@dataclass(frozen=True, slots=True)
class Cron:
    """A cron expression that could be read."""

    minutes: tuple[int, ...]
    hours: tuple[int, ...]
    months: tuple[int, ...]
    years: frozenset[int]
    on_day: OnDay

    def after(self, when: datetime) -> datetime | None:
        """The next time that fits after *when*, which has seconds but, like the answer, no zone; None if never."""
        moment = when.replace(second=0, microsecond=0) + timedelta(minutes=1)
        day, earliest = moment.date(), (moment.hour, moment.minute)
        while day.year <= LAST_YEAR:
            if day.year not in self.years:
                day = date(day.year + 1, 1, 1)
            elif day.month not in self.months:
                day = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
            elif self.on_day(day):
                found = self._time(earliest if day == moment.date() else (0, 0))
                if found:
                    return datetime(day.year, day.month, day.day, *found)
                day += timedelta(days=1)
            else:
                day += timedelta(days=1)
        return None

    def _time(self, earliest: tuple[int, int]) -> tuple[int, int] | None:
        times = ((hour, minute) for hour in self.hours for minute in self.minutes)
        return next((one for one in times if one >= earliest), None)


def read_cron(text: str) -> Cron:
    """Read the six fields. Raises BadSchedule."""
    fields = text.split()
    if len(fields) != 6:
        raise BadSchedule(f"a cron expression has six fields, not {len(fields)}")
    minutes, hours, of_month, months, of_week, years = fields
    if (of_month == "?") == (of_week == "?"):
        raise BadSchedule("one of day-of-month and day-of-week is ?, and only one")
    return Cron(
        minutes=_values(minutes, 0, 59),
        hours=_values(hours, 0, 23),
        months=_values(months, 1, 12, MONTHS),
        years=frozenset(_values(years, FIRST_YEAR, LAST_YEAR)),
        on_day=_month_day(of_month) if of_week == "?" else _week_day(of_week),
    )


def _values(text: str, low: int, high: int, names: tuple[str, ...] = ()) -> tuple[int, ...]:
    """Every value of a field: ``*``, a value, a range, a step, a list of them."""
    found: set[int] = set()
    for part in text.split(","):
        span, slash, step = part.partition("/")
        every = _number(step, 1, high) if slash else 1
        if span == "*":
            first, last = low, high
        else:
            begin, dash, end = span.partition("-")
            first = _number(begin, low, high, names)
            last = _number(end, low, high, names) if dash else (high if slash else first)
        if first > last:  # from Friday to Monday
            found |= {*range(first, high + 1, every), *range(low, last + 1, every)}
        else:
            found |= set(range(first, last + 1, every))
    return tuple(sorted(found))


def _number(text: str, low: int, high: int, names: tuple[str, ...] = ()) -> int:
    if text.upper() in names:
        return names.index(text.upper()) + 1
    if not text.isascii() or not text.isdecimal() or not low <= int(text) <= high:
        raise BadSchedule(f"{text!r} is no value from {low} to {high}")
    return int(text)


def _month_day(text: str) -> OnDay:
    upper = text.upper()
    if upper == "L":
        return lambda day: day.day == _length(day)
    if upper == "LW":
        return lambda day: day == _nearest_weekday(day, _length(day))
    if upper.endswith("W"):
        wanted = _number(upper[:-1], 1, 31)
        return lambda day: wanted <= _length(day) and day == _nearest_weekday(day, wanted)
    days = _values(text, 1, 31)
    return lambda day: day.day in days


def _week_day(text: str) -> OnDay:
    upper = text.upper()
    if "#" in upper:
        name, _, nth = upper.partition("#")
        wanted, count = _number(name, 1, 7, WEEKDAYS), _number(nth, 1, 5)
        return lambda day: _weekday(day) == wanted and (day.day - 1) // 7 + 1 == count
    if upper == "L":
        return lambda day: _weekday(day) == 7
    if upper.endswith("L") and len(upper) > 1:
        last = _number(upper[:-1], 1, 7, WEEKDAYS)
        return lambda day: _weekday(day) == last and day.day + 7 > _length(day)
    days = _values(text, 1, 7, WEEKDAYS)
    return lambda day: _weekday(day) in days


def _weekday(day: date) -> int:
    return day.isoweekday() % 7 + 1


def _length(day: date) -> int:
    return monthrange(day.year, day.month)[1]


def _nearest_weekday(month: date, wanted: int) -> date:
    """The day from Monday to Friday nearest to a day of this month, without leaving the month."""
    day = month.replace(day=wanted)
    if day.isoweekday() == 6:
        return day - timedelta(days=1) if wanted > 1 else day + timedelta(days=2)
    if day.isoweekday() == 7:
        return day + timedelta(days=1) if wanted < _length(day) else day - timedelta(days=2)
    return day
