"""A role is assumed by whom it trusts, and its sessions are held to its policies."""

from __future__ import annotations

import json
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from course.sandbox.world import ACCOUNT_ID

ROOT = f"arn:aws:iam::{ACCOUNT_ID}:root"
ROLE = f"arn:aws:iam::{ACCOUNT_ID}:role/ops"
DEV = f"arn:aws:iam::{ACCOUNT_ID}:user/dev"


def document(**statement: Any) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **statement}]})


def trust(principal: Any, **more: Any) -> str:
    return document(Principal=principal, Action="sts:AssumeRole", **more)


def assume(sts: Any, **more: Any) -> Any:
    found = sts.assume_role(RoleArn=ROLE, RoleSessionName="one", **more)["Credentials"]
    return boto3.Session(
        found["AccessKeyId"],
        found["SecretAccessKey"],
        found["SessionToken"],
        region_name="us-east-1",
    )


@pytest.fixture
def iam(lab: Any) -> Any:
    client = lab.aws.client("iam")
    client.create_role(RoleName="ops", AssumeRolePolicyDocument=trust({"AWS": ROOT}))
    return client


@pytest.fixture
def dev(iam: Any) -> Any:
    iam.create_user(UserName="dev")
    key = iam.create_access_key(UserName="dev")["AccessKey"]
    return boto3.Session(key["AccessKeyId"], key["SecretAccessKey"], region_name="us-east-1")


def retrust(iam: Any, principal: Any, **more: Any) -> None:
    iam.update_assume_role_policy(RoleName="ops", PolicyDocument=trust(principal, **more))


def permit(iam: Any, *actions: str) -> None:
    iam.put_user_policy(
        UserName="dev",
        PolicyName="p",
        PolicyDocument=document(Action=list(actions), Resource="*"),
    )


def test_the_learner_assumes_what_trusts_the_account(lab: Any, iam: Any) -> None:
    session = assume(lab.aws.client("sts"))
    with pytest.raises(ClientError, match="assumed-role/ops/one is not authorized"):
        session.client("ecs").list_clusters()
    iam.put_role_policy(
        RoleName="ops", PolicyName="p", PolicyDocument=document(Action="ecs:List*", Resource="*")
    )
    assert session.client("ecs").list_clusters()["clusterArns"]


TRUSTED: list[tuple[Any, bool, bool]] = [
    # whom the role trusts; whether dev gets in without a policy, and with one
    ({"AWS": ROOT}, False, True),
    ({"AWS": ACCOUNT_ID}, False, True),
    ({"AWS": DEV}, True, True),
    ({"AWS": "*"}, True, True),
    ({"AWS": f"arn:aws:iam::{ACCOUNT_ID}:user/other"}, False, False),
    ({"AWS": "arn:aws:iam::210987654321:root"}, False, False),
    ({"Service": "ecs-tasks.amazonaws.com"}, False, False),
]


@pytest.mark.parametrize(("principal", "without", "with_policy"), TRUSTED)
def test_whom_a_role_trusts(
    iam: Any, dev: Any, principal: Any, without: bool, with_policy: bool
) -> None:
    retrust(iam, principal)
    for expected in (without, with_policy):
        if expected:
            assume(dev.client("sts"))
        else:
            with pytest.raises(ClientError) as refused:
                assume(dev.client("sts"))
            assert refused.value.response["Error"] == {
                "Type": "Sender",
                "Code": "AccessDenied",
                "Message": f"User: {DEV} is not authorized to perform: sts:AssumeRole "
                f"on resource: {ROLE}",
            }
        permit(iam, "sts:AssumeRole")


def test_an_external_id_has_to_fit(lab: Any, iam: Any) -> None:
    retrust(iam, {"AWS": ROOT}, Condition={"StringEquals": {"sts:ExternalId": "blue"}})
    sts = lab.aws.client("sts")
    with pytest.raises(ClientError, match="not authorized to perform: sts:AssumeRole"):
        assume(sts, ExternalId="red")
    assume(sts, ExternalId="blue")


def test_a_role_that_is_not_there_says_no_more_than_one_that_does_not_trust(lab: Any) -> None:
    with pytest.raises(ClientError, match="AccessDenied"):
        assume(lab.aws.client("sts"))


def test_a_session_policy_narrows_and_never_widens(lab: Any, iam: Any) -> None:
    iam.put_role_policy(
        RoleName="ops", PolicyName="p", PolicyDocument=document(Action="ecs:List*", Resource="*")
    )
    narrow = document(Action=["ecs:ListClusters", "ecs:DescribeClusters"], Resource="*")
    ecs = assume(lab.aws.client("sts"), Policy=narrow).client("ecs")
    ecs.list_clusters()
    with pytest.raises(ClientError, match="because no session policy allows the ecs:ListServices"):
        ecs.list_services(cluster="lab")
    with pytest.raises(ClientError, match="because no identity-based policy allows"):
        ecs.describe_clusters()


def test_a_session_ends(lab: Any, iam: Any) -> None:
    iam.put_role_policy(
        RoleName="ops", PolicyName="p", PolicyDocument=document(Action="*", Resource="*")
    )
    ecs = assume(lab.aws.client("sts"), DurationSeconds=900).client("ecs")
    lab.clock.advance(minutes=14)
    ecs.list_clusters()
    lab.clock.advance(minutes=2)
    with pytest.raises(ClientError, match="ExpiredTokenException"):
        ecs.list_clusters()


def test_the_session_of_a_deleted_role_is_good_for_nothing(lab: Any, iam: Any) -> None:
    ecs = assume(lab.aws.client("sts")).client("ecs")
    iam.delete_role(RoleName="ops")
    with pytest.raises(ClientError, match="UnrecognizedClientException"):
        ecs.list_clusters()


def test_nobody_leaves_their_policies_by_another_kind_of_key(lab: Any, dev: Any) -> None:
    sts = dev.client("sts")
    with pytest.raises(ClientError, match="does not model GetSessionToken"):
        sts.get_session_token()
    with pytest.raises(ClientError, match="GetFederationToken"):
        sts.get_federation_token(Name="other")
    with pytest.raises(ClientError, match="does not model AssumeRoleWithWebIdentity"):
        lab.aws.client("sts").assume_role_with_web_identity(
            RoleArn=ROLE, RoleSessionName="one", WebIdentityToken="abcd"
        )
    assert lab.aws.client("sts").get_session_token()["Credentials"]["AccessKeyId"]
