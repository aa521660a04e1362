"""AWS/SQS: how many messages wait in a queue, for a worker's backlog.

An adapter: the queues are moto's. AWS publishes while a queue is active, and for six hours after;
here as long as it is there.

AWS: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from moto.sqs.models import sqs_backends

from course.sandbox.observability.metrics.publishing import Minutes
from course.sandbox.observability.metrics.series import Metric
from course.sandbox.world import ACCOUNT_ID

NAMESPACE = "AWS/SQS"


def publish(minutes: Minutes) -> None:
    """Visible, not visible and delayed messages of every queue."""
    at = minutes.end.timestamp() * 1000
    for region, queue in _queues():
        counts = {"Visible": 0, "NotVisible": 0, "Delayed": 0}
        for message in queue._messages:
            counts[_where(message, at)] += 1
        for name, count in counts.items():
            metric = Metric.of(
                NAMESPACE, f"ApproximateNumberOfMessages{name}", QueueName=queue.name
            )
            minutes.value(region, metric, count)


def moves(at: datetime) -> bool:
    """Whether some message becomes visible by itself."""
    now = at.timestamp() * 1000
    return any(
        _where(message, now) != "Visible" for _, queue in _queues() for message in queue._messages
    )


def _where(message: Any, at: float) -> str:
    if message.delayed_until > at:
        return "Delayed"
    return "NotVisible" if message.visible_at > at else "Visible"


def _queues() -> Iterator[tuple[str, Any]]:
    """Without making a backend where nobody has used SQS."""
    held: Any = dict.get(sqs_backends, ACCOUNT_ID) or {}
    for region, backend in dict.items(held):
        for queue in backend.queues.values():
            yield region, queue
