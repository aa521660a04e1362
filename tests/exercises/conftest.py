"""A sandbox for exercises, and the count of mutants at the end of the run."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import boto3
import pytest

from course import sandbox
from course.exercises.exercise import Exercise
from course.exercises.roles import role_names
from course.sandbox.sandbox import Sandbox

# One session for all tests: it reads botocore's models once.
BOTO3: Any = boto3.Session(region_name="us-east-1")

HERE = Path(__file__).resolve().parent

MUTANTS = "mutants"


OFTEN = "fargate-"
"""Exercises of this beginning are held to the contract whenever the tests run; the others with --all."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The contract and the mutants of an exercise take their time: slow, but for those run often."""
    for item in items:
        if item.path.name in ("test_contract.py", "test_mutants.py") and item.path.parent == HERE:
            params = getattr(item, "callspec", None)
            exercise = params.params.get("exercise") if params else None
            if exercise and not exercise.id.startswith(OFTEN):
                item.add_marker(pytest.mark.slow)


class Session:
    """A boto3 session that makes each client once: making them is half of what a look costs."""

    def __init__(self) -> None:
        self.client = cache(BOTO3.client)
        self.region_name = BOTO3.region_name


@dataclass
class Place:
    """A world to do an exercise in, and ways to see whether anything in it has changed."""

    aws: Sandbox
    session: Any
    folder: Path

    def given(self, exercise: Exercise) -> Any:
        """Where this exercise is done: the session, or the folder."""
        return self.session if exercise.done_in == "account" else self.folder

    def fingerprint(self) -> tuple[object, ...]:
        """All of ECS's state, chance, time and what the learner can see of the rest."""
        world, ec2 = self.aws.world, self.session.client("ec2")
        world.ecs()  # an empty Region appears when it is first looked at
        regions = {name: repr(vars(region)) for name, region in world.regions.items()}
        interfaces = ec2.describe_network_interfaces()["NetworkInterfaces"]
        groups = ec2.describe_security_groups()["SecurityGroups"]
        seen = (regions, interfaces, groups, self.images(), world.random.getstate())
        seen = (*seen, self.files(), self.messaging())
        return (*seen, self.aws.now(), len(self.aws.timeline))

    def calls_since(self, mark: int) -> list[str]:
        return [call.operation for call in self.aws.world.history[mark:]]

    def files(self) -> dict[str, bytes]:
        """What is in the folder, less what of an attempt was set aside."""
        found = {one.relative_to(self.folder): one for one in self.folder.rglob("*")}
        return {
            place.as_posix(): path.read_bytes()
            for place, path in found.items()
            if path.is_file() and ".mine-" not in place.parts[0]
        }

    def messaging(self) -> dict[str, list[Any]]:
        """Topics with their subscriptions, queues with all they say of themselves, streams, APIs."""
        sns, sqs = self.session.client("sns"), self.session.client("sqs")
        urls = sqs.list_queues().get("QueueUrls", [])
        known = [sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"]) for url in urls]
        return {
            "topics": sns.list_topics()["Topics"],
            "subscriptions": sns.list_subscriptions()["Subscriptions"],
            "queues": [one["Attributes"] for one in known],
            "apis": self.session.client("apigatewayv2").get_apis()["Items"],
            "links": self.session.client("apigatewayv2").get_vpc_links()["Items"],
            "streams": self.session.client("kinesis").list_streams()["StreamNames"],
        }

    def images(self) -> dict[str, list[Any]]:
        """What ECR holds, by repository."""
        ecr = self.session.client("ecr")
        names = [one["repositoryName"] for one in ecr.describe_repositories()["repositories"]]
        return {name: ecr.describe_images(repositoryName=name)["imageDetails"] for name in names}

    def left(self) -> dict[str, list[Any]]:
        """What is still there and would cost, or be in the way."""
        ecs, ec2 = self.session.client("ecs"), self.session.client("ec2")
        groups = ec2.describe_security_groups()["SecurityGroups"]
        elb = self.session.client("elbv2")
        found = {
            "files": list(self.files()),
            "clusters": ecs.list_clusters()["clusterArns"],
            "task definitions": ecs.list_task_definitions()["taskDefinitionArns"],
            "interfaces": ec2.describe_network_interfaces()["NetworkInterfaces"],
            "repositories": list(self.images()),
            "roles": role_names(self.session.client("iam")),
            "users": self.session.client("iam").list_users()["Users"],
            "secrets": self.session.client("secretsmanager").list_secrets()["SecretList"],
            "balancers": elb.describe_load_balancers()["LoadBalancers"],
            "target groups": elb.describe_target_groups()["TargetGroups"],
            "groups": [one["GroupName"] for one in groups if one["GroupName"] != "default"],
            **self.messaging(),
        }
        return {what: some for what, some in found.items() if some}


@contextmanager
def opened() -> Iterator[Place]:
    with sandbox.open() as aws, TemporaryDirectory(prefix="course-place-") as folder:
        yield Place(aws, Session(), Path(folder))


@pytest.fixture
def make_place(monkeypatch: pytest.MonkeyPatch) -> Callable[[], AbstractContextManager[Place]]:
    """For tests that need a fresh world several times: ``with make_place() as place:``."""
    # Without the 1,300 machine images that moto's EC2 is born with, it opens twice as fast.
    monkeypatch.setattr("moto.settings.ec2_load_default_amis", lambda: False)
    return opened


@pytest.fixture
def place(make_place: Callable[[], AbstractContextManager[Place]]) -> Iterator[Place]:
    with make_place() as one:
        yield one


@pytest.fixture
def count_mutants(request: pytest.FixtureRequest) -> Any:
    """Remember ``count_mutants(exercise id, mutants, killed)`` for the end of the run."""

    def count(id: str, mutants: int, killed: int) -> None:
        # A property of the test travels with its report, from whichever process ran it.
        request.node.user_properties.append((MUTANTS, (id, mutants, killed)))

    return count


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reports = [one for kind in ("passed", "failed") for one in terminalreporter.stats.get(kind, [])]
    said = [value for one in reports for name, value in one.user_properties if name == MUTANTS]
    if not said:
        return
    terminalreporter.section("solutions with one statement deleted")
    for id, mutants, killed in said:
        terminalreporter.write_line(f"{id}: mutants: {mutants}, killed: {killed}")
    mutants, killed = (sum(one[at] for one in said) for at in (1, 2))
    terminalreporter.write_line(f"mutants: {mutants}, killed: {killed}")
