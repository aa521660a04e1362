"""What moto reports, and judges by, is virtual time; what botocore signs by is not."""

from __future__ import annotations

import copy
import datetime as datetime_module
import importlib
import pickle
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from types import ModuleType
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError
from moto import mock_aws
from moto.core import utils as moto_utils

from course.sandbox import moto_time
from course.sandbox.errors import SandboxAlreadyOpen

START = datetime(2031, 5, 6, 7, 8, 9, tzinfo=UTC)
REGION = "eu-west-1"
MANIFEST = (
    '{"schemaVersion": 2, "mediaType": "application/vnd.docker.distribution.manifest.v2+json",'
    ' "config": {"digest": "sha256:1", "size": 1}, "layers": []}'
)


class Clock:
    """Virtual time as the tests set it."""

    def __init__(self) -> None:
        self.time = START

    def now(self) -> datetime:
        return self.time

    def advance(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)


@pytest.fixture(autouse=True)
def far_from_utc(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A machine whose local time is not UTC, as most learners' are."""
    monkeypatch.setenv("TZ", "Pacific/Auckland")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[Clock]:
    """moto on a virtual clock, refreshed before every answer as the gate does."""
    from moto.core.responses import BaseResponse
    from moto.s3.responses import S3Response

    clock = Clock()
    for owner, entry in ((BaseResponse, "_dispatch"), (S3Response, "bucket_response")):
        monkeypatch.setattr(owner, entry, refreshing(getattr(owner, entry)))
    with mock_aws():
        undo = moto_time.follow(clock.now, clock.advance)
        yield clock
        undo()


def refreshing(dispatch: Callable[..., Any]) -> Callable[..., Any]:
    def dispatch_refreshed(*args: Any, **kwargs: Any) -> Any:
        moto_time.refresh()
        return dispatch(*args, **kwargs)

    return dispatch_refreshed


def client(service: Any) -> Any:
    return boto3.client(service, region_name=REGION)


# --- What the services report


def test_the_clock_moves(clock: Clock) -> None:
    logs = client("logs")
    for name in ("a", "b"):
        logs.create_log_group(logGroupName=name)
        clock.advance(3600)
    first, second = (group["creationTime"] for group in logs.describe_log_groups()["logGroups"])
    assert (first, second - first) == (START.timestamp() * 1000, 3_600_000)


def test_ecs_deployments(clock: Clock) -> None:
    ecs = client("ecs")
    ecs.create_cluster(clusterName="default")
    ecs.register_task_definition(
        family="w", containerDefinitions=[{"name": "w", "image": "i", "memory": 1}]
    )
    service = ecs.create_service(serviceName="web", taskDefinition="w", desiredCount=0)["service"]
    assert service["deployments"][0]["createdAt"] == START


def test_ec2_launch_time(clock: Clock) -> None:
    ec2 = client("ec2")
    image = ec2.describe_images()["Images"][0]["ImageId"]
    instances = ec2.run_instances(ImageId=image, MinCount=1, MaxCount=1)["Instances"]
    assert instances[0]["LaunchTime"] == START


def test_iam_create_date(clock: Clock) -> None:
    role = client("iam").create_role(RoleName="task", AssumeRolePolicyDocument="{}")["Role"]
    assert role["CreateDate"] == START


def test_sts_expiration(clock: Clock) -> None:
    credentials = client("sts").get_session_token(DurationSeconds=900)["Credentials"]
    assert credentials["Expiration"] == START + timedelta(minutes=15)


def test_cloudwatch_metrics_are_put_and_found_in_virtual_time(clock: Clock) -> None:
    cloudwatch = client("cloudwatch")
    cloudwatch.put_metric_data(Namespace="lab", MetricData=[{"MetricName": "m", "Value": 2}])
    found = cloudwatch.get_metric_statistics(
        Namespace="lab",
        MetricName="m",
        StartTime=START - timedelta(minutes=1),
        EndTime=START + timedelta(minutes=1),
        Period=60,
        Statistics=["Sum"],
    )["Datapoints"]
    assert [
        (point["Sum"], abs(point["Timestamp"] - START) < timedelta(minutes=1)) for point in found
    ] == [(2.0, True)]


def test_cloudwatch_alarm_and_dashboard(clock: Clock) -> None:
    cloudwatch = client("cloudwatch")
    cloudwatch.put_metric_alarm(
        AlarmName="a",
        ComparisonOperator="GreaterThanThreshold",
        EvaluationPeriods=1,
        MetricName="m",
        Namespace="lab",
        Period=60,
        Threshold=1,
        Statistic="Sum",
    )
    alarm = cloudwatch.describe_alarms()["MetricAlarms"][0]
    cloudwatch.put_dashboard(DashboardName="d", DashboardBody="{}")
    dashboard = cloudwatch.list_dashboards()["DashboardEntries"][0]
    assert (alarm["StateUpdatedTimestamp"], dashboard["LastModified"]) == (START, START)


@pytest.mark.parametrize(
    ("age", "refused"),
    [
        (timedelta(days=13), None),
        (timedelta(days=15), "tooOldLogEventEndIndex"),
        (timedelta(hours=-1), None),
        (timedelta(hours=-3), "tooNewLogEventStartIndex"),
    ],
    ids=str,
)
def test_logs_accepts_events_by_virtual_time(
    age: timedelta, refused: str | None, clock: Clock
) -> None:
    logs = client("logs")
    logs.create_log_group(logGroupName="/ecs/web")
    logs.create_log_stream(logGroupName="/ecs/web", logStreamName="s")
    event = {"timestamp": int((START - age).timestamp() * 1000), "message": "hello"}
    put = logs.put_log_events(logGroupName="/ecs/web", logStreamName="s", logEvents=[event])
    assert list(put.get("rejectedLogEventsInfo", {})) == ([refused] if refused else [])
    created = logs.describe_log_groups()["logGroups"][0]["creationTime"]
    assert created == START.timestamp() * 1000


def test_ecr_image_pushed_at(clock: Clock) -> None:
    ecr = client("ecr")
    repository = ecr.create_repository(repositoryName="web")["repository"]
    ecr.put_image(repositoryName="web", imageManifest=MANIFEST, imageTag="1")
    image = ecr.describe_images(repositoryName="web")["imageDetails"][0]
    assert (repository["createdAt"], image["imagePushedAt"]) == (START, START)


def test_ecr_scans_an_image_once_a_virtual_day(clock: Clock) -> None:
    # botocore retries a LimitExceededException, and sleeps before it does
    once = Config(retries={"total_max_attempts": 1})
    ecr = boto3.client("ecr", region_name=REGION, config=once)
    ecr.create_repository(repositoryName="web")
    ecr.put_image(repositoryName="web", imageManifest=MANIFEST, imageTag="1")
    scan = {"repositoryName": "web", "imageId": {"imageTag": "1"}}
    ecr.start_image_scan(**scan)
    with pytest.raises(ClientError, match="LimitExceeded"):
        ecr.start_image_scan(**scan)
    clock.advance(86_400)
    ecr.start_image_scan(**scan)


def test_secrets_manager_and_parameter_store(clock: Clock) -> None:
    secrets, ssm = client("secretsmanager"), client("ssm")
    secrets.create_secret(Name="db", SecretString="s")
    secret = secrets.describe_secret(SecretId="db")
    ssm.put_parameter(Name="/web/colour", Value="blue", Type="String")
    parameter = ssm.get_parameter(Name="/web/colour")["Parameter"]
    assert secret["CreatedDate"] == secret["LastChangedDate"] == START
    assert parameter["LastModifiedDate"] == START


def test_load_balancers_and_scaling(clock: Clock) -> None:
    ec2 = client("ec2")
    subnets = [subnet["SubnetId"] for subnet in ec2.describe_subnets()["Subnets"][:2]]
    balancer = client("elbv2").create_load_balancer(Name="web", Subnets=subnets)["LoadBalancers"][0]
    classic = client("elb")
    listener = {"Protocol": "tcp", "LoadBalancerPort": 80, "InstancePort": 80}
    classic.create_load_balancer(
        LoadBalancerName="c", Listeners=[listener], AvailabilityZones=["eu-west-1a"]
    )
    described = classic.describe_load_balancers()["LoadBalancerDescriptions"][0]
    scaling = client("application-autoscaling")
    target = {
        "ServiceNamespace": "ecs",
        "ResourceId": "service/default/web",
        "ScalableDimension": "ecs:service:DesiredCount",
    }
    client("ecs").create_cluster(clusterName="default")
    client("ecs").register_task_definition(
        family="w", containerDefinitions=[{"name": "w", "image": "i", "memory": 1}]
    )
    client("ecs").create_service(serviceName="web", taskDefinition="w", desiredCount=0)
    scaling.register_scalable_target(**target, MinCapacity=1, MaxCapacity=2)
    registered = scaling.describe_scalable_targets(ServiceNamespace="ecs")["ScalableTargets"][0]
    assert balancer["CreatedTime"] == described["CreatedTime"] == START
    assert registered["CreationTime"] == START


def test_auto_scaling_group(clock: Clock) -> None:
    image = client("ec2").describe_images()["Images"][0]["ImageId"]
    autoscaling = client("autoscaling")
    autoscaling.create_launch_configuration(
        LaunchConfigurationName="l", ImageId=image, InstanceType="t3.micro"
    )
    autoscaling.create_auto_scaling_group(
        AutoScalingGroupName="g",
        LaunchConfigurationName="l",
        MinSize=0,
        MaxSize=1,
        AvailabilityZones=["eu-west-1a"],
    )
    group = autoscaling.describe_auto_scaling_groups()["AutoScalingGroups"][0]
    assert group["CreatedTime"] == START


def test_file_system(clock: Clock) -> None:
    file_system = client("efs").create_file_system(CreationToken="t")
    assert file_system["CreationTime"] == START


def test_s3_buckets_and_objects(clock: Clock) -> None:
    s3 = client("s3")
    s3.create_bucket(Bucket="lab", CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_object(Bucket="lab", Key="a", Body=b"1")
    assert s3.list_buckets()["Buckets"][0]["CreationDate"] == START
    assert s3.list_objects_v2(Bucket="lab")["Contents"][0]["LastModified"] == START


def test_the_other_services_of_the_course(clock: Clock) -> None:
    table = client("dynamodb").create_table(
        TableName="t",
        KeySchema=[{"AttributeName": "k", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "k", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )["TableDescription"]
    key = client("kms").create_key()["KeyMetadata"]
    namespace = client("servicediscovery")
    namespace.create_http_namespace(Name="lab")
    created = namespace.list_namespaces()["Namespaces"][0]["CreateDate"]
    times = [table["CreationDateTime"], key["CreationDate"], created]
    assert [moment.replace(microsecond=0) for moment in times] == [START] * 3


def test_a_certificate_is_validated_after_a_virtual_minute(clock: Clock) -> None:
    acm = client("acm")
    arn = acm.request_certificate(DomainName="example.com", ValidationMethod="DNS")[
        "CertificateArn"
    ]
    statuses = []
    for _ in range(2):
        statuses.append(acm.describe_certificate(CertificateArn=arn)["Certificate"]["Status"])
        clock.advance(61)
    assert statuses == ["PENDING_VALIDATION", "ISSUED"]


# --- SQS, where time passes inside a call


@pytest.fixture
def queue(clock: Clock) -> Any:
    return boto3.resource("sqs", region_name=REGION).create_queue(
        QueueName="orders", Attributes={"VisibilityTimeout": "30"}
    )


def test_sqs_visibility_follows_the_clock(queue: Any, clock: Clock) -> None:
    queue.send_message(MessageBody="one")
    assert len(queue.receive_messages()) == 1
    assert queue.receive_messages() == []
    clock.advance(31)
    assert len(queue.receive_messages()) == 1


def test_sqs_delay_follows_the_clock(queue: Any, clock: Clock) -> None:
    queue.send_message(MessageBody="later", DelaySeconds=5)
    assert queue.receive_messages() == []
    clock.advance(5)
    assert len(queue.receive_messages()) == 1


def test_a_long_poll_of_an_empty_queue_takes_virtual_seconds(queue: Any, clock: Clock) -> None:
    assert queue.receive_messages(WaitTimeSeconds=20) == []
    assert clock.now() == START + timedelta(seconds=20)


def test_a_long_poll_returns_when_a_message_comes(queue: Any, clock: Clock) -> None:
    queue.send_message(MessageBody="later", DelaySeconds=5)
    assert len(queue.receive_messages(WaitTimeSeconds=20)) == 1
    assert clock.now() == START + timedelta(seconds=5)


def test_a_long_poll_of_a_queue_with_a_message_takes_no_time(queue: Any, clock: Clock) -> None:
    queue.send_message(MessageBody="one")
    assert len(queue.receive_messages(WaitTimeSeconds=20)) == 1
    assert clock.now() == START


def test_a_long_poll_returns_at_once_when_no_time_can_pass() -> None:
    with mock_aws():
        undo = moto_time.follow(lambda: START)
        queue = boto3.resource("sqs", region_name=REGION).create_queue(QueueName="orders")
        moto_time.refresh()
        assert queue.receive_messages(WaitTimeSeconds=20) == []
        undo()


# --- What stays real, and what stays datetime


def test_botocore_signs_by_wall_time(clock: Clock) -> None:
    signed = []
    sqs = client("sqs")
    sqs.meta.events.register("before-send", lambda request, **kw: signed.append(request.headers))
    before = datetime.now(UTC).replace(microsecond=0)
    sqs.list_queues()
    moment = datetime.strptime(signed[0]["X-Amz-Date"].decode(), "%Y%m%dT%H%M%SZ")
    assert before <= moment.replace(tzinfo=UTC) <= datetime.now(UTC)


@pytest.fixture
def module(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A module with every way to import time that moto's modules use, on a virtual clock."""
    module: Any = ModuleType("moto.lab")
    module.datetime = module.dt = datetime_module
    module.time = module.clock = time
    module.Datetime, module.date, module.seconds = datetime, date, time.time
    module.__spec__ = importlib.machinery.ModuleSpec("moto.lab", None)
    monkeypatch.setitem(moto_time.MODULES, "moto.lab", "a test")
    monkeypatch.setitem(sys.modules, "moto.lab", module)
    undo = moto_time.follow(lambda: START)
    yield module
    undo()


NAIVE = START.replace(tzinfo=None)


def test_every_way_to_ask_for_the_time(module: Any) -> None:
    assert module.datetime.datetime.now(UTC) == module.dt.datetime.now(tz=UTC) == START
    assert (
        module.Datetime.now(timezone(timedelta(hours=2))).isoformat() == "2031-05-06T09:08:09+02:00"
    )
    assert module.Datetime.now() == module.Datetime.utcnow() == module.Datetime.today() == NAIVE
    assert module.date.today() == module.datetime.date.today() == START.date()
    assert module.time.time() == module.clock.time() == module.seconds() == START.timestamp()
    assert module.time.time_ns() == START.timestamp() * 10**9


def test_it_is_datetime_otherwise(module: Any) -> None:
    made = module.Datetime(2031, 5, 6, tzinfo=UTC)
    assert type(made) is datetime and type(module.Datetime.now()) is datetime
    assert isinstance(datetime.now(), module.Datetime) and isinstance(
        made, module.datetime.datetime
    )
    assert issubclass(datetime, module.Datetime)
    assert not isinstance("2031", module.Datetime)
    assert isinstance(START.date(), module.date) and type(module.date(2031, 5, 6)) is type(
        START.date()
    )
    assert module.Datetime.strptime("2031", "%Y") == datetime(2031, 1, 1)
    assert module.Datetime.fromtimestamp(0, tz=UTC) == module.datetime.datetime.fromtimestamp(
        0, UTC
    )
    assert module.datetime.timedelta is timedelta and module.datetime.timezone.utc is UTC
    assert module.time.gmtime(0).tm_year == 1970 and module.time.sleep is time.sleep
    assert copy.deepcopy(made) == pickle.loads(pickle.dumps(made)) == made


def test_undo_brings_the_names_back(module: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    moto_time._undo()
    assert module.datetime is datetime_module and module.Datetime is datetime
    assert module.time is time and module.seconds is time.time
    assert moto_utils.datetime is datetime_module


def test_a_module_imported_later_follows_after_refresh(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(moto_time.MODULES, "moto.late", "a test")
    undo = moto_time.follow(lambda: START)
    late: Any = ModuleType("moto.late")
    late.__spec__ = importlib.machinery.ModuleSpec("moto.late", None)
    monkeypatch.setitem(sys.modules, "moto.late", late)
    late.__spec__._initializing = True  # another thread has begun to import it
    moto_time.refresh()
    late.time = time
    late.__spec__._initializing = False
    moto_time.refresh()
    assert late.time.time() == START.timestamp()
    undo()
    assert late.time is time


def test_a_module_imported_after_the_undo_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(moto_time.MODULES, "moto.late", "a test")
    moto_time.follow(lambda: START)()
    late: Any = ModuleType("moto.late")
    late.time = time
    monkeypatch.setitem(sys.modules, "moto.late", late)
    moto_time.refresh()
    assert late.time is time


def test_following_imports_nothing() -> None:
    script = (
        "import sys, moto.core.utils; from course.sandbox import moto_time\n"
        "before = set(sys.modules); moto_time.follow(lambda: None)\n"
        "print(sorted(set(sys.modules) - before))"
    )
    run = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
    assert run.stdout == "[]\n"


def test_two_clocks_at_once_are_refused() -> None:
    undo = moto_time.follow(lambda: START)
    with pytest.raises(SandboxAlreadyOpen):
        moto_time.follow(lambda: START)
    assert moto_utils.utcnow() == NAIVE
    undo()
    assert abs(moto_utils.utcnow() - datetime.now(UTC).replace(tzinfo=None)) < timedelta(minutes=1)
