"""What Application Auto Scaling's operations stand on: parameters in, targets found, pages out.

Services of ECS are ours; what a call says of other resources (tables, fleets ...) is kept by
moto, and does nothing.

AWS: https://docs.aws.amazon.com/autoscaling/application/APIReference/Welcome.html
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from datetime import datetime
from typing import Any, ClassVar, Protocol

from moto.applicationautoscaling.responses import ApplicationAutoScalingResponse
from moto.core.responses import ActionResult

from course.sandbox.balancing.target_groups import TargetGroups
from course.sandbox.ecs.errors import Refused
from course.sandbox.scaling.application.planned import PlannedScaling
from course.sandbox.scaling.application.policy_rules import invalid
from course.sandbox.scaling.application.resources import ECS, ScalableTarget, ScalableTargets
from course.sandbox.scaling.application.service_scaling import ServiceScaling
from course.sandbox.scaling.application.target_rules import no_target
from course.sandbox.world import World

PAGE = 50


class Tasks(Protocol):
    """Where the control plane keeps what stands in front of services."""

    target_groups: TargetGroups


class Plane(Protocol):
    """The part of the control plane these operations lean on."""

    world: World
    service_scaling: ServiceScaling
    planned_scaling: PlannedScaling

    @property
    def tasks(self) -> Tasks: ...


class ScalingOperations(ApplicationAutoScalingResponse):
    """moto's answers, with the scalable targets of ECS at hand."""

    plane: ClassVar[Plane]

    @property
    def is_ecs(self) -> bool:
        """Whether the call is about services of ECS. Raises ValidationException for no namespace of AWS."""
        self._validate_params()
        return bool(self.given("ServiceNamespace") == ECS)

    def given(self, name: str, default: Any = None) -> Any:
        """A parameter of the call by its API name, or the default when it is absent."""
        value = json.loads(self.body or "{}").get(name)
        return default if value is None else value

    @property
    def now(self) -> datetime:
        return self.plane.world.clock.now()

    @property
    def scaling(self) -> ServiceScaling:
        return self.plane.service_scaling

    @property
    def targets(self) -> ScalableTargets:
        """Of the call's Region."""
        return self.scaling.targets(self.region)

    def target(self) -> ScalableTarget:
        """The target that a call names. Raises ObjectNotFoundException."""
        resource, dimension = self.given("ResourceId"), self.given("ScalableDimension")
        found = self.targets.held.get(resource)
        if found is None or dimension != found.scalable_dimension:
            raise no_target(resource, dimension)
        return found

    def chosen(self) -> list[ScalableTarget]:
        """The targets that a Describe call asks for: of one resource, or all. A dimension alone is refused."""
        resource, dimension = self.given("ResourceId"), self.given("ScalableDimension")
        if dimension and not resource:
            raise invalid("ResourceId must be specified with ScalableDimension")  # our words
        held = self.targets.held
        return [one for one in held.values() if resource in (None, one.resource_id)]

    def page(self, name: str, items: Sequence[Any]) -> ActionResult:
        """One page of a Describe call, with ``NextToken`` while there are more.

        Raises ValidationException for a size and InvalidNextTokenException for a token that make no sense.
        """
        size = self.given("MaxResults", PAGE)
        if not 1 <= size <= PAGE:
            raise invalid(f"MaxResults must be between 1 and {PAGE}, not {size}")  # our words
        start = self._start(len(items))
        answer: dict[str, Any] = {name: list(items[start : start + size])}
        if start + size < len(items):
            token = f"{name}:{start + size}"
            answer["NextToken"] = urlsafe_b64encode(token.encode()).decode()
        return ActionResult(answer)

    def _start(self, length: int) -> int:
        token = self.given("NextToken")
        if token is None:
            return 0
        try:
            _, _, start = urlsafe_b64decode(token.encode()).decode().partition(":")
        except ValueError:
            start = ""
        if not start.isdecimal() or int(start) > length:
            raise Refused("InvalidNextTokenException", "Invalid token")  # our words
        return int(start)

    def told(self, text: str) -> None:
        """Put a call on the timeline."""
        self.plane.world.record("you", text)
