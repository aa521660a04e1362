"""The learner's load balancers, listeners, rules and target groups, as the rules see them.

An adapter: it looks into moto's Elastic Load Balancing, both versions of it,
and makes plain objects of what is there.

AWS: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-load-balancing.html
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from moto.elb.models import elb_backends
from moto.elbv2.models import elbv2_backends

from course.sandbox.balancing.route import Rule, groups_of
from course.sandbox.balancing.target_health import Check

DELAY = "deregistration_delay.timeout_seconds"
GRPC_PATH = "/AWS.ALB/healthcheck"


@dataclass(frozen=True, slots=True)
class Front:
    """A load balancer as a client, or a target, sees it."""

    arn: str
    name: str
    kind: str
    state: str
    dns_name: str
    scheme: str
    vpc_id: str
    security_groups: tuple[str, ...]
    subnets: tuple[str, ...]
    zones: frozenset[str]


@dataclass(frozen=True, slots=True)
class Listener:
    """A port of a load balancer, with its rules."""

    arn: str
    protocol: str
    port: int
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """A target group, with its health check and the load balancers that send requests to it."""

    arn: str
    name: str
    kind: str
    protocol: str | None
    port: int
    vpc_id: str
    check: Check
    delay: float
    fronts: tuple[Front, ...]

    @property
    def active(self) -> tuple[Front, ...]:
        return tuple(one for one in self.fronts if one.state == "active")


class Balancers:
    """Looks load balancers up, in one Region of one account."""

    def __init__(self, account_id: str, region: str) -> None:
        self._account_id = account_id
        self._region = region

    @property
    def _backend(self) -> Any:
        return elbv2_backends[self._account_id][self._region]

    def target_type(self, target_group_arn: str) -> str | None:
        """``instance``, ``ip`` ... of a target group; None for one that does not exist."""
        group = self._backend.target_groups.get(target_group_arn)
        return None if group is None else str(group.target_type)

    def has_load_balancer(self, target_group_arn: str) -> bool:
        """Whether a listener, or a rule of one, sends requests to this target group."""
        return any(True for _ in self._using(target_group_arn))

    def classic_exists(self, name: str) -> bool:
        """Whether there is a Classic Load Balancer of this name; an Application one is none."""
        return name in elb_backends[self._account_id][self._region].load_balancers

    def group(self, arn: str) -> Group | None:
        """A target group by its ARN; None for one that does not exist, or no more."""
        found = self._backend.target_groups.get(arn)
        if found is None:
            return None
        return Group(
            arn=arn,
            name=found.name,
            kind=found.target_type,
            protocol=found.protocol,
            port=int(found.port or 0),
            vpc_id=found.vpc_id,
            check=_check(found),
            delay=float(found.attributes.get(DELAY, 300)),
            fronts=tuple(_front(one) for one in self._using(arn)),
        )

    def fronts(self) -> list[Front]:
        """Every load balancer, in the order they were made."""
        return [_front(one) for one in self._backend.load_balancers.values()]

    def front(self, arn: str) -> Front | None:
        """A load balancer by its ARN, or None."""
        found = self._backend.load_balancers.get(arn)
        return None if found is None else _front(found)

    def with_listener(self, listener_arn: str) -> tuple[Front, Listener] | None:
        """A listener by its ARN, with its load balancer; None for one that is not there."""
        for front in self.fronts():
            for one in self.listeners(front.arn):
                if one.arn == listener_arn:
                    return front, one
        return None

    def activate(self, arn: str) -> bool:
        """Let a load balancer be active; False for one that is gone, or is active already."""
        found = self._backend.load_balancers.get(arn)
        if found is None or found.state != "provisioning":
            return False
        found.state = "active"
        return True

    def listeners(self, balancer_arn: str) -> list[Listener]:
        """The listeners of a load balancer, each with its rules, the default one last."""
        found = self._backend.load_balancers.get(balancer_arn)
        held = [] if found is None else found.listeners.values()
        return [
            Listener(
                one.arn, one.protocol, int(one.port), tuple(_rule(r) for r in one.rules.values())
            )
            for one in held
        ]

    def groups_of_listener(self, listener: Any) -> Iterator[str]:
        """The ARNs of target groups that a listener of moto's sends to, by any of its rules."""
        for rule in listener.rules.values():
            for action in rule.actions:
                yield from (arn for arn, _ in groups_of(action.data))

    def _using(self, target_group_arn: str) -> Iterator[Any]:
        for balancer in self._backend.load_balancers.values():
            if any(
                target_group_arn in self.groups_of_listener(one)
                for one in balancer.listeners.values()
            ):
                yield balancer


def _front(found: Any) -> Front:
    return Front(
        arn=found.arn,
        name=found.name,
        kind=found.type,
        state=found.state,
        dns_name=found.dns_name,
        scheme=found.scheme,
        vpc_id=found.vpc_id,
        security_groups=tuple(found.security_groups or ()),
        subnets=tuple(one.id for one in found.subnets),
        zones=frozenset(one.availability_zone for one in found.subnets),
    )


def _rule(found: Any) -> Rule:
    priority = None if found.priority == "default" else int(found.priority)
    return Rule(priority, found.conditions, [one.data for one in found.actions])


def _check(found: Any) -> Check:
    port = found.health_check_port
    return Check(
        protocol=found.health_check_protocol or "HTTP",
        port=None if port in (None, "traffic-port") else int(port),
        path=found.health_check_path or "/",
        interval=int(found.health_check_interval_seconds),
        timeout=int(found.health_check_timeout_seconds),
        healthy=int(found.healthy_threshold_count),
        unhealthy=int(found.unhealthy_threshold_count),
        codes=_codes(found),
    )


def _codes(found: Any) -> str:
    return str((getattr(found, "matcher", None) or {}).get("HttpCode") or "200")
