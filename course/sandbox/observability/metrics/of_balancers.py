"""AWS/ApplicationELB, and of Network Load Balancers the health: requests, answers, times, targets.

Reported while requests flow, as AWS says; RequestCountPerTarget and the counts of targets as
long as targets are registered, zeros too. HealthyHostCount is there by Availability Zone as
well; of requests the zones are not told apart.

AWS: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html
"""

from collections.abc import Callable, Iterator, Mapping

from course.sandbox.balancing.balancers import Balancers, Front
from course.sandbox.balancing.targets import Targets
from course.sandbox.observability.metrics.publishing import Minutes
from course.sandbox.observability.metrics.series import Metric, Sums
from course.sandbox.traffic.passed import Through
from course.sandbox.world import World

BY_KIND = {"application": "AWS/ApplicationELB", "network": "AWS/NetworkELB"}
REDIRECTS = range(300, 400)


class BalancerMetrics:
    """What load balancers and target groups of one world publish."""

    def __init__(self, world: World, balancers: Callable[[str], Balancers]) -> None:
        self._world = world
        self._balancers = balancers
        self._fronts: dict[str, tuple[Front, ...]] = {}
        self._calls = -1

    def publish(self, minutes: Minutes) -> None:
        """Of the minutes that are over."""
        for (balancer, group), through in minutes.passed.doors.items():
            for dimensions in _dimensions(balancer, group):
                _requests(_region(balancer), through, dimensions, minutes)
        for balancer, through in _whole(minutes.passed.doors):
            _requests(_region(balancer), through, {"LoadBalancer": of_balancer(balancer)}, minutes)
        for arn, targets in self._world.targets.items():
            if targets:
                for front in self._of(arn):
                    self._targets(arn, targets, front, minutes)

    def _of(self, arn: str) -> tuple[Front, ...]:
        """The active balancers that send to a target group, looked up once a call."""
        if self._calls != self._world.history.total:
            self._calls, self._fronts = self._world.history.total, {}
        if arn in self._fronts:
            return self._fronts[arn]
        group = self._balancers(_region(arn)).group(arn)
        fronts = group.active if group else ()
        if group is None or fronts == group.fronts:  # until then it changes without a call
            self._fronts[arn] = fronts
        return fronts

    def _targets(self, arn: str, targets: Targets, front: Front, minutes: Minutes) -> None:
        namespace = BY_KIND.get(front.kind)
        if namespace is None:
            return
        region = _region(arn)
        own = {"TargetGroup": of_group(arn), "LoadBalancer": of_balancer(front.arn)}
        zones = sorted({one.zone for one in targets.values() if one.zone})
        for name, state in (("HealthyHostCount", "healthy"), ("UnHealthyHostCount", "unhealthy")):
            found = [one for one in targets.values() if one.state == state]
            minutes.value(region, Metric.of(namespace, name, **own), len(found))
            for zone in zones:
                count = sum(one.zone == zone for one in found)
                metric = Metric.of(namespace, name, **own, AvailabilityZone=zone)
                minutes.value(region, metric, count)
        if front.kind == "application":
            healthy = sum(one.state == "healthy" for one in targets.values())
            through = minutes.passed.doors.get((front.arn, arn))
            each = (through.routed if through else 0) / max(1, healthy)
            for dimensions in (own, {"TargetGroup": of_group(arn)}):
                metric = Metric.of(namespace, "RequestCountPerTarget", **dimensions)
                minutes.value(region, metric, each, "None")


def of_balancer(arn: str) -> str:
    """``app/name/id``, as the dimension LoadBalancer has it."""
    return arn.split(":loadbalancer/", 1)[-1]


def of_group(arn: str) -> str:
    """``targetgroup/name/id``, as the dimension TargetGroup has it."""
    return arn.rsplit(":", 1)[-1]


def _region(arn: str) -> str:
    return arn.split(":")[3]


def _dimensions(balancer: str, group: str) -> list[dict[str, str]]:
    if not group:
        return []
    return [{"LoadBalancer": of_balancer(balancer), "TargetGroup": of_group(group)}]


def _whole(doors: Mapping[tuple[str, str], Through]) -> Iterator[tuple[str, Through]]:
    """What went through each balancer, whichever target group had it."""
    for balancer in dict.fromkeys(one for one, _ in doors):
        whole = Through()
        for (other, _), through in doors.items():
            if other == balancer:
                whole.add(through)
        yield balancer, whole


def _requests(
    region: str, through: Through, dimensions: Mapping[str, str], minutes: Minutes
) -> None:
    if ":loadbalancer/net/" in dimensions["LoadBalancer"] or dimensions["LoadBalancer"].startswith(
        "net/"
    ):
        return  # it sees connections, not requests
    counts = {"RequestCount": through.requests, "TargetConnectionErrorCount": through.unconnected}
    for status, count in through.answered.items():
        name = f"HTTPCode_Target_{status // 100}XX_Count"
        counts[name] = counts.get(name, 0) + count
    if "TargetGroup" not in dimensions:
        counts |= _by_itself(through)
    for name, count in counts.items():
        if count:
            metric = Metric.of(BY_KIND["application"], name, **dimensions)
            minutes.publish(region, metric, Sums(count, count, 1, 1), "Count")
    if through.seconds:
        metric = Metric.of(BY_KIND["application"], "TargetResponseTime", **dimensions)
        minutes.publish(region, metric, _times(through.seconds), "Seconds")


def _by_itself(through: Through) -> dict[str, int]:
    """The answers that came from the balancer."""
    counts: dict[str, int] = {}
    for status, count in through.by_balancer.items():
        for name in (f"{status // 100}XX", str(status)):
            if status >= 500 or name.endswith("XX"):
                full = f"HTTPCode_ELB_{name}_Count"
                counts[full] = counts.get(full, 0) + count
    for status, count in through.by_rule.items():
        name = "HTTP_Redirect_Count" if status in REDIRECTS else "HTTP_Fixed_Response_Count"
        counts[name] = counts.get(name, 0) + count
    return counts


def _times(seconds: Mapping[float, int]) -> Sums:
    count = sum(seconds.values())
    total = sum(value * times for value, times in seconds.items())
    values = {value: float(times) for value, times in seconds.items()}
    return Sums(count, total, min(seconds), max(seconds), values)
