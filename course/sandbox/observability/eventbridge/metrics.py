"""EventBridge's own metrics, in the namespace AWS/Events by RuleName.

An adapter: metrics lie in moto's CloudWatch.

AWS: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-monitoring.html
"""

from typing import Any

from moto.cloudwatch.models import cloudwatch_backends

from course.sandbox.world import ACCOUNT_ID, World

NAMESPACE = "AWS/Events"


def count(world: World, region: str, rule: str, *metrics: str) -> None:
    """One more of each of these, now."""
    backend: Any = cloudwatch_backends[ACCOUNT_ID][region]
    now = world.clock.now().replace(tzinfo=None)  # as moto keeps times
    backend.put_metric_data(
        NAMESPACE,
        [
            {
                "MetricName": name,
                "Dimensions": [{"Name": "RuleName", "Value": rule}],
                "Timestamp": now,
                "Value": 1,
                "Unit": "Count",
            }
            for name in metrics
        ],
    )
