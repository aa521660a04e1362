"""Who may scale: a user's policies in front of Application Auto Scaling, and the role of the first target."""

from __future__ import annotations

import json
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

RESOURCE = {
    "ServiceNamespace": "ecs",
    "ResourceId": "service/lab/web",
    "ScalableDimension": "ecs:service:DesiredCount",
}
REGISTER = {
    "Effect": "Allow",
    "Action": "application-autoscaling:RegisterScalableTarget",
    "Resource": "arn:aws:application-autoscaling:us-east-1:123456789012:scalable-target/*",
}
LOOK = {"Effect": "Allow", "Action": "application-autoscaling:Describe*", "Resource": "*"}
ROLE = {"Effect": "Allow", "Action": "iam:CreateServiceLinkedRole", "Resource": "*"}


def user(*statements: dict[str, Any]) -> Any:
    """Application Auto Scaling as a new user with these statements calls it."""
    iam = boto3.client("iam")
    iam.create_user(UserName="operator")
    policy = json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
    iam.put_user_policy(UserName="operator", PolicyName="scaling", PolicyDocument=policy)
    key = iam.create_access_key(UserName="operator")["AccessKey"]
    session = boto3.Session(key["AccessKeyId"], key["SecretAccessKey"], region_name="us-east-1")
    return session.client("application-autoscaling")


def denied(call: Any, **given: Any) -> str:
    with pytest.raises(ClientError) as refusal:
        call(**given)
    error = refusal.value.response["Error"]
    assert error["Code"] == "AccessDeniedException"
    return str(error["Message"])


def test_each_operation_is_asked_by_its_own_action(scaling: Any) -> None:
    scaling.serve()
    aas = user(REGISTER, LOOK, ROLE)
    aas.register_scalable_target(**RESOURCE, MinCapacity=2, MaxCapacity=4)
    assert len(aas.describe_scalable_targets(ServiceNamespace="ecs")["ScalableTargets"]) == 1
    told = denied(aas.deregister_scalable_target, **RESOURCE)
    assert "application-autoscaling:DeregisterScalableTarget" in told


def test_the_first_target_needs_leave_to_create_the_role(scaling: Any) -> None:
    scaling.serve()
    aas = user(REGISTER, LOOK)
    told = denied(aas.register_scalable_target, **RESOURCE, MinCapacity=2, MaxCapacity=4)
    assert "iam:CreateServiceLinkedRole" in told
    scaling.register()
    aas.register_scalable_target(**RESOURCE, MinCapacity=3, MaxCapacity=4)
    assert scaling.target()["MinCapacity"] == 3
