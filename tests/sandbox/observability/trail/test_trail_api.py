"""LookupEvents over calls that really were made, by the learner, by a user and by ECS for a task."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

ALLOW = {"Effect": "Allow", "Resource": "*"}


@pytest.fixture
def trail(lab: Any) -> Any:
    return lab.aws.client("cloudtrail")


def events(lab: Any, trail: Any, **attribute: str) -> list[dict[str, Any]]:
    """What a look-up shows some minutes later, the oldest first, as CloudTrail's own records."""
    lab.clock.advance(minutes=5)
    given = [{"AttributeKey": key, "AttributeValue": one} for key, one in attribute.items()]
    pages = trail.get_paginator("lookup_events").paginate(LookupAttributes=given)
    found = [json.loads(one["CloudTrailEvent"]) for page in pages for one in page["Events"]]
    return found[::-1]


def user(lab: Any, name: str, *actions: str) -> Any:
    """ECS as a user sees it who may do these things."""
    iam = lab.aws.client("iam")
    iam.create_user(UserName=name)
    policy = json.dumps({"Version": "2012-10-17", "Statement": [ALLOW | {"Action": actions}]})
    iam.put_user_policy(UserName=name, PolicyName="given", PolicyDocument=policy)
    key = iam.create_access_key(UserName=name)["AccessKey"]
    return lab.aws.client(
        "ecs",
        aws_access_key_id=key["AccessKeyId"],
        aws_secret_access_key=key["SecretAccessKey"],
    )


def test_a_change_with_what_was_asked_and_answered(lab: Any, trail: Any) -> None:
    lab.ecs.create_cluster(clusterName="other")
    told = events(lab, trail, EventName="CreateCluster")[-1]
    assert told["requestParameters"] == {"clusterName": "other"}
    assert told["responseElements"]["cluster"]["clusterName"] == "other"
    assert (told["readOnly"], told["eventTime"]) == (False, "2026-11-02T09:00:00Z")
    me = lab.aws.client("sts").get_caller_identity()
    assert told["userIdentity"]["arn"] == me["Arn"]


def test_the_event_is_not_there_at_once(lab: Any, trail: Any) -> None:
    lab.ecs.create_cluster(clusterName="other")
    assert trail.lookup_events()["Events"] == []


def test_a_refusal_has_its_code_and_its_text(lab: Any, trail: Any, refused: Any) -> None:
    refused(lab.ecs.list_services, cluster="nope")
    (told,) = events(lab, trail, EventName="ListServices")
    assert told["errorCode"] == "ClusterNotFoundException"
    assert told["errorMessage"] == "Cluster not found."
    assert told["responseElements"] is None


def test_a_users_calls_allowed_and_denied(lab: Any, trail: Any, refused: Any) -> None:
    ecs = user(lab, "dev", "ecs:ListClusters")
    ecs.list_clusters()
    refused(ecs.create_cluster, clusterName="theirs")
    listed, denied = events(lab, trail, Username="dev")
    assert "errorCode" not in listed
    assert listed["userIdentity"]["userName"] == "dev"
    assert (denied["errorCode"], denied["requestParameters"]) == ("AccessDenied", None)
    assert "is not authorized to perform: ecs:CreateCluster" in denied["errorMessage"]


def test_no_secret_is_in_any_event(lab: Any, trail: Any) -> None:
    word = "correct-horse"
    lab.aws.client("secretsmanager").create_secret(Name="db", SecretString=word)
    lab.aws.client("ssm").put_parameter(Name="db", Value=word, Type="SecureString")
    environment = [{"name": "DB", "value": word}]
    container = {"name": "app", "image": "httpd", "environment": environment}
    lab.define("web", containerDefinitions=[container])
    iam = lab.aws.client("iam")
    iam.create_user(UserName="dev")
    iam.create_login_profile(UserName="dev", Password=word)
    secret = iam.create_access_key(UserName="dev")["AccessKey"]["SecretAccessKey"]
    told = json.dumps(events(lab, trail))
    assert "PutParameter" in told and "CreateLoginProfile" in told and "CreateAccessKey" in told
    assert word not in told and secret not in told
    assert word not in repr(lab.aws.world.history)


def test_what_ecs_does_for_a_task_is_done_by_its_roles(lab: Any, trail: Any) -> None:
    secret = lab.aws.client("secretsmanager").create_secret(Name="db", SecretString="x")["ARN"]
    lab.aws.client("logs").create_log_group(logGroupName="/ecs/web")
    reads = ALLOW | {"Action": "secretsmanager:GetSecretValue"}
    execution = lab.role("execution", "arn:aws:iam::aws:policy/service-role/"
                         "AmazonECSTaskExecutionRolePolicy", reads)  # fmt: skip
    options = {"awslogs-group": "/ecs/web", "awslogs-region": "us-east-1",
               "awslogs-stream-prefix": "web"}  # fmt: skip
    app = {
        "name": "app",
        "image": "public.ecr.aws/docker/library/httpd:2.4",
        "secrets": [{"name": "DB", "valueFrom": secret}],
        "logConfiguration": {"logDriver": "awslogs", "options": options},
    }
    lab.define("web", executionRoleArn=execution, containerDefinitions=[app])
    (task,) = lab.run()
    lab.clock.advance(minutes=2)
    id_ = task.rsplit("/", 1)[-1]
    found = events(lab, trail, Username=id_)
    assert [(one["eventName"], one["requestParameters"]) for one in found] == [
        ("GetSecretValue", {"secretId": secret}),
        ("CreateLogStream", {"logGroupName": "/ecs/web", "logStreamName": f"web/app/{id_}"}),
    ]
    assert {one["userIdentity"]["sessionContext"]["sessionIssuer"]["arn"] for one in found} == {
        execution
    }
    (assumed,) = events(lab, trail, EventName="AssumeRole")
    assert assumed["userIdentity"] == {"type": "AWSService", "invokedBy": "ecs-tasks.amazonaws.com"}
    assert assumed["requestParameters"] == {"roleArn": execution, "roleSessionName": id_}


def test_what_the_execution_role_is_denied_is_there_too(lab: Any, trail: Any) -> None:
    secret = lab.aws.client("secretsmanager").create_secret(Name="db", SecretString="x")["ARN"]
    app = {"name": "app", "image": "httpd", "secrets": [{"name": "DB", "valueFrom": secret}]}
    lab.define("web", executionRoleArn=lab.role(), containerDefinitions=[app])
    lab.run()
    lab.clock.advance(minutes=2)
    (told,) = events(lab, trail, EventName="GetSecretValue")
    assert told["errorCode"] == "AccessDenied"
    assert "assumed-role/execution/" in told["errorMessage"]


def test_the_calls_of_other_regions_are_elsewhere(lab: Any, trail: Any) -> None:
    far = lab.aws.client("ecs", region_name="eu-west-1")
    far.create_cluster(clusterName="far")
    assert "far" not in json.dumps(events(lab, trail, EventName="CreateCluster"))
    there = lab.aws.client("cloudtrail", region_name="eu-west-1").lookup_events()["Events"]
    assert [one["EventName"] for one in there] == ["CreateCluster"]


def test_pages(lab: Any, trail: Any) -> None:
    for _ in range(60):
        lab.ecs.list_clusters()
    lab.clock.advance(minutes=5)
    attribute = [{"AttributeKey": "EventName", "AttributeValue": "ListClusters"}]
    first = trail.lookup_events(LookupAttributes=attribute)
    assert len(first["Events"]) == 50
    second = trail.lookup_events(LookupAttributes=attribute, NextToken=first["NextToken"])
    assert len(second["Events"]) == 10 and "NextToken" not in second


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"MaxResults": 51}, "InvalidMaxResultsException"),
        ({"NextToken": "x"}, "InvalidNextTokenException"),
        ({"EventCategory": "insight"}, "InvalidEventCategoryException"),
        (
            {"LookupAttributes": [{"AttributeKey": "Color", "AttributeValue": "red"}]},
            "InvalidLookupAttributesException",
        ),
        (
            {"LookupAttributes": [{"AttributeKey": "EventName", "AttributeValue": "a"}] * 2},
            "InvalidLookupAttributesException",
        ),
    ],
)
def test_what_cannot_be_looked_up(lab: Any, refused: Any, given: Any, code: str) -> None:
    from botocore.config import Config

    trail = lab.aws.client("cloudtrail", config=Config(parameter_validation=False))
    assert refused(trail.lookup_events, **given).code == code


def test_the_end_is_not_before_the_start(lab: Any, trail: Any, refused: Any) -> None:
    now = lab.aws.now()
    found = refused(trail.lookup_events, StartTime=now, EndTime=now - timedelta(hours=1))
    assert found.code == "InvalidTimeRangeException"


def test_looking_changes_nothing_that_was_shown(lab: Any, trail: Any) -> None:
    lab.clock.advance(minutes=5)
    moment = lab.aws.snapshot()
    before = trail.lookup_events(MaxResults=20)["Events"]
    lab.ecs.create_cluster(clusterName="later")
    lab.clock.advance(minutes=10)
    assert trail.lookup_events(MaxResults=50)["Events"][-len(before) :] != []
    moment.restore()
    assert trail.lookup_events(MaxResults=20)["Events"] == before
