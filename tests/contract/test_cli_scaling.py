"""The real aws CLI sets target tracking up for a service, and sees what becomes of it."""

from __future__ import annotations

import json
from typing import Any

import pytest

pytestmark = [pytest.mark.contract, pytest.mark.slow]

AAS = "application-autoscaling"
TARGET = (
    "--service-namespace ecs --scalable-dimension ecs:service:DesiredCount "
    "--resource-id service/lab/web"
)
DEFINITION = {
    "family": "web",
    "networkMode": "awsvpc",
    "requiresCompatibilities": ["FARGATE"],
    "cpu": "256",
    "memory": "512",
    "containerDefinitions": [{"name": "app", "image": "public.ecr.aws/nginx/nginx:1.27"}],
}
TRACKING = {
    "TargetValue": 60.0,
    "PredefinedMetricSpecification": {"PredefinedMetricType": "ECSServiceAverageCPUUtilization"},
}
STEPS = {
    "AdjustmentType": "ChangeInCapacity",
    "StepAdjustments": [{"MetricIntervalLowerBound": 0, "ScalingAdjustment": 3}],
}


def serve(aws: Any) -> None:
    """Four tasks with nothing to do."""
    aws("ecs create-cluster --cluster-name lab")
    aws("ecs register-task-definition --cli-input-json {given}", given=json.dumps(DEFINITION))
    subnets = aws("ec2 describe-subnets --filters Name=default-for-az,Values=true")["Subnets"]
    network = (
        f"awsvpcConfiguration={{{{subnets=[{subnets[0]['SubnetId']}],assignPublicIp=ENABLED}}}}"
    )
    aws(
        "ecs create-service --cluster lab --service-name web --task-definition web "
        f"--desired-count 4 --launch-type FARGATE --network-configuration {network}"
    )
    aws("ecs wait services-stable --cluster lab --services web")


def desired(aws: Any) -> int:
    (service,) = aws("ecs describe-services --cluster lab --services web")["services"]
    return int(service["desiredCount"])


def test_target_tracking_is_set_up_and_observed(shell: Any) -> None:
    aws = shell.aws
    serve(aws)
    made = aws(f"{AAS} register-scalable-target {TARGET} --min-capacity 1 --max-capacity 10")
    assert ":scalable-target/" in made["ScalableTargetARN"]
    put = f"{AAS} put-scaling-policy {TARGET} --policy-name cpu --policy-type TargetTrackingScaling"
    given = json.dumps(TRACKING)
    policy = aws(f"{put} --target-tracking-scaling-policy-configuration {{given}}", given=given)
    high, low = (one["AlarmName"] for one in policy["Alarms"])
    alarms = aws(f"cloudwatch describe-alarms --alarm-names {high} {low}")["MetricAlarms"]
    assert {(one["EvaluationPeriods"], one["Threshold"]) for one in alarms} == {
        (3, 60.0),
        (15, 54.0),
    }
    shell.course("clock", advance=17 * 60)
    (found,) = aws(f"{AAS} describe-scaling-activities {TARGET}")["ScalingActivities"]
    assert found["Cause"] == f"monitor alarm {low} in state ALARM triggered policy cpu"
    assert found["Description"] == "Setting desired count to 1." and desired(aws) == 1
    aws(f"{AAS} delete-scaling-policy {TARGET} --policy-name cpu")
    assert aws(f"cloudwatch describe-alarms --alarm-names {high} {low}")["MetricAlarms"] == []
    aws(f"{AAS} deregister-scalable-target {TARGET}")
    assert aws(f"{AAS} describe-scalable-targets --service-namespace ecs")["ScalableTargets"] == []


def test_a_step_an_alarm_and_a_schedule(shell: Any) -> None:
    aws = shell.aws
    serve(aws)
    aws(f"{AAS} register-scalable-target {TARGET} --min-capacity 2 --max-capacity 10")
    put = f"{AAS} put-scaling-policy {TARGET} --policy-name out --policy-type StepScaling"
    policy = aws(f"{put} --step-scaling-policy-configuration {{given}}", given=json.dumps(STEPS))
    aws(
        "cloudwatch put-metric-alarm --alarm-name busy --namespace Shop --metric-name Waiting "
        "--statistic Maximum --period 60 --evaluation-periods 1 --threshold 50 "
        f"--comparison-operator GreaterThanThreshold --alarm-actions {policy['PolicyARN']}"
    )
    (shown,) = aws(f"{AAS} describe-scaling-policies --service-namespace ecs")["ScalingPolicies"]
    assert [one["AlarmName"] for one in shown["Alarms"]] == ["busy"]
    aws("cloudwatch put-metric-data --namespace Shop --metric-name Waiting --value 80")
    shell.course("clock", advance=120)
    assert desired(aws) == 7
    action = "--scheduled-action-name hourly --scalable-target-action MinCapacity=8"
    schedule = f"{AAS} put-scheduled-action {TARGET} {action} --schedule {{schedule}}"
    aws(schedule, schedule="rate(1 hour)")
    shell.course("clock", advance=3700)
    assert desired(aws) == 8
    causes = [
        one["Cause"]
        for one in aws(f"{AAS} describe-scaling-activities {TARGET}")["ScalingActivities"]
    ]
    assert causes == [
        "minimum capacity was set to 8",
        "scheduled action name hourly was triggered",
        "monitor alarm busy in state ALARM triggered policy out",
    ]
    wrong = shell.run(schedule, schedule="every night")
    assert "ValidationException" in wrong.stderr and "Invalid schedule expression" in wrong.stderr
