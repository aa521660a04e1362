"""The sentences of StateReason, as histories and notifications of users show them."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from course.sandbox.observability.alarms.alarm import ALARM, INSUFFICIENT, OK, Alarm
from course.sandbox.observability.alarms.evaluation import Verdict
from course.sandbox.observability.alarms.reasons import Seen, reason, reason_data
from course.sandbox.observability.metrics.store import Datapoint

NOW = datetime(2020, 10, 9, 21, 25, tzinfo=UTC)
ABOVE, AT_LEAST = "GreaterThanThreshold", "GreaterThanOrEqualToThreshold"


def seen(*values: float, filled: int = 0, minutes: int = 1) -> Seen:
    start = NOW - timedelta(minutes=minutes * len(values))
    points = [
        Datapoint(start + timedelta(minutes=minutes * place), value)
        for place, value in enumerate(values)
    ]
    return Seen(NOW, start, points, Verdict(None, filled=filled))


def alarm(
    periods: int, least: int | None, operator: str, threshold: float, missing: str = ""
) -> Alarm:
    return Alarm(
        "traffic",
        statistic="Average",
        period=60,
        evaluation_periods=periods,
        datapoints_to_alarm=least,
        comparison_operator=operator,
        threshold=threshold,
        treat_missing_data=missing or None,
    )


# The alarm, the state it comes to, what it saw, and the sentence: where it was seen.
SENTENCES = [
    (  # an SNS message of 2020, but for its period
        alarm(3, 3, AT_LEAST, 30.0),
        ALARM,
        seen(1390.0, 1226.0, 1141.0, minutes=5),
        (
            "Threshold Crossed: 3 out of the last 3 datapoints [1141.0 (09/10/20 21:20:00), 1226.0 "
            "(09/10/20 21:15:00), 1390.0 (09/10/20 21:10:00)] were greater than or equal to the threshold "
            "(30.0) (minimum 3 datapoints for OK -> ALARM transition)."
        ),
    ),
    (  # of 2024
        alarm(20, 1, AT_LEAST, 1.0, "notBreaching"),
        ALARM,
        seen(613.0, filled=19),
        (
            "Threshold Crossed: 1 out of the last 20 datapoints [613.0 (09/10/20 21:24:00)] was greater than "
            "or equal to the threshold (1.0) and 19 missing datapoints were treated as [NonBreaching] "
            "(minimum 1 datapoint for OK -> ALARM transition)."
        ),
    ),
    (  # a history of 2026, without DatapointsToAlarm
        alarm(8, None, "LessThanOrEqualToThreshold", 0.0, "breaching"),
        OK,
        seen(2.0, filled=7),
        (
            "Threshold Crossed: 1 datapoint [2.0 (09/10/20 21:24:00)] was not less than or equal to the "
            "threshold (0.0) and 7 missing datapoints were treated as [Breaching]."
        ),
    ),
    (  # of 2025: from five datapoints on
        alarm(5, None, AT_LEAST, 80.0),
        ALARM,
        seen(81.0, 82.0, 83.0, 84.0, 85.0),
        (
            "Threshold Crossed: 5 datapoints were greater than or equal to the threshold (80.0). The most "
            "recent datapoints which crossed the threshold: [85.0 (09/10/20 21:24:00), 84.0 (09/10/20 "
            "21:23:00), 83.0 (09/10/20 21:22:00), 82.0 (09/10/20 21:21:00), 81.0 (09/10/20 21:20:00)]."
        ),
    ),
    (  # of 2023
        alarm(3, None, ABOVE, 5.0, "notBreaching"),
        OK,
        seen(filled=3),
        (
            "Threshold Crossed: no datapoints were received for 3 periods and 3 missing datapoints were "
            "treated as [NonBreaching]."
        ),
    ),
    (  # of 2026
        alarm(3, 2, ABOVE, 5.0, "breaching"),
        ALARM,
        seen(0.0, filled=2),
        (
            "Threshold Crossed: 1 datapoint was received for 3 periods and 2 missing datapoints were treated "
            "as [Breaching]."
        ),
    ),
    (
        alarm(1, None, ABOVE, 5.0),
        INSUFFICIENT,
        seen(),
        "Insufficient Data: 1 datapoint was unknown.",
    ),
    (
        alarm(3, 2, ABOVE, 5.0),
        OK,
        seen(9.0, 1.0, 2.0),
        (
            "Threshold Crossed: 2 out of the last 3 datapoints [2.0 (09/10/20 21:24:00), 1.0 (09/10/20 "
            "21:23:00)] were not greater than the threshold (5.0) (minimum 2 datapoints for ALARM -> OK "
            "transition)."
        ),
    ),
]


@pytest.mark.parametrize(("one", "state", "what", "sentence"), SENTENCES)
def test_sentences(one: Alarm, state: str, what: Seen, sentence: str) -> None:
    assert reason(one, state, what) == sentence


def test_the_same_as_json() -> None:
    told = json.loads(reason_data(alarm(3, 3, ABOVE, 0.0), seen(1.0, 2.0, 3.0)))
    assert told == {  # the members of a sample event of the user guide (2022)
        "version": "1.0",
        "queryDate": "2020-10-09T21:25:00.000+0000",
        "startDate": "2020-10-09T21:22:00.000+0000",
        "statistic": "Average",
        "period": 60,
        "recentDatapoints": [1.0, 2.0, 3.0],
        "threshold": 0.0,
        "evaluatedDatapoints": [
            {"timestamp": "2020-10-09T21:24:00.000+0000", "value": 3.0},
            {"timestamp": "2020-10-09T21:23:00.000+0000", "value": 2.0},
            {"timestamp": "2020-10-09T21:22:00.000+0000", "value": 1.0},
        ],
    }
