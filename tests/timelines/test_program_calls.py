"""Stories of what programs ask of AWS, in plain boto3: a task role that may not, and then may."""

from __future__ import annotations

import json
from typing import Any

import boto3
import pytest

from course.sandbox.sandbox import Sandbox

POLICY = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
GROUP = "/ecs/worker"


class Lab:
    """A service of one task that reads a queue, with an execution role and a task role."""

    def __init__(self, aws: Sandbox, subnets: list[str]) -> None:
        self.aws = aws
        self.iam: Any = boto3.client("iam")
        self.ecs: Any = boto3.client("ecs")
        self.logs: Any = boto3.client("logs")
        self.network = {"awsvpcConfiguration": {"subnets": subnets, "assignPublicIp": "ENABLED"}}
        self.logs.create_log_group(logGroupName=GROUP)
        self.execution, self.task_role = self.role("ecsTaskExecutionRole"), self.role("worker")
        self.iam.attach_role_policy(RoleName="ecsTaskExecutionRole", PolicyArn=POLICY)
        self.queue = boto3.client("sqs").create_queue(QueueName="orders")["QueueUrl"]
        self.ecs.create_cluster(clusterName="lab")

    def role(self, name: str) -> str:
        statement = {
            "Effect": "Allow",
            "Principal": {"Service": "ecs-tasks.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }
        trust = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        return str(
            self.iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust)["Role"]["Arn"]
        )

    def may_receive(self) -> None:
        statement = {"Effect": "Allow", "Action": "sqs:ReceiveMessage", "Resource": "*"}
        document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        self.iam.put_role_policy(RoleName="worker", PolicyName="queue", PolicyDocument=document)

    def service(self, image: str) -> None:
        options = {
            "awslogs-group": GROUP,
            "awslogs-region": "us-east-1",
            "awslogs-stream-prefix": "worker",
        }
        app = {
            "name": "app",
            "image": image,
            "environment": [{"name": "QUEUE_URL", "value": self.queue}],
            "logConfiguration": {"logDriver": "awslogs", "options": options},
        }
        self.ecs.register_task_definition(
            family="worker",
            requiresCompatibilities=["FARGATE"],
            networkMode="awsvpc",
            cpu="256",
            memory="512",
            executionRoleArn=self.execution,
            taskRoleArn=self.task_role,
            containerDefinitions=[app],
        )
        self.ecs.create_service(
            cluster="lab",
            serviceName="worker",
            taskDefinition="worker",
            desiredCount=1,
            launchType="FARGATE",
            networkConfiguration=self.network,
        )


class Told:
    """The timeline, under it what the tasks wrote, and what the event history says of the queue."""

    def __init__(self, lab: Lab) -> None:
        self._timeline = repr(lab.aws.timeline)
        events = lab.logs.filter_log_events(logGroupName=GROUP)["events"]
        self._lines = [f"{one['logStreamName'][:19]}  {one['message']}" for one in events]
        self._calls = [
            f"{one.operation}  {one.error or 'done'}  {decision.request.principal.arn}"
            for one in lab.aws.world.history
            for decision in one.decisions
        ]

    def __repr__(self) -> str:
        return "\n".join([self._timeline, "", *self._lines, "", *self._calls])


@pytest.fixture
def lab(aws: Sandbox, public_subnets: list[str]) -> Lab:
    return Lab(aws, public_subnets)


def test_a_task_role_that_may_not_read_the_queue(lab: Lab, golden: Any) -> None:
    """The worker ends with 77 and its log says why; the next task after the policy stays."""
    lab.service("registry.example.com/worker:1")
    lab.aws.clock.advance(seconds=45)
    lab.may_receive()
    lab.aws.clock.advance(minutes=3)
    golden.check(Told(lab))


def test_a_worker_that_swallows_its_denial(lab: Lab, golden: Any) -> None:
    """For ECS all is well: only the log, and the event history, tell that nothing is done."""
    lab.service("registry.example.com/worker-stuck:1")
    lab.aws.clock.advance(minutes=3)
    golden.check(Told(lab))
