"""The gate: reads change nothing, errors are AWS's, neighbours see the same objects."""

from __future__ import annotations

from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from moto.core.responses import BaseResponse
from moto.ecs import urls as ecs_urls
from moto.ecs.models import ecs_backends
from moto.s3.responses import S3Response

from course import sandbox
from course.sandbox import routing
from course.sandbox.world import ACCOUNT_ID


def answer(response: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in response.items() if name != "ResponseMetadata"}


# --- Reads


def test_fifty_describes_at_one_instant_are_identical(lab: Any) -> None:
    lab.service(desired=3)
    lab.clock.advance(seconds=12)
    lab.stop(lab.arns()[0])
    arns = lab.arns() + lab.arns(desiredStatus="STOPPED")
    reads = {
        "services": lambda: lab.ecs.describe_services(cluster="lab", services=["web"]),
        "tasks": lambda: lab.ecs.describe_tasks(cluster="lab", tasks=arns),
        "clusters": lambda: lab.ecs.describe_clusters(clusters=["lab"]),
    }
    for name, read in reads.items():
        first = answer(read())
        assert first[name]
        assert all(answer(read()) == first for _ in range(49)), name


def test_reads_leave_no_trace_on_the_world(lab: Any) -> None:
    lab.steady()
    world = lab.aws.world
    before = (
        repr(world.ecs()),
        repr(world.timeline),
        world.random.getstate(),
        world.clock._alarms[:],
    )
    lab.describe()
    lab.cluster()
    lab.ecs.describe_clusters(clusters=["lab"], include=["STATISTICS", "TAGS"])
    for arn in lab.arns():
        lab.task(arn)
    lab.ecs.describe_task_definition(taskDefinition="web")
    lab.ecs.list_services(cluster="lab")
    after = repr(world.ecs()), repr(world.timeline), world.random.getstate(), world.clock._alarms[:]
    assert after == before


HINT = (
    "25 identical reads: virtual time stands still until you wait. "
    "Use a waiter, or lesson.clock.advance(seconds=30)."
)


@pytest.fixture
def printed(capsys: pytest.CaptureFixture[str]) -> Any:
    def lines() -> list[str]:
        return capsys.readouterr().out.splitlines()

    return lines


def test_one_line_hints_how_time_moves(lab: Any, printed: Any) -> None:
    for _ in range(24):
        lab.cluster()
    assert printed() == []
    lab.cluster()
    assert printed() == [HINT]
    for _ in range(200):
        lab.cluster()
    assert printed() == []


@pytest.mark.parametrize("between", ["time", "a write", "another read"])
def test_what_happens_in_between_starts_the_count_over(
    lab: Any, printed: Any, between: str
) -> None:
    for _ in range(24):
        lab.cluster()
    if between == "time":
        lab.clock.advance(1)
    elif between == "a write":
        lab.ecs.tag_resource(
            resourceArn="arn:aws:ecs:us-east-1:123456789012:cluster/lab", tags=[{"key": "a"}]
        )
    else:
        lab.arns()
    for _ in range(24):
        lab.cluster()
    assert printed() == []
    lab.cluster()
    assert printed() == [HINT]


def test_no_hint_where_time_runs_by_itself(make_lab: Any, printed: Any) -> None:
    lab = make_lab(rate=0.000001)
    for _ in range(60):
        lab.cluster()
    assert printed() == []


def test_reads_of_different_things_are_not_identical(lab: Any, printed: Any) -> None:
    for number in range(60):
        lab.ecs.describe_clusters(clusters=[f"c{number}"])
    assert printed() == []


def test_reads_of_different_addresses_are_not_identical(lab: Any, printed: Any) -> None:
    """REST services name what is read in the address, not in the body."""
    s3 = boto3.client("s3")
    s3.create_bucket(Bucket="bucket")
    for number in range(30):
        s3.put_object(Bucket="bucket", Key=str(number), Body=b"")
    for number in range(30):
        s3.head_object(Bucket="bucket", Key=str(number))
    elsewhere = boto3.client("ecs", region_name="eu-west-1")
    for _ in range(20):
        lab.ecs.list_clusters()
        elsewhere.list_clusters()
    assert printed() == []


# --- Errors


def test_an_operation_that_moto_lacks(lab: Any, refused: Any) -> None:
    found = refused(lab.aws.client("cloudtrail").list_channels)
    assert found.code == "NotImplemented"
    assert found.message.startswith("The sandbox does not model ListChannels")


def test_a_failure_of_our_own_is_an_error_that_says_so(
    lab: Any, refused: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(self: Any, *items: Any) -> None:
        raise KeyError("surprise")

    monkeypatch.setattr(routing.EcsApi, "page", fail)
    found = refused(lab.ecs.list_clusters)
    assert found.code == "SandboxFailure"
    assert found.message.startswith("The sandbox failed at ListClusters (KeyError: 'surprise'). ")
    assert caplog.records[0].exc_info, "the log keeps where"
    monkeypatch.undo()
    assert lab.ecs.list_clusters()["clusterArns"]


def test_a_refusal_has_its_class_in_boto3(lab: Any) -> None:
    with pytest.raises(lab.ecs.exceptions.ClusterNotFoundException) as raised:
        lab.ecs.list_tasks(cluster="nope")
    assert raised.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400
    assert str(raised.value) == (
        "An error occurred (ClusterNotFoundException) when calling the ListTasks operation: "
        "Cluster not found."
    )


def test_a_refused_call_is_not_tried_again(lab: Any, refused: Any) -> None:
    before = len(lab.aws.world.history)
    for call in (lab.ecs.list_daemons, lambda: lab.ecs.list_tasks(cluster="nope")):
        refused(call)
    assert len(lab.aws.world.history) == before + 2


def test_a_url_in_a_parameter_names_no_other_operation(lab: Any) -> None:
    """moto alone takes ``Action`` out of it, and answers an operation that nobody asked for."""
    url = "https://example.com/?a=1&Action=DeleteCluster&cluster=lab"
    container = {"name": "app", "image": "httpd", "environment": [{"name": "URL", "value": url}]}
    shown = lab.define("linked", containerDefinitions=[container])
    assert shown["containerDefinitions"][0]["environment"][0]["value"] == url
    assert lab.cluster()["status"] == "ACTIVE"


# --- The record of calls


def test_every_call_is_recorded_whatever_the_service(lab: Any, refused: Any) -> None:
    del lab.aws.world.history[:]
    lab.cluster()
    refused(lab.ecs.list_tasks, cluster="nope")
    lab.clock.advance(5)
    lab.ec2.describe_vpcs()
    boto3.client("s3").list_buckets()
    history = lab.aws.world.history
    assert [(one.service, one.operation) for one in history] == [
        ("ecs", "DescribeClusters"),
        ("ecs", "ListTasks"),
        ("ec2", "DescribeVpcs"),
        ("s3", "ListBuckets"),
    ]
    assert history[0].error is None and history[1].error is not None
    assert history[3].when == lab.aws.now() > history[1].when


def test_a_refused_call_is_recorded_by_its_error_code(lab: Any, refused: Any) -> None:
    refused(lab.ecs.list_tasks, cluster="nope")
    assert lab.aws.world.history[-1].error == "ClusterNotFoundException"


# --- Neighbours


def test_motos_dictionaries_hold_the_same_objects(lab: Any) -> None:
    lab.service()
    held, ours = ecs_backends[ACCOUNT_ID]["us-east-1"], lab.aws.world.ecs()
    assert held.clusters is ours.clusters
    assert held.services is ours.services
    assert held.tasks is ours.tasks
    assert held.task_definitions is ours.task_definitions
    assert held.services["lab:web"] is lab.held_service()


def test_application_auto_scaling_finds_our_service(lab: Any, refused: Any) -> None:
    lab.steady()
    scaling = boto3.client("application-autoscaling")
    target = {
        "ServiceNamespace": "ecs",
        "ScalableDimension": "ecs:service:DesiredCount",
        "MinCapacity": 1,
        "MaxCapacity": 4,
    }
    scaling.register_scalable_target(ResourceId="service/lab/web", **target)
    (shown,) = scaling.describe_scalable_targets(ServiceNamespace="ecs")["ScalableTargets"]
    assert shown["ResourceId"] == "service/lab/web"
    for unknown in ("service/lab/nope", "service/nope/web"):
        refused(scaling.register_scalable_target, ResourceId=unknown, **target)


def test_the_tagging_api_finds_our_cluster(lab: Any) -> None:
    lab.ecs.create_cluster(clusterName="tagged", tags=[{"key": "team", "value": "a"}])
    tagging = boto3.client("resourcegroupstaggingapi")
    found = tagging.get_resources(ResourceTypeFilters=["ecs:cluster"])["ResourceTagMappingList"]
    assert [one["ResourceARN"].rsplit("/", 1)[-1] for one in found] == ["tagged"]


def test_time_of_services_that_moto_answers_is_virtual(lab: Any) -> None:
    lab.clock.advance(days=3)
    logs = boto3.client("logs")
    logs.create_log_group(logGroupName="/ecs/web")
    (group,) = logs.describe_log_groups()["logGroups"]
    assert group["creationTime"] == lab.aws.now().timestamp() * 1000
    secrets = boto3.client("secretsmanager")
    arn = secrets.create_secret(Name="s", SecretString="x")["ARN"]
    assert secrets.describe_secret(SecretId=arn)["CreatedDate"] == lab.aws.now()


# --- In and out


def test_moto_is_as_it_was_after_leaving() -> None:
    before = (
        BaseResponse._dispatch,
        S3Response.bucket_response,
        S3Response.key_response,
        dict(ecs_urls.url_paths),
    )
    with sandbox.open():
        assert BaseResponse._dispatch is not before[0]
    after = (
        BaseResponse._dispatch,
        S3Response.bucket_response,
        S3Response.key_response,
        dict(ecs_urls.url_paths),
    )
    assert after == before


def test_a_call_takes_the_lock(lab: Any) -> None:
    depth: list[int] = []

    class Lock:
        held = 0

        def __enter__(self) -> None:
            Lock.held += 1

        def __exit__(self, *exc: object) -> None:
            Lock.held -= 1

    world = lab.aws.world
    real = world.ecs

    def ecs(region: str | None = None) -> Any:
        depth.append(Lock.held)
        return real(region)

    world.lock, world.ecs = Lock(), ecs
    lab.cluster()
    assert depth and set(depth) == {1} and Lock.held == 0


def test_a_client_error_is_all_a_learner_meets(lab: Any) -> None:
    client = boto3.client("elbv2")
    with pytest.raises(ClientError, match="does not model DescribeTrustStores"):
        client.describe_trust_stores()
