"""The awslogs driver: streams named as AWS names them, lines of the workload model, and what keeps a task from them."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import boto3
import pytest

GROUP = "/ecs/web"
APP = "registry.example.com/web"
BUSYBOX = "public.ecr.aws/docker/library/busybox:1"
GROUP_ARN = f"arn:aws:logs:us-east-1:123456789012:log-group:{GROUP}"
HEAD = "ResourceInitializationError: failed to validate logger args: create stream has been retried 1 times: "
ONLY_STREAMS = {"Effect": "Allow", "Action": "logs:CreateLogStream", "Resource": "*"}
MAKES_GROUPS = {"Effect": "Allow", "Action": "logs:CreateLogGroup", "Resource": f"{GROUP_ARN}:*"}
NOTHING = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}


class Written:
    """Tasks that log, and what they wrote, in one line each."""

    def __init__(self, lab: Any) -> None:
        self.lab = lab
        self.logs: Any = boto3.client("logs", region_name="us-east-1")
        self.role = ""

    def make_group(self) -> None:
        self.logs.create_log_group(logGroupName=GROUP)

    def options(self, **more: str) -> dict[str, Any]:
        options = {"awslogs-group": GROUP, "awslogs-region": "us-east-1"} | {
            "awslogs-stream-prefix": "web",
            **{f"awslogs-{name.replace('_', '-')}": value for name, value in more.items()},
        }
        return {"logDriver": "awslogs", "options": options}

    def run(
        self, *grants: Any, minutes: float = 1, logger: Any = None, **given: Any
    ) -> dict[str, Any]:
        """A Fargate task whose container logs, after a minute; the role has AWS's policy unless grants are given."""
        self.role = self.role or self.lab.role("execution", *grants)
        app = {"name": "app", "image": f"{APP}:1", "logConfiguration": logger or self.options()}
        self.lab.define("web", executionRoleArn=self.role, containerDefinitions=[app | given])
        public = self.lab.network(assignPublicIp="ENABLED")
        (arn,) = self.lab.run(networkConfiguration=public)
        self.lab.clock.advance(minutes=minutes)
        return dict(self.lab.task(arn))

    def run_on_instance(self, *, role: bool = True, **options: Any) -> dict[str, Any]:
        self.lab.launch()
        logger = self.options()
        logger["options"] = {
            name: value for name, value in (logger["options"] | options).items() if value
        }
        app = {"name": "app", "image": f"{APP}:1", "memory": 128, "logConfiguration": logger}
        more = {"executionRoleArn": self.lab.role()} if role else {}
        self.lab.ecs.register_task_definition(family="box", containerDefinitions=[app], **more)
        (task,) = self.lab.run_ec2()["tasks"]
        self.lab.clock.advance(minutes=1)
        return dict(self.lab.task(task["taskArn"]))

    def streams(self) -> list[str]:
        found = self.logs.describe_log_streams(logGroupName=GROUP)["logStreams"]
        return [one["logStreamName"] for one in found]

    def events(self, task: dict[str, Any]) -> list[tuple[float, str]]:
        """Seconds since the container started, and the line."""
        stream = f"web/app/{task['taskArn'].rsplit('/', 1)[-1]}"
        events = self.logs.get_log_events(
            logGroupName=GROUP, logStreamName=stream, startFromHead=True
        )["events"]
        (held,) = [one for one in self.lab.held_tasks() if one.task_arn == task["taskArn"]]
        began: datetime = held.containers[0].began
        first = began.timestamp()
        return [(round(one["timestamp"] / 1000 - first, 3), one["message"]) for one in events]


@pytest.fixture
def written(lab: Any) -> Written:
    lab.lead_out()
    return Written(lab)


@pytest.fixture
def ready(written: Written) -> Written:
    written.make_group()
    return written


# --- What is written


def test_a_server_writes_when_it_listens_and_when_it_stops(ready: Written) -> None:
    task = ready.run(portMappings=[{"containerPort": 8080}])
    assert ready.streams() == [f"web/app/{task['taskArn'].rsplit('/', 1)[-1]}"]
    listening = json.dumps({"level": "INFO", "message": "listening", "port": 8080})
    assert ready.events(task) == [(3.0, listening)]
    ready.lab.stop(task["taskArn"])
    ready.lab.clock.advance(minutes=1)
    _, (_, last) = ready.events(task)
    assert json.loads(last) == {"level": "INFO", "message": "SIGTERM: finishing what was begun"}


@pytest.mark.parametrize(
    ("image", "lines"),
    [
        (f"{APP}-deaf", 1),
        (f"{APP}-drops", 1),
        (f"{APP}-sick", 3),
        ("public.ecr.aws/docker/library/httpd", 2),
        ("nobody/knows-it", 2),
    ],
)
def test_who_writes_how_much(ready: Written, image: str, lines: int) -> None:
    """One when it listens; one at SIGTERM, if it heeds it; a sick one complains."""
    task = ready.run(image=image)
    ready.lab.stop(task["taskArn"])
    ready.lab.clock.advance(minutes=2)
    assert len(ready.events(task)) == lines


def test_a_program_says_why_it_ended(ready: Written) -> None:
    task = ready.run(image=f"{APP}-needs:1")
    said = [line for _, line in ready.events(task)]
    assert said == ["Traceback (most recent call last):", "KeyError: 'DATABASE_URL'"]
    assert task["containers"][0]["exitCode"] == 1
    wrong = ready.run(image=f"{APP}-arm:1")
    assert [line for _, line in ready.events(wrong)] == ["exec /app: exec format error"]


def test_a_command_is_heard(ready: Written) -> None:
    script = "echo hello $NAME; sleep 5; echo bye; echo kept > /tmp/file; nosuch; sleep 1; exit 3"
    task = ready.run(
        image=BUSYBOX,
        command=["sh", "-c", script],
        environment=[{"name": "NAME", "value": "world"}],
    )
    expected = [(0.0, "hello world"), (5.0, "bye"), (5.0, "sh: nosuch: not found")]
    assert ready.events(task) == expected
    assert task["containers"][0]["exitCode"] == 3


def test_a_restarted_container_goes_on_in_its_stream(ready: Written) -> None:
    """A run a minute, each with its line."""
    task = ready.run(
        image=BUSYBOX,
        command=["sh", "-c", "echo run; sleep 60; exit 1"],
        restartPolicy={"enabled": True, "restartAttemptPeriod": 60},
        minutes=3.5,
    )
    assert [line for _, line in ready.events(task)] == ["run"] * 4
    assert len(ready.streams()) == 1


# --- What keeps a task from its stream


def test_the_group_is_missing(written: Written) -> None:
    task = written.run()
    assert (task["stopCode"], task["stoppedReason"]) == (
        "TaskFailedToStart",
        (
            f"{HEAD}failed to create Cloudwatch log stream: ResourceNotFoundException: The specified "
            "log group does not exist. : exit status 1"
        ),
    )
    assert "pullStoppedAt" in task
    assert "startedAt" not in task
    assert "reason" not in task["containers"][0]
    written.make_group()
    assert written.run()["lastStatus"] == "RUNNING"


def test_a_role_that_may_not_make_a_stream(ready: Written) -> None:
    task = ready.run(NOTHING)
    id_ = task["taskArn"].rsplit("/", 1)[-1]
    assert task["stoppedReason"] == (
        f"{HEAD}failed to create Cloudwatch log stream: AccessDeniedException: User: "
        f"arn:aws:sts::123456789012:assumed-role/execution/{id_} is not authorized to perform: "
        f"logs:CreateLogStream on resource: {GROUP_ARN}:log-stream:web/app/{id_} because no "
        "identity-based policy allows the logs:CreateLogStream action : exit status 1"
    )


def test_the_managed_policy_makes_no_group(written: Written) -> None:
    making = written.options(create_group="true")
    denied = written.run(logger=making)["stoppedReason"]
    assert denied.startswith(
        f"{HEAD}failed to create Cloudwatch log group: AccessDeniedException: "
    )
    assert f"logs:CreateLogGroup on resource: {GROUP_ARN}:log-stream: because no" in denied
    written.lab.grant("execution", MAKES_GROUPS)
    task = written.run(logger=making)
    assert task["lastStatus"] == "RUNNING"
    assert len(written.events(task)) == 1


def test_a_group_that_is_there_needs_no_leave_to_make_it(ready: Written) -> None:
    assert ready.run(logger=ready.options(create_group="true"))["lastStatus"] == "RUNNING"


def test_without_leave_to_write_lines_are_lost(ready: Written) -> None:
    """The container runs, its stream is there, and empty."""
    task = ready.run(ONLY_STREAMS)
    assert task["lastStatus"] == "RUNNING"
    assert ready.events(task) == []


def test_without_a_way_to_logs(ready: Written) -> None:
    """An endpoint takes the service's name over, and its security group lets nobody in."""
    ready.lab.private_endpoint("logs")
    assert ready.run()["stoppedReason"].startswith(
        "ResourceInitializationError: The task cannot find the Amazon CloudWatch log group defined "
        "in the task definition. There is a connection issue between the task and Amazon CloudWatch."
    )


def test_a_region_that_is_not_there(ready: Written) -> None:
    task = ready.run(logger=ready.options(region="us-mars-1"))
    assert "There is a connection issue between the task and Amazon CloudWatch" in str(task)


# --- On container instances


def test_docker_has_words_of_its_own(written: Written) -> None:
    task = written.run_on_instance()
    assert task["stoppedReason"] == "Task failed to start"
    assert task["containers"][0]["reason"] == (
        "CannotStartContainerError: Error response from daemon: failed to initialize logging "
        "driver: failed to create Cloudwatch log stream: ResourceNotFoundException: The specified "
        "log group does not exist."
    )


def test_without_an_execution_role_the_instance_writes(ready: Written) -> None:
    """With its own role, whose managed policy has the two Logs actions; sessions are named after it."""
    task = ready.run_on_instance(role=False)
    assert task["lastStatus"] == "RUNNING"
    assert len(ready.events(task)) == 1
    iam = boto3.client("iam")
    arn = iam.list_attached_role_policies(RoleName="ecsInstanceRole")["AttachedPolicies"][0]
    iam.detach_role_policy(RoleName="ecsInstanceRole", PolicyArn=arn["PolicyArn"])
    (again,) = ready.lab.run_ec2()["tasks"]
    ready.lab.clock.advance(minutes=1)
    said = ready.lab.task(again["taskArn"])["containers"][0]["reason"]
    assert "assumed-role/ecsInstanceRole/i-" in said
    assert "logs:CreateLogStream" in said


def test_without_a_prefix_the_stream_has_the_containers_id(ready: Written) -> None:
    task = ready.run_on_instance(**{"awslogs-stream-prefix": None})
    assert task["lastStatus"] == "RUNNING"
    (stream,) = ready.streams()
    assert len(stream) == 64
    assert set(stream) <= set("0123456789abcdef")


# --- Registering


def test_options_are_checked_when_registering(
    written: Written, refused: Callable[..., Any]
) -> None:
    wrong = refused(written.run, logger={"logDriver": "awslogs"})
    assert (wrong.code, wrong.message) == (
        "ClientException",
        "Log driver awslogs requires options: awslogs-region, awslogs-group",
    )


def test_a_week_writes_no_more_than_its_events(ready: Written) -> None:
    """Nothing is written by the mere passing of time."""
    task = ready.run()
    ready.lab.clock.advance(timedelta(days=7).total_seconds())
    assert len(ready.events(task)) == 1
