"""Which events a look-up shows: by tables over a history made by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from course.sandbox.history import ApiCall, Identity
from course.sandbox.observability.trail.lookup import DELAY, KEPT, BadToken, Lookup, shown
from course.sandbox.observability.trail.record import event_id, record

START = datetime(2026, 11, 2, 9, tzinfo=UTC)
DEV = Identity("arn:aws:iam::123456789012:user/dev", "123456789012", "AIDA1", "AKIA1")
ROLE = "arn:aws:iam::123456789012:role/execution"
SESSION = Identity(
    "arn:aws:sts::123456789012:assumed-role/execution/0abc", "123456789012", "AROA1:0abc", "", ROLE
)


def call(minute: int, operation: str, service: str = "ecs", **more: Any) -> ApiCall:
    given = {"region": "us-east-1", "who": DEV, "agent": "Boto3", "number": minute} | more
    return ApiCall(START + timedelta(minutes=minute), service, operation, **given)


HISTORY = [
    call(0, "CreateCluster", parameters='{"clusterName":"lab"}'),
    call(1, "ListClusters"),
    call(2, "GetObject", "s3"),
    call(3, "CreateRole", "iam", region="eu-west-1"),
    call(4, "CreateCluster", region="eu-west-1"),
    call(5, "GetSecretValue", "secretsmanager", who=SESSION),
    call(6, "ListClusters", who=None),
    call(7, "RunTask", parameters='{"cluster":"lab","taskDefinition":"web"}'),
]
LATER = START + timedelta(hours=1)


def found(now: datetime = LATER, region: str = "us-east-1", **asked: Any) -> list[str]:
    page, _ = Lookup(region, **asked).page(HISTORY, now, size=50, token=None)
    return [one.operation for one in page]


ALL = ["RunTask", "GetSecretValue", "CreateRole", "ListClusters", "CreateCluster"]


def test_the_newest_first_without_data_events_other_regions_and_keys_of_nobody() -> None:
    assert found() == ALL
    assert found(region="eu-west-1") == ["CreateCluster"]


@pytest.mark.parametrize(
    ("name", "value", "operations"),
    [
        ("EventName", "RunTask", ["RunTask"]),
        ("EventName", "runtask", []),
        ("ReadOnly", "false", ["RunTask", "CreateRole", "CreateCluster"]),
        ("ReadOnly", "true", ["GetSecretValue", "ListClusters"]),
        ("Username", "0abc", ["GetSecretValue"]),
        ("Username", "dev", ["RunTask", "CreateRole", "ListClusters", "CreateCluster"]),
        ("ResourceType", "AWS::ECS::Cluster", ["RunTask", "CreateCluster"]),
        ("ResourceName", "lab", ["RunTask", "CreateCluster"]),
        ("ResourceName", "web", ["RunTask"]),
        ("EventSource", "iam.amazonaws.com", ["CreateRole"]),
        ("AccessKeyId", "AKIA1", ["RunTask", "CreateRole", "ListClusters", "CreateCluster"]),
        ("EventId", event_id(HISTORY[1]), ["ListClusters"]),
    ],
)
def test_one_attribute(name: str, value: str, operations: list[str]) -> None:
    assert found(attribute=(name, value)) == operations


def test_both_ends_of_the_time_are_included() -> None:
    first, last = START + timedelta(minutes=1), START + timedelta(minutes=5)
    assert found(since=first, until=last) == ["GetSecretValue", "CreateRole", "ListClusters"]


@pytest.mark.parametrize(
    ("now", "operations"),
    [
        (START + DELAY - timedelta(seconds=1), []),
        (START + DELAY, ["CreateCluster"]),
        (START + KEPT, ALL),
        (START + KEPT + timedelta(seconds=1), ALL[:-1]),
    ],
)
def test_an_event_comes_minutes_later_and_goes_after_90_days(
    now: datetime, operations: list[str]
) -> None:
    assert found(now) == operations


def test_pages_go_on_behind_the_last_event_whatever_has_come_since() -> None:
    lookup = Lookup("us-east-1")
    first, token = lookup.page(HISTORY, LATER, size=2, token=None)
    grown = [*HISTORY, call(8, "StopTask")]
    second, following = lookup.page(grown, LATER, size=2, token=token)
    third, end = lookup.page(grown, LATER, size=2, token=following)
    assert [one.operation for page in (first, second, third) for one in page] == ALL
    assert end is None


@pytest.mark.parametrize("token", ["nonsense", "%", "YQ=="])
def test_a_token_of_ours_only(token: str) -> None:
    with pytest.raises(BadToken):
        Lookup("us-east-1").page(HISTORY, LATER, size=2, token=token)


def test_a_token_of_another_look_up_is_refused() -> None:
    _, token = Lookup("us-east-1").page(HISTORY, LATER, size=2, token=None)
    with pytest.raises(BadToken):
        Lookup("us-east-1", since=START).page(HISTORY, LATER, size=2, token=token)


def test_the_members_of_an_event() -> None:
    told = shown(HISTORY[7])
    assert told.pop("CloudTrailEvent").startswith('{"eventVersion":"1.11","userIdentity":')
    assert told == {
        "EventId": event_id(HISTORY[7]),
        "EventName": "RunTask",
        "ReadOnly": "false",
        "AccessKeyId": "AKIA1",
        "EventTime": int((START + timedelta(minutes=7)).timestamp()),
        "EventSource": "ecs.amazonaws.com",
        "Username": "dev",
        "Resources": [
            {"ResourceType": "AWS::ECS::Cluster", "ResourceName": "lab"},
            {"ResourceType": "AWS::ECS::TaskDefinition", "ResourceName": "web"},
        ],
    }


def test_a_session_names_the_role_that_issued_it() -> None:
    identity = record(HISTORY[5])["userIdentity"]
    assert identity["type"] == "AssumedRole"
    assert identity["sessionContext"]["sessionIssuer"] == {
        "type": "Role",
        "principalId": "AROA1",
        "arn": ROLE,
        "accountId": "123456789012",
        "userName": "execution",
    }


@pytest.mark.parametrize(
    ("who", "kind"),
    [
        (DEV, "IAMUser"),
        (SESSION, "AssumedRole"),
        (Identity("arn:aws:iam::123456789012:root", "123456789012"), "Root"),
        (Identity(service="ecs-tasks.amazonaws.com"), "AWSService"),
    ],
)
def test_kinds_of_identities(who: Identity, kind: str) -> None:
    assert record(call(0, "ListClusters", who=who))["userIdentity"]["type"] == kind


def test_calls_of_one_instant_have_ids_of_their_own() -> None:
    twice = [call(0, "ListClusters", number=one) for one in range(2)]
    assert len({event_id(one) for one in twice}) == 2


def test_the_codes_of_denials_in_records() -> None:
    denied = call(0, "RunTask", error="AccessDeniedException", message="User: ...")
    assert record(denied)["errorCode"] == "AccessDenied"
    denied = call(0, "RunInstances", "ec2", error="UnauthorizedOperation")
    assert record(denied)["errorCode"] == "Client.UnauthorizedOperation"
