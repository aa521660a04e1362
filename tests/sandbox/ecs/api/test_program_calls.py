"""What a container's program asks of AWS: with whose credentials, by which way, and what comes of a no."""

from __future__ import annotations

import json
from typing import Any

import boto3
import pytest

ACCOUNT = "123456789012"
QUEUE = f"arn:aws:sqs:us-east-1:{ACCOUNT}:orders"
QUEUE_URL = f"https://sqs.us-east-1.amazonaws.com/{ACCOUNT}/orders"
GROUP = "/ecs/worker"
WORKER = "registry.example.com/worker"
READS = {"Effect": "Allow", "Action": "sqs:ReceiveMessage", "Resource": QUEUE}
OTHER = {"Effect": "Allow", "Action": "sqs:ReceiveMessage", "Resource": f"{QUEUE}-2"}
DENIES = {"Effect": "Deny", "Action": "sqs:*", "Resource": "*"}
TIMED_OUT = 'Connect timeout on endpoint URL: "https://sqs.us-east-1.amazonaws.com/"'


class Worker:
    """A task whose one container reads a queue, and what is seen of it from outside."""

    def __init__(self, lab: Any) -> None:
        self.lab = lab
        self.logs: Any = boto3.client("logs", region_name="us-east-1")
        self.logs.create_log_group(logGroupName=GROUP)
        self.execution = lab.role("execution")
        self.arn = ""

    def container(self, image: str = WORKER, **given: Any) -> dict[str, Any]:
        options = {
            "awslogs-group": GROUP,
            "awslogs-region": "us-east-1",
            "awslogs-stream-prefix": "worker",
        }
        logs = {"logDriver": "awslogs", "options": options}
        queue = [{"name": "QUEUE_URL", "value": QUEUE_URL}]
        made = {"name": "app", "image": image, "environment": queue, "logConfiguration": logs}
        return made | given

    def run(self, *grants: Any, role: bool = True, minutes: float = 1, **given: Any) -> str:
        """Run it on Fargate with a task role of these grants; its stoppedReason, or lastStatus."""
        task_role = self.lab.role("app", *(grants or [OTHER])) if role else None
        self.lab.define(
            "worker",
            executionRoleArn=self.execution,
            taskRoleArn=task_role,
            containerDefinitions=[self.container(**given)],
        )
        (self.arn,) = self.lab.run(taskDefinition="worker")
        self.lab.clock.advance(minutes=minutes)
        return self.state()

    def run_on_instance(self, mode: str = "bridge", **launched: Any) -> str:
        """Run it on a container instance, without a task role."""
        self.lab.launch(**launched)
        self.lab.ecs.register_task_definition(
            family="worker",
            networkMode=mode,
            executionRoleArn=self.execution,
            containerDefinitions=[self.container(memory=128)],
        )
        network = {"networkConfiguration": self.lab.network()} if mode == "awsvpc" else {}
        (task,) = self.lab.run_ec2(taskDefinition="worker", **network)["tasks"]
        self.arn = task["taskArn"]
        self.lab.clock.advance(minutes=1)
        return self.state()

    def state(self) -> str:
        task = self.lab.task(self.arn)
        code = task["containers"][0].get("exitCode")
        return f"exit code {code}" if code is not None else str(task["lastStatus"])

    @property
    def id(self) -> str:
        return self.arn.rsplit("/", 1)[-1]

    def written(self) -> list[str]:
        """The messages of its log."""
        events = self.logs.get_log_events(
            logGroupName=GROUP, logStreamName=f"worker/app/{self.id}", startFromHead=True
        )["events"]
        lines = [one["message"] for one in events]
        return [json.loads(one)["message"] if one[:1] == "{" else one for one in lines]

    def calls(self) -> list[tuple[str, str | None, list[str]]]:
        """Its calls in the event history: operation, error, and who asked for what."""
        return [
            (one.operation, one.error, [f"{each.request.principal.arn}" for each in one.decisions])
            for one in self.lab.aws.world.history
            if one.service == "sqs"
        ]


@pytest.fixture
def worker(lab: Any) -> Worker:
    return Worker(lab)


def denied(session: str, action: str = "sqs:receivemessage", on: str = QUEUE) -> str:
    operation = {"sqs:receivemessage": "ReceiveMessage", "sqs:listqueues": "ListQueues"}[action]
    return (
        f"An error occurred (AccessDenied) when calling the {operation} operation: User: "
        f"arn:aws:sts::{ACCOUNT}:assumed-role/{session} is not authorized to perform: {action} "
        f"on resource: {on} because no identity-based policy allows the {action} action"
    )


def test_a_worker_whose_task_role_may_read_the_queue_runs(worker: Worker) -> None:
    assert worker.run(READS) == "RUNNING"
    assert worker.written() == ["waiting for work"]
    session = f"arn:aws:sts::{ACCOUNT}:assumed-role/app/{worker.id}"
    assert worker.calls() == [("ReceiveMessage", None, [session])]


def test_one_whose_task_role_may_not_says_so_in_awss_words(worker: Worker) -> None:
    assert worker.run() == "exit code 77"
    assert worker.written() == [denied(f"app/{worker.id}")]
    session = f"arn:aws:sts::{ACCOUNT}:assumed-role/app/{worker.id}"
    assert worker.calls() == [("ReceiveMessage", "AccessDenied", [session])]


CASES: list[tuple[dict[str, Any], list[Any], str, str]] = [
    # given, what the task role may, state, in the log
    ({}, [READS], "RUNNING", "waiting for work"),
    ({}, [READS, DENIES], "exit code 77", "with an explicit deny in an identity-based policy"),
    ({}, ["arn:aws:iam::aws:policy/AmazonSQSFullAccess"], "RUNNING", "waiting for work"),
    ({"role": False}, [], "exit code 77", "Unable to locate credentials"),
    ({"environment": []}, [READS], "exit code 78", "KeyError: 'QUEUE_URL'"),
    ({"image": f"{WORKER}-greedy"}, [READS], "exit code 77", "sqs:listqueues on resource: *"),
    ({"image": f"{WORKER}-stuck"}, [OTHER], "RUNNING", "no identity-based policy allows"),
    ({"image": f"{WORKER}-secret"}, [READS], "exit code 78", "DB_PASSWORD is not set"),
    ({"command": ["sh", "-c", "exit 3"]}, [OTHER], "exit code 3", ""),  # not its own program
    ({"image": "registry.example.com/web"}, [OTHER], "RUNNING", "listening"),
]  # fmt: skip


@pytest.mark.parametrize(("given", "grants", "state", "said"), CASES)
def test_what_becomes_of_it(
    worker: Worker, given: dict[str, Any], grants: list[Any], state: str, said: str
) -> None:
    assert worker.run(*grants, **given) == state
    assert said in " / ".join(worker.written())


def test_a_secret_that_is_injected_is_enough(worker: Worker) -> None:
    secret = boto3.client("secretsmanager").create_secret(Name="db", SecretString="s3cret")["ARN"]
    read = {"Effect": "Allow", "Action": "secretsmanager:GetSecretValue", "Resource": secret}
    worker.lab.grant("execution", read)
    given = {"secrets": [{"name": "DB_PASSWORD", "valueFrom": secret}]}
    assert worker.run(READS, image=f"{WORKER}-secret", **given) == "RUNNING"
    assert "s3cret" not in f"{worker.written()} {worker.lab.aws.timeline!r}"


def test_the_stuck_one_writes_its_error_once_and_runs_for_ever(worker: Worker) -> None:
    worker.run(image=f"{WORKER}-stuck")
    assert worker.written() == [denied(f"app/{worker.id}"), "waiting for work"]
    worker.lab.clock.advance(hours=1)
    assert (worker.state(), len(worker.written())) == ("RUNNING", 2)


def test_one_that_fetches_its_secret_itself_needs_the_task_role_for_it(worker: Worker) -> None:
    """The execution role may read the secret, and that is of no use to the program."""
    secret = boto3.client("secretsmanager").create_secret(Name="db", SecretString="s3cret")["ARN"]
    read = {"Effect": "Allow", "Action": "secretsmanager:GetSecretValue", "Resource": secret}
    worker.lab.grant("execution", read)
    given = {"QUEUE_URL": QUEUE_URL, "SECRET_ID": secret}
    environment = [{"name": name, "value": value} for name, value in given.items()]
    state = worker.run(READS, image=f"{WORKER}-fetches", environment=environment)
    assert state == "exit code 77" and "(AccessDeniedException)" in worker.written()[0]
    worker.lab.grant("app", read)
    (worker.arn,) = worker.lab.run(taskDefinition="worker")
    worker.lab.clock.advance(minutes=1)
    assert worker.state() == "RUNNING"
    worker.lab.clock.advance(minutes=6)  # CloudTrail is some minutes behind
    events = boto3.client("cloudtrail").lookup_events(
        LookupAttributes=[{"AttributeKey": "EventName", "AttributeValue": "GetSecretValue"}]
    )["Events"]
    told = [json.loads(one["CloudTrailEvent"]) for one in events]
    session = f"arn:aws:sts::{ACCOUNT}:assumed-role/app/{worker.id}"
    assert session in [one["userIdentity"].get("arn") for one in told]
    assert [one.get("errorCode") for one in told].count(None) == 1 and len(told) == 2


# --- By which way


def test_without_a_way_out_it_gives_up_after_three_minutes(worker: Worker) -> None:
    lab = worker.lab
    for service in ("logs", "ecr.api"):
        everything = {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}
        lab.private_endpoint(service, policy={"Version": "2012-10-17", "Statement": everything})
    lab.define("worker", executionRoleArn=worker.execution, taskRoleArn=lab.role("app", READS),
               containerDefinitions=[worker.container()])  # fmt: skip
    (worker.arn,) = lab.run(taskDefinition="worker")
    lab.aws.clock.advance_until(lambda: worker.state() == "ACTIVATING" or _pulled(worker))
    route = {"DestinationCidrBlock": "0.0.0.0/0"}
    tables = lab.ec2.describe_route_tables(Filters=[{"Name": "vpc-id", "Values": [lab.vpc]}])
    lab.ec2.delete_route(RouteTableId=tables["RouteTables"][0]["RouteTableId"], **route)
    lab.clock.advance(minutes=2)
    assert (worker.state(), worker.written(), worker.calls()) == ("RUNNING", [], [])
    lab.clock.advance(minutes=2)
    assert (worker.state(), worker.written()) == ("exit code 77", [TIMED_OUT])
    assert worker.calls() == []  # nothing reached AWS


def _pulled(worker: Worker) -> bool:
    return "pullStoppedAt" in worker.lab.task(worker.arn)


def test_an_endpoints_policy_is_asked_too(worker: Worker) -> None:
    nobody = {"Effect": "Deny", "Principal": "*", "Action": "sqs:*", "Resource": "*"}
    worker.lab.private_endpoint("sqs", policy={"Version": "2012-10-17", "Statement": nobody})
    assert worker.run(READS) == "exit code 77"
    (line,) = worker.written()
    assert "(AccessDenied)" in line and line.endswith("an explicit deny in a VPC endpoint policy")
    assert worker.calls()[0][:2] == ("ReceiveMessage", "AccessDenied")


@pytest.mark.parametrize(
    ("effect", "grant", "state", "said"),
    [
        ("Allow", OTHER, "RUNNING", "waiting for work"),  # the queue's policy is enough
        ("Deny", READS, "exit code 77", "with an explicit deny in a resource-based policy"),
    ],
)
def test_the_queues_own_policy_is_asked_too(
    worker: Worker, effect: str, grant: Any, state: str, said: str
) -> None:
    role = {"AWS": f"arn:aws:iam::{ACCOUNT}:role/app"}
    statement = {"Effect": effect, "Principal": role, "Action": "sqs:*", "Resource": QUEUE}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    boto3.client("sqs").create_queue(QueueName="orders", Attributes={"Policy": policy})
    assert worker.run(grant) == state
    assert said in worker.written()[0]


# --- With whose credentials


def test_keys_in_the_environment_come_before_the_task_role(worker: Worker) -> None:
    """What a user of the learner's may not, a task that has the user's keys may not."""
    iam: Any = boto3.client("iam")
    iam.create_user(UserName="deployer")
    key = iam.create_access_key(UserName="deployer")["AccessKey"]
    keys = {
        "AWS_ACCESS_KEY_ID": key["AccessKeyId"],
        "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"],
    }
    given = [{"name": name, "value": value} for name, value in keys.items()]
    queue = {"name": "QUEUE_URL", "value": QUEUE_URL}
    assert worker.run(READS, environment=[queue, *given]) == "exit code 77"
    assert worker.calls()[0][2] == [f"arn:aws:iam::{ACCOUNT}:user/deployer"]
    iam.delete_access_key(UserName="deployer", AccessKeyId=key["AccessKeyId"])
    (worker.arn,) = worker.lab.run(taskDefinition="worker")
    worker.lab.clock.advance(minutes=1)
    assert "(UnrecognizedClientException)" in worker.written()[0]


def test_on_an_instance_without_a_task_role_the_instances_role_is_used(worker: Worker) -> None:
    worker.lab.lead_out()
    assert worker.run_on_instance() == "exit code 77"
    (instance,) = worker.lab.ec2.describe_instances()["Reservations"][0]["Instances"]
    session = f"ecsInstanceRole/{instance['InstanceId']}"
    assert worker.written() == [denied(session)]
    worker.lab.grant("ecsInstanceRole", READS)
    (task,) = worker.lab.run_ec2(taskDefinition="worker")["tasks"]
    worker.arn = task["taskArn"]
    worker.lab.clock.advance(minutes=1)
    assert (worker.state(), worker.written()) == ("RUNNING", ["waiting for work"])


BLOCKED = "#!/bin/bash\necho ECS_CLUSTER=lab >> /etc/ecs/ecs.config\n"
BLOCKED += "echo ECS_AWSVPC_BLOCK_IMDS=true >> /etc/ecs/ecs.config"


@pytest.mark.parametrize(
    ("mode", "launched", "error"),
    [
        ("awsvpc", {}, "is not authorized"),
        ("awsvpc", {"UserData": BLOCKED}, "Unable to locate credentials"),
        ("bridge", {"UserData": BLOCKED}, "is not authorized"),
        ("host", {"UserData": BLOCKED}, "is not authorized"),
    ],
)
def test_the_agent_can_keep_tasks_in_awsvpc_mode_from_the_instances_role(
    worker: Worker, mode: str, launched: dict[str, Any], error: str
) -> None:
    worker.lab.lead_out()
    worker.run_on_instance(mode, **launched)
    assert error in worker.written()[0]


# --- Again, and back


def test_a_service_gets_its_tasks_once_the_role_may(worker: Worker) -> None:
    lab = worker.lab
    lab.define("worker", executionRoleArn=worker.execution, taskRoleArn=lab.role("app", OTHER),
               containerDefinitions=[worker.container()])  # fmt: skip
    lab.service("worker", 1, taskDefinition="worker")
    lab.clock.advance(minutes=3)
    failed = len(worker.calls())
    assert failed > 1 and {error for _, error, _ in worker.calls()} == {"AccessDenied"}
    lab.grant("app", READS)
    lab.clock.advance(minutes=10)
    assert lab.describe("worker")["runningCount"] == 1
    assert [error for _, error, _ in worker.calls()][-1] is None


def test_a_restart_policy_asks_again_each_time(worker: Worker) -> None:
    restart = {"enabled": True, "restartAttemptPeriod": 60}
    worker.lab.define("worker", executionRoleArn=worker.execution,
                      taskRoleArn=worker.lab.role("app", READS),
                      containerDefinitions=[worker.container(restartPolicy=restart)])  # fmt: skip
    (worker.arn,) = worker.lab.run(taskDefinition="worker")
    worker.lab.clock.advance(minutes=2)
    assert (worker.state(), len(worker.calls())) == ("RUNNING", 1)


def test_a_snapshot_keeps_what_a_program_waits_for(worker: Worker) -> None:
    worker.run(minutes=0)
    lab = worker.lab
    kept = lab.aws.snapshot()
    lab.clock.advance(minutes=1)
    seen = worker.state(), worker.written(), worker.calls()
    kept.restore()
    assert worker.calls() == []
    lab.grant("app", READS)
    lab.clock.advance(minutes=1)
    assert worker.state() == "RUNNING"
    kept.restore()
    lab.clock.advance(minutes=1)
    assert (worker.state(), worker.written(), worker.calls()) == seen
