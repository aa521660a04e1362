"""The network tracer: from one thing that a learner has to another, by the ways that are there now.

The engine that decides over pulls and health checks gives the verdict, so this
is the sandbox's own view; AWS has VPC Reachability Analyzer for the like.

AWS: https://docs.aws.amazon.com/vpc/latest/reachability/what-is-reachability-analyzer.html
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from course.sandbox.api_gateway.resources import VpcLink
from course.sandbox.balancing.balancers import Balancers
from course.sandbox.ecs.pulls import place_of, to_registry
from course.sandbox.ecs.resources import Task
from course.sandbox.network.endpoints import HTTPS
from course.sandbox.network.picture import Place
from course.sandbox.network.verdict import Verdict
from course.sandbox.network.ways import Ways
from course.sandbox.workloads.registry import private_image
from course.sandbox.world import ACCOUNT_ID, World

INTERNET, ECR = "internet", "ecr"
PULL = ("ecr.api", "ecr.dkr", "s3")
"""What a pull from private ECR goes to, in this order."""

SERVICES = (
    *PULL,
    *("ecs", "ecs-agent", "ecs-telemetry"),
    *("logs", "secretsmanager", "ssm", "ssmmessages", "kms", "sts", "monitoring", "dynamodb"),
    *("sqs", "xray"),
)
"""AWS's services by the last part of their endpoints' names, as far as tasks use them."""

HTTP = 80


@dataclass(frozen=True, slots=True)
class Leg:
    """One way of a trace: *to* what, on which port, and the verdict."""

    to: str
    port: int
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Trace:
    """From *source* to *target*: several ways where it takes several, as a pull does."""

    source: str
    target: str
    legs: tuple[Leg, ...]

    @property
    def decides(self) -> Leg:
        """The first way that leads nowhere; the last one where all do."""
        return next((one for one in self.legs if not one.verdict.reached), self.legs[-1])

    @property
    def reached(self) -> bool:
        """Whether every way gets there."""
        return self.decides.verdict.reached


class Tracer:
    """Traces ways in one world; *ways* gives those of a Region."""

    def __init__(self, world: World, ways: Callable[[str], Ways]) -> None:
        self.world = world
        self._ways_in = ways

    def trace(self, source: str, target: str, port: int | None = None) -> Trace:
        """From a task, a balancer (by ARN), an instance, network interface, VPC link (by id), or ``internet``.

        *target* is one of these, ``ecr`` (all that a pull goes to), or a service such as ``logs``.
        The port is 443 towards the internet and services, else 80, unless given. Raises
        LookupError for what is not there, or has no network interface (yet).
        """
        legs = tuple(self._legs(source, target, port))
        return Trace(self._named(source), self._named(target), legs)

    def _legs(self, source: str, target: str, port: int | None) -> Iterator[Leg]:
        if source == INTERNET:
            ways, wanted = self._ways(target), port or HTTP
            verdicts = [ways.from_internet(one, wanted) for one in self._places(target)]
            yield Leg(self._named(target), wanted, _first(verdicts))
            return
        ways, places = self._ways(source), self._places(source)
        if target == ECR:
            yield from self._pull(source, ways, places)
        elif target == INTERNET or target in SERVICES:
            wanted = port or HTTPS
            yield Leg(
                target, wanted, _first([_outside(ways, one, target, wanted) for one in places])
            )
        else:
            wanted = port or HTTP
            verdicts = [ways.between(places, one, wanted) for one in self._places(target)]
            yield Leg(self._named(target), wanted, _first(verdicts))

    def _pull(self, source: str, ways: Ways, places: list[Place]) -> Iterator[Leg]:
        """A task's own pull asks as its role; anybody else's only for the way."""
        task = self._task(source)
        images = [one.image for one in task.containers if private_image(one.image)] if task else []
        verdicts = (
            to_registry(task, images[0], ways)
            if task and images
            else [_first([ways.to_service(one, name) for one in places]) for name in PULL]
        )
        for name, verdict in zip(PULL, verdicts, strict=True):
            yield Leg(name, HTTPS, verdict)

    def _places(self, name: str) -> list[Place]:
        """Where something is in the network: a load balancer in each of its subnets."""
        ways = self._ways(name)
        task = self._task(name)
        if task:
            found = [place_of(task, ways)] if task.last_status != "STOPPED" else []
        elif ":loadbalancer/" in name:
            found = list(self._nodes(name, ways))
        elif name.startswith("i-"):
            found = [ways.instance(name)]
        elif link := self._link(name):
            found = [ways.interface(one) for one in link.interfaces]
        else:
            found = [ways.interface(name)] if name.startswith("eni-") else []
        places = [one for one in found if one is not None]
        if not places:
            raise LookupError(
                f"{name!r} has no place in the network: name a task or a load balancer by its ARN, "
                "an instance, a network interface or a VPC link by its id, that is there now; from or to "
                f"{INTERNET!r}; or to {ECR!r}, or one of {', '.join(SERVICES)}"
            )
        return places

    def _nodes(self, arn: str, ways: Ways) -> tuple[Place, ...]:
        front = Balancers(ACCOUNT_ID, arn.split(":")[3]).front(arn)
        if front is None:
            return ()
        facing = front.scheme == "internet-facing"
        return ways.nodes(front.name, front.subnets, front.security_groups, internet_facing=facing)

    def _link(self, name: str) -> VpcLink | None:
        return self.world.gateway(self.world.region).vpc_links.get(name)

    def _task(self, arn: str) -> Task | None:
        every = (tasks for region in self.world.regions.values() for tasks in region.tasks.values())
        return next((held[arn] for held in every if arn in held), None)

    def _ways(self, name: str) -> Ways:
        """Those of the Region that an ARN names; ids are looked for in the world's own."""
        return self._ways_in(name.split(":")[3] if name.startswith("arn:") else self.world.region)

    def _named(self, name: str) -> str:
        """What it is called in a picture."""
        last = name.rpartition("/")[2]
        if ":task/" in name:
            return f"task {last[:8]}"
        if link := self._link(name):
            return f"VPC link {link.name}"
        return f"load balancer {name.split('/')[-2]}" if ":loadbalancer/" in name else name


def _outside(ways: Ways, place: Place, target: str, port: int) -> Verdict:
    if target == INTERNET:
        return ways.to_internet(place, port)
    return ways.to_service(place, target)


def _first(verdicts: list[Verdict]) -> Verdict:
    """The first that is not reached; any of them if all are."""
    return next((one for one in verdicts if not one.reached), verdicts[0])
