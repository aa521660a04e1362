"""Cleanup against an account where things take their time: tasks stop, interfaces let go.

The account is the course's sandbox, in this process; sleeping moves its clock.
"""

import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest

from course import sandbox
from course.live.ledger import Ledger
from course.live.report import CleanupReport
from course.live.session import Live
from tests.live.faults import fault
from tests.live.living import open_live, walk

LOOKS = ("ListClusters", "DescribeClusters", "ListServices", "DescribeServices", "ListTasks",
         "DescribeTasks", "ListTaskDefinitions", "DescribeSecurityGroups")  # fmt: skip
REMOVES = ("DeleteService", "StopTask", "DeleteCluster", "DeregisterTaskDefinition",
           "DeleteTaskDefinitions", "DeleteSecurityGroup")  # fmt: skip
PASSES = ("throttling", "internal", "unavailable", "connect", "read")
STAYS = ("expired", "denied", "unavailable")
SAYS = {
    "expired": "the credentials have expired; renew them",
    "denied": "this role may not",
    "unavailable": "ServiceUnavailable: run this again",
}


@pytest.fixture
def walked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Live]:
    """A lesson's path, walked and left as it is: a service of four, two tasks, three revisions."""
    monkeypatch.setattr(sys, "stdin", sys.stdin)
    with sandbox.open() as aws:
        monkeypatch.setattr(time, "sleep", lambda seconds: aws.clock.advance(seconds or 1))
        digits = boto3.client("sts").get_caller_identity()["Account"][-4:]
        monkeypatch.setattr("tests.live.living.DIGITS", digits)
        live = open_live(tmp_path, show=lambda shown: None)
        walk()
        yield live
        live.close()


def there(live: Live) -> list[str]:
    """What is left under the lesson's names, of everybody's, asked without LIVE's finder."""
    ecs, ec2 = live.client("ecs"), live.client("ec2")
    left = [*ecs.list_clusters()["clusterArns"]]
    left += [arn for arn in ecs.list_task_definitions()["taskDefinitionArns"]]
    left += [arn for arn in ecs.list_task_definitions(status="INACTIVE")["taskDefinitionArns"]]
    groups = ec2.describe_security_groups()["SecurityGroups"]
    left += [one["GroupId"] for one in groups if one["GroupName"] != "default"]
    return left + [one["NetworkInterfaceId"] for one in ec2.describe_network_interfaces()["NetworkInterfaces"]]  # fmt: skip


def test_all_of_it_goes_in_the_order_of_what_depends_on_what(walked: Live) -> None:
    plan = walked.cleanup(dry=True)
    assert (
        repr(plan).splitlines()[-1]
        == "17 to remove. Nothing was done. Next: python3 -m course cleanup."
    )
    assert there(walked)
    report = walked.cleanup()
    (outcome,) = report.outcomes
    kinds = [one.kind for one in outcome.removed]
    assert list(dict.fromkeys(kinds)) == [
        *("service", "task", "cluster", "task definition", "security group")
    ]
    assert (report.verdict, there(walked)) == ("0 left.", [])


def test_twice_is_as_well_as_once_and_the_books_are_closed(walked: Live, tmp_path: Path) -> None:
    walked.cleanup()
    assert Ledger(tmp_path).books().open_attempts() == []
    assert "0 left" in repr(walked.cleanup())


def test_what_others_have_under_the_same_names_stays(walked: Live, tmp_path: Path) -> None:
    walked.close()
    ecs, ec2 = boto3.client("ecs"), boto3.client("ec2")
    definition = ecs.describe_task_definition(taskDefinition="sample-fargate:1")["taskDefinition"]
    keep = ("family", "networkMode", "cpu", "memory", "containerDefinitions")
    ecs.register_task_definition(**{one: definition[one] for one in keep})
    foreign = {"course": "containers-on-aws-course", "attempt": "0badcafe"}
    ecs.create_cluster(
        clusterName="theirs", tags=[{"key": key, "value": value} for key, value in foreign.items()]
    )
    vpc = ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
    group = ec2.create_security_group(GroupName="ecs-fargate-sg", Description="d", VpcId=vpc)
    live = open_live(tmp_path, "yes", show=lambda shown: None)
    try:
        assert "0 left" in repr(live.cleanup())
        left = there(live)
    finally:
        live.close()
    ends = [one.rpartition("/")[2] for one in left]
    assert ends == ["theirs", "sample-fargate:4", group["GroupId"]]


def test_an_attempt_that_may_go_on_in_another_kernel_is_left_alone(
    walked: Live, tmp_path: Path
) -> None:
    walked.close()
    live = open_live(tmp_path, "no", show=lambda shown: None)
    try:
        assert [one.attempt.id for one in live.cleanup().outcomes] == [live.attempt.id]
        assert there(live)
        path = Ledger(tmp_path).path
        until = walked.attempt.until.isoformat(timespec="seconds")
        path.write_text(path.read_text().replace(until, walked.attempt.began.isoformat()))
        assert [one.attempt.id for one in live.cleanup().outcomes] == [walked.attempt.id]
        assert there(live) == []
    finally:
        live.close()


@pytest.mark.parametrize("name", ["fargate-cluster"])
def test_a_cluster_of_the_same_name_that_somebody_else_made_later_stays(
    walked: Live, tmp_path: Path, name: str
) -> None:
    """The ledger has the name, and the tags are not ours."""
    attempt = walked.attempt.id
    walked.cleanup()
    walked.close()
    path = Ledger(tmp_path).path
    kept = [line for line in path.read_text().splitlines() if '"removed"' not in line]
    path.write_text("\n".join(line for line in kept if '"ended"' not in line) + "\n")
    boto3.client("ecs").create_cluster(clusterName=name)
    assert Ledger(tmp_path).books().attempts[attempt].there()
    live = open_live(tmp_path, "yes", show=lambda shown: None)
    try:
        assert [one.rpartition("/")[2] for one in live.client("ecs").list_clusters()["clusterArns"]] == [name]  # fmt: skip
        assert Ledger(tmp_path).books().attempts[attempt].ended
    finally:
        live.close()


@pytest.mark.slow
@pytest.mark.parametrize("operation", [*LOOKS, *REMOVES])
@pytest.mark.parametrize("kind", PASSES)
def test_what_passes_is_tried_again_and_nothing_is_left(
    walked: Live, kind: str, operation: str
) -> None:
    with fault(kind, operation, times=2) as met:
        report = walked.cleanup()
    assert met == [2]
    assert (report.verdict, there(walked)) == ("0 left.", [])


@pytest.mark.slow
@pytest.mark.parametrize("operation", [*LOOKS, *REMOVES])
@pytest.mark.parametrize("kind", STAYS)
def test_what_stays_is_never_called_clean_and_says_what_to_do(
    walked: Live, tmp_path: Path, kind: str, operation: str
) -> None:
    with fault(kind, operation) as met:
        report = walked.cleanup()
    assert met[0] >= 1
    left = there(walked)
    assert bool(left) is not report.clean, report
    if left:
        assert SAYS[kind] in repr(report), report
        assert "python3 -m course cleanup" in report.verdict
        assert Ledger(tmp_path).books().open_attempts()
    assert walked.cleanup().verdict == "0 left."
    assert there(walked) == []


def test_denied_in_the_middle_names_what_is_left_and_how_it_goes_by_hand(walked: Live) -> None:
    with fault("denied", "DeleteCluster"):
        report = walked.cleanup()
    assert report.verdict == "1 left. Next: python3 -m course cleanup."
    (line,) = [line for line in repr(report).splitlines() if line.startswith("  left")]
    assert "AccessDeniedException: this role may not" in line
    assert "aws ecs delete-cluster --cluster fargate-cluster --region us-east-1" in line
    assert walked.cleanup().verdict == "0 left."


def test_credentials_that_expire_in_the_middle_are_not_called_clean(walked: Live) -> None:
    with fault("expired", "ListClusters"):
        report = walked.cleanup()
    assert not report.clean
    assert report.verdict.startswith(
        "Not known what is left, since AWS could not be asked: Expired"
    )
    assert "<strong>Not known what is left" in report.html


def test_a_report_without_attempts_says_so() -> None:
    assert CleanupReport([]).verdict.startswith("0 left: the ledger has no attempt")


def test_what_somebody_else_put_into_our_cluster_is_left_and_told(walked: Live) -> None:
    walked.close()
    ecs = boto3.client("ecs")
    given: dict[str, Any] = {"cluster": "fargate-cluster", "taskDefinition": "sample-fargate"}
    found = ecs.describe_services(cluster="fargate-cluster", services=["fargate-service"])
    network = found["services"][0]["networkConfiguration"]
    network["awsvpcConfiguration"]["securityGroups"] = []
    ecs.create_service(
        **given, serviceName="theirs", desiredCount=1, launchType="FARGATE", networkConfiguration=network
    )  # fmt: skip
    teardown_report = _by_hand(walked)
    (outcome,) = teardown_report.outcomes
    assert {one.kind for one in outcome.left} == {"cluster"}
    assert "ClusterContainsServicesException" in repr(teardown_report)
    services = ecs.describe_services(cluster="fargate-cluster", services=["theirs"])["services"]
    assert services[0]["status"] == "ACTIVE"


def _by_hand(live: Live) -> CleanupReport:
    from course.live.cleanup import clean

    ledger = live._ledger
    attempts = ledger.books().open_attempts()
    return CleanupReport(clean(attempts, ledger, tell=lambda line: None))
