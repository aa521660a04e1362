"""The alarms of one Region, and what became of them: state now, history of thirty days at most.

AWS: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Alarms.html
"""

from collections import deque
from dataclasses import dataclass, field

from course.sandbox.observability.alarms.alarm import Alarm, HistoryItem

MOST_HISTORY = 5_000
"""Lines of history that a Region keeps; AWS keeps those of thirty days."""


@dataclass
class AlarmBook:
    """The alarms by their names, in the order in which they were made; the history, the newest last."""

    alarms: dict[str, Alarm] = field(default_factory=dict)
    history: deque[HistoryItem] = field(default_factory=lambda: deque(maxlen=MOST_HISTORY))
