"""Scalable targets through boto3: bounds that move a service, the role, tags, what goes with a target."""

from __future__ import annotations

from typing import Any

import boto3
import pytest


def test_a_minimum_above_the_desired_count_moves_it_at_once(scaling: Any) -> None:
    scaling.serve(2)
    scaling.register(5, 10)
    assert scaling.desired == 5
    (activity,) = scaling.activities()
    assert activity["Description"] == "Setting desired count to 5."
    assert activity["Cause"] == "minimum capacity was set to 5"
    assert activity["StatusCode"] == "InProgress"
    assert activity["StatusMessage"] == (
        "Successfully set desired count to 5. Waiting for change to be fulfilled by ecs."
    )
    scaling.clock.advance(minutes=1)
    (activity,) = scaling.activities()
    assert activity["StatusCode"] == "Successful"
    assert activity["StatusMessage"].endswith("Change successfully fulfilled by ecs.")
    assert (activity["EndTime"] - activity["StartTime"]).total_seconds() == 30


def test_a_maximum_below_it_does_too_and_what_is_not_said_stays(scaled: Any) -> None:
    scaled.aas.register_scalable_target(
        ServiceNamespace="ecs", ResourceId="service/lab/web",
        ScalableDimension="ecs:service:DesiredCount", MaxCapacity=3,
    )  # fmt: skip
    assert scaled.desired == 3
    assert scaled.activities()[0]["Cause"] == "maximum capacity was set to 3"
    target = scaled.target()
    assert (target["MinCapacity"], target["MaxCapacity"]) == (2, 3)
    assert scaled.register(2, 3) == target["ScalableTargetARN"]


def test_the_learners_own_change_stays_until_the_target_is_updated(scaled: Any) -> None:
    scaled.lab.update(desiredCount=1)
    scaled.clock.advance(minutes=30)
    assert scaled.desired == 1
    scaled.register()
    assert scaled.desired == 2


def test_the_first_target_brings_the_service_linked_role(scaling: Any) -> None:
    scaling.serve()
    scaling.register()
    role = "AWSServiceRoleForApplicationAutoScaling_ECSService"
    iam = boto3.client("iam")
    assert iam.get_role(RoleName=role)["Role"]["Arn"] == scaling.target()["RoleARN"]
    (policy,) = iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"]
    assert policy["PolicyName"] == "AWSApplicationAutoscalingECSServicePolicy"
    iam.delete_service_linked_role(RoleName=role)
    assert iam.get_role(RoleName=role)["Role"]["RoleName"] == role  # it is in use


def test_what_the_role_did_stands_in_the_history(scaling: Any) -> None:
    scaling.serve(2)
    scaling.register(3, 10)
    scaling.clock.advance(minutes=6)
    found = boto3.client("cloudtrail", region_name="us-east-1").lookup_events(
        LookupAttributes=[{"AttributeKey": "EventName", "AttributeValue": "UpdateService"}]
    )["Events"]
    (event,) = found
    assert "AutoScaling-UpdateDesiredCapacity" in event["CloudTrailEvent"]
    assert '"desiredCount": 3' in event["CloudTrailEvent"].replace('":3', '": 3')


REFUSALS = [
    ({"ResourceId": "service/lab/none"}, "ECS service doesn't exist: service/lab/none"),
    ({"ResourceId": "service/web"}, "Unsupported service namespace, resource type"),
    ({"ScalableDimension": "dynamodb:table:ReadCapacityUnits"}, "Unsupported service namespace"),
    ({"ServiceNamespace": "nothing"}, "Value 'nothing' at 'serviceNamespace' failed"),
    ({"MinCapacity": 11}, "Maximum capacity cannot be less than minimum capacity"),
    ({"MinCapacity": -1}, "MinCapacity must not be negative"),
    ({"MaxCapacity": None}, "MinCapacity and MaxCapacity must be specified"),
]


@pytest.mark.parametrize(("change", "told"), REFUSALS)
def test_what_is_no_target(scaling: Any, refused: Any, change: dict[str, Any], told: str) -> None:
    scaling.serve()
    given = {
        "ServiceNamespace": "ecs", "ResourceId": "service/lab/web",
        "ScalableDimension": "ecs:service:DesiredCount", "MinCapacity": 2, "MaxCapacity": 10,
    }  # fmt: skip
    given = {key: value for key, value in (given | change).items() if value is not None}
    said = refused(scaling.aas.register_scalable_target, **given)
    assert said.startswith("ValidationException: ") and told in said
    assert scaling.aas.describe_scalable_targets(ServiceNamespace="ecs")["ScalableTargets"] == []


def test_a_deregistered_target_takes_policies_alarms_and_actions_along(
    scaled: Any, refused: Any
) -> None:
    scaled.track()
    scaled.plan("rate(1 hour)", MinCapacity=8)
    assert len(scaled.alarms()) == 2
    given = {
        "ServiceNamespace": "ecs", "ResourceId": "service/lab/web",
        "ScalableDimension": "ecs:service:DesiredCount",
    }  # fmt: skip
    scaled.aas.deregister_scalable_target(**given)
    assert scaled.alarms() == {}
    scaled.clock.advance(hours=2)
    assert scaled.desired == 4
    for asked in ("policies", "actions"):
        name = "describe_scaling_policies" if asked == "policies" else "describe_scheduled_actions"
        answer = getattr(scaled.aas, name)(ServiceNamespace="ecs")
        assert not answer.get("ScalingPolicies") and not answer.get("ScheduledActions")
    assert refused(scaled.aas.deregister_scalable_target, **given) == (
        "ObjectNotFoundException: No scalable target registered for service namespace: ecs, "
        "resource ID: service/lab/web, scalable dimension: ecs:service:DesiredCount"
    )
    scaled.register()
    assert scaled.aas.describe_scaling_policies(ServiceNamespace="ecs")["ScalingPolicies"] == []


def test_tags(scaling: Any, refused: Any) -> None:
    scaling.serve()
    arn = scaling.register(Tags={"team": "shop"})
    scaling.aas.tag_resource(ResourceARN=arn, Tags={"env": "lab"})
    assert scaling.aas.list_tags_for_resource(ResourceARN=arn)["Tags"] == {
        "team": "shop", "env": "lab",
    }  # fmt: skip
    scaling.aas.untag_resource(ResourceARN=arn, TagKeys=["team", "none"])
    assert scaling.aas.list_tags_for_resource(ResourceARN=arn)["Tags"] == {"env": "lab"}
    said = refused(scaling.aas.list_tags_for_resource, ResourceARN=f"{arn}x")
    assert said.startswith("ResourceNotFoundException")
    many = {str(number): "" for number in range(51)}
    assert refused(scaling.aas.tag_resource, ResourceARN=arn, Tags=many).startswith("TooManyTags")


def test_a_daemon_service_is_not_scaled(scaling: Any, refused: Any) -> None:
    scaling.lab.define_ec2()
    scaling.lab.service_ec2("web", None, schedulingStrategy="DAEMON")
    given = {
        "ServiceNamespace": "ecs", "ResourceId": "service/lab/web",
        "ScalableDimension": "ecs:service:DesiredCount", "MinCapacity": 0, "MaxCapacity": 2,
    }  # fmt: skip
    assert "is a DAEMON service" in refused(scaling.aas.register_scalable_target, **given)


def test_activities_come_in_pages(scaled: Any, refused: Any) -> None:
    for count in (5, 6, 7):
        scaled.register(count, 10)
    first = scaled.aas.describe_scaling_activities(ServiceNamespace="ecs", MaxResults=2)
    assert [one["Cause"][-1] for one in first["ScalingActivities"]] == ["7", "6"]
    rest = scaled.aas.describe_scaling_activities(
        ServiceNamespace="ecs", MaxResults=2, NextToken=first["NextToken"]
    )
    assert [one["Cause"][-1] for one in rest["ScalingActivities"]] == ["5"]
    assert "NextToken" not in rest
    asked = {"ServiceNamespace": "ecs", "NextToken": "none"}
    assert refused(scaled.aas.describe_scaling_activities, **asked).startswith("InvalidNextToken")
