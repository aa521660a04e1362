"""A small account to draw, in a sandbox, and golden files beside the tests."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest

from course import sandbox
from course.sandbox.sandbox import Sandbox

SESSION = boto3.Session(region_name="us-east-1")
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
