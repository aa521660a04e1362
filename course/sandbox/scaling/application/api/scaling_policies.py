"""Scaling policies: put, described with their alarms, deleted.

AWS: https://docs.aws.amazon.com/autoscaling/application/APIReference/API_PutScalingPolicy.html
"""

from typing import Any

from moto.core.responses import ActionResult, EmptyResult

from course.sandbox.ecs.errors import Refused
from course.sandbox.scaling.application.api.base import ScalingOperations
from course.sandbox.scaling.application.policy_rules import (
    CONFIGURATIONS,
    MOST_POLICIES,
    check_only_one,
    check_step,
    check_tracking,
    check_type,
    invalid,
)
from course.sandbox.scaling.application.resources import (
    STEP,
    ScalableTarget,
    ScalingPolicy,
)
from course.sandbox.scaling.application.target_rules import no_such


class ScalingPolicyOperations(ScalingOperations):
    """The operations on scaling policies."""

    def put_scaling_policy(self) -> Any:
        """PutScalingPolicy: target tracking brings its alarms, step scaling waits for the learner's."""
        if not self.is_ecs:
            return super().put_scaling_policy()
        check_type(self.given("PolicyType", STEP))
        target, name = self.target(), self.given("PolicyName")
        held = target.policies.get(name)
        kind = self.given("PolicyType") or (held.policy_type if held else STEP)
        if held is not None and held.policy_type != kind:
            raise invalid(f"{name} is a {held.policy_type} policy and stays one")  # our words
        if held is None and len(target.policies) >= MOST_POLICIES:
            raise Refused(
                "LimitExceededException", f"A scalable target can have {MOST_POLICIES} policies"
            )  # our words
        given = self._configuration(target, name, kind, held)
        policy = held or self._new_policy(target, name, kind, given)
        policy.configuration, policy.told = given, ""
        self.told(f"PutScalingPolicy {name}, {kind}")
        self.scaling.put_policy(self.region, target, policy)
        alarms = self.scaling.alarms.of(self.region, policy)
        return ActionResult({"PolicyARN": policy.policy_arn, "Alarms": alarms})

    def _configuration(
        self, target: ScalableTarget, name: str, kind: str, held: ScalingPolicy | None
    ) -> dict[str, Any]:
        """What the call says for its type, or what the policy has had; checked."""
        wrong = [one for key, one in CONFIGURATIONS.items() if key != kind and self.given(one)]
        if wrong:
            raise invalid(f"{wrong[0]} does not go with {kind}")  # our words
        given = self.given(CONFIGURATIONS[kind]) or (held.configuration if held else None)
        if given is None:
            raise invalid(f"{CONFIGURATIONS[kind]} must be specified for {kind}")  # our words
        if kind == STEP:
            check_step(given)
        else:
            check_tracking(given, self._attached(target))
            check_only_one(name, given, target.policies.values())
            return given | {"TargetValue": float(given["TargetValue"])}
        return dict(given)

    def _attached(self, target: ScalableTarget) -> set[str]:
        """The service's target groups by the ends of their ARNs, alone and behind their balancers."""
        service, found = self.scaling.service(self.region, target), set[str]()
        balancers = self.plane.tasks.target_groups.balancers(self.region)
        for one in service.load_balancers if service else ():
            group = one.get("targetGroupArn")
            if not group:
                continue
            name = group.rsplit(":", 1)[-1]
            known = balancers.group(group)
            found.add(name)
            for front in known.fronts if known else ():
                found.add(f"{front.arn.partition(':loadbalancer/')[2]}/{name}")
        return found

    def _new_policy(
        self, target: ScalableTarget, name: str, kind: str, given: dict[str, Any]
    ) -> ScalingPolicy:
        arn = (
            f"arn:aws:autoscaling:{self.region}:{self.current_account}:scalingPolicy:{target.key}:"
            f"resource/ecs/{target.resource_id}:policyName/{name}"
        )
        resource, created_by = target.resource_id, self.plane.world.uuid()
        return ScalingPolicy(name, arn, kind, resource, given, self.now, created_by)

    def describe_scaling_policies(self) -> Any:
        """DescribeScalingPolicies, each with every alarm that calls it."""
        if not self.is_ecs:
            return super().describe_scaling_policies()
        names = self.given("PolicyNames", [])
        found = [
            policy
            for target in self.chosen()
            for policy in target.policies.values()
            if not names or policy.policy_name in names
        ]
        for policy in found:
            policy.alarms = self.scaling.alarms.of(self.region, policy)
        return self.page("ScalingPolicies", found)

    def delete_scaling_policy(self) -> Any:
        """DeleteScalingPolicy, with the alarms of target tracking; those of step scaling stay."""
        if not self.is_ecs:
            return super().delete_scaling_policy()
        target, name = self.target(), self.given("PolicyName")
        policy = target.policies.get(name)
        if policy is None:
            raise no_such("scaling policy", target.resource_id, name, "policy name")
        self.told(f"DeleteScalingPolicy {name}")
        self.scaling.delete_policy(self.region, target, policy)
        return EmptyResult()

    def get_predictive_scaling_forecast(self) -> ActionResult:
        """GetPredictiveScalingForecast: outside the sandbox, like the policies it speaks of."""
        check_type("PredictiveScaling")
        raise NotImplementedError
