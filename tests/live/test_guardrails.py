"""The guard rails in clients of every kind, against an account in this process.

The account is the course's own sandbox: LIVE knows nothing of it, and meets it as it
would meet AWS, through botocore. What reaches it is read from its history.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest

from course import sandbox
from course.live.errors import LiveError, NotAllowed, NotOurs, TimeIsOver, TooMuch
from course.live.ledger import Ledger
from course.live.session import Live
from tests.live.living import SAMPLE, open_live

Shown = list[Any]


class Held:
    """LIVE, open over an account in this process, with what was shown and what arrived."""

    def __init__(self, folder: Path, aws: Any) -> None:
        self.folder, self.aws, self.shown = folder, aws, Shown()
        self.live = open_live(folder, show=self.shown.append)

    def open(self, **how: float) -> Live:
        self.live.close()
        self.live = open_live(self.folder, show=self.shown.append, **how)
        return self.live

    def arrived(self) -> list[str]:
        return [call.operation for call in self.aws.world.history]

    @property
    def ledger(self) -> Ledger:
        return Ledger(self.folder)

    def there(self) -> list[str]:
        attempt = self.ledger.books().attempts[self.live.attempt.id]
        return [f"{one.kind} {one.name}" for one in attempt.there()]


@pytest.fixture
def held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Held]:
    monkeypatch.setattr(sys, "stdin", sys.stdin)
    with sandbox.open() as aws:
        monkeypatch.setattr("tests.live.living.DIGITS", _digits())
        found = Held(tmp_path, aws)
        yield found
        found.live.close()


def _digits() -> str:
    return str(boto3.client("sts").get_caller_identity()["Account"])[-4:]


def clients(held: Held) -> list[Any]:
    """One service, by every way to a client that a cell may take."""
    return [held.live.client("ecs"), boto3.client("ecs"), boto3.Session().client("ecs")]


def test_whatever_client_it_is_what_is_not_on_the_list_does_not_leave(held: Held) -> None:
    for ecs in clients(held):
        with pytest.raises(NotAllowed, match="ecs:PutAccountSetting is not on LIVE's list"):
            ecs.put_account_setting(name="containerInsights", value="enabled")
    with pytest.raises(NotAllowed, match="iam:CreateUser"):
        boto3.client("iam").create_user(UserName="eve")
    assert not {"PutAccountSetting", "CreateUser"} & set(held.arrived())


def test_a_parameter_that_is_not_on_the_list_does_not_leave_either(held: Held) -> None:
    with pytest.raises(NotAllowed, match="executionRoleArn"):
        boto3.client("ecs").register_task_definition(**SAMPLE, executionRoleArn="r")
    assert "RegisterTaskDefinition" not in held.arrived()


def test_a_client_of_a_lesson_that_is_over_sends_nothing(held: Held) -> None:
    ecs = boto3.client("ecs")
    held.live.close()
    with pytest.raises(LiveError, match="closed"):
        ecs.list_clusters()


def test_all_that_is_created_carries_the_four_tags(held: Held) -> None:
    ecs = boto3.client("ecs")
    ecs.create_cluster(clusterName="fargate-cluster")
    told = ecs.describe_clusters(clusters=["fargate-cluster"], include=["TAGS"])["clusters"][0]
    found = {one["key"]: one["value"] for one in told["tags"]}
    assert found.keys() == {"course", "lesson", "attempt", "expiry"}
    assert found["course"] == "containers-on-aws-course"
    assert found["attempt"] == held.live.attempt.id
    assert found["expiry"] == f"{held.live.attempt.until:%Y-%m-%dT%H:%M:%SZ}"


def test_a_line_stands_in_the_ledger_before_the_call_and_another_after_it(held: Held) -> None:
    ecs = boto3.client("ecs")
    seen: list[list[str]] = []
    ecs.meta.events.register("before-send.ecs.CreateCluster", lambda **_: seen.append(held.there()))
    ecs.create_cluster(clusterName="fargate-cluster")
    assert seen == [["cluster fargate-cluster"]]
    events = [
        line for line in held.ledger.path.read_text().splitlines() if "fargate-cluster" in line
    ]
    assert ['"intends"' in line for line in events] == [True, False]


def test_what_aws_refuses_is_taken_out_of_the_ledger_again(held: Held) -> None:
    with pytest.raises(Exception, match="No Fargate configuration exists"):
        boto3.client("ecs").register_task_definition(**{**SAMPLE, "memory": "4096"})
    assert held.there() == []


def test_an_error_after_a_retry_leaves_it_open_whether_something_was_created(held: Held) -> None:
    from course.live.guardrails import _nothing_happened

    once, again = ({"ResponseMetadata": {"RetryAttempts": number}} for number in (0, 1))
    assert _nothing_happened(400, once)
    assert not _nothing_happened(400, again)
    assert not _nothing_happened(500, once)


def service(held: Held, **more: Any) -> Any:
    ecs = boto3.client("ecs")
    given = {"cluster": "fargate-cluster", "serviceName": "web", "taskDefinition": "sample-fargate"}
    subnets = [one["SubnetId"] for one in boto3.client("ec2").describe_subnets()["Subnets"]]
    network = {"networkConfiguration": {"awsvpcConfiguration": {"subnets": subnets}}}
    return ecs.create_service(**{**given, **network, "launchType": "FARGATE", **more})


def prepared(held: Held) -> Any:
    ecs = boto3.client("ecs")
    ecs.create_cluster(clusterName="fargate-cluster")
    ecs.register_task_definition(**SAMPLE)
    return ecs


def test_only_what_this_attempt_created_is_used_changed_or_removed(held: Held) -> None:
    held.live.close()
    ecs = boto3.client("ecs")
    ecs.create_cluster(clusterName="theirs")
    ecs.register_task_definition(**{**SAMPLE, "family": "theirs"})
    boto3.client("ec2").create_security_group(GroupName="theirs", Description="d")
    held.open()
    ecs, ec2 = prepared(held), boto3.client("ec2")
    group = ec2.describe_security_groups(GroupNames=["theirs"])["SecurityGroups"][0]["GroupId"]
    theirs: list[Any] = [
        lambda: ecs.delete_cluster(cluster="theirs"),
        lambda: ecs.delete_service(cluster="theirs", service="web"),
        lambda: ecs.stop_task(cluster="theirs", task="1"),
        lambda: ecs.deregister_task_definition(taskDefinition="theirs:1"),
        lambda: ecs.delete_task_definitions(taskDefinitions=["theirs:1"]),
        lambda: ecs.update_service(cluster="fargate-cluster", service="theirs", desiredCount=0),
        lambda: ec2.delete_security_group(GroupId=group),
        lambda: ec2.authorize_security_group_ingress(
            GroupId=group, IpProtocol="tcp", FromPort=80, ToPort=80, CidrIp="0.0.0.0/0"
        ),
        lambda: service(held, cluster="theirs"),
        lambda: service(held, taskDefinition="theirs"),
        lambda: service(held, networkConfiguration={"awsvpcConfiguration": {"subnets": ["subnet-1"],
                                                                            "securityGroups": [group]}}),
    ]  # fmt: skip
    before = held.arrived()
    for call in theirs:
        with pytest.raises(NotOurs, match="was not created by this attempt"):
            call()
    reads = {"DescribeSubnets"}
    assert set(held.arrived()[len(before) :]) <= reads
    with pytest.raises(NotAllowed, match="There is a cluster theirs in this Region already"):
        ecs.create_cluster(clusterName="theirs")


def test_more_than_allowed_at_one_time_is_refused_and_removing_makes_room(held: Held) -> None:
    ecs = prepared(held)
    ecs.create_cluster(clusterName="second")
    with pytest.raises(TooMuch, match="3 clusters at one time; LIVE allows 2"):
        ecs.create_cluster(clusterName="third")
    ecs.delete_cluster(cluster="second")
    ecs.create_cluster(clusterName="third")
    service(held, desiredCount=4)
    ours = {"cluster": "fargate-cluster", "service": "web"}
    with pytest.raises(TooMuch, match="9 tasks at one time; LIVE allows 8"):
        ecs.update_service(**ours, desiredCount=9)
    with pytest.raises(TooMuch, match="9 tasks"):
        what = {"taskDefinition": "sample-fargate", "cluster": "fargate-cluster"}
        ecs.run_task(count=5, launchType="FARGATE", **what)
    ecs.update_service(**ours, desiredCount=8)


def test_the_ceiling_in_dollars_is_never_passed_and_half_of_it_is_said_once(held: Held) -> None:
    held.open(usd=0.15)
    prepared(held)
    service(held, desiredCount=2)
    assert [one for one in held.shown if str(one).startswith("LIVE: about")] == []
    ecs = boto3.client("ecs")
    ours = {"cluster": "fargate-cluster", "service": "web"}
    ecs.update_service(**ours, desiredCount=4)
    ecs.list_clusters()
    ecs.list_clusters()
    (said,) = [one for one in held.shown if str(one).startswith("LIVE: about")]
    assert "0.139 if all of it stays" in said and "your ceiling of 0.15" in said
    with pytest.raises(TooMuch, match=r"could come to 0\.17 dollars; the ceiling .* is 0\.15"):
        ecs.update_service(**ours, desiredCount=5)
    ecs.update_service(**ours, desiredCount=0)
    ecs.update_service(**ours, desiredCount=4)


def test_when_the_time_is_over_it_looks_and_removes_and_creates_nothing(held: Held) -> None:
    ecs = prepared(held)
    attempt = held.live.attempt.id
    text = held.ledger.path.read_text()
    until = held.live.attempt.until.isoformat(timespec="seconds")
    held.ledger.path.write_text(text.replace(until, held.live.attempt.began.isoformat()))
    with pytest.raises(TimeIsOver, match="The time of this attempt was over"):
        ecs.create_cluster(clusterName="second")
    with pytest.raises(TimeIsOver):
        service(held)
    assert ecs.list_clusters()["clusterArns"]
    ecs.delete_cluster(cluster="fargate-cluster")
    held.ledger.write(attempt, "ended")
    with pytest.raises(TimeIsOver, match="was cleaned up"):
        ecs.create_cluster(clusterName="second")


def test_another_region_is_not_for_this_attempt(held: Held) -> None:
    with pytest.raises(NotAllowed, match="would go to eu-west-1; this attempt is for us-east-1"):
        boto3.client("ecs", region_name="eu-west-1").list_clusters()


def test_a_session_older_than_live_makes_guarded_clients(held: Held) -> None:
    held.live.close()
    own = boto3.Session()
    held.open()
    with pytest.raises(NotAllowed, match="iam:CreateUser"):
        own.client("iam").create_user(UserName="eve")


def test_a_bad_parameter_is_botocores_own_error_and_leaves_no_line(held: Held) -> None:
    with pytest.raises(Exception, match="Parameter validation failed"):
        boto3.client("ecs").create_cluster(clusterName=7)
    assert held.there() == []


def test_two_attempts_share_the_caps_of_one_account(held: Held) -> None:
    boto3.client("ecs").create_cluster(clusterName="one")
    held.open()
    boto3.client("ecs").create_cluster(clusterName="two")
    with pytest.raises(TooMuch, match="3 clusters"):
        boto3.client("ecs").create_cluster(clusterName="three")
    assert any("was not cleaned up: 1 thing" in str(one) for one in held.shown)
