"""Why an alarm is in its state, in CloudWatch's own words. Pure.

Sentences as histories and notifications of users show them, 2020 to 2026; where a number
of datapoints was not seen in any, the form of the nearest one is taken.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from course.sandbox.observability.alarms.alarm import ALARM, INSUFFICIENT, Alarm
from course.sandbox.observability.alarms.evaluation import BREACHING, COMPARISONS, Verdict
from course.sandbox.observability.metrics.store import Datapoint

COMPARED = {
    "GreaterThanOrEqualToThreshold": "greater than or equal to",
    "GreaterThanThreshold": "greater than",
    "LessThanThreshold": "less than",
    "LessThanOrEqualToThreshold": "less than or equal to",
}

MANY = 5
"""From so many datapoints on they are named behind the sentence, the newest five."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What an alarm's evaluation saw: when, the datapoints that were evaluated, the oldest first, the verdict."""

    when: datetime
    start: datetime
    datapoints: Sequence[Datapoint]
    verdict: Verdict


def reason(alarm: Alarm, state: str, seen: Seen) -> str:
    """The StateReason of a state that was evaluated."""
    received, filled = len(seen.datapoints), seen.verdict.filled
    if state == INSUFFICIENT:
        unknown = alarm.evaluation_periods - received
        return f"Insufficient Data: {_count(unknown)} unknown."
    breaches = COMPARISONS[alarm.comparison_operator]
    deciding = [
        one
        for one in reversed(seen.datapoints)
        if breaches(one.value, alarm.threshold) == (state == ALARM)
    ]
    treated = f"{_count(filled, 'missing ')} treated as [{_treated(alarm)}]" if filled else ""
    if not deciding:
        periods = alarm.evaluation_periods
        got = _count(received) if received else "no datapoints were"
        return f"Threshold Crossed: {got} received for {periods} period{_s(periods)} and {treated}."
    return f"Threshold Crossed: {_crossed(alarm, state, deciding, treated)}"


def _crossed(alarm: Alarm, state: str, deciding: Sequence[Datapoint], treated: str) -> str:
    count, explicit = len(deciding), alarm.datapoints_to_alarm
    word = f"{'' if state == ALARM else 'not '}{COMPARED[alarm.comparison_operator]}"
    compared = f"{_were(count)} {word} the threshold ({alarm.threshold})"
    if treated:
        compared += f" and {treated}"
    if explicit is None and count >= MANY:
        newest = _named(deciding[:MANY])
        return (
            f"{count} datapoints {compared}. The most recent datapoints which crossed the "
            f"threshold: {newest}."
        )
    if explicit is None:
        return f"{count} datapoint{_s(count)} {_named(deciding)} {compared}."
    periods = alarm.evaluation_periods
    least = explicit if state == ALARM else periods - explicit + 1
    change = "OK -> ALARM" if state == ALARM else "ALARM -> OK"
    return (
        f"{count} out of the last {periods} datapoints {_named(deciding)} {compared} "
        f"(minimum {least} datapoint{_s(least)} for {change} transition)."
    )


def reason_data(alarm: Alarm, seen: Seen) -> str:
    """The StateReasonData: the same as JSON."""
    told: dict[str, object] = {
        "version": "1.0",
        "queryDate": stamp(seen.when),
        "startDate": stamp(seen.datapoints[0].when if seen.datapoints else seen.start),
    }
    if alarm.unit:
        told["unit"] = alarm.unit
    statistic = alarm.statistic or alarm.extended_statistic
    if statistic:
        told["statistic"] = statistic
    if alarm.period:
        told["period"] = alarm.period
    told["recentDatapoints"] = [one.value for one in seen.datapoints]
    told["threshold"] = alarm.threshold
    told["evaluatedDatapoints"] = [
        {"timestamp": stamp(one.when), "value": one.value} for one in reversed(seen.datapoints)
    ]
    return json.dumps(told, separators=(",", ":"))


def stamp(when: datetime) -> str:
    """A time as CloudWatch writes it inside JSON: ``2026-11-02T09:05:00.000+0000``."""
    return f"{when:%Y-%m-%dT%H:%M:%S}.{when.microsecond // 1000:03}+0000"


def _named(datapoints: Sequence[Datapoint]) -> str:
    told = (f"{one.value} ({one.when:%d/%m/%y %H:%M:%S})" for one in datapoints)
    return f"[{', '.join(told)}]"


def _treated(alarm: Alarm) -> str:
    return "Breaching" if alarm.treat_missing_data == BREACHING else "NonBreaching"


def _count(count: int, kind: str = "") -> str:
    return f"{count} {kind}datapoint{_s(count)} {_were(count)}"


def _s(count: int) -> str:
    return "" if count == 1 else "s"


def _were(count: int) -> str:
    return "was" if count == 1 else "were"
