"""A key that was taken back, or has expired, in the words of each protocol; and none that gets by."""

from __future__ import annotations

from typing import Any

import boto3
import pytest

from course.sandbox.world import ACCOUNT_ID
from tests.sandbox.identity.held import Dev, allow, document, refusal

INVALID = "The security token included in the request is invalid."
EXPIRED = "The security token included in the request is expired"

KEYS: list[tuple[str, str, tuple[str, str], tuple[str, str]]] = [
    ("ecs", "list_clusters", ("UnrecognizedClientException", INVALID),
     ("ExpiredTokenException", EXPIRED)),
    ("logs", "describe_log_groups", ("UnrecognizedClientException", INVALID),
     ("ExpiredTokenException", EXPIRED)),
    ("lambda", "list_functions", ("UnrecognizedClientException", INVALID),
     ("ExpiredTokenException", EXPIRED)),
    ("sts", "get_caller_identity", ("InvalidClientTokenId", INVALID), ("ExpiredToken", EXPIRED)),
    ("iam", "list_users", ("InvalidClientTokenId", INVALID), ("ExpiredToken", EXPIRED)),
    ("elbv2", "describe_load_balancers", ("InvalidClientTokenId", INVALID),
     ("ExpiredToken", EXPIRED)),
    ("sqs", "list_queues", ("InvalidClientTokenId", INVALID), ("ExpiredToken", EXPIRED)),
    ("ec2", "describe_vpcs",
     ("AuthFailure", "AWS was not able to validate the provided access credentials"),
     ("RequestExpired", "Request has expired.")),
    ("s3", "list_buckets",
     ("InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records."),
     ("ExpiredToken", "The provided token has expired.")),
]  # fmt: skip


@pytest.fixture
def session(lab: Any) -> boto3.Session:
    """A session of a role that may do everything, for a quarter of an hour."""
    iam, root = lab.aws.client("iam"), {"AWS": f"arn:aws:iam::{ACCOUNT_ID}:root"}
    trust = document({"Effect": "Allow", "Principal": root, "Action": "sts:AssumeRole"})
    arn = iam.create_role(RoleName="ops", AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    iam.put_role_policy(RoleName="ops", PolicyName="all", PolicyDocument=document(allow("*")))
    got = lab.aws.client("sts").assume_role(
        RoleArn=arn, RoleSessionName="one", DurationSeconds=900
    )["Credentials"]
    keys = (got["AccessKeyId"], got["SecretAccessKey"], got["SessionToken"])
    return boto3.Session(*keys, region_name="us-east-1")


def test_a_sessions_key_is_nothing_without_its_token(lab: Any, session: boto3.Session) -> None:
    """What is forgotten most: the key of a session needs the third part, too."""
    held = session.get_credentials()
    assert held is not None
    for token in (None, "another"):
        bare = boto3.Session(held.access_key, held.secret_key, token, region_name="us-east-1")
        told = refusal(bare.client("ecs").list_clusters)
        assert told == ("UnrecognizedClientException", INVALID)


def test_a_key_of_a_world_before_this_one_is_nobodys_and_not_the_learners(lab: Any) -> None:
    """A lesson that is opened anew has no such user; whoever kept the key is no administrator."""
    iam = lab.aws.client("iam")
    before = lab.aws.snapshot()
    iam.create_user(UserName="trainee")
    key = iam.create_access_key(UserName="trainee")["AccessKey"]
    kept = boto3.Session(
        key["AccessKeyId"], key["SecretAccessKey"], region_name="us-east-1"
    ).client("ecs")
    assert refusal(kept.list_clusters)[0] == "AccessDeniedException"
    before.restore()
    assert refusal(kept.list_clusters) == ("UnrecognizedClientException", INVALID)


def test_each_protocol_has_its_own_code(lab: Any, dev: Dev, session: boto3.Session) -> None:
    """Users' outputs name each of these; all keys are good until they are not."""
    dev.may(allow("*"))
    made: list[boto3.Session] = [dev.session, session]
    calls = [
        [getattr(each.client(service), method) for each in made]  # type: ignore[call-overload]
        for service, method, *_ in KEYS
    ]
    assert all(refusal(call) == ("", "") for pair in calls for call in pair)
    lab.aws.client("iam").delete_access_key(UserName="dev", AccessKeyId=dev.key_id)
    lab.clock.advance(minutes=16)
    for (service, _, invalid, expired), (by_key, by_session) in zip(KEYS, calls, strict=True):
        assert (service, refusal(by_key)) == (service, invalid)
        assert (service, refusal(by_session)) == (service, expired)
