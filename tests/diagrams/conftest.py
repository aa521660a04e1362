"""A small account to draw, in a sandbox, and golden files beside the tests."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest

import course
from course import sandbox
from course.sandbox.sandbox import Sandbox

SESSION = boto3.Session(region_name="us-east-1")
ECS_AMI = "ami-05fb4f257abd42992"
AGENT_POLICY = "arn:aws:iam::aws:policy/service-role/AmazonEC2ContainerServiceforEC2Role"
GOLDEN = Path(__file__).parent / "golden"


class Shop:
    """The cluster shop, the service web with two revisions to run, three subnets."""

    session = SESSION

    def __init__(self, aws: Sandbox) -> None:
        self.aws = aws
        self.ecs: Any = SESSION.client("ecs")
        self.ec2: Any = SESSION.client("ec2")

    def advance(self, seconds: float) -> None:
        self.aws.clock.advance(seconds=seconds)

    def define(self, family: str = "web", **more: Any) -> None:
        container = {"name": "app", "image": "public.ecr.aws/docker/library/httpd:2.4"}
        given = {"requiresCompatibilities": ["FARGATE"], "networkMode": "awsvpc"}
        given |= {"cpu": "256", "memory": "512", "containerDefinitions": [container]}
        self.ecs.register_task_definition(family=family, **given | more)

    def network(self) -> dict[str, Any]:
        found = self.ec2.describe_subnets()["Subnets"][:3]
        group = self.ec2.describe_security_groups()["SecurityGroups"][0]["GroupId"]
        subnets = [one["SubnetId"] for one in found]
        awsvpc = {"subnets": subnets, "securityGroups": [group], "assignPublicIp": "ENABLED"}
        return {"launchType": "FARGATE", "networkConfiguration": {"awsvpcConfiguration": awsvpc}}

    def open_service(self, desired: int = 2) -> None:
        self.ecs.create_cluster(clusterName="shop")
        self.define()
        given = {"cluster": "shop", "serviceName": "web", "taskDefinition": "web"}
        self.ecs.create_service(**given, desiredCount=desired, **self.network())
        self.advance(120)

    def launch(self, *subnets: int, cluster: str = "shop") -> list[str]:
        """Container instances in these subnets, by number; ids of their EC2 instances."""
        found = self.ec2.describe_subnets()["Subnets"]
        like = {"ImageId": ECS_AMI, "InstanceType": "t3.small", "MinCount": 1, "MaxCount": 1}
        like |= {"UserData": f"#!/bin/bash\necho ECS_CLUSTER={cluster} >> /etc/ecs/ecs.config"}
        like |= {"IamInstanceProfile": {"Name": self._agent()}}
        made = [self.ec2.run_instances(**like, SubnetId=found[n]["SubnetId"]) for n in subnets]
        self.advance(120)
        return [one["Instances"][0]["InstanceId"] for one in made]

    def _agent(self) -> str:
        """An instance profile with a role that lets the agent register."""
        iam: Any = SESSION.client("iam")
        who = {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}}
        trust = {"Version": "2012-10-17", "Statement": [{**who, "Action": "sts:AssumeRole"}]}
        if not iam.list_instance_profiles()["InstanceProfiles"]:
            iam.create_role(RoleName="agent", AssumeRolePolicyDocument=json.dumps(trust))
            iam.attach_role_policy(RoleName="agent", PolicyArn=AGENT_POLICY)
            iam.create_instance_profile(InstanceProfileName="agent")
            iam.add_role_to_instance_profile(InstanceProfileName="agent", RoleName="agent")
        return "agent"

    def open_on_instances(self, *subnets: int, desired: int = 3, **more: Any) -> list[str]:
        """The service web on instances, in bridge mode: 512 MiB a task, ports that Docker chooses."""
        self.ecs.create_cluster(clusterName="shop")
        made = self.launch(*subnets)
        port = {"containerPort": 80, "hostPort": 0}
        web = {"name": "app", "image": "httpd", "cpu": 256, "memory": 512, "portMappings": [port]}
        self.ecs.register_task_definition(family="web", containerDefinitions=[web])
        given = {"cluster": "shop", "serviceName": "web", "taskDefinition": "web"}
        self.ecs.create_service(**given, launchType="EC2", desiredCount=desired, **more)
        self.advance(120)
        return made

    def update(self, **changes: Any) -> None:
        self.ecs.update_service(cluster="shop", service="web", **changes)

    def run(self, cluster: str = "shop", **more: Any) -> list[str]:
        given = {"cluster": cluster, "taskDefinition": "web", **self.network()} | more
        return [task["taskArn"] for task in self.ecs.run_task(**given)["tasks"]]

    def arns(self) -> list[str]:
        return list(self.ecs.list_tasks(cluster="shop")["taskArns"])


@pytest.fixture
def shop(monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    # Without the 1,300 machine images that moto's EC2 is born with, it opens twice as fast.
    monkeypatch.setattr("moto.settings.ec2_load_default_amis", lambda: False)
    with sandbox.open() as aws:
        yield Shop(aws)


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Compare a text with the file of that name; ``--rewrite-diagrams`` writes it."""
    rewrite = request.config.getoption("--rewrite-diagrams", default=False)

    def check(name: str, text: str) -> None:
        path = GOLDEN / name
        if rewrite:
            path.write_text(f"{text}\n", "utf-8")
        assert path.exists(), "a new golden file: run pytest tests/diagrams --rewrite-diagrams"
        assert f"{text}\n" == path.read_text("utf-8")

    return check


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--rewrite-diagrams",
        action="store_true",
        help="write tests/diagrams/golden/* anew from what is drawn now; read the difference",
    )


@pytest.fixture
def lesson() -> Iterator[Any]:
    """A lesson that is open, for what stands in its cells."""
    yield course.lesson("fargate-tutorial")
    opened = sandbox.current()
    if opened:
        opened.close()
