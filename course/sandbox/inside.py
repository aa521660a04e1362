"""A container as a process in it finds it: its environment, and what answers at 169.254.170.2.

The sandbox's own view, for a notebook cannot be inside a container; on AWS one
looks with ECS Exec. The addresses and documents are those that a process there gets.

AWS: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-metadata-endpoint-v4.html
     https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-scale-in-protection-endpoint.html
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import boto3
from botocore.exceptions import ClientError

from course.sandbox.control_plane import ControlPlane
from course.sandbox.ecs.agent_endpoint import AgentEndpoint
from course.sandbox.ecs.resources import Container, Task
from course.sandbox.ecs.task_variables import CREDENTIALS, HOST
from course.sandbox.errors import SandboxError
from course.sandbox.masked import Masked
from course.sandbox.workloads.script import expanded

PROTECTION = "task-protection/v1/state"
INVALID, DENIED = "InvalidParameterException", "AccessDeniedException"
NO_ROLE = "Invalid Request: no task IAM role credentials available for task"
NO_SETTING = "Invalid request: does not contain 'ProtectionEnabled' field"
UNREADABLE = "UpdateTaskProtection: failed to decode request"
"""The agent's words: ecs-agent/tmds/handlers/taskprotection, 2026."""


class InsideContainer:
    """One container of a task, from within. Made by ``Sandbox.inside``; no time passes."""

    def __init__(self, plane: Callable[[], ControlPlane], task_arn: str, name: str | None) -> None:
        self._plane = plane
        self._arn = task_arn
        self._name = name
        self._held()

    def __repr__(self) -> str:
        task, container = self._held()
        return (
            f"inside container {container.name} of task {task.id[:8]} ({container.last_status}): "
            ".environment, .get(url), .put(url, body)"
        )

    @property
    def environment(self) -> dict[str, str]:
        """The environment variables of its processes; the values of secrets do not show."""
        _, container = self._begun()
        secret = {one.name for one in container.secrets if not one.of_logger}
        return {
            name: Masked(value) if name in secret else value
            for name, value in sorted(container.variables.items())
        }

    def get(self, url: str) -> Any:
        """What ECS answers at a URL: ``$ECS_CONTAINER_METADATA_URI_V4/task``, for example.

        ``$NAME`` is taken from the environment. Of credentials the secret key and the token
        work and do not show. Errors come back as the documents that they are. Raises
        SandboxError for a container that never ran, and for other addresses than ECS's.
        """
        task, path = self._path(url)
        if path.endswith(PROTECTION):
            return self._protection(lambda ecs, given: ecs.get_task_protection(**given))
        plane = self._plane()
        with plane.world.lock:
            return _endpoint(plane, task).get(path).body

    def put(self, url: str, body: Mapping[str, Any]) -> Any:
        """Protect the task from being scaled in: *url* is ``$ECS_AGENT_URI/task-protection/v1/state``.

        *body* has ``ProtectionEnabled`` and may have ``ExpiresInMinutes``. The call is made with
        the credentials of the task role. Raises SandboxError as ``get`` does.
        """
        task, path = self._path(url)
        if not path.endswith(PROTECTION):
            raise SandboxError(
                f"nothing takes a PUT at {url}; ECS takes one at $ECS_AGENT_URI/{PROTECTION}"
            )
        if set(body) - {"ProtectionEnabled", "ExpiresInMinutes"}:
            return _error(None, INVALID, UNREADABLE)
        if not isinstance(body.get("ProtectionEnabled"), bool):
            return _error(task, INVALID, NO_SETTING)
        more = {"protectionEnabled": body["ProtectionEnabled"]}
        if body.get("ExpiresInMinutes") is not None:
            more["expiresInMinutes"] = body["ExpiresInMinutes"]
        return self._protection(lambda ecs, given: ecs.update_task_protection(**given, **more))

    def _protection(self, call: Callable[[Any, dict[str, Any]], Any]) -> dict[str, Any]:
        """A call of ECS as the agent makes it for the task, and its answer in the agent's form."""
        task, _ = self._held()
        client = self._client(task)
        if client is None:
            return _error(task, DENIED, NO_ROLE)
        try:
            answer = call(client, {"cluster": task.cluster_arn, "tasks": [task.task_arn]})
        except ClientError as error:
            said = error.response["Error"]
            return _error(task, said["Code"], said["Message"])
        if answer["failures"]:
            return {"failure": _capital(answer["failures"][0])}
        return {"protection": _capital(answer["protectedTasks"][0])}

    def _client(self, task: Task) -> Any:
        """boto3's ECS client with the task's own credentials; None without a task role."""
        path = self._begun()[1].given.get(CREDENTIALS)
        found = self.get(f"http://{HOST}{path}") if path else {}
        if "Token" not in found:
            return None
        return boto3.client(
            "ecs",
            region_name=task.task_arn.split(":")[3],
            aws_access_key_id=found["AccessKeyId"],
            aws_secret_access_key=found["SecretAccessKey"],
            aws_session_token=found["Token"],
        )

    def _path(self, url: str) -> tuple[Task, str]:
        task, container = self._begun()
        whole = expanded(url, container.variables)
        parts = urlsplit(whole if "//" in whole else f"http://{whole}")
        if parts.hostname != HOST:
            raise SandboxError(
                f"{url} is {whole or 'empty'}: only ECS's own address, {HOST}, is asked here. "
                "An environment variable that is not set leaves nothing in its place."
            )
        return task, parts.path

    def _begun(self) -> tuple[Task, Container]:
        task, container = self._held()
        if container.runtime_id is None:
            raise SandboxError(
                f"Container {container.name} has not run yet ({container.last_status}): nobody is "
                "inside. Let time pass until it runs."
            )
        return task, container

    def _held(self) -> tuple[Task, Container]:
        task = _find(self._plane(), self._arn)
        names = [one.name for one in task.containers] if task else []
        if task is None or (self._name is not None and self._name not in names):
            there = (
                f"it has {', '.join(names)}" if names else "ECS forgets stopped ones after an hour"
            )
            what = f"container {self._name} in {self._arn}" if names else f"task {self._arn}"
            raise SandboxError(f"There is no {what}: {there}.")
        return task, task.containers[names.index(self._name) if self._name else 0]


def _find(plane: ControlPlane, arn: str) -> Task | None:
    for region in plane.world.regions.values():
        for tasks in region.tasks.values():
            if arn in tasks:
                return tasks[arn]
    return None


def _endpoint(plane: ControlPlane, task: Task) -> AgentEndpoint:
    return AgentEndpoint(plane.world, plane.tasks.interfaces(task.task_arn.split(":")[3]), task)


def _error(task: Task | None, code: str, message: str) -> dict[str, Any]:
    named = {"Arn": task.task_arn} if task else {}
    return {"error": {**named, "Code": code, "Message": message}}


def _capital(told: Mapping[str, Any]) -> dict[str, Any]:
    """Members as the agent writes them, each with a capital, and times as text."""
    return {
        name[0].upper() + name[1:]: f"{one:%Y-%m-%dT%H:%M:%SZ}"
        if isinstance(one, datetime)
        else one
        for name, one in told.items()
    }
