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
