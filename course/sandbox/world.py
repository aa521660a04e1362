"""The world: all state of one sandbox, and the only place that holds it."""

from contextlib import AbstractContextManager, nullcontext
from random import Random
from typing import Any

from course.sandbox.api_gateway.resources import Gateway
from course.sandbox.balancing.targets import Targets
from course.sandbox.clock import Clock
from course.sandbox.ecs.resources import Region
from course.sandbox.history import History
from course.sandbox.observability.alarms.book import AlarmBook
from course.sandbox.observability.metrics.store import MetricStore
from course.sandbox.scaling.application.resources import ScalableTargets
from course.sandbox.timeline import Timeline

ACCOUNT_ID = "123456789012"
"""The account number of AWS's own examples; it is nobody's."""


class World:
    """Clock, seeded chance, ECS's resources by Region, the timeline and the call history."""

    def __init__(
        self,
        clock: Clock,
        *,
        region: str,
        profile: str,
        seed: int,
        lock: AbstractContextManager[Any] | None = None,
    ) -> None:
        self.clock = clock
        self.region = region
        self.profile = profile
        self.random = Random(seed)
        self.timeline = Timeline(clock.now())
        self.history = History()
        """Calls that came in, from a notebook or a terminal."""
        self.on_behalf = History()
        """Calls that ECS made for tasks, with their roles."""
        self.regions: dict[str, Region] = {}
        self.targets: dict[str, Targets] = {}
        """Of each target group, by its ARN."""
        self.deleted_keys: set[str] = set()
        """Access keys that IAM took back: they are nobody's, and not the learner's own."""
        self.role_deletions: dict[str, str] = {}
        """How the deletion of each service-linked role ended, by its task."""
        self.gateways: dict[str, Gateway] = {}
        """API Gateway's APIs and VPC links, by Region."""
        self.metrics: dict[str, MetricStore] = {}
        """CloudWatch's metrics, by Region."""
        self.alarms: dict[str, AlarmBook] = {}
        """CloudWatch's alarms with their history, by Region."""
        self.scaling: dict[str, ScalableTargets] = {}
        """Application Auto Scaling's targets with their policies, by Region."""
        self.spot_capacity = True
        self.lock = lock or nullcontext()

    def ecs(self, region: str | None = None) -> Region:
        """ECS's resources in a Region, empty at first."""
        name = region or self.region
        return self.regions.setdefault(name, Region(name, ACCOUNT_ID))

    def gateway(self, region: str) -> Gateway:
        """API Gateway's resources in a Region, empty at first."""
        return self.gateways.setdefault(region, Gateway())

    def has_capacity(self, provider: str | None) -> bool:
        """Whether a task of this capacity provider finds a place; only Fargate Spot may be full."""
        return provider != "FARGATE_SPOT" or self.spot_capacity

    def hexadecimal(self, digits: int) -> str:
        """A new id of this many hexadecimal digits; the same seed gives the same ids."""
        return f"{self.random.getrandbits(4 * digits):0{digits}x}"

    def uuid(self) -> str:
        """A new id in UUID form, as events and attachments carry."""
        text = self.hexadecimal(32)
        return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))

    def record(self, actor: str, text: str, *, subject: str = "", why: str = "") -> None:
        """Put what just happened on the timeline, at the present virtual time."""
        self.timeline.record(self.clock.now(), actor, text, subject=subject, why=why)
