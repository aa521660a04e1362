"""Shapes of traffic: how many requests a second are sent, as time goes by. Pure.

A shape is asked how many requests it has sent since it began, so that what is
sent between two moments never depends on how often somebody looks. Between two
of its changes the rate is constant; a wave climbs in small steps, each with the
mean of the curve it stands for.
"""

from dataclasses import dataclass
from math import floor, inf, pi, sin
from typing import Protocol

from course.sandbox.errors import SandboxError

STEP, STEPS = 60, 24
"""A wave's rate changes every so many seconds, and at least so many times a period."""

NEARLY = 1e-6
"""Sums of floating-point rates end a little short of the whole number they stand for."""


class Shape(Protocol):
    """Requests a second over the seconds since the traffic began."""

    def total(self, seconds: float) -> float: ...
    def rate(self, seconds: float) -> float: ...
    def next_change(self, seconds: float) -> float: ...


def sent(shape: Shape, start: float, end: float) -> int:
    """Whole requests that are sent from *start* to *end*, what is left over of the last one carried on."""
    return floor(shape.total(end) + NEARLY) - floor(shape.total(start) + NEARLY)


@dataclass(frozen=True, slots=True)
class Constant:
    """Always the same *rate*, in requests a second."""

    per_second: float

    def __str__(self) -> str:
        return f"{self.per_second:g} requests/s"

    def total(self, seconds: float) -> float:
        """Requests since the beginning."""
        return self.per_second * seconds

    def rate(self, seconds: float) -> float:
        """Requests a second at this moment."""
        return self.per_second

    def next_change(self, seconds: float) -> float:
        """When the rate is another one, after this moment."""
        return inf


@dataclass(frozen=True, slots=True)
class Wave:
    """From *low* up to *high* and back in every *period* (seconds), as a day has its night and its noon."""

    low: float
    high: float
    period: float

    def __str__(self) -> str:
        return f"{self.low:g} to {self.high:g} requests/s in waves of {spoken(self.period)}"

    @property
    def _step(self) -> float:
        return min(STEP, self.period / STEPS)

    def _curve(self, seconds: float) -> float:
        """The integral of the curve itself."""
        middle, reach = (self.low + self.high) / 2, (self.high - self.low) / 2
        turn = 2 * pi / self.period
        return middle * seconds - reach / turn * sin(turn * seconds)

    def total(self, seconds: float) -> float:
        """Requests since the beginning: what the curve has sent at the last step, and straight on."""
        begun = floor(seconds / self._step + NEARLY) * self._step
        return self._curve(begun) + self.rate(begun) * (seconds - begun)

    def rate(self, seconds: float) -> float:
        """Requests a second in the step of this moment."""
        begun = floor(seconds / self._step + NEARLY) * self._step
        return (self._curve(begun + self._step) - self._curve(begun)) / self._step

    def next_change(self, seconds: float) -> float:
        """The end of the step."""
        return (floor(seconds / self._step + NEARLY) + 1) * self._step


@dataclass(frozen=True, slots=True)
class Spike:
    """*base* requests a second, and *peak* for *lasts* seconds from *at* on."""

    base: float
    peak: float
    at: float
    lasts: float

    def __str__(self) -> str:
        return (
            f"{self.base:g} requests/s, and {self.peak:g} for {spoken(self.lasts)} "
            f"after {spoken(self.at)}"
        )

    def total(self, seconds: float) -> float:
        """Requests since the beginning."""
        spiked = min(max(0.0, seconds - self.at), self.lasts)
        return self.base * (seconds - spiked) + self.peak * spiked

    def rate(self, seconds: float) -> float:
        """Requests a second at this moment."""
        return self.peak if self.at <= seconds < self.at + self.lasts else self.base

    def next_change(self, seconds: float) -> float:
        """Where the peak begins, or where it ends."""
        return next((one for one in (self.at, self.at + self.lasts) if one > seconds), inf)


def shape_of(rate: float | Shape) -> Shape:
    """A number as the shape of always so many requests a second. Raises SandboxError below 0."""
    return Constant(_rate(rate)) if isinstance(rate, int | float) else rate


def wave(low: float, high: float, *, minutes: float = 0, hours: float = 0) -> Wave:
    """From *low* up to *high* requests a second and back, once in so much time; in a day without any.

    For ``lesson.traffic(url, rate=course.wave(100, 1000, hours=24))``. Raises SandboxError
    for what is no such wave.
    """
    period = minutes * 60 + hours * 3600 or 24 * 3600
    if _rate(low) > high or period <= 0:
        raise SandboxError(
            f"wave({low:g}, {high:g}) over {period:g} s was refused: it goes from the lower rate to "
            "the higher one, in a time longer than 0"
        )
    return Wave(low, high, period)


def spike(base: float, peak: float, *, after: float, minutes: float) -> Spike:
    """*base* requests a second, and *peak* for so many *minutes*, *after* so many.

    For ``lesson.traffic(url, rate=course.spike(50, 400, after=5, minutes=2))``. Raises
    SandboxError for rates below 0, and for a peak that takes no time.
    """
    if after < 0 or minutes <= 0:
        raise SandboxError(
            f"a spike of {minutes:g} minutes after {after:g} was refused: it takes more than 0 minutes, "
            "and does not begin before the traffic"
        )
    return Spike(_rate(base), _rate(peak), after * 60, minutes * 60)


def _rate(given: float) -> float:
    if not 0 <= given < inf:
        raise SandboxError(f"{given:g} requests a second was refused: a rate is 0 or more")
    return given


def spoken(seconds: float) -> str:
    """``90 s``, ``5 min``, ``24 h``: a length of time in its largest whole unit."""
    for length, unit in ((3600, "h"), (60, "min")):
        if seconds >= length and seconds % length == 0:
            return f"{seconds / length:g} {unit}"
    return f"{seconds:g} s"
