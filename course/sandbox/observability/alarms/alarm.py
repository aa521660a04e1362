"""An alarm and its history, as DescribeAlarms and DescribeAlarmHistory show them.

AWS: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricAlarm.html
     https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_AlarmHistoryItem.html
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from course.sandbox.observability.metrics.series import Metric

OK, ALARM, INSUFFICIENT = "OK", "ALARM", "INSUFFICIENT_DATA"
STATES = (OK, ALARM, INSUFFICIENT)

UNCHECKED = "Unchecked: Initial alarm creation"


@dataclass
class Alarm:
    """A metric alarm; its members are those of the API, times are seconds.

    A metric alarm watches ``metric`` by a statistic, or, with ``metrics``, a query of
    metric math. ``settled`` says that nothing but new data can change its state.
    """

    alarm_name: str
    alarm_arn: str = ""
    namespace: str | None = None
    metric_name: str | None = None
    dimensions: list[dict[str, str]] = field(default_factory=list)
    statistic: str | None = None
    extended_statistic: str | None = None
    period: int | None = None
    unit: str | None = None
    evaluation_periods: int = 1
    datapoints_to_alarm: int | None = None
    threshold: float = 0.0
    comparison_operator: str = "GreaterThanThreshold"
    treat_missing_data: str | None = None
    evaluate_low_sample_count_percentile: str | None = None
    metrics: list[dict[str, Any]] | None = None
    alarm_description: str | None = None
    actions_enabled: bool = True
    ok_actions: list[str] = field(default_factory=list)
    alarm_actions: list[str] = field(default_factory=list)
    insufficient_data_actions: list[str] = field(default_factory=list)
    alarm_configuration_updated_timestamp: datetime | None = None
    state_value: str = INSUFFICIENT
    state_reason: str = UNCHECKED
    state_reason_data: str | None = None
    state_updated_timestamp: datetime | None = None
    state_transitioned_timestamp: datetime | None = None
    settled: bool = False

    @property
    def metric(self) -> Metric:
        """The metric it watches; not of an alarm on metric math."""
        pairs = sorted((one["Name"], one["Value"]) for one in self.dimensions)
        return Metric(self.namespace or "", self.metric_name or "", tuple(pairs))

    @property
    def every(self) -> int:
        """Its period, in seconds; of an alarm on metric math that of its metrics."""
        queries = ((one.get("MetricStat") or one).get("Period") for one in self.metrics or ())
        return self.period or next((int(one) for one in queries if one), 60)

    @property
    def name(self) -> str:
        """As moto's tags know it."""
        return self.alarm_name

    def actions(self, state: str) -> list[str]:
        """What it calls when it comes into a state."""
        by_state = {
            OK: self.ok_actions,
            ALARM: self.alarm_actions,
            INSUFFICIENT: self.insufficient_data_actions,
        }
        return by_state[state]


@dataclass(frozen=True, slots=True)
class HistoryItem:
    """One line of an alarm's history: ConfigurationUpdate, StateUpdate or Action."""

    alarm_name: str
    timestamp: datetime
    history_item_type: str
    history_summary: str
    history_data: str
    alarm_type: str = "MetricAlarm"
