"""The credentials that ECS gives a task with a task role: a session of the role, named after the task.

An adapter: a session lives in moto's STS, as one of AssumeRole does, so that whoever
uses its keys is held to the role's policies. Keys follow from the task and the time, so
that looking twice shows the same ones. They last six hours and are made anew after five;
the second figure is ours.

AWS: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html
"""

from base64 import b32encode, b64encode
from datetime import datetime, timedelta
from hashlib import sha512
from types import SimpleNamespace
from typing import Any

from moto.sts.models import AssumedRole, sts_backends

from course.sandbox.authorize.attached import PARTITION
from course.sandbox.authorize.callers import OF_TASKS
from course.sandbox.ecs.resources import Task
from course.sandbox.masked import Masked

LASTS, RENEWED = timedelta(hours=6), timedelta(hours=5)

Credentials = dict[str, str]


def credentials_of(task: Task, now: datetime) -> Credentials | None:
    """The document of a task's credentials; None without a task role, or once the task is stopped."""
    if not task.task_role_arn or task.last_status == "STOPPED":
        return None
    since = task.created_at
    turn = (now - since) // RENEWED
    expires = since + turn * RENEWED + LASTS
    key, secret, token = _keys(f"{task.task_arn} {turn}")
    _keep(task, key, secret, token, expires)
    return {
        "RoleArn": task.task_role_arn,
        "AccessKeyId": key,
        "SecretAccessKey": Masked(secret),
        "Token": Masked(token),
        "Expiration": f"{expires:%Y-%m-%dT%H:%M:%SZ}",
    }


def _keys(seed: str) -> tuple[str, str, str]:
    """An access key id, a secret key and a token, in the forms that AWS gives them."""
    first, more = sha512(seed.encode()).digest(), sha512(f"token {seed}".encode()).digest()
    key = f"{OF_TASKS}{b32encode(first[:10]).decode()[:15]}"
    return key, b64encode(first[10:40]).decode(), f"IQoJ{b64encode(more * 4).decode()}"


def _keep(task: Task, key: str, secret: str, token: str, expires: datetime) -> None:
    """Let STS know the session, if it does not yet."""
    _, _, _, region, account, _ = task.task_arn.split(":", 5)
    sessions = sts_backends[account][PARTITION]
    if sessions.get_assumed_role_from_access_key(key):
        return
    pair: Any = SimpleNamespace(access_key_id=key, secret_access_key=secret)
    made = AssumedRole(
        account_id=account,
        region_name=region,
        access_key=pair,
        role_session_name=task.id,
        role_arn=_arn(task, account),
        policy="",
        duration=0,
        external_id="",
    )
    made.session_token, made.expiration = token, expires.replace(tzinfo=None)
    sessions.assumed_roles.append(made)


def _arn(task: Task, account: str) -> str:
    """A task definition may name its role by the short name."""
    named = task.task_role_arn or ""
    return named if named.startswith("arn:") else f"arn:aws:iam::{account}:role/{named}"
