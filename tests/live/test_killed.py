"""A process killed at any call leaves nothing that cleanup does not find, and cleanup takes nothing else.

The account is plain moto behind HTTP, and holds 200 resources of others under the names
that the lesson uses. What is left is counted by the aws CLI alone.
"""

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import boto3
import pytest

from tests.live.emulated import KEY, REGION, SECRET, Emulated, moto_server

pytestmark = pytest.mark.slow

HERE = Path(__file__).resolve().parent
PART = 40
FOREIGN = 5 * PART

OTHERS: tuple[dict[str, str], ...] = (
    {},
    {"course": "another-course", "lesson": "fargate-tutorial"},
    {"course": "containers-on-aws-course", "lesson": "fargate-tutorial", "attempt": "0badcafe"},
    {"attempt": "0badcafe"},
)
"""What others' things are tagged with; the third is another learner's of the same course."""


@pytest.fixture(scope="module")
def accounts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Emulated]]:
    """Two accounts, one for each half of the positions, with 200 foreign things in each."""
    homes = [tmp_path_factory.mktemp("account") for _ in range(2)]
    with moto_server(homes[0]) as first, moto_server(homes[1]) as second:
        for one in (first, second):
            _plant(one)
        yield [first, second]


def _plant(account: Emulated) -> None:
    session = boto3.Session(KEY, SECRET, region_name=REGION)
    ecs = session.client("ecs", endpoint_url=account.url)
    ec2 = session.client("ec2", endpoint_url=account.url)
    web: Any = [{"name": "fargate-app", "image": "httpd", "memory": 256}]
    fargate: Any = {"networkMode": "awsvpc", "requiresCompatibilities": ["FARGATE"]}
    size = {"family": "sample-fargate", "cpu": "256", "memory": "512"}
    for number in range(PART):
        tags = OTHERS[number % len(OTHERS)]
        own: Any = [{"key": key, "value": value} for key, value in tags.items()]
        for _ in range(2):
            ecs.register_task_definition(**size, **fargate, containerDefinitions=web, tags=own)
        cluster = f"fargate-cluster-{number}"
        ecs.create_cluster(clusterName=cluster, tags=own)
        what: Any = {"taskDefinition": "sample-fargate", "desiredCount": 2}
        ecs.create_service(cluster=cluster, serviceName="fargate-service", tags=own, **what)
        vpc = ec2.create_vpc(CidrBlock=f"10.{number}.0.0/16")["Vpc"]["VpcId"]
        group = ec2.create_security_group(GroupName="ecs-fargate-sg", Description="d", VpcId=vpc)
        pairs: Any = [{"Key": key, "Value": value} for key, value in tags.items()]
        if pairs:
            ec2.create_tags(Resources=[group["GroupId"]], Tags=pairs)


def counted(account: Emulated) -> dict[str, int]:
    """What is there under the lesson's names, ours and theirs alike, by the aws CLI alone."""
    names = [name for name in _clusters(account) if name.startswith("fargate-cluster")]
    revisions = account.aws("ecs list-task-definitions")["taskDefinitionArns"]
    groups = account.aws("ec2 describe-security-groups")["SecurityGroups"]
    inside = [_inside(account, name) for name in names]
    return {
        "clusters": len(names),  # theirs are called fargate-cluster-0 and so on
        "services": sum(services for services, _ in inside),
        "tasks": sum(tasks for _, tasks in inside),
        "revisions": len(revisions),
        "security groups": sum(one["GroupName"] == "ecs-fargate-sg" for one in groups),
    }


def _clusters(account: Emulated) -> list[str]:
    arns = account.aws("ecs list-clusters")["clusterArns"]  # plain moto lists INACTIVE ones, too
    told = account.aws("ecs describe-clusters --clusters", *arns)["clusters"]
    return [one["clusterName"] for one in told if one["status"] == "ACTIVE"]


def _inside(account: Emulated, cluster: str) -> tuple[int, int]:
    """Services that are ACTIVE, and tasks that are not STOPPED."""
    where = f"--cluster {cluster}"
    services = account.aws(f"ecs describe-services {where} --services fargate-service")["services"]
    tasks = account.aws(f"ecs list-tasks {where}")["taskArns"]
    told = account.aws(f"ecs describe-tasks {where} --tasks", *tasks)["tasks"] if tasks else []
    running = [one for one in told if one["lastStatus"] != "STOPPED"]
    return sum(one["status"] == "ACTIVE" for one in services), len(running)


def run(account: Emulated, *words: object) -> str:
    line = [sys.executable, str(HERE / "living.py"), *map(str, words)]
    done = subprocess.run(line, env=account.environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("what", ["walk", "cleanup"])
def test_killed_at_every_call_nothing_of_ours_is_left_and_all_of_theirs(
    accounts: list[Emulated], tmp_path: Path, what: str
) -> None:
    before = [counted(one) for one in accounts]
    number = int(run(accounts[0], what, tmp_path).split()[-1])
    assert accounts[0].course("cleanup", "--yes", COURSE_DATA_DIR=str(tmp_path)).returncode == 0
    assert number >= 18
    places = [f"{at}-{moment}" for at in range(1, number + 1) for moment in ("before", "after")]

    def half(which: int) -> list[str]:
        return run(accounts[which], what, tmp_path, *places[which::2]).splitlines()

    with ThreadPoolExecutor(2) as two:
        said = [line for lines in two.map(half, (0, 1)) for line in lines if "-" in line[:8]]
    killed = {line.partition(" ")[0]: line.partition(" ")[2] for line in said}
    assert sorted(killed) == sorted(places)
    assert {line for line in killed.values() if not line.startswith("9 0 0 left")} == set()
    after = [counted(one) for one in accounts]
    assert after == before
    assert [sum(one.values()) for one in after] == [FOREIGN, FOREIGN]
