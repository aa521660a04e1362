"""Requests to a load balancer's name: its nodes, the listener of the port, the rule, the target group's targets.

Round robin over the targets of a group, all of them alike; sticky sessions, slow
start and least outstanding requests are not modelled.

AWS: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/introduction.html
     https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-troubleshooting.html
     (502, 503 and 504, read in copies of 2022 to 2026)
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from course.sandbox.balancing.balancers import Balancers, Front, Listener
from course.sandbox.balancing.route import FixedResponse, Forward, Outcome, Request, Rule, route
from course.sandbox.balancing.target_groups import TargetGroups
from course.sandbox.balancing.targets import Target
from course.sandbox.ecs.resources import Task
from course.sandbox.network.picture import Place
from course.sandbox.network.verdict import Verdict
from course.sandbox.network.ways import Ways
from course.sandbox.traffic.address import Address
from course.sandbox.traffic.lead import Lead, Server
from course.sandbox.traffic.way import Refusal
from course.sandbox.world import World

TLS = ("HTTPS", "TLS")
LAYER_7 = ("HTTP", "HTTPS")
NO_TARGET = "no target is registered, or none is healthy yet, in"


@dataclass(frozen=True, slots=True)
class Knock:
    """What comes to a load balancer's port: over TLS or not, a request, by which ways to its nodes."""

    port: int
    tls: bool
    request: Request
    ways: Callable[[Place], Verdict]


class BalancerName:
    """The load balancers of a world, by their DNS names."""

    def __init__(self, world: World, groups: TargetGroups, ways: Callable[[str], Ways]) -> None:
        self.world = world
        self._groups = groups
        self._ways = ways
        self._blocked: dict[tuple[str, str, int], str] = {}
        self._calls = 0

    def lead(self, address: Address) -> Lead | None:
        """To the targets of whatever the listener's rules say; None for a name of no load balancer."""
        for region in sorted({self.world.region, *self.world.regions}):
            balancers = self._groups.balancers(region)
            for front in balancers.fronts():
                if front.dns_name.lower() == address.host:
                    return self._to(region, balancers, front, self._from_internet(region, address))
        return None

    def _from_internet(self, region: str, address: Address) -> Knock:
        request = Request(host=address.host, path=address.path, query=address.query)

        def way(node: Place) -> Verdict:
            return self._ways(region).from_internet(node, address.port)

        return Knock(address.port, address.scheme == "https", request, way)

    def lead_by_link(
        self, listener_arn: str, places: Sequence[Place], request: Request, *, tls: bool
    ) -> Lead:
        """To a listener from a VPC link's network interfaces, in place of a name from the internet."""
        region = listener_arn.split(":")[3]
        balancers = self._groups.balancers(region)
        found = balancers.with_listener(listener_arn)
        if found is None:
            return _none(f"the listener {listener_arn.split('/', 1)[-1]} is gone")
        front, listener = found

        def way(node: Place) -> Verdict:
            return self._ways(region).between(places, node, listener.port)

        host = request.host or front.dns_name
        asked = replace(request, host=host, source_ip=places[0].address)
        return self._to(region, balancers, front, Knock(listener.port, tls, asked, way))

    def _to(self, region: str, balancers: Balancers, front: Front, knock: Knock) -> Lead:
        if front.state != "active":
            return _none(f"could not resolve host: {front.name} is still {front.state}")
        nodes = self._nodes(region, front)
        verdicts = [knock.ways(one) for one in nodes]
        if not any(one.reached for one in verdicts):
            why = verdicts[0].why if verdicts else f"{front.name} is in no subnet"
            return _none(f"timed out: {why}")
        listener = _at(balancers.listeners(front.arn), knock.port)
        if listener is None:
            return _none(f"connection refused: {front.name} has no listener on port {knock.port}")
        by = f"listener {listener.protocol}:{listener.port} of {front.name}"
        if (listener.protocol in TLS) != knock.tls:
            spoken = "TLS" if listener.protocol in TLS else "no TLS"
            return _none(f"{by} speaks {spoken}", 400 if listener.protocol == "HTTPS" else None)
        rule, outcome = _decide(listener, knock.request)
        by_rule = (by, f"rule {rule.priority}" if rule.priority else "default rule")
        if isinstance(outcome, Forward):
            lead = self._forward(outcome, nodes, by_rule, listener.protocol in LAYER_7)
            return replace(lead, balancer=front.arn)
        said = outcome.body if isinstance(outcome, FixedResponse) else outcome.url
        return Lead(
            answered=outcome.status, says=said, balanced=True, by=by_rule, balancer=front.arn
        )

    def _forward(
        self, outcome: Forward, nodes: Sequence[Place], by: tuple[str, ...], balanced: bool
    ) -> Lead:
        """Each target group has its weight of the requests, and its targets share them evenly."""
        total = sum(weight for _, weight in outcome.groups)
        servers, missing, empty = list[Server](), 0.0, ""
        for arn, weight in outcome.groups:
            part = weight / total if total else 0.0
            found = list(self._servers(arn, nodes))
            servers += [replace(one, share=part / len(found)) for one in found if part]
            if part and not found:
                missing, empty = missing + part, empty or arn
        missing, refusal = missing if servers else 1.0, None
        if missing:
            status, why = self._empty(empty) if total else (503, "every target group has weight 0")
            refusal = Refusal(status if balanced else None, why, missing)
        shares = 1 - missing
        return Lead(
            tuple(replace(one, share=one.share / shares) for one in servers),
            refusal,
            balanced=balanced,
            by=by,
        )

    def _empty(self, arn: str) -> tuple[int, str]:
        """What a client sees of a target group behind which no program is, and why."""
        for target in self._groups.receiving(arn):
            return 502, f"connection refused: nobody has {target.id}:{target.port}"
        return 503, f"{NO_TARGET} target group {arn.split('/')[1]}"

    def _servers(self, arn: str, nodes: Sequence[Place]) -> Iterator[Server]:
        """The programs behind the targets that are sent requests."""
        name = f"target group {arn.split('/')[1]}"
        for target in self._groups.receiving(arn):
            behind = list(self._groups.behind(target))
            listening = [one for one in behind if one[1].listens_on(one[2])]
            for task, _, port in (listening or behind)[:1]:
                blocked = self._in_the_way(target, nodes)
                yield Server(task, port, 1.0, blocked, (name,), arn)

    def _in_the_way(self, target: Target, nodes: Sequence[Place]) -> str:
        """Why the nodes do not come to a target; asked once, until some call may have changed it."""
        if self._calls != self.world.history.total:
            self._calls, self._blocked = self.world.history.total, {}
        key = nodes[0].name, target.id, target.port
        if key not in self._blocked:
            ways = self._ways(target.group.split(":")[3])
            place = ways.instance(target.id) if target.id.startswith("i-") else target.id
            assert place is not None, "a task runs on it"
            verdict = ways.between(nodes, place, target.port)
            self._blocked[key] = "" if verdict.reached else f"timed out: {verdict.why}"
        return self._blocked[key]

    def _nodes(self, region: str, front: Front) -> tuple[Place, ...]:
        facing = front.scheme == "internet-facing"
        ways = self._ways(region)
        return ways.nodes(front.name, front.subnets, front.security_groups, internet_facing=facing)

    def lets_go(self, task: Task, port: int) -> str:
        """The balancer closes what is under way when a target is out of its group: its delay is over."""
        if any(one.state != "unused" for one in self._targets(task)):
            return ""
        delays = [self._delay(one.group) for one in task.targets]
        return f"the deregistration delay{max(delays, default='')} was over"

    def _delay(self, arn: str) -> str:
        group = self._groups.balancers(arn.split(":")[3]).group(arn)
        return f" of {group.delay:g} s" if group else ""

    def _targets(self, task: Task) -> Iterator[Target]:
        """All of a task's targets, those that were registered by hand among them."""
        yield from task.targets
        for targets in self.world.targets.values():
            for target in targets.values():
                if target.task is None and any(
                    one is task for one, _, _ in self._groups.behind(target)
                ):
                    yield target


def _at(listeners: Sequence[Listener], port: int) -> Listener | None:
    return next((one for one in listeners if one.port == port), None)


def _decide(listener: Listener, request: Request) -> tuple[Rule, Outcome]:
    """The rule that decides, and what it says."""
    for rule in sorted(listener.rules, key=lambda one: one.priority or float("inf")):
        outcome = route([rule], request, protocol=listener.protocol, port=listener.port)
        if outcome is not None:
            return rule, outcome
    raise AssertionError("the default rule of a listener has no conditions")


def _none(why: str, status: int | None = None) -> Lead:
    return Lead(refusal=Refusal(status, why), balanced=status is not None)
