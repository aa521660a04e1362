"""What a lesson left behind in the account; on AWS some of it would go on costing."""

from collections.abc import Callable
from typing import Any

from course.exercises.roles import role_names

Session = Any

SECRETS = ("list_secrets", "SecretList", "Name")
LOOKS: tuple[tuple[str, Callable[[Session], list[str]]], ...] = (
    ("clusters", lambda session: _pages(session, "ecs", "list_clusters", "clusterArns")),
    (
        "task definitions",
        lambda session: _pages(session, "ecs", "list_task_definitions", "taskDefinitionArns"),
    ),
    ("security groups", lambda session: _security_groups(session)),
    ("image repositories", lambda session: _repositories(session)),
    ("roles", lambda session: role_names(session.client("iam"))),
    ("users", lambda session: _pages(session, "iam", "list_users", "Users", "UserName")),
    ("secrets", lambda session: _pages(session, "secretsmanager", *SECRETS)),
    ("instance profiles", lambda session: _instance_profiles(session)),
    ("EC2 instances", lambda session: _instances(session)),
    ("launch templates", lambda session: _launch_templates(session)),
    ("Auto Scaling groups", lambda session: _groups(session)),
    ("capacity providers", lambda session: _capacity_providers(session)),
    ("load balancers", lambda session: _balancers(session)),
    ("target groups", lambda session: _target_groups(session)),
    ("topics", lambda session: _topics(session)),
    ("queues", lambda session: _queues(session)),
    ("HTTP APIs", lambda session: _named(session, "get_apis")),
    ("VPC links", lambda session: _named(session, "get_vpc_links")),
    ("streams", lambda session: session.client("kinesis").list_streams()["StreamNames"]),
)


def leftovers(session: Session) -> str:
    """One line: nothing, or what is left by kind and name. Reads only."""
    found = [(what, sorted(look(session))) for what, look in LOOKS]
    named = [f"{what} {', '.join(names)}" for what, names in found if names]
    return f"Left in this account: {'; '.join(named) or 'nothing'}."


def _pages(
    session: Session, service: str, operation: str, member: str, name: str = ""
) -> list[str]:
    """What an operation lists: the ends of ARNs, or what each has under *name*."""
    pages = session.client(service).get_paginator(operation).paginate()
    found = [one for page in pages for one in page[member]]
    return [str(one[name]) if name else one.rsplit("/", 1)[-1] for one in found]


def _security_groups(session: Session) -> list[str]:
    groups = session.client("ec2").describe_security_groups()["SecurityGroups"]
    return [group["GroupName"] for group in groups if group["GroupName"] != "default"]


def _repositories(session: Session) -> list[str]:
    held = session.client("ecr").describe_repositories()["repositories"]
    return [one["repositoryName"] for one in held]


def _instance_profiles(session: Session) -> list[str]:
    held = session.client("iam").list_instance_profiles()["InstanceProfiles"]
    return [one["InstanceProfileName"] for one in held]


def _instances(session: Session) -> list[str]:
    """Those that run or are stopped: a terminated one is shown for a while, and costs nothing."""
    pages = session.client("ec2").get_paginator("describe_instances").paginate()
    reservations = (held for page in pages for held in page["Reservations"])
    every = (one for held in reservations for one in held["Instances"])
    return [one["InstanceId"] for one in every if one["State"]["Name"] != "terminated"]


def _launch_templates(session: Session) -> list[str]:
    held = session.client("ec2").describe_launch_templates()["LaunchTemplates"]
    return [one["LaunchTemplateName"] for one in held]


def _groups(session: Session) -> list[str]:
    held = session.client("autoscaling").describe_auto_scaling_groups()["AutoScalingGroups"]
    return [one["AutoScalingGroupName"] for one in held]


def _capacity_providers(session: Session) -> list[str]:
    """The learner's own: FARGATE and FARGATE_SPOT are AWS's."""
    held = session.client("ecs").describe_capacity_providers()["capacityProviders"]
    own = [one["name"] for one in held if one["status"] == "ACTIVE"]
    return [name for name in own if not name.startswith("FARGATE")]


def _balancers(session: Session) -> list[str]:
    held = session.client("elbv2").describe_load_balancers()["LoadBalancers"]
    return [one["LoadBalancerName"] for one in held]


def _target_groups(session: Session) -> list[str]:
    held = session.client("elbv2").describe_target_groups()["TargetGroups"]
    return [one["TargetGroupName"] for one in held]


def _topics(session: Session) -> list[str]:
    found = session.client("sns").list_topics()["Topics"]
    return [one["TopicArn"].rpartition(":")[2] for one in found]


def _named(session: Session, operation: str) -> list[str]:
    """What API Gateway has, by name; a link that is DELETING is gone as far as anybody can help it."""
    found = getattr(session.client("apigatewayv2"), operation)()["Items"]
    return [one["Name"] for one in found if one.get("VpcLinkStatus") != "DELETING"]


def _queues(session: Session) -> list[str]:
    found = session.client("sqs").list_queues().get("QueueUrls", [])
    return [url.rpartition("/")[2] for url in found]
