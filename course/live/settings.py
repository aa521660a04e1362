"""What a learner says to have LIVE: Region, a ceiling in dollars, minutes. None of them has a default.

In the call, or in the environment, so that a notebook runs unchanged:
``COURSE_AWS=live COURSE_AWS_REGION=us-east-1 COURSE_AWS_USD=1 COURSE_AWS_MINUTES=60``.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from course.live.errors import NoLive
from course.live.prices import Prices, prices, regions

EXAMPLE = 'course.lesson("{}", aws="live", region="us-east-1", usd=1, minutes=60)'
MOST_MINUTES = 240
MODES = ("sandbox", "live")


@dataclass(frozen=True)
class Settings:
    """A Region with known prices, a ceiling in US dollars, and minutes."""

    region: str
    usd: float
    minutes: float
    prices: Prices


@dataclass(frozen=True)
class Asked:
    """What was asked for in the call; None where nothing was said."""

    aws: str | None = None
    region: str | None = None
    usd: float | None = None
    minutes: float | None = None

    def mode(self, environ: Mapping[str, str]) -> str:
        """``sandbox`` or ``live``. Raises ValueError for anything else."""
        named = (self.aws or environ.get("COURSE_AWS") or "sandbox").lower()
        if named not in MODES:
            raise ValueError(f"aws is {named!r}; expected 'sandbox' or 'live'.")
        return named

    def settings(self, lesson: str, environ: Mapping[str, str]) -> Settings:
        """All that LIVE needs to be told. Raises NoLive, which says what is missing."""
        region = self.region or environ.get("COURSE_AWS_REGION")
        example = EXAMPLE.format(lesson)
        if not region:
            raise NoLive(f"No Region was named. For example: {example}.")
        known = prices(region)
        if known is None:
            raise NoLive(
                f"No prices are known for {region!r}, so nothing could be estimated there. "
                f"There are prices for {', '.join(regions())}."
            )
        usd = _positive(self.usd, environ.get("COURSE_AWS_USD"), "ceiling in US dollars", example)
        minutes = _positive(self.minutes, environ.get("COURSE_AWS_MINUTES"), "time", example)
        if minutes > MOST_MINUTES:
            raise NoLive(f"{minutes:g} minutes were asked for; LIVE takes {MOST_MINUTES} at most.")
        return Settings(region, usd, minutes, known)


def _positive(given: float | None, written: str | None, what: str, example: str) -> float:
    said: object = given if given is not None else written
    if said in (None, ""):
        raise NoLive(f"No {what} was given. For example: {example}.")
    try:
        number = float(str(said))
    except ValueError:
        number = 0.0
    if not 0 < number < float("inf"):
        raise NoLive(f"The {what} is {said!r}; expected a number above 0.")
    return number
