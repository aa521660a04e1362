"""Scaling policies through boto3: their alarms, what they do to a service, and what is no policy."""

from __future__ import annotations

from typing import Any

import boto3
import pytest

RESOURCE = {
    "ServiceNamespace": "ecs",
    "ResourceId": "service/lab/web",
    "ScalableDimension": "ecs:service:DesiredCount",
}
OUT = {"MetricIntervalLowerBound": 0.0, "ScalingAdjustment": 2}


# --- The alarms of target tracking


def test_target_tracking_brings_two_alarms(scaled: Any) -> None:
    made = scaled.track_cpu(60)
    high, low = made["Alarms"]
    assert high["AlarmName"].startswith("TargetTracking-service/lab/web-AlarmHigh-")
    assert low["AlarmName"].startswith("TargetTracking-service/lab/web-AlarmLow-")
    alarms = scaled.alarms()
    told = {
        half: (one.comparison_operator, one.threshold, one.evaluation_periods, one.period)
        for half, one in alarms.items()
    }
    assert told == {
        "AlarmHigh": ("GreaterThanThreshold", 60.0, 3, 60),
        "AlarmLow": ("LessThanThreshold", 54.0, 15, 60),
    }
    for one in alarms.values():
        assert (one.namespace, one.metric_name, one.statistic) == (
            "AWS/ECS", "CPUUtilization", "Average",
        )  # fmt: skip
        assert one.alarm_description.startswith(
            f"DO NOT EDIT OR DELETE. For TargetTrackingScaling policy {made['PolicyARN']}"
        )
    (policy,) = scaled.aas.describe_scaling_policies(ServiceNamespace="ecs")["ScalingPolicies"]
    assert policy["Alarms"] == made["Alarms"]
    assert policy["TargetTrackingScalingPolicyConfiguration"]["TargetValue"] == 60


def test_put_again_it_keeps_its_alarms_and_moves_their_thresholds(scaled: Any) -> None:
    before = scaled.track_cpu(60)
    after = scaled.track_cpu(80)
    assert after == before | {"ResponseMetadata": after["ResponseMetadata"]}
    assert scaled.alarms()["AlarmHigh"].threshold == 80
    only = scaled.track_cpu(80, DisableScaleIn=True)["Alarms"]
    assert only == before["Alarms"][:1] and list(scaled.alarms()) == ["AlarmHigh"]


def test_a_deleted_policy_takes_its_alarms_along(scaled: Any, refused: Any) -> None:
    scaled.track_cpu()
    scaled.aas.delete_scaling_policy(**RESOURCE, PolicyName="cpu")
    assert scaled.alarms() == {}
    said = refused(scaled.aas.delete_scaling_policy, **RESOURCE, PolicyName="cpu")
    assert said.startswith("ObjectNotFoundException: No scaling policy found")


# --- What it does


def test_it_scales_out_after_three_minutes_and_in_after_fifteen(scaled: Any) -> None:
    scaled.track(60)
    scaled.load(90, minutes=2)
    assert scaled.desired == 4
    scaled.load(90)
    assert scaled.desired == 6
    scaled.load(60, minutes=3)
    scaled.load(30, minutes=14)
    assert scaled.desired == 6
    scaled.load(30)
    assert scaled.desired == 3
    out, into = scaled.activities()
    high, low = (scaled.alarms()[half].alarm_name for half in ("AlarmHigh", "AlarmLow"))
    assert out["Cause"] == f"monitor alarm {high} in state ALARM triggered policy load"
    assert into["Cause"] == f"monitor alarm {low} in state ALARM triggered policy load"


def test_a_larger_demand_does_not_wait_for_the_cooldown_and_the_same_one_does(scaled: Any) -> None:
    scaled.track(60)
    scaled.load(90, minutes=5)
    assert scaled.desired == 6  # 90 % of what six tasks have is measured, but four began it
    scaled.load(120)
    assert scaled.desired == 8
    scaled.load(90, minutes=5)  # 300 s and the half minute of the activity
    assert scaled.desired == 8
    scaled.load(90)
    assert scaled.desired == 10


def test_scale_in_waits_for_its_cooldown_and_a_scale_out_does_not(scaled: Any) -> None:
    scaled.track(60, ScaleInCooldown=600)
    scaled.load(50, minutes=15)
    assert scaled.desired == 4  # ceil(4 x 50 / 60) is 4: one task fewer would be too few
    scaled.load(45)
    assert scaled.desired == 3
    scaled.load(20, minutes=10)
    assert scaled.desired == 3
    scaled.load(20)
    assert scaled.desired == 2
    scaled.load(90, minutes=3)
    assert scaled.desired == 3


def test_no_policy_scales_in_alone(scaled: Any) -> None:
    scaled.track(60)
    scaled.track(60, name="other", metric="Other")
    scaled.load(20, minutes=20)
    assert scaled.desired == 4  # of the other there is no data: it does not agree
    scaled.track(60, name="other", metric="Other", DisableScaleIn=True)
    scaled.load(20)
    assert scaled.desired == 2


def test_without_data_nothing_happens(scaled: Any) -> None:
    scaled.track(60)
    scaled.load(59, minutes=2)
    scaled.clock.advance(minutes=60)
    states = {one.state_value for one in scaled.alarms().values()}
    assert states == {"INSUFFICIENT_DATA"}
    assert scaled.desired == 4 and scaled.activities(IncludeNotScaledActivities=True) == []


@pytest.mark.parametrize(
    ("suspended", "percent", "minutes"),
    [("DynamicScalingOutSuspended", 90, 5), ("DynamicScalingInSuspended", 20, 20)],
)
def test_a_suspended_process_does_nothing_until_it_is_resumed(
    scaled: Any, suspended: str, percent: float, minutes: int
) -> None:
    scaled.register(SuspendedState={suspended: True})
    scaled.track(60)
    scaled.load(percent, minutes)
    assert scaled.desired == 4 and scaled.target()["SuspendedState"][suspended]
    scaled.register(SuspendedState={suspended: False})
    scaled.load(percent)
    assert scaled.desired != 4


def roll_in_mid_minute(scaled: Any, load: float) -> None:
    """A new deployment, half a minute before the alarm is looked at."""
    scaled.load(load, minutes=0.5)
    scaled.lab.update(forceNewDeployment=True)
    scaled.clock.advance(30)
    assert len(scaled.lab.describe()["deployments"]) == 2


def test_nothing_is_scaled_in_while_a_deployment_is_in_progress(scaled: Any) -> None:
    scaled.track(60)
    scaled.load(20, minutes=14)
    roll_in_mid_minute(scaled, 20)
    assert scaled.desired == 4
    (held,) = scaled.activities(IncludeNotScaledActivities=True)
    assert held["NotScaledReasons"] == [{"Code": "TargetServicePutResourceAsUnscalable"}]
    scaled.load(20, minutes=5)
    assert scaled.desired == 2


def test_scale_out_goes_on_during_a_deployment(scaled: Any) -> None:
    scaled.track(60)
    scaled.load(90, minutes=2)
    roll_in_mid_minute(scaled, 90)
    assert scaled.desired == 6


def test_why_nothing_was_done_is_written_down_once(scaled: Any) -> None:
    scaled.register(2, 4)
    scaled.track(60)
    scaled.load(90, minutes=10)
    assert scaled.activities() == []
    (held,) = scaled.activities(IncludeNotScaledActivities=True)
    assert held["Description"] == "Attempting to scale due to alarm triggered"
    assert held["StatusCode"] == "Failed"
    assert held["NotScaledReasons"] == [{"Code": "AlreadyAtMaxCapacity", "MaxCapacity": 4}]


def test_another_change_meanwhile_overrides_an_activity(scaled: Any) -> None:
    scaled.register(5, 10)
    scaled.lab.update(desiredCount=7)
    scaled.clock.advance(minutes=1)
    (activity,) = scaled.activities()
    assert activity["StatusCode"] == "Overridden"
    assert activity["StatusMessage"] == (
        "Successfully set desired count to 5. Found it was later changed to 7."
    )


def test_a_service_that_is_deleted_is_not_brought_back(scaled: Any) -> None:
    scaled.track(60)
    scaled.load(90, minutes=2)
    scaled.lab.delete()
    scaled.load(90, minutes=2)
    assert scaled.desired == 0
    (failed,) = scaled.activities()
    assert failed["StatusCode"] == "Failed"
    assert failed["StatusMessage"].endswith("Reason: Service was not ACTIVE.")


# --- Step scaling


def watching(scaled: Any, arn: str, **more: Any) -> None:
    """The alarm that a learner makes for a policy of step scaling."""
    given = {
        "AlarmName": "busy", "Namespace": "Lab", "MetricName": "Load",
        "Statistic": "Average", "Period": 60, "EvaluationPeriods": 1, "Threshold": 50,
        "ComparisonOperator": "GreaterThanOrEqualToThreshold", "AlarmActions": [arn],
    }  # fmt: skip
    boto3.client("cloudwatch", region_name="us-east-1").put_metric_alarm(**given | more)


def test_a_learners_alarm_drives_step_scaling(scaled: Any) -> None:
    steps = (
        {"MetricIntervalLowerBound": 0, "MetricIntervalUpperBound": 20, "ScalingAdjustment": 1},
        {"MetricIntervalLowerBound": 20, "ScalingAdjustment": 3},
    )
    policy = scaled.step(*steps, Cooldown=60)
    assert policy["Alarms"] == []
    watching(scaled, policy["PolicyARN"])
    (shown,) = scaled.aas.describe_scaling_policies(ServiceNamespace="ecs")["ScalingPolicies"]
    assert [one["AlarmName"] for one in shown["Alarms"]] == ["busy"]
    scaled.load(60)
    assert scaled.desired == 5
    scaled.load(75)
    assert scaled.desired == 7  # three, of which one is there already
    scaled.load(60, minutes=2)  # half a minute until it is fulfilled, and the cooldown
    assert scaled.desired == 8
    assert scaled.activities()[0]["Cause"] == (
        "monitor alarm busy in state ALARM triggered policy steps"
    )
    scaled.aas.delete_scaling_policy(**RESOURCE, PolicyName="steps")
    assert list(scaled.alarms()) == ["busy"]


def test_an_alarm_for_a_policy_that_is_gone_says_so(scaled: Any) -> None:
    policy = scaled.step(OUT)
    watching(scaled, policy["PolicyARN"])
    scaled.aas.delete_scaling_policy(**RESOURCE, PolicyName="steps")
    scaled.load(60)
    history = scaled.plane.alarms.book("us-east-1").history
    assert "Scaling policy not found" in history[-1].history_summary
    assert scaled.desired == 4


# --- What is no policy


def tracking(**given: Any) -> dict[str, Any]:
    return {
        "PolicyType": "TargetTrackingScaling",
        "TargetTrackingScalingPolicyConfiguration": {"TargetValue": 60.0} | given,
    }


def stepping(*steps: dict[str, float], **given: Any) -> dict[str, Any]:
    config = {"AdjustmentType": "ChangeInCapacity", "StepAdjustments": list(steps)} | given
    return {"PolicyType": "StepScaling", "StepScalingPolicyConfiguration": config}


def named(kind: str, **more: str) -> dict[str, Any]:
    return tracking(PredefinedMetricSpecification={"PredefinedMetricType": kind, **more})


LABEL = "app/lb/1/targetgroup/tg/2"
REFUSALS = [
    ({"PolicyType": "Predictive"}, "Value 'Predictive' at 'policyType' failed to satisfy"),
    ({"PolicyType": "PredictiveScaling"}, "NotImplemented: Predictive scaling is outside"),
    ({"PolicyType": "StepScaling"}, "StepScalingPolicyConfiguration must be specified"),
    (tracking(), "either PredefinedMetricSpecification or CustomizedMetricSpecification"),
    (named("ECSServiceAverageCPUUtilization") | stepping(OUT), "does not go with StepScaling"),
    (named("RDSReaderAverageCPUUtilization"), "is no predefined metric of ECS services"),
    (named("ECSServiceAverageCPUUtilizationHighResolution"), "NotImplemented: "),
    (named("ECSServiceAverageCPUUtilization", ResourceLabel=LABEL), "must not be specified"),
    (named("ALBRequestCountPerTarget"), "Resource label should be specified"),
    (named("ALBRequestCountPerTarget", ResourceLabel="tg/2"), "is not of the form app/"),
    (named("ALBRequestCountPerTarget", ResourceLabel=LABEL), "tg/2 is not attached to the ECS"),
    (tracking(TargetValue=0.0), "TargetValue must be a number above 0"),
    (tracking(CustomizedMetricSpecification={"Namespace": "a"}), "A customized metric needs"),
    (tracking(CustomizedMetricSpecification={"Metrics": [{"Id": "a"}]}), "either Expression or"),
    (
        tracking(CustomizedMetricSpecification={"Metrics": [
            {"Id": "a", "Expression": "1"}, {"Id": "b", "Expression": "a"}]}),
        "ReturnData must be true for exactly one",
    ),
    (stepping(), "At least one step adjustment"),
    (stepping({"ScalingAdjustment": 1}), "cannot both be null"),
    (stepping(OUT, {"MetricIntervalLowerBound": 5.0, "ScalingAdjustment": 1}), "not overlap"),
    (
        stepping({"MetricIntervalLowerBound": 0.0, "MetricIntervalUpperBound": 5.0, "ScalingAdjustment": 1},
                 {"MetricIntervalLowerBound": 6.0, "ScalingAdjustment": 1}),
        "no gap",
    ),
    (
        stepping({"MetricIntervalLowerBound": 0.0, "MetricIntervalUpperBound": 5.0, "ScalingAdjustment": 1}),
        "needs a step adjustment with a null upper bound",
    ),
    (
        stepping({"MetricIntervalLowerBound": -5.0, "MetricIntervalUpperBound": 0.0, "ScalingAdjustment": 1}),
        "needs a step adjustment with a null lower bound",
    ),
    (stepping(OUT, AdjustmentType="Other"), "AdjustmentType must be"),
    (stepping(OUT, MinAdjustmentMagnitude=2), "is for PercentChangeInCapacity only"),
    (stepping(OUT | {"ScalingAdjustment": -1}, AdjustmentType="ExactCapacity"), "negative"),
    (stepping(OUT, Cooldown=-1), "Cooldown must not be negative"),
]  # fmt: skip


@pytest.mark.parametrize(("given", "told"), REFUSALS)
def test_what_is_no_policy(scaled: Any, refused: Any, given: dict[str, Any], told: str) -> None:
    said = refused(scaled.aas.put_scaling_policy, **RESOURCE, PolicyName="p", **given)
    assert told in said
    assert scaled.aas.describe_scaling_policies(ServiceNamespace="ecs")["ScalingPolicies"] == []
    assert scaled.alarms() == {}


def test_one_policy_for_a_metric_and_one_type_for_a_policy(scaled: Any, refused: Any) -> None:
    scaled.track_cpu(60)
    said = refused(
        scaled.aas.put_scaling_policy, **RESOURCE, PolicyName="another",
        **named("ECSServiceAverageCPUUtilization"),
    )  # fmt: skip
    assert said == (
        "ValidationException: Only one TargetTrackingScaling policy for a given metric "
        "specification is allowed."
    )
    put = scaled.aas.put_scaling_policy
    said = refused(put, **RESOURCE, PolicyName="cpu", **stepping(OUT))
    assert "is a TargetTrackingScaling policy" in said


def test_a_policy_needs_a_target(scaling: Any, refused: Any) -> None:
    scaling.serve()
    put = scaling.aas.put_scaling_policy
    said = refused(put, **RESOURCE, PolicyName="steps", **stepping(OUT))
    assert said.startswith("ObjectNotFoundException: No scalable target registered for service")
