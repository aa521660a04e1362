"""ECS's own role: made with the first cluster, needed for awsvpc, changed by nobody."""

from __future__ import annotations

import json
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

NAME = "AWSServiceRoleForECS"


@pytest.fixture
def iam(lab: Any) -> Any:
    return lab.aws.client("iam")


def test_the_first_cluster_brings_it(iam: Any) -> None:
    role = iam.get_role(RoleName=NAME)["Role"]
    assert role["Path"] == "/aws-service-role/ecs.amazonaws.com/"
    trust = role["AssumeRolePolicyDocument"]["Statement"][0]["Principal"]
    assert trust == {"Service": ["ecs.amazonaws.com"]}
    attached = iam.list_attached_role_policies(RoleName=NAME)["AttachedPolicies"]
    assert [one["PolicyName"] for one in attached] == ["AmazonECSServiceRolePolicy"]


def test_only_its_service_changes_it(iam: Any) -> None:
    with pytest.raises(ClientError, match="UnmodifiableEntity"):
        iam.delete_role(RoleName=NAME)
    iam.get_role(RoleName=NAME)


def test_it_goes_when_no_cluster_is_left(lab: Any, iam: Any) -> None:
    def deleted() -> dict[str, Any]:
        task = iam.delete_service_linked_role(RoleName=NAME)["DeletionTaskId"]
        answer: dict[str, Any] = iam.get_service_linked_role_deletion_status(DeletionTaskId=task)
        return answer

    refused = deleted()
    assert refused["Status"] == "FAILED"
    (use,) = refused["Reason"]["RoleUsageList"]
    assert use["Resources"] == lab.ecs.list_clusters()["clusterArns"]
    lab.ecs.delete_cluster(cluster="lab")
    assert deleted()["Status"] == "SUCCEEDED"
    with pytest.raises(ClientError, match="NoSuchEntity"):
        iam.get_role(RoleName=NAME)
    made = iam.create_service_linked_role(AWSServiceName="ecs.amazonaws.com")["Role"]
    assert made["RoleName"] == NAME
    with pytest.raises(ClientError, match="has been taken"):
        iam.create_service_linked_role(AWSServiceName="ecs.amazonaws.com")


@pytest.fixture
def without(lab: Any, iam: Any) -> Any:
    """ECS of a user who may all of ECS and nothing of IAM; no cluster and no role are left."""
    lab.ecs.delete_cluster(cluster="lab")
    iam.delete_service_linked_role(RoleName=NAME)
    iam.create_user(UserName="dev")
    policy = {"Effect": "Allow", "Action": "ecs:*", "Resource": "*"}
    iam.put_user_policy(
        UserName="dev",
        PolicyName="p",
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": policy}),
    )
    key = iam.create_access_key(UserName="dev")["AccessKey"]
    session = boto3.Session(key["AccessKeyId"], key["SecretAccessKey"], region_name="us-east-1")
    ecs = session.client("ecs")
    ecs.create_cluster(clusterName="theirs")
    return ecs


@pytest.mark.parametrize("call", ["run_task", "create_service"])
def test_who_may_not_create_it_has_no_awsvpc(lab: Any, without: Any, call: str) -> None:
    given: dict[str, Any] = {
        "cluster": "theirs",
        "taskDefinition": "web",
        "launchType": "FARGATE",
        "networkConfiguration": lab.network(*lab.subnets),
    }
    more = {"serviceName": "web", "desiredCount": 1} if call == "create_service" else {}
    with pytest.raises(ClientError) as refused:
        getattr(without, call)(**given, **more)
    assert refused.value.response["Error"] == {
        "Code": "InvalidParameterException",
        "Message": "Unable to assume the service linked role. Please verify that the ECS service "
        "linked role exists.",
    }
    lab.aws.client("iam").create_service_linked_role(AWSServiceName="ecs.amazonaws.com")
    getattr(without, call)(**given, **more)
