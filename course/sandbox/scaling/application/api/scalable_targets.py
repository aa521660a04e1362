"""Scalable targets: registered, described, deregistered, tagged.

AWS: https://docs.aws.amazon.com/autoscaling/application/APIReference/API_RegisterScalableTarget.html
"""

from typing import Any

from moto.core.responses import ActionResult, EmptyResult

from course.sandbox.authorize.callers import Caller, caller_of
from course.sandbox.ecs.errors import Refused
from course.sandbox.identity import service_linked
from course.sandbox.scaling.application import linked_role
from course.sandbox.scaling.application.api.base import ScalingOperations
from course.sandbox.scaling.application.resources import NOT_SUSPENDED, ScalableTarget
from course.sandbox.scaling.application.target_rules import (
    check_bounds,
    check_resource,
    check_service,
)

LINKED = {"iam:AWSServiceName": service_linked.SCALING}
MOST_TAGS = 50


class ScalableTargetOperations(ScalingOperations):
    """The operations on scalable targets."""

    def register_scalable_target(self) -> Any:
        """RegisterScalableTarget: a desired count outside of the bounds is moved at once."""
        if not self.is_ecs:
            return super().register_scalable_target()
        resource, dimension = self.given("ResourceId"), self.given("ScalableDimension")
        check_resource(resource, dimension)
        held = self.targets.held.get(resource)
        cluster, service = resource.split("/")[1:]
        check_service(
            resource, self.plane.world.ecs(self.region).services.get(f"{cluster}:{service}")
        )
        least, most = check_bounds(
            self.given("MinCapacity", held and held.min_capacity),
            self.given("MaxCapacity", held and held.max_capacity),
        )
        tags = self.given("Tags", {})
        _check_tags(tags)
        target = held or self._new_target(resource, least, most)
        target.min_capacity, target.max_capacity = least, most
        target.suspended_state |= {
            key: bool(value)
            for key, value in self.given("SuspendedState", {}).items()
            if key in NOT_SUSPENDED
        }
        target.tags |= tags
        self.targets.held[resource] = target
        self.told(f"RegisterScalableTarget {service}, {least} to {most}")
        self.scaling.enforce(self.region, target)
        return ActionResult({"ScalableTargetARN": target.scalable_target_arn})

    def _new_target(self, resource: str, least: int, most: int) -> ScalableTarget:
        self._make_service_linked_role()
        world = self.plane.world
        arn = (
            f"arn:aws:application-autoscaling:{self.region}:{self.current_account}:scalable-target/"
        )
        return ScalableTarget(
            resource_id=resource,
            min_capacity=least,
            max_capacity=most,
            role_arn=linked_role.arn(),
            creation_time=self.now,
            scalable_target_arn=arn + world.hexadecimal(36),
            key=world.uuid(),
        )

    def _make_service_linked_role(self) -> None:
        """The first target brings the service-linked role, if the caller may create it."""
        service, account = service_linked.SCALING, self.current_account
        if service_linked.exists(service, account):
            return
        caller = caller_of(self.access_key, account, self.now)
        arn, action = service_linked.arn_of(service, account), "iam:CreateServiceLinkedRole"
        decision = caller.may(action, arn, given=LINKED) if isinstance(caller, Caller) else None
        if decision is not None and not decision.allowed:
            raise Refused("AccessDeniedException", decision.denial)
        service_linked.make(service, account)

    def describe_scalable_targets(self) -> Any:
        """DescribeScalableTargets, of the resources asked for or of all."""
        if not self.is_ecs:
            return super().describe_scalable_targets()
        ids, dimension = self.given("ResourceIds", []), self.given("ScalableDimension")
        found = [
            one
            for one in self.targets.held.values()
            if (not ids or one.resource_id in ids) and dimension in (None, one.scalable_dimension)
        ]
        return self.page("ScalableTargets", found)

    def deregister_scalable_target(self) -> Any:
        """DeregisterScalableTarget: its policies, their alarms and its scheduled actions go with it."""
        if not self.is_ecs:
            return super().deregister_scalable_target()
        target = self.target()
        self.told(f"DeregisterScalableTarget {target.resource_id.rsplit('/', 1)[-1]}")
        self.scaling.deregister(self.region, target)
        return EmptyResult()

    # --- Tags

    def tag_resource(self) -> ActionResult:
        """TagResource of a scalable target."""
        target, tags = self._tagged(), self.given("Tags", {})
        _check_tags(target.tags | tags)
        target.tags |= tags
        return EmptyResult()

    def untag_resource(self) -> ActionResult:
        """UntagResource; keys that are not there are passed over."""
        target = self._tagged()
        for key in self.given("TagKeys", []):
            target.tags.pop(key, None)
        return EmptyResult()

    def list_tags_for_resource(self) -> ActionResult:
        """ListTagsForResource of a scalable target."""
        return ActionResult({"Tags": dict(self._tagged().tags)})

    def _tagged(self) -> ScalableTarget:
        arn = self.given("ResourceARN")
        for target in self.targets.held.values():
            if target.scalable_target_arn == arn:
                return target
        raise Refused("ResourceNotFoundException", f"The resource {arn} doesn't exist")  # ours


def _check_tags(tags: dict[str, str]) -> None:
    if len(tags) > MOST_TAGS:
        raise Refused(
            "TooManyTagsException", f"A scalable target can have {MOST_TAGS} tags"
        )  # our words
