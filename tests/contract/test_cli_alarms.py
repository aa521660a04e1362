"""The real aws CLI reads metrics and sets up an alarm, and observes what becomes of it."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = [pytest.mark.contract, pytest.mark.slow]


def test_an_alarm_from_the_terminal(shell: Any) -> None:
    shell.aws(
        "cloudwatch put-metric-data --namespace Shop --metric-name Orders --value 9 --unit Count"
    )
    shell.aws(
        "cloudwatch put-metric-alarm --alarm-name orders --namespace Shop --metric-name Orders "
        "--statistic Sum --period 60 --evaluation-periods 1 --threshold 5 "
        "--comparison-operator GreaterThanThreshold --treat-missing-data notBreaching"
    )
    shell.course("clock", advance=60)
    (alarm,) = shell.aws("cloudwatch describe-alarms --state-value ALARM")["MetricAlarms"]
    assert alarm["StateReason"].startswith("Threshold Crossed: 1 datapoint [9.0 (")
    history = shell.aws(
        "cloudwatch describe-alarm-history --alarm-name orders --history-item-type StateUpdate"
    )["AlarmHistoryItems"]
    assert [one["HistorySummary"] for one in history] == [
        "Alarm updated from INSUFFICIENT_DATA to ALARM"
    ]
    start, end = alarm["AlarmConfigurationUpdatedTimestamp"], alarm["StateUpdatedTimestamp"]
    statistics = shell.aws(
        "cloudwatch get-metric-statistics --namespace Shop --metric-name Orders --statistics Sum "
        "--period 60 --start-time {start} --end-time {end}",
        start=start,
        end=end,
    )
    (point,) = statistics["Datapoints"]
    assert (point["Sum"], point["Unit"]) == (9.0, "Count")
    (metric,) = shell.aws("cloudwatch list-metrics --namespace Shop")["Metrics"]
    assert metric == {"Namespace": "Shop", "MetricName": "Orders", "Dimensions": []}
    shell.aws(
        "cloudwatch set-alarm-state --alarm-name orders --state-value OK --state-reason testing"
    )
    shell.aws("cloudwatch disable-alarm-actions --alarm-names orders")
    shell.aws("cloudwatch delete-alarms --alarm-names orders")
    assert shell.aws("cloudwatch describe-alarms")["MetricAlarms"] == []


def test_what_is_refused_is_said_in_the_terminal(shell: Any) -> None:
    done = shell.run(
        "cloudwatch get-metric-statistics --namespace Shop --metric-name Orders --period 60 "
        "--start-time 2026-01-01T00:00:00 --end-time 2026-01-01T01:00:00"
    )
    assert done.returncode != 0
    assert "Must specify either Statistics or ExtendedStatistics" in done.stderr
    composite = shell.run(
        "cloudwatch put-composite-alarm --alarm-name both --alarm-rule ALARM(one)"
    )
    assert "The sandbox does not model composite alarms" in composite.stderr
