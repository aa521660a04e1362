"""The sandbox's own world publishes its metrics, minute by minute, as time passes.

No alarm of the clock is set for it: what passes between two instants is told to ``pass_time``, which
stops at each full minute that lies in between. As long as nothing is sent and nothing
changes by itself, all minutes up to the next instant are published at once.
"""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime

from course.sandbox.balancing.balancers import Balancers
from course.sandbox.observability.metrics import of_insights, of_queues, of_tasks
from course.sandbox.observability.metrics.of_balancers import BalancerMetrics
from course.sandbox.observability.metrics.publishing import Minutes
from course.sandbox.observability.metrics.series import MINUTE, Metric
from course.sandbox.observability.metrics.store import MetricStore
from course.sandbox.traffic.driver import Driver
from course.sandbox.traffic.passed import Passed
from course.sandbox.world import World

Reservation = tuple[str, str, str, float]
"""A Region, a cluster, a capacity provider, and its CapacityProviderReservation in percent."""


class Meters:
    """Lets traffic go by and counts, in one world; *reservations* are those of capacity providers now."""

    def __init__(
        self,
        world: World,
        traffic: Driver,
        balancers: Callable[[str], Balancers],
        reservations: Callable[[], Iterable[Reservation]],
    ) -> None:
        self.world = world
        self._traffic = traffic
        self._balancers = BalancerMetrics(world, balancers)
        self._reservations = reservations
        self._worked = Passed()
        world.clock.on_passing(self.pass_time)

    def worked(self, task: str, seconds: float) -> None:
        """A task's CPU was busy for so many seconds of the present minute, with something else than requests."""
        self._worked.worked(task, seconds)

    def pass_time(self, start: datetime, end: datetime) -> None:
        """Let what lies between two instants go by, and publish each minute that is over."""
        minute, last = _minute(start), _minute(end)
        while minute < last:
            over = datetime.fromtimestamp((minute + 1) * MINUTE, UTC)
            self._traffic.pass_time(start, over)
            self._publish(minute, 1)
            start, minute = over, minute + 1
            if minute < last and self.is_calm(over):
                self._publish(minute, last - minute)
                minute, start = last, datetime.fromtimestamp(last * MINUTE, UTC)
        if start < end:
            self._traffic.pass_time(start, end)

    def is_calm(self, at: datetime) -> bool:
        """Whether from then on nothing changes by itself."""
        return not (
            self._traffic.is_busy(at) or of_tasks.moves(self.world, at) or of_queues.moves(at)
        )

    def _publish(self, minute: int, count: int) -> None:
        passed, self._worked = self._worked, Passed()
        passed.add(self._traffic.take_passed())
        minutes = Minutes(minute, count, self._store, passed)
        uses = of_tasks.publish(self.world, minutes)
        of_insights.publish(self.world, uses, minutes)
        self._balancers.publish(minutes)
        of_queues.publish(minutes)
        for region, cluster, provider, value in self._reservations():
            metric = Metric.of(
                "AWS/ECS/ManagedScaling",
                "CapacityProviderReservation",
                ClusterName=cluster,
                CapacityProviderName=provider,
            )
            minutes.value(region, metric, value, "Percent")

    def _store(self, region: str) -> MetricStore:
        return self.world.metrics.setdefault(region, MetricStore())


def _minute(when: datetime) -> int:
    return int(when.timestamp()) // MINUTE
