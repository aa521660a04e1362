"""Alarms on the clock: states, actions, history, and when the clock is left alone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from course import sandbox
from course.sandbox.observability.alarms.actions import Firing, Receipt
from course.sandbox.observability.alarms.alarm import Alarm
from course.sandbox.sandbox import Sandbox

REGION = "us-east-1"
POLICY = (
    "arn:aws:autoscaling:us-east-1:123456789012:scalingPolicy:0:resource/test/thing:policyName/p"
)


class Scaler:
    """A receiver that writes down what it is called with."""

    def __init__(self) -> None:
        self.fired: list[Firing] = []
        self.receipt: Receipt | None = None

    def receive(self, firing: Firing) -> Receipt | None:
        self.fired.append(firing)
        return self.receipt


class Watched:
    """A metric of the learner's, and an alarm on it."""

    def __init__(self, aws: Sandbox) -> None:
        self.aws, self.cloudwatch = aws, aws.client("cloudwatch")
        self.scaler = Scaler()
        self.alarms = aws._routing.plane.alarms
        self.alarms.actions.register("arn:aws:autoscaling:*:resource/test/*", self.scaler.receive, repeats=True)  # fmt: skip

    def put(self, **given: Any) -> None:
        defaults = {
            "AlarmName": "high",
            "Namespace": "Shop",
            "MetricName": "Orders",
            "Statistic": "Sum",
            "Period": 60,
            "EvaluationPeriods": 3,
            "Threshold": 5,
            "ComparisonOperator": "GreaterThanThreshold",
        }
        self.cloudwatch.put_metric_alarm(**{**defaults, **given})

    def minutes(self, *values: float | None) -> None:
        """A value in each minute, or none."""
        for value in values:
            if value is not None:
                data: Any = [{"MetricName": "Orders", "Value": value}]
                self.cloudwatch.put_metric_data(Namespace="Shop", MetricData=data)
            self.aws.clock.advance(minutes=1)

    @property
    def state(self) -> str:
        (found,) = self.cloudwatch.describe_alarms(AlarmNames=["high"])["MetricAlarms"]
        return str(found["StateValue"])

    def history(self, kind: str) -> list[str]:
        items = self.cloudwatch.describe_alarm_history(
            AlarmName="high", HistoryItemType=kind, ScanBy="TimestampAscending"
        )["AlarmHistoryItems"]
        return [one["HistorySummary"] for one in items]


@pytest.fixture
def watched() -> Iterator[Watched]:
    with sandbox.open() as aws:
        yield Watched(aws)


def test_in_and_out(watched: Watched) -> None:
    watched.put()
    assert watched.state == "INSUFFICIENT_DATA"
    watched.minutes(1)
    assert watched.state == "OK"
    watched.minutes(6, 7)
    assert watched.state == "OK"
    watched.minutes(8)
    assert watched.state == "ALARM"
    watched.minutes(1)
    assert watched.state == "OK"
    assert watched.history("StateUpdate") == [
        "Alarm updated from INSUFFICIENT_DATA to OK",
        "Alarm updated from OK to ALARM",
        "Alarm updated from ALARM to OK",
    ]


def test_two_of_three_need_not_follow_one_another(watched: Watched) -> None:
    watched.put(DatapointsToAlarm=2)
    watched.minutes(9, 1, 9)
    assert watched.state == "ALARM"


def test_a_period_of_several_minutes_slides_along(watched: Watched) -> None:
    watched.put(Period=300, EvaluationPeriods=1)
    watched.minutes(1, 1, 1, 1)
    assert watched.state == "OK"
    watched.minutes(3)  # 7 in five minutes that begin at no multiple of five
    assert watched.state == "ALARM"


def test_data_that_stops_coming(watched: Watched) -> None:
    watched.put(EvaluationPeriods=1)
    watched.minutes(9, None, None)
    assert watched.state == "ALARM"  # the last datapoint is looked at again
    watched.minutes(None)
    assert watched.state == "INSUFFICIENT_DATA"


def test_a_scaling_policy_is_called_each_minute_while_the_state_stays(watched: Watched) -> None:
    watched.put(AlarmActions=[POLICY])
    watched.minutes(9, 9, 9, 9, 9, 1, 1)
    assert [(one.changed, one.value) for one in watched.scaler.fired] == [
        (True, 9.0),
        (False, 9.0),
        (False, 9.0),
    ]
    assert watched.history("Action") == [f"Successfully executed action {POLICY}"]


def test_actions_that_are_switched_off(watched: Watched) -> None:
    watched.put(AlarmActions=[POLICY])
    watched.cloudwatch.disable_alarm_actions(AlarmNames=["high"])
    watched.minutes(9, 9, 9)
    assert watched.state == "ALARM"
    assert watched.scaler.fired == []
    watched.cloudwatch.enable_alarm_actions(AlarmNames=["high"])
    watched.minutes(9)
    assert len(watched.scaler.fired) == 1


def test_an_action_that_fails_is_told_in_the_history(watched: Watched) -> None:
    watched.scaler.receipt = Receipt("no such policy")
    watched.put(AlarmActions=[POLICY, "arn:aws:ssm:us-east-1:123456789012:opsitem:1"])
    watched.minutes(9, 9, 9)
    first, second = watched.history("Action")
    assert first.startswith(f"Failed to execute action {POLICY}")
    assert second.startswith("Failed to execute action arn:aws:ssm")


def test_a_state_set_by_hand_lasts_until_the_next_look(watched: Watched) -> None:
    watched.put(AlarmActions=[POLICY])
    watched.minutes(1)
    watched.cloudwatch.set_alarm_state(AlarmName="high", StateValue="ALARM", StateReason="a test")
    assert watched.state == "ALARM"
    assert [one.datapoints for one in watched.scaler.fired] == [()]
    watched.minutes(1)
    assert watched.state == "OK"


def test_another_configuration_keeps_the_state(watched: Watched) -> None:
    watched.put()
    watched.minutes(9, 9, 9)
    watched.put(Threshold=100)
    assert watched.state == "ALARM"
    watched.minutes(9)
    assert watched.state == "OK"
    assert watched.history("ConfigurationUpdate") == [
        'Alarm "high" created',
        'Alarm "high" updated',
    ]


def test_the_history_of_a_deleted_alarm_stays(watched: Watched) -> None:
    watched.put()
    watched.minutes(1)
    watched.cloudwatch.delete_alarms(AlarmNames=["high", "never there"])
    watched.minutes(9, 9, 9)
    assert watched.cloudwatch.describe_alarms()["MetricAlarms"] == []
    assert watched.history("ConfigurationUpdate")[-1] == 'Alarm "high" deleted'
    assert len(watched.history("StateUpdate")) == 1


def test_an_alarm_on_metric_math(watched: Watched) -> None:
    def stat(id_: str, name: str) -> dict[str, Any]:
        metric = {"Namespace": "Shop", "MetricName": name}
        given = {"Metric": metric, "Period": 60, "Stat": "Sum"}
        return {"Id": id_, "MetricStat": given, "ReturnData": False}

    share = {"Id": "share", "Expression": "100 * FILL(bad, 0) / orders", "Label": "failed"}
    watched.cloudwatch.put_metric_alarm(
        AlarmName="high",
        Metrics=[stat("orders", "Orders"), stat("bad", "Failed"), share],
        EvaluationPeriods=1,
        Threshold=10,
        ComparisonOperator="GreaterThanThreshold",
    )
    watched.minutes(10)
    assert watched.state == "OK"
    data: Any = [{"MetricName": "Failed", "Value": 2}]
    watched.cloudwatch.put_metric_data(Namespace="Shop", MetricData=data)
    watched.minutes(10)
    assert watched.state == "ALARM"


def test_a_metric_of_high_resolution_is_looked_at_more_often(watched: Watched) -> None:
    watched.put(Period=10, EvaluationPeriods=1)
    data: Any = [{"MetricName": "Orders", "Value": 9, "StorageResolution": 1}]
    watched.cloudwatch.put_metric_data(Namespace="Shop", MetricData=data)
    watched.aws.clock.advance(seconds=10)
    assert watched.state == "ALARM"


def test_an_alarm_that_nothing_can_change_sets_no_alarm_of_the_clock(watched: Watched) -> None:
    watched.put(AlarmActions=[POLICY])
    watched.minutes(9, 9, 9)
    watched.aws.clock.advance(hours=1)
    assert watched.state == "INSUFFICIENT_DATA"
    before = watched.aws.world.clock._alarms_set
    watched.aws.clock.advance(days=7)
    assert watched.aws.world.clock._alarms_set == before
    watched.minutes(9, 9, 9)
    assert watched.state == "ALARM"


def test_a_receiver_that_waits_lets_the_clock_alone(watched: Watched) -> None:
    watched.scaler.receipt = Receipt(waits=True)
    watched.put(
        AlarmActions=[POLICY],
        Statistic="SampleCount",
        Threshold=0,
        ComparisonOperator="LessThanOrEqualToThreshold",
        TreatMissingData="breaching",
    )
    watched.aws.clock.advance(hours=1)
    assert [one.changed for one in watched.scaler.fired] == [True]
    before = watched.aws.world.clock._alarms_set
    watched.aws.clock.advance(days=1)
    assert watched.aws.world.clock._alarms_set == before
    assert watched.state == "ALARM"
    watched.minutes(1)
    assert watched.state == "OK"


def test_a_snapshot_keeps_alarms_metrics_and_receivers(watched: Watched) -> None:
    watched.put(AlarmActions=[POLICY])
    watched.minutes(1, 9, 9)
    kept = watched.aws.snapshot()
    watched.minutes(9)
    assert watched.state == "ALARM"
    kept.restore()
    assert watched.state == "OK"
    assert watched.history("StateUpdate") == ["Alarm updated from INSUFFICIENT_DATA to OK"]
    watched.minutes(1)
    assert watched.state == "OK"
    kept.restore()
    watched.minutes(9)
    assert watched.state == "ALARM"
    assert len(watched.scaler.fired) == 1  # a restored world has a receiver of its own


def test_the_history_says_what_was_and_what_is(watched: Watched) -> None:
    watched.put()
    watched.minutes(1)
    (item,) = watched.cloudwatch.describe_alarm_history(HistoryItemType="StateUpdate")[
        "AlarmHistoryItems"
    ]
    told = json.loads(item["HistoryData"])
    assert told["oldState"]["stateValue"] == "INSUFFICIENT_DATA"
    assert told["newState"]["stateReasonData"]["recentDatapoints"] == [1.0]


def test_alarms_made_inside_are_those_that_the_api_shows(watched: Watched) -> None:
    watched.alarms.put(
        REGION,
        Alarm("high", namespace="Shop", metric_name="Orders", statistic="Sum", period=60),
    )
    (found,) = watched.cloudwatch.describe_alarms()["MetricAlarms"]
    assert found["AlarmArn"] == f"arn:aws:cloudwatch:{REGION}:123456789012:alarm:high"
