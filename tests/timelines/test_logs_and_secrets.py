"""Stories of secrets and logs in plain boto3: what is missing, what is forbidden, what is rotated."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest

from course import sandbox
from course.sandbox.sandbox import Sandbox

POLICY = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
GROUP = "/ecs/web"
SCRIPT = "echo release $RELEASE; sleep infinity"


class Lab:
    """A cluster in a public subnet, an execution role, and a service of one task that logs."""

    def __init__(self, aws: Sandbox) -> None:
        self.aws = aws
        self.ecs: Any = boto3.client("ecs")
        self.ec2: Any = boto3.client("ec2")
        self.iam: Any = boto3.client("iam")
        self.logs: Any = boto3.client("logs")
        self.secrets: Any = boto3.client("secretsmanager")
        self.network = {
            "awsvpcConfiguration": {"subnets": [self._subnet()], "assignPublicIp": "ENABLED"}
        }
        self.role = self._role()
        self.ecs.create_cluster(clusterName="lab")

    def _subnet(self) -> str:
        vpc = self.ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        gateway = self.ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
        self.ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
        filters = [{"Name": "vpc-id", "Values": [vpc]}]
        (table,) = self.ec2.describe_route_tables(Filters=filters)["RouteTables"]
        self.ec2.create_route(
            RouteTableId=table["RouteTableId"],
            DestinationCidrBlock="0.0.0.0/0",
            GatewayId=gateway,
        )
        subnet = self.ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.1.0/24")
        return str(subnet["Subnet"]["SubnetId"])

    def _role(self) -> str:
        statement = {
            "Effect": "Allow",
            "Principal": {"Service": "ecs-tasks.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }
        trust = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        name = "ecsTaskExecutionRole"
        role = self.iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust)["Role"]
        self.iam.attach_role_policy(RoleName=name, PolicyArn=POLICY)
        return str(role["Arn"])

    def may_read_secrets(self) -> None:
        action = "secretsmanager:GetSecretValue"
        statement = {"Effect": "Allow", "Action": action, "Resource": "*"}
        self.iam.put_role_policy(
            RoleName="ecsTaskExecutionRole",
            PolicyName="secrets",
            PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [statement]}),
        )

    def secret(self, text: str = "1") -> str:
        return str(self.secrets.create_secret(Name="release", SecretString=text)["ARN"])

    def service(self, value_from: str) -> None:
        options = {
            "awslogs-group": GROUP,
            "awslogs-region": "us-east-1",
            "awslogs-stream-prefix": "web",
        }
        app = {
            "name": "app",
            "image": "public.ecr.aws/docker/library/busybox:1.37",
            "command": ["sh", "-c", SCRIPT],
            "secrets": [{"name": "RELEASE", "valueFrom": value_from}],
            "logConfiguration": {"logDriver": "awslogs", "options": options},
        }
        self.ecs.register_task_definition(
            family="web",
            requiresCompatibilities=["FARGATE"],
            networkMode="awsvpc",
            cpu="256",
            memory="512",
            executionRoleArn=self.role,
            containerDefinitions=[app],
        )
        self.ecs.create_service(
            cluster="lab",
            serviceName="web",
            taskDefinition="web",
            desiredCount=1,
            launchType="FARGATE",
            networkConfiguration=self.network,
        )

    def make_group(self) -> None:
        self.logs.create_log_group(logGroupName=GROUP)


class Told:
    """The timeline, and under it what the tasks wrote."""

    def __init__(self, lab: Lab) -> None:
        self._timeline = repr(lab.aws.timeline)
        events = lab.logs.filter_log_events(logGroupName=GROUP)["events"]
        self._lines = [f"{one['logStreamName'][:16]}  {one['message']}" for one in events]

    def __repr__(self) -> str:
        return "\n".join([self._timeline, "", *self._lines])


@pytest.fixture
def lab() -> Iterator[Lab]:
    with sandbox.open() as opened:
        yield Lab(opened)


def test_a_secret_is_missing(lab: Lab, golden: Any) -> None:
    """Its ARN is nobody's: no image is pulled, and the service tries again after longer and longer waits."""
    lab.make_group()
    lab.may_read_secrets()
    lab.service("arn:aws:secretsmanager:us-east-1:123456789012:secret:release-AbCdEf")
    lab.aws.clock.advance(seconds=50)
    golden.check(lab.aws.timeline)


def test_a_secret_without_permission(lab: Lab, golden: Any) -> None:
    """AWS's managed policy reads no secrets; with a policy of one's own the next task runs."""
    lab.make_group()
    lab.service(lab.secret())
    lab.aws.clock.advance(seconds=40)
    lab.may_read_secrets()
    lab.aws.clock.advance(minutes=2)
    golden.check(Told(lab))


def test_a_log_group_that_is_missing(lab: Lab, golden: Any) -> None:
    """The image is pulled, the container never starts; with the group there the next task runs."""
    lab.may_read_secrets()
    lab.service(lab.secret())
    lab.aws.clock.advance(seconds=50)
    lab.make_group()
    lab.aws.clock.advance(minutes=2)
    golden.check(Told(lab))


def test_a_secret_is_rotated(lab: Lab, golden: Any) -> None:
    """The task that runs keeps the old value; who is started after the rotation gets the new one."""
    lab.make_group()
    lab.may_read_secrets()
    arn = lab.secret("1")
    lab.service(arn)
    lab.aws.clock.advance(minutes=2)
    lab.secrets.put_secret_value(SecretId=arn, SecretString="2")
    lab.aws.clock.advance(minutes=10)
    lab.ecs.update_service(cluster="lab", service="web", forceNewDeployment=True)
    lab.aws.clock.advance(minutes=2)
    golden.check(Told(lab))
