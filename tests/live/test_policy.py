"""The least-privilege policy: enough for the lesson and its cleanup, and for nothing beside them.

Decided by the course's own evaluator, which LIVE does not know.
"""

import json
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from course import sandbox
from course.live.allowed import operations
from course.live.policy import policy
from course.sandbox.history import OWN_KEY
from tests.live.living import SAMPLE, open_live, walk

REGION = "us-east-1"


def as_the_sandbox_reads_it(given: dict[str, Any]) -> dict[str, Any]:
    """EC2's two calls on a security group without their tag: the sandbox asks both on ``*``.

    That AWS asks them on the group, with its tags, is for ``test_service_authorization``.
    """
    statements = {row["Sid"]: row for row in given["Statement"]}
    tagged, tagless = statements["ChangeAndRemoveTagged"], statements["WithoutTags"]
    tagless["Action"] += [one for one in tagged["Action"] if one.startswith("ec2:")]
    tagged["Action"] = [one for one in tagged["Action"] if not one.startswith("ec2:")]
    return given


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A user with the policy and nothing else, whose keys the environment names."""
    monkeypatch.setattr(sys, "stdin", sys.stdin)
    with sandbox.open() as aws:
        monkeypatch.setattr(time, "sleep", lambda seconds: aws.clock.advance(seconds or 1))
        iam = boto3.client("iam")
        digits = boto3.client("sts").get_caller_identity()["Account"][-4:]
        monkeypatch.setattr("tests.live.living.DIGITS", digits)
        iam.create_user(UserName="learner")
        document = json.dumps(as_the_sandbox_reads_it(policy(REGION)))
        iam.put_user_policy(UserName="learner", PolicyName="live", PolicyDocument=document)
        key = iam.create_access_key(UserName="learner")["AccessKey"]
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", key["AccessKeyId"])
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", key["SecretAccessKey"])
        monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
        yield aws


def test_it_is_enough_for_the_lesson_and_its_cleanup(held: Any, tmp_path: Path) -> None:
    live = open_live(tmp_path, show=lambda shown: None)
    try:
        walk()
        assert live.cleanup().verdict == "0 left."
    finally:
        live.close()


TAGS = [{"key": "course", "value": "containers-on-aws-course"}]
BEYOND: dict[str, Callable[[Any, Any], Any]] = {
    "creating without the tag": lambda ecs, ec2: ecs.create_cluster(clusterName="c"),
    "a definition without the tag": lambda ecs, ec2: ecs.register_task_definition(**SAMPLE),
    "tagging what is there": lambda ecs, ec2: ecs.tag_resource(
        resourceArn=_cluster(ecs), tags=TAGS
    ),
    "removing what is not tagged": lambda ecs, ec2: ecs.delete_cluster(cluster="theirs"),
    "an instance": lambda ecs, ec2: ec2.run_instances(ImageId="ami-1", MinCount=1, MaxCount=1),
    "a capacity provider": lambda ecs, ec2: ecs.delete_capacity_provider(capacityProvider="p"),
    "another Region": lambda ecs, ec2: boto3.client("ecs", region_name="eu-west-1").list_clusters(),
}


def _cluster(ecs: Any) -> str:
    return str(ecs.describe_clusters(clusters=["theirs"])["clusters"][0]["clusterArn"])


@pytest.mark.parametrize("what", BEYOND)
def test_it_is_enough_for_nothing_else(held: Any, what: str) -> None:
    """Without the guard rails, so that it is the policy that denies."""
    administrator = boto3.Session(OWN_KEY, "sandbox", region_name=REGION)
    administrator.client("ecs").create_cluster(clusterName="theirs")
    with pytest.raises(ClientError) as error:
        BEYOND[what](boto3.client("ecs"), boto3.client("ec2"))
    assert error.value.response["Error"]["Code"] in (
        "AccessDeniedException",
        "UnauthorizedOperation",
    )


def test_every_action_on_the_list_is_in_it_and_only_what_creating_needs_beside_them() -> None:
    *rows, first_use = policy(REGION)["Statement"]
    granted = {one for row in rows for one in row["Action"]}
    listed = {one.action for one in operations().values() if one.how != "credentials"}
    assert granted - listed == {"ecs:TagResource", "ec2:CreateTags"}
    assert listed <= granted
    equals = [row["Condition"]["StringEquals"] for row in rows]
    assert {one["aws:RequestedRegion"] for one in equals} == {REGION}
    assert first_use["Action"] == ["iam:CreateServiceLinkedRole"]
