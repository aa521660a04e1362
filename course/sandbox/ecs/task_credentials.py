"""Whose credentials a program in a container finds, in the order in which AWS's SDKs look.

Keys in the environment come first, then the task role, and then, on a
container instance, the role of the instance, unless its metadata is kept from
the task. With a task role the instance's is never looked for.

AWS: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html
     https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html
"""

from enum import Enum

from course.sandbox.authorize.callers import (
    Caller,
    Unusable,
    caller_of,
    in_session,
)
from course.sandbox.authorize.roles import find_role
from course.sandbox.ecs.resources import Container, Task
from course.sandbox.world import World

KEY_VARIABLES = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")


class Found(Enum):
    """Instead of a caller: nobody, or the learner, for whom nothing is decided."""

    NONE = "no credentials"
    THE_LEARNERS = "the learner's own key"


def caller_in(task: Task, container: Container, world: World) -> Caller | Unusable | Found:
    """Who calls AWS from a container, as things are now."""
    account, environment = task.task_arn.split(":", 5)[4], container.environment
    if all(environment.get(one) for one in KEY_VARIABLES):
        key = environment[KEY_VARIABLES[0]]
        if key in world.deleted_keys:
            return Unusable()
        return caller_of(key, account, world.clock.now()) or Found.THE_LEARNERS
    if task.task_role_arn:
        return _session(task.task_role_arn, account, task.id, world)
    if task.instance and task.instance.role_arn and not _kept_from_metadata(task):
        return _session(task.instance.role_arn, account, task.instance.ec2_instance_id, world)
    return Found.NONE


def _session(role_arn: str, account: str, name: str, world: World) -> Caller | Unusable:
    role = find_role(role_arn, account)
    return in_session(role, name, world.clock.now()) if role else Unusable()


def _kept_from_metadata(task: Task) -> bool:
    """A task with a network interface of its own is kept from its instance's metadata if the agent says so."""
    return bool(task.interface and task.instance and task.instance.imds_blocked)
