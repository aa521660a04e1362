"""What AWS keeps in every account is there without being asked for, and costs nothing until then."""

import json
from typing import Any

import boto3
import pytest

from course.sandbox import aws_owned

ROLE_POLICY = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
TRUST = json.dumps({"Version": "2012-10-17", "Statement": []})
OWN = {"Effect": "Allow", "Action": "ecs:*", "Resource": "*"}


@pytest.mark.parametrize(
    "name",
    [
        "service-role/AmazonECSTaskExecutionRolePolicy",
        "service-role/AmazonEC2ContainerServiceforEC2Role",
        "service-role/AmazonEC2ContainerServiceEventsRole",
        "AWSCodeDeployRoleForECS",
        "AmazonECSInfrastructureRolePolicyForLoadBalancers",
        "AmazonECS_FullAccess",
    ],
)
def test_the_policies_of_the_tutorials_can_be_attached(lab: Any, name: str) -> None:
    iam = lab.aws.client("iam")
    iam.create_role(RoleName="role", AssumeRolePolicyDocument=TRUST)
    iam.attach_role_policy(RoleName="role", PolicyArn=f"arn:aws:iam::aws:policy/{name}")
    (attached,) = iam.list_attached_role_policies(RoleName="role")["AttachedPolicies"]
    assert attached["PolicyName"] == name.rpartition("/")[2]


def test_own_policies_and_those_of_aws_are_told_apart(lab: Any) -> None:
    iam = lab.aws.client("iam")
    document = json.dumps({"Version": "2012-10-17", "Statement": [OWN]})
    iam.create_policy(PolicyName="mine", PolicyDocument=document)
    own = iam.list_policies(Scope="Local")["Policies"]
    assert [one["PolicyName"] for one in own] == ["mine"]
    theirs = iam.list_policies(Scope="AWS", MaxItems=1000)["Policies"]
    assert len(theirs) == 1000 and "mine" not in {one["PolicyName"] for one in theirs}
    iam.delete_policy(PolicyArn=own[0]["Arn"])
    assert iam.list_policies(Scope="Local")["Policies"] == []


def test_only_what_is_named_is_read(lab: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    real = aws_owned._read
    monkeypatch.setattr(aws_owned, "_read", lambda name: read.append(name) or real(name))
    monkeypatch.setattr(aws_owned, "_bring_all", lambda backend: read.append("all"))
    iam = lab.aws.client("iam")
    lab.service()
    iam.create_role(RoleName="role", AssumeRolePolicyDocument=TRUST)
    assert not read
    iam.get_policy(PolicyArn=ROLE_POLICY)
    assert set(read) == {"AmazonECSTaskExecutionRolePolicy"}
    iam.put_role_permissions_boundary(
        RoleName="role", PermissionsBoundary="arn:aws:iam::aws:policy/PowerUserAccess"
    )
    assert set(read) == {"AmazonECSTaskExecutionRolePolicy", "PowerUserAccess"}
    iam.list_policies()
    assert "all" in read


@pytest.mark.parametrize(
    "arn",
    [
        "arn:aws:iam::aws:policy/AmazonECSTaskExecutionRolePolicy",  # without its path
        "arn:aws:iam::aws:policy/NoSuchPolicy",
        "arn:aws:iam::aws:policy/CreateDate",
    ],
)
def test_what_aws_does_not_have_is_not_there(lab: Any, refused: Any, arn: str) -> None:
    assert refused(lab.aws.client("iam").get_policy, PolicyArn=arn).code == "NoSuchEntity"


def test_what_was_brought_before_is_listed_once(lab: Any) -> None:
    iam = lab.aws.client("iam")
    iam.get_policy(PolicyArn=ROLE_POLICY)
    pages = iam.get_paginator("list_policies").paginate(
        Scope="AWS", PaginationConfig={"PageSize": 1000}
    )
    arns = [one["Arn"] for page in pages for one in page["Policies"]]
    assert arns.count(ROLE_POLICY) == 1 and len(arns) == len(set(arns)) == aws_owned._how_many()


def test_a_snapshot_keeps_what_was_attached(lab: Any) -> None:
    iam = lab.aws.client("iam")
    iam.create_role(RoleName="role", AssumeRolePolicyDocument=TRUST)
    kept = lab.aws.snapshot()
    iam.attach_role_policy(RoleName="role", PolicyArn=ROLE_POLICY)
    kept.restore()
    assert iam.list_attached_role_policies(RoleName="role")["AttachedPolicies"] == []
    assert iam.get_policy(PolicyArn=ROLE_POLICY)["Policy"]["AttachmentCount"] == 0


def test_the_recommended_image_is_json_as_jq_reads_it(lab: Any) -> None:
    ssm = boto3.client("ssm")
    path = "/aws/service/ecs/optimized-ami/amazon-linux-2/recommended"
    whole = json.loads(ssm.get_parameter(Name=path)["Parameter"]["Value"])
    alone = ssm.get_parameter(Name=f"{path}/image_id")["Parameter"]["Value"]
    assert whole["image_id"] == alone
    assert alone.startswith("ami-")
