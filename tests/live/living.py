"""A lesson's path in LIVE as a program: opened, confirmed and walked without a notebook.

Run as ``python living.py walk <folder> 3-before 3-after ...``: for each place a child kills itself
with SIGKILL at the call of that number, before it is sent or after it was answered. With ``cleanup``
it is cleanup after the walk that is killed. Then ``python3 -m course cleanup`` is run, and what it
says last is printed. Each place has a folder, and so a ledger, of its own.
"""

import io
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import boto3
from botocore.httpsession import URLLib3Session

from course.live.session import Live, Opening
from course.live.settings import Asked

DIGITS = "9012"
REGION = "us-east-1"


class Typing(io.StringIO):
    """A terminal at which somebody has typed these lines."""

    def isatty(self) -> bool:
        return True


def open_live(
    folder: Path, *lines: str, usd: float = 1, minutes: float = 60, show: Any = print
) -> Live:
    """Open LIVE as a learner does who types the digits, and then these lines."""
    sys.stdin = Typing("\n".join((DIGITS, *lines)) + "\n")
    asked = Asked("live", REGION, usd, minutes)
    return Opening("fargate-tutorial", asked, folder, show).open()


WEB = {
    "name": "fargate-app",
    "image": "public.ecr.aws/docker/library/httpd:latest",
    "portMappings": [{"containerPort": 80, "protocol": "tcp"}],
    "memory": 256,  # plain moto cannot do without
}
SAMPLE: dict[str, Any] = {
    "family": "sample-fargate",
    "requiresCompatibilities": ["FARGATE"],
    "networkMode": "awsvpc",
    "cpu": "256",
    "memory": "512",
    "containerDefinitions": [WEB],
}


def walk() -> None:
    """The creating and changing calls of the Fargate lesson, and RunTask, in their order."""
    ecs, ec2 = boto3.client("ecs"), boto3.client("ec2")
    ecs.create_cluster(clusterName="fargate-cluster")
    ecs.register_task_definition(**SAMPLE)
    ecs.register_task_definition(**SAMPLE)
    vpc = ec2.describe_vpcs(Filters=[{"Name": "is-default", "Values": ["true"]}])["Vpcs"][0][
        "VpcId"
    ]
    found = ec2.describe_subnets(Filters=[{"Name": "vpc-id", "Values": [vpc]}])["Subnets"]
    named = {"GroupName": "ecs-fargate-sg", "Description": "Port 80 from anywhere", "VpcId": vpc}
    group = ec2.create_security_group(**named)["GroupId"]
    everybody: dict[str, Any] = {"FromPort": 80, "ToPort": 80, "CidrIp": "0.0.0.0/0"}
    ec2.authorize_security_group_ingress(GroupId=group, IpProtocol="tcp", **everybody)
    subnets = [one["SubnetId"] for one in found]
    awsvpc = {"subnets": subnets, "securityGroups": [group], "assignPublicIp": "ENABLED"}
    network = {"networkConfiguration": {"awsvpcConfiguration": awsvpc}, "launchType": "FARGATE"}
    what = {"cluster": "fargate-cluster", "taskDefinition": "sample-fargate", **network}
    ecs.create_service(serviceName="fargate-service", desiredCount=2, **what)
    ecs.describe_services(cluster="fargate-cluster", services=["fargate-service"])
    task = ecs.run_task(count=1, **what)["tasks"][0]["taskArn"]
    ecs.describe_tasks(cluster="fargate-cluster", tasks=[task])
    ecs.run_task(count=2, **what)
    ecs.stop_task(cluster="fargate-cluster", task=task)
    ours: dict[str, Any] = {"cluster": "fargate-cluster", "service": "fargate-service"}
    ecs.update_service(**ours, desiredCount=4)
    ecs.register_task_definition(**SAMPLE)
    ecs.update_service(**ours, taskDefinition="sample-fargate")


def die_at(position: int, moment: str) -> list[int]:
    """Kill this process at the call of this number, *before* it is sent or *after* its answer."""
    send: Callable[..., Any] = URLLib3Session.send
    count = [0]

    def counted(session: URLLib3Session, request: Any) -> Any:
        count[0] += 1
        if count[0] == position and moment == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        answer = send(session, request)
        if count[0] == position and moment == "after":
            os.kill(os.getpid(), signal.SIGKILL)
        return answer

    URLLib3Session.send = counted  # type: ignore[method-assign]
    return count


def once(folder: Path, position: int, moment: str, what: str) -> int:
    """Walk, and with *what* ``cleanup`` clean up; returns how many calls of it there were."""
    count = [0]
    if what == "walk":
        count = die_at(position, moment)
    live = open_live(folder, show=lambda shown: None)
    walk()
    if what == "cleanup":
        count = die_at(position, moment)
        live.cleanup()
    live.close()
    return count[0]


def in_a_child(folder: Path, position: int, moment: str, what: str) -> int:
    """The same in a process of its own; returns how that ended, as ``os.wait`` says it."""
    if not (child := os.fork()):
        os.close(1)
        once(folder, position, moment, what)
        os._exit(0)
    return os.waitpid(child, 0)[1]


def cleaned_up(folder: Path) -> str:
    """What the learner's command says last, in a new process, as on the day after."""
    command = [sys.executable, "-m", "course", "cleanup", "--yes"]
    own = {**os.environ, "COURSE_DATA_DIR": str(folder)}
    done = subprocess.run(command, env=own, capture_output=True, text=True, check=False)
    return f"{done.returncode} {done.stdout.splitlines()[-1]}"


def main(what: str, root: str, *places: str) -> None:
    """Without places, print how many calls there are; else die at each, in a child that is forked."""
    if not places:
        print("\n", once(Path(root), 0, "", what))
    for place in places:
        at, _, moment = place.partition("-")
        ended = in_a_child(Path(root) / place, int(at), moment, what)
        print(place, ended, cleaned_up(Path(root) / place), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
