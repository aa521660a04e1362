"""EventBridge's own metrics, in the namespace AWS/Events by RuleName.

AWS: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-monitoring.html
"""

from course.sandbox.observability.metrics.series import Metric, Sums
from course.sandbox.observability.metrics.store import MetricStore
from course.sandbox.world import World

NAMESPACE = "AWS/Events"


def count(world: World, region: str, rule: str, *metrics: str) -> None:
    """One more of each of these, now."""
    store, now = world.metrics.setdefault(region, MetricStore()), world.clock.now()
    for name in metrics:
        store.put(Metric.of(NAMESPACE, name, RuleName=rule), now, Sums.of(1), "Count")
