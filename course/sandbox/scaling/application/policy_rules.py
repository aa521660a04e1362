"""What a scaling policy may be. Pure.

Words of AWS where accounts' errors or the API's own text show them; the others are ours.

AWS: https://docs.aws.amazon.com/autoscaling/application/APIReference/API_PutScalingPolicy.html
"""

from collections.abc import Collection, Iterable, Mapping
from itertools import pairwise
from math import inf
from typing import Any

from course.sandbox.ecs.errors import Refused
from course.sandbox.scaling.application.resources import PREDICTIVE, STEP, TRACKING, ScalingPolicy
from course.sandbox.scaling.application.step_adjustments import CHANGE, EXACT, PERCENT, bounds
from course.sandbox.scaling.application.target_tracking import (
    PREDEFINED,
    REQUESTS,
    UTILIZATION,
    split_label,
)

CONFIGURATIONS = {
    TRACKING: "TargetTrackingScalingPolicyConfiguration",
    STEP: "StepScalingPolicyConfiguration",
}
MOST_POLICIES, MOST_STEPS = 50, 20
LARGEST_TARGET = 2.0**360


def invalid(message: str) -> Refused:
    """ValidationException."""
    return Refused("ValidationException", message)


def check_type(kind: str) -> None:
    """Refuse what is no policy type, and in clear words the one that the sandbox does not have."""
    if kind == PREDICTIVE:
        raise Refused(
            "NotImplemented",
            "Predictive scaling is outside the sandbox: it needs weeks of recorded load. "
            "TargetTrackingScaling, StepScaling and scheduled actions are here.",
        )
    if kind not in CONFIGURATIONS:
        raise invalid(
            f"1 validation error detected: Value '{kind}' at 'policyType' failed to satisfy "
            "constraint: Member must satisfy enum value set: [PredictiveScaling, StepScaling, "
            "TargetTrackingScaling]"
        )


def check_step(given: Mapping[str, Any]) -> None:
    """Refuse a configuration of step scaling whose steps cannot be followed."""
    kind, steps = given.get("AdjustmentType"), given.get("StepAdjustments") or []
    if kind not in (CHANGE, PERCENT, EXACT):
        raise invalid(f"AdjustmentType must be {CHANGE}, {PERCENT} or {EXACT}, not {kind}")  # ours
    if not steps:
        raise invalid("At least one step adjustment must be specified")  # our words
    if len(steps) > MOST_STEPS:
        raise invalid(f"A policy can have {MOST_STEPS} step adjustments, not {len(steps)}")  # ours
    if kind == EXACT and any(one["ScalingAdjustment"] < 0 for one in steps):
        raise invalid(f"ScalingAdjustment must not be negative for {EXACT}")  # our words
    if given.get("MinAdjustmentMagnitude") and kind != PERCENT:
        raise invalid(f"MinAdjustmentMagnitude is for {PERCENT} only")  # our words
    _check_cooldown(given, "Cooldown")
    _check_ranges(steps)


def _check_ranges(steps: Iterable[Mapping[str, Any]]) -> None:
    ranges = sorted(bounds(one) for one in steps)
    for lower, upper in ranges:
        if (lower, upper) == (-inf, inf):
            raise invalid("The bounds of a step adjustment cannot both be null")  # our words
        if lower >= upper:
            raise invalid("The upper bound must be greater than the lower bound")  # our words
    for (_, upper), (lower, _) in pairwise(ranges):
        if upper > lower:
            raise invalid("Step adjustments must not overlap")  # our words
        if upper < lower:
            raise invalid("There must be no gap between step adjustments")  # our words
    if ranges[0][0] < 0 and ranges[0][0] != -inf:
        raise invalid(
            "A negative lower bound needs a step adjustment with a null lower bound"
        )  # our words
    if ranges[-1][1] > 0 and ranges[-1][1] != inf:
        raise invalid(
            "A positive upper bound needs a step adjustment with a null upper bound"
        )  # our words


def check_tracking(given: Mapping[str, Any], attached: Collection[str]) -> None:
    """Refuse a configuration of target tracking without a metric that can be followed.

    *attached* are the last parts of the ARNs of the service's target groups, and of them
    with the balancer in front: ``app/lb/id/targetgroup/tg/id``.
    """
    target = given.get("TargetValue")
    if target is None or not 0 < target <= LARGEST_TARGET:
        raise invalid(f"TargetValue must be a number above 0, not {target}")  # our words
    _check_cooldown(given, "ScaleOutCooldown", "ScaleInCooldown")
    predefined = given.get("PredefinedMetricSpecification")
    custom = given.get("CustomizedMetricSpecification")
    if bool(predefined) == bool(custom):
        raise invalid(
            "Specify either PredefinedMetricSpecification or CustomizedMetricSpecification"
        )  # our words
    if predefined:
        _check_predefined(predefined, attached)
    else:
        _check_custom(custom or {})


def _check_predefined(given: Mapping[str, Any], attached: Collection[str]) -> None:
    kind, label = given.get("PredefinedMetricType"), given.get("ResourceLabel")
    if str(kind).endswith("HighResolution") and str(kind).startswith("ECSService"):
        raise Refused(
            "NotImplemented",
            f"{kind} is outside the sandbox: services publish a datapoint a minute here, not one "
            f"every 20 seconds. Use {str(kind).removesuffix('HighResolution')}.",
        )
    if kind not in PREDEFINED:
        raise invalid(
            f"{kind} is no predefined metric of ECS services: {', '.join(PREDEFINED)}"
        )  # our words
    if kind in UTILIZATION:
        if label:
            raise invalid(f"A resource label must not be specified for {kind}")  # our words
        return
    if not label:
        raise invalid(f"Resource label should be specified for predefined metric type {REQUESTS}")
    try:
        _, group = split_label(label)
    except ValueError:
        raise invalid(
            f"Resource label {label} is not of the form "
            "app/<load-balancer-name>/<load-balancer-id>/targetgroup/<target-group-name>/"
            "<target-group-id>"
        ) from None  # our words
    if group not in attached:
        raise invalid(f"Target group {group} is not attached to the ECS service")  # our words
    if label not in attached:
        raise invalid("The load balancer does not route traffic to the target group.")


def _check_custom(given: Mapping[str, Any]) -> None:
    queries = given.get("Metrics")
    if not queries:
        for name in ("MetricName", "Namespace", "Statistic"):
            if not given.get(name):
                raise invalid(f"A customized metric needs {name}")  # our words
        return
    if any(given.get(name) for name in ("MetricName", "Namespace", "Statistic", "Dimensions")):
        raise invalid("Specify either Metrics or one metric, not both")  # our words
    ids = [one["Id"] for one in queries]
    if len(set(ids)) != len(ids):
        raise invalid("The Id of each metric must be unique")  # our words
    if any(bool(one.get("Expression")) == bool(one.get("MetricStat")) for one in queries):
        raise invalid("Each metric needs either Expression or MetricStat")  # our words
    if sum(one.get("ReturnData", True) for one in queries) != 1:
        raise invalid("ReturnData must be true for exactly one metric or expression")  # our words


def _check_cooldown(given: Mapping[str, Any], *names: str) -> None:
    for name in names:
        if (given.get(name) or 0) < 0:
            raise invalid(f"{name} must not be negative")  # our words


def check_only_one(name: str, given: Mapping[str, Any], others: Iterable[ScalingPolicy]) -> None:
    """Refuse a second policy that tracks the same metric (errors of 2022 to 2026)."""
    for other in others:
        rival = other.policy_name != name and other.policy_type == TRACKING
        if rival and metric_of(other.configuration) == metric_of(given):
            raise invalid(
                "Only one TargetTrackingScaling policy for a given metric specification is allowed."
            )


def metric_of(given: Mapping[str, Any]) -> Any:
    """What a policy of target tracking follows, whatever its target."""
    return given.get("PredefinedMetricSpecification") or given.get("CustomizedMetricSpecification")
