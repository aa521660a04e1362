"""A process killed at any call leaves nothing that cleanup does not find, and cleanup takes nothing else.

The account is plain moto behind HTTP, and holds 200 resources of others under the names
that the lesson uses. What is left is counted by the aws CLI alone.
"""

import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import boto3
import pytest
from conftest import KEY, REGION, SECRET, Emulated, moto_server

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


def left(account: Emulated) -> dict[str, int]:
    """What the aws CLI finds in the account: clusters, services, revisions, security groups, tasks."""
    clusters = account.aws("ecs list-clusters")["clusterArns"]
    services = 0
    for start in range(0, len(clusters), PART):
        some = clusters[start : start + PART]
        counted = account.aws("ecs describe-clusters --clusters", *some)["clusters"]
        services += sum(one["status"] == "ACTIVE" for one in counted)
    every = account.aws("ecs list-task-definitions")["taskDefinitionArns"]
    groups = account.aws("ec2 describe-security-groups")["SecurityGroups"]
    named = [one for one in groups if one["GroupName"] == "ecs-fargate-sg"]
    return {"clusters": services, "revisions": len(every), "security groups": len(named)}


def services_and_tasks(account: Emulated) -> dict[str, int]:
    """Services that are ACTIVE and tasks that are not STOPPED, in every cluster, by the aws CLI."""
    found = {"services": 0, "tasks": 0}
    for cluster in [*range(PART), None]:
        name = "fargate-cluster" if cluster is None else f"fargate-cluster-{cluster}"
        where = f"--cluster {name}"
        described = f"ecs describe-services {where} --services fargate-service"
        try:
            services = account.aws(described)["services"]
        except AssertionError as error:
            assert cluster is None and "ClusterNotFound" in str(error), error
            continue
        found["services"] += sum(one["status"] == "ACTIVE" for one in services)
    return found


def run(account: Emulated, folder: Path, *words: object) -> subprocess.CompletedProcess[str]:
    line = [sys.executable, str(HERE / "living.py"), *map(str, words)]
    own = {**account.environ, "COURSE_DATA_DIR": str(folder)}
    return subprocess.run(line, env=own, capture_output=True, text=True, check=False)


def calls(account: Emulated, folder: Path, *words: str) -> int:
    """How many calls there are, walked to the end once and cleaned up."""
    done = run(account, folder, 0, "before", *words)
    assert done.returncode == 0, done.stderr
    clean(account, folder)
    return int(done.stdout.split()[-1])


def clean(account: Emulated, folder: Path) -> None:
    done = account.course("cleanup", "--yes", COURSE_DATA_DIR=str(folder))
    assert done.stdout.splitlines()[-1].startswith("0 left"), done.stdout + done.stderr
    assert done.returncode == 0


def kill_and_clean(account: Emulated, folder: Path, position: int, moment: str, what: str) -> None:
    done = run(account, folder, position, moment, what)
    assert done.returncode == -signal.SIGKILL, f"{what}, {moment} call {position}: {done.stderr}"
    clean(account, folder)


@pytest.mark.parametrize("what", ["walk", "cleanup"])
def test_killed_at_every_call_nothing_of_ours_is_left_and_all_of_theirs(
    accounts: list[Emulated], tmp_path: Path, what: str
) -> None:
    before = [(left(one), services_and_tasks(one)) for one in accounts]
    number = calls(accounts[0], tmp_path / "whole", what)
    assert number >= 18
    places = [(at, moment) for at in range(1, number + 1) for moment in ("before", "after")]

    def half(which: int) -> int:
        mine = places[which::2]
        for at, moment in mine:
            folder = tmp_path / f"{at}-{moment}"
            kill_and_clean(accounts[which], folder, at, moment, what)
        return len(mine)

    with ThreadPoolExecutor(2) as two:
        killed = sum(two.map(half, (0, 1)))
    assert killed == 2 * number
    after = [(left(one), services_and_tasks(one)) for one in accounts]
    assert after == before
    assert all(sum(count for part in one for count in part.values()) == FOREIGN for one in after), (
        after
    )
