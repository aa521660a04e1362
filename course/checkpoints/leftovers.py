"""What a lesson left behind in the account; on AWS some of it would go on costing."""

from collections.abc import Callable
from typing import Any

from course.exercises.roles import role_names

Session = Any

LOOKS: tuple[tuple[str, Callable[[Session], list[str]]], ...] = (
    ("clusters", lambda session: _pages(session, "ecs", "list_clusters", "clusterArns")),
    (
        "task definitions",
        lambda session: _pages(session, "ecs", "list_task_definitions", "taskDefinitionArns"),
    ),
    ("security groups", lambda session: _security_groups(session)),
    ("image repositories", lambda session: _repositories(session)),
    ("roles", lambda session: role_names(session.client("iam"))),
)


def leftovers(session: Session) -> str:
    """One line: nothing, or what is left by kind and name. Reads only."""
    found = [(what, sorted(look(session))) for what, look in LOOKS]
    named = [f"{what} {', '.join(names)}" for what, names in found if names]
    return f"Left in this account: {'; '.join(named) or 'nothing'}."


def _pages(session: Session, service: str, operation: str, member: str) -> list[str]:
    pages = session.client(service).get_paginator(operation).paginate()
    return [arn.rsplit("/", 1)[-1] for page in pages for arn in page[member]]


def _security_groups(session: Session) -> list[str]:
    groups = session.client("ec2").describe_security_groups()["SecurityGroups"]
    return [group["GroupName"] for group in groups if group["GroupName"] != "default"]


def _repositories(session: Session) -> list[str]:
    held = session.client("ecr").describe_repositories()["repositories"]
    return [one["repositoryName"] for one in held]
