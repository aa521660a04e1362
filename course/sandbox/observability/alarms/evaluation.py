"""In which state an alarm is, by its newest datapoints and what it takes a missing one for. Pure.

CloudWatch asks for more datapoints than EvaluationPeriods, so that a few may be missing:
the *evaluation range*. How many more is documented by example only (five for three); two
more is our model of it. As the tables of the page have it, a breaching datapoint that is
old enough, with nothing but missing ones after it, is an alarm even where missing data is
treated as missing.

AWS: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import ge, gt, le, lt

from course.sandbox.observability.alarms.alarm import ALARM, INSUFFICIENT, OK

COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    "GreaterThanOrEqualToThreshold": ge,
    "GreaterThanThreshold": gt,
    "LessThanThreshold": lt,
    "LessThanOrEqualToThreshold": le,
}

MISSING, IGNORE, BREACHING, NOT_BREACHING = "missing", "ignore", "breaching", "notBreaching"
TREATMENTS = (MISSING, IGNORE, BREACHING, NOT_BREACHING)

EXTRA = 2
"""Datapoints that are asked for beyond EvaluationPeriods (our model)."""


@dataclass(frozen=True, slots=True)
class Rule:
    """*least* (DatapointsToAlarm) of *periods* (EvaluationPeriods) have to breach; *treatment* of a missing one."""

    periods: int
    least: int
    treatment: str = MISSING

    @property
    def asked_for(self) -> int:
        """Datapoints in the evaluation range."""
        return self.periods + EXTRA


@dataclass(frozen=True, slots=True)
class Verdict:
    """The state, which datapoints were evaluated (places in the range), and how many missing ones were filled in.

    *state* is None where the present one is kept.
    """

    state: str | None
    evaluated: tuple[int, ...] = ()
    filled: int = 0


def decide(breaches: Sequence[bool | None], rule: Rule) -> Verdict:
    """The verdict on a range of datapoints, the oldest first: breaching, not, or None for a missing one."""
    there = [place for place, one in enumerate(breaches) if one is not None]
    evaluated = tuple(there[-rule.periods :])
    bad = sum(bool(breaches[place]) for place in evaluated)
    lacking = rule.periods - len(evaluated)
    if not lacking or bad >= rule.least:
        return Verdict(ALARM if bad >= rule.least else OK, evaluated)
    if rule.treatment == BREACHING:
        return Verdict(ALARM if bad + lacking >= rule.least else OK, evaluated, lacking)
    if rule.treatment == NOT_BREACHING:
        return Verdict(OK, evaluated, lacking)
    if bad < len(evaluated):
        return Verdict(OK, evaluated)
    if rule.treatment == IGNORE:
        return Verdict(None, evaluated)
    old_enough = there and len(breaches) - there[0] >= rule.least
    return Verdict(ALARM if old_enough else INSUFFICIENT, evaluated)
