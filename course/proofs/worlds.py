"""What worlds of several proofs are made of: task definitions, tasks, services, roles, users, in plain boto3.

Everything lies in one cluster, ``shop``, and in the default VPC, whose subnets lead to
an internet gateway.
"""

import json
from collections.abc import Callable, Iterable
from typing import Any

from botocore.exceptions import ClientError

from course.exercises.ecs import public_network
from course.exercises.images import push_image
from course.exercises.policies import TASKS, create_role, document
from course.proofs.account import Account

CLUSTER = "shop"
WEB = "registry.example.com/web:1"
MANAGED = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"

Made = dict[str, Any]
"""What a call returned, as boto3 has it."""


def register(aws: Account, *containers: Made, **changes: Any) -> str:
    """Register a revision for Fargate; its ARN. A container is ``app`` with the web image but for what is given."""
    given = {
        "family": "web",
        "requiresCompatibilities": ["FARGATE"],
        "networkMode": "awsvpc",
        "cpu": "256",
        "memory": "512",
    }
    given |= {"containerDefinitions": [container(**one) for one in containers or ({},)]} | changes
    return _registered(aws, {name: one for name, one in given.items() if one is not None})


def register_on_ec2(aws: Account, *containers: Made, **changes: Any) -> str:
    """The same for container instances: in bridge mode, 256 MiB for each container."""
    small: Made = {"memory": 256}
    own = [container(**small | one) for one in containers or ({},)]
    given: Made = {"family": "web", "networkMode": "bridge", "containerDefinitions": own}
    return _registered(aws, given | changes)


def container(**changes: Any) -> Made:
    """A container definition; what is None is left out."""
    given = {"name": "app", "image": WEB} | changes
    return {name: one for name, one in given.items() if one is not None}


def _registered(aws: Account, given: Made) -> str:
    made = aws.client("ecs").register_task_definition(**given)
    return str(made["taskDefinition"]["taskDefinitionArn"])


def cluster(aws: Account, **given: Any) -> str:
    """The cluster's name; it is made where it is not there."""
    aws.client("ecs").create_cluster(clusterName=CLUSTER, **given)
    return CLUSTER


def begin(aws: Account, definition: str, ecs: Any = None, **changes: Any) -> Made:
    """RunTask on Fargate, with a public address; its answer. *ecs* is somebody's client. Raises ClientError."""
    given: Made = {"cluster": cluster(aws), "taskDefinition": definition, "launchType": "FARGATE"}
    given |= {"networkConfiguration": public_network(aws)} | changes
    given = {name: one for name, one in given.items() if one is not None}
    return dict((ecs or aws.client("ecs")).run_task(**given))


def run(aws: Account, definition: str, minutes: float = 2, **changes: Any) -> Made:
    """One task, begun so many minutes ago. Raises ClientError."""
    (begun,) = begin(aws, definition, **changes)["tasks"]
    aws.clock.advance(minutes=minutes)
    return task(aws, begun["taskArn"])


def task(aws: Account, arn: str) -> Made:
    """A task as DescribeTasks has it."""
    asked = {"cluster": CLUSTER, "tasks": [arn], "include": ["TAGS"]}
    (found,) = aws.client("ecs").describe_tasks(**asked)["tasks"]
    return dict(found)


def serve(aws: Account, definition: str, minutes: float = 3, **changes: Any) -> Made:
    """A service on Fargate, one task of it unless told otherwise, begun so many minutes ago. Raises ClientError."""
    given: Made = {
        "cluster": cluster(aws),
        "serviceName": "web",
        "taskDefinition": definition,
        "desiredCount": 1,
        "launchType": "FARGATE",
        "networkConfiguration": public_network(aws),
    }
    given = {name: one for name, one in (given | changes).items() if one is not None}
    made = aws.client("ecs").create_service(**given)["service"]
    aws.clock.advance(minutes=minutes)
    return service(aws, made["serviceName"])


def service(aws: Account, name: str = "web") -> Made:
    """A service as DescribeServices has it."""
    (found,) = aws.client("ecs").describe_services(cluster=CLUSTER, services=[name])["services"]
    return dict(found)


def update(aws: Account, minutes: float = 4, **changes: Any) -> Made:
    """UpdateService, and the service so many minutes later. Raises ClientError."""
    given = {"cluster": CLUSTER, "service": "web"} | changes
    name = aws.client("ecs").update_service(**given)["service"]["serviceName"]
    aws.clock.advance(minutes=minutes)
    return service(aws, name)


def tasks(aws: Account, desired: str = "RUNNING", **of: Any) -> list[Made]:
    """The cluster's tasks of a desiredStatus, oldest first; of a service with ``serviceName``."""
    arns = aws.client("ecs").list_tasks(cluster=CLUSTER, desiredStatus=desired, **of)["taskArns"]
    found = [task(aws, one) for one in arns]
    return sorted(found, key=lambda one: one["createdAt"])


def events(aws: Account, name: str = "web") -> str:
    """What a service says in its events, the oldest first."""
    return "\n".join(one["message"] for one in reversed(service(aws, name)["events"]))


def role(
    aws: Account, name: str, *statements: Made, service: str = TASKS, managed: bool = False
) -> str:
    """A role that a service may assume, with these statements; with AWS's execution policy if *managed*. Its ARN."""
    arn = create_role(aws, name, service)
    give(aws, name, *statements)
    if managed:
        aws.client("iam").attach_role_policy(RoleName=name, PolicyArn=MANAGED)
    return arn


def give(aws: Account, name: str, *statements: Made) -> None:
    """Give a role these statements as its inline policy, in the place of those before."""
    if statements:
        given = {"RoleName": name, "PolicyName": "own", "PolicyDocument": document(*statements)}
        aws.client("iam").put_role_policy(**given)


def user(aws: Account, name: str, *statements: Made) -> dict[str, str]:
    """A user with these statements as inline policy; their access key."""
    iam = aws.client("iam")
    iam.create_user(UserName=name)
    if statements:
        given = {"UserName": name, "PolicyName": "own", "PolicyDocument": document(*statements)}
        iam.put_user_policy(**given)
    return dict(iam.create_access_key(UserName=name)["AccessKey"])


def refused(call: Callable[..., Any], **given: Any) -> str:
    """The error code with which a call is refused; empty where it is not."""
    try:
        call(**given)
    except ClientError as error:
        return str(error.response["Error"]["Code"])
    return ""


def repository(aws: Account, name: str = "app", *tags: str, **given: Any) -> str:
    """A repository in private ECR with an image under each of these tags; its URI."""
    ecr = aws.client("ecr")
    made = ecr.create_repository(repositoryName=name, **given)["repository"]
    for tag in tags:
        push_image(ecr, name, tag)
    return str(made["repositoryUri"])


def log_to(group: str, **more: str) -> Made:
    """A logConfiguration for the awslogs driver."""
    options = {
        "awslogs-group": group,
        "awslogs-region": Account.region,
        "awslogs-stream-prefix": "app",
    }
    return {"logDriver": "awslogs", "options": options | more}


def lines(aws: Account, group: str) -> list[str]:
    """What was written to a log group, oldest first."""
    pages = aws.client("logs").filter_log_events(logGroupName=group)["events"]
    return [str(one["message"]) for one in pages]


def shell(*commands: str) -> Made:
    """Container settings that run a line of the shell."""
    return {"entryPoint": ["sh", "-c"], "command": [" && ".join(commands)]}


def ended(made: Made) -> bool:
    """Whether a task has STOPPED."""
    return str(made["lastStatus"]) == "STOPPED"


def runs(made: Made) -> bool:
    """Whether a task is RUNNING and is to stay so."""
    return bool(made["lastStatus"] == made["desiredStatus"] == "RUNNING")


def by_name(pairs: Iterable[Made]) -> dict[str, str]:
    """Names and values as a dictionary."""
    return {one["name"]: one["value"] for one in pairs}


def secret(aws: Account, name: str = "db", text: str | Made = "first", **given: Any) -> str:
    """A secret in Secrets Manager; its ARN."""
    value = text if isinstance(text, str) else json.dumps(text)
    made = aws.client("secretsmanager").create_secret(Name=name, SecretString=value, **given)
    return str(made["ARN"])
