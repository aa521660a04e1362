"""What ECS does with a task's two roles: assume both, pull images with one, open shells with the other.

Each function looks at the roles and policies as they are now, and answers with
what is wrong, or None. The task execution role is ECS's own for a task, the task
role the containers'; a session of either is named after the task.

AWS: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/security-ecs-iam-role-overview.html
"""

from collections.abc import Iterable, Mapping
from typing import Any

from course.sandbox.authorize.decision import Decision
from course.sandbox.authorize.resource_policies import guard_of
from course.sandbox.authorize.roles import find_role
from course.sandbox.authorize.trust import ECS_TASKS, asked_by_ecs, assuming
from course.sandbox.ecs.resources import Task, TaskDefinition
from course.sandbox.ecs.stop_reasons import (
    Stop,
    cannot_authenticate,
    cannot_download_layers,
    cannot_pull_manifest,
    no_ecr_token_for_instance,
)
from course.sandbox.history import Note, unnoted
from course.sandbox.workloads.registry import PrivateImage, private_image

TOKEN = ("ecr:GetAuthorizationToken",)

EXEC_ACTIONS = (
    "ssmmessages:CreateControlChannel",
    "ssmmessages:CreateDataChannel",
    "ssmmessages:OpenControlChannel",
    "ssmmessages:OpenDataChannel",
)
"""What ECS Exec needs of the task role."""


def roles_of(
    definition: TaskDefinition, overrides: Mapping[str, Any]
) -> tuple[str | None, str | None]:
    """The execution role and the task role of a launch; overrides come first."""
    execution = overrides.get("executionRoleArn") or definition.execution_role_arn
    return execution, overrides.get("taskRoleArn") or definition.task_role_arn


def not_assumable(
    definition: TaskDefinition, overrides: Mapping[str, Any], cluster_arn: str
) -> str | None:
    """The first of a launch's roles that is not there, or does not trust ecs-tasks.amazonaws.com."""
    _, _, _, region, account, _ = cluster_arn.split(":", 5)
    given = asked_by_ecs(region, account)
    for name in roles_of(definition, overrides):
        role = find_role(name, account) if name else None
        if name and not (role and assuming(role.trust, ECS_TASKS, given).allowed):
            return name
    return None


def registry_auth_problem(task: Task, note: Note = unnoted) -> Stop | None:
    """Before any pull on Fargate: may the execution role get a token for ECR, if an image is there?"""
    if task.instance or not any(private_image(one.image) for one in task.containers):
        return None
    denied = _denied(task, task.execution_role_arn, TOKEN, note=note)
    return cannot_authenticate(denied.denial) if denied else None


def pull_problem(task: Task, image: str, note: Note = unnoted) -> Stop | None:
    """May the execution role pull this image, by its own policies and the repository's?

    On an instance the agent asks for the token with the pull, by the instance's own
    role where the task has none. ``ecr:BatchCheckLayerAvailability``, which AWS's
    managed policies allow too, serves pushes and is not asked for.
    """
    place = private_image(image)
    if place is None:
        return None
    role = task.execution_role_arn or (task.instance.role_arn if task.instance else None)
    token = _denied(task, role, TOKEN, note=note) if task.instance else None
    if token:
        return no_ecr_token_for_instance(token.denial)
    manifest = _denied(task, role, ["ecr:BatchGetImage"], place, note)
    if manifest:
        return cannot_pull_manifest(place.repository_uri, manifest.denial)
    layers = _denied(task, role, ["ecr:GetDownloadUrlForLayer"], place, note)
    return cannot_download_layers(layers.denial) if layers else None


def exec_problem(task: Task) -> str | None:
    """Why ECS Exec cannot reach a task by its task role: AWS's text of the denial; None if it can."""
    if task.task_role_arn is None:
        return "The task has no task role, which ECS Exec needs."  # our words
    denied = _denied(task, task.task_role_arn, EXEC_ACTIONS)
    return denied.denial if denied else None


def _denied(
    task: Task,
    role_arn: str | None,
    actions: Iterable[str],
    place: PrivateImage | None = None,
    note: Note = unnoted,
) -> Decision | None:
    """The first of these actions that a role is denied, if there is a role to ask."""
    account = task.task_arn.split(":", 5)[4]
    role = find_role(role_arn, account) if role_arn else None
    if role is None:
        return None
    guard = guard_of(place.repository_arn if place else "*", account)
    own = task.instance is not None and role_arn == task.instance.role_arn
    session = task.instance.ec2_instance_id if task.instance and own else task.id
    for action in actions:
        decision = role.may(session, action, guard.arn, guard=guard)
        note(decision)
        if not decision.allowed:
            return decision
    return None
