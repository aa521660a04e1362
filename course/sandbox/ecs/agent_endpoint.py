"""What answers inside a task at 169.254.170.2: its metadata, and the credentials of its task role.

A process finds the addresses in its environment (``task_variables``). The
documents are read from the state as it is, and reading changes nothing.

AWS: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-metadata-endpoint-v4.html
     https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html
Errors of the credentials: the agent's source, ecs-agent/tmds/handlers, 2026.
"""

import json
from dataclasses import dataclass
from typing import Any

from course.sandbox.ecs.resources import Container, Task
from course.sandbox.ecs.task_metadata import (
    Surroundings,
    container_document,
    stats_document,
    task_document,
)
from course.sandbox.ecs.task_variables import credentials_id
from course.sandbox.identity.task_sessions import credentials_of
from course.sandbox.masked import SHOWN, Masked
from course.sandbox.network.interfaces import Interfaces
from course.sandbox.world import World

METADATA, CREDENTIALS = "/v4/", "/v2/credentials/"


@dataclass(frozen=True, slots=True)
class Document:
    """An answer: the HTTP status, and what JSON holds."""

    status: int
    body: Any


class AgentEndpoint:
    """The endpoints of one task."""

    def __init__(self, world: World, interfaces: Interfaces, task: Task) -> None:
        self._world = world
        self._interfaces = interfaces
        self._task = task

    def get(self, path: str) -> Document:
        """The document at a path; what is not there is 404, as an HTTP server says it."""
        if path.startswith(CREDENTIALS):
            return self._credentials(path.removeprefix(CREDENTIALS))
        asked, _, rest = path.removeprefix(METADATA).partition("/")
        found = next((one for one in self._task.containers if one.runtime_id == asked), None)
        if not path.startswith(METADATA) or found is None:
            return Document(404, f"nothing is at {path}")  # our words
        return self._metadata(found, rest)

    def text(self, path: str) -> tuple[int, str]:
        """The same as ``curl`` prints it; what is secret does not show."""
        found = self.get(path)
        return found.status, json.dumps(_shown(found.body))

    def _metadata(self, container: Container, what: str) -> Document:
        task, now = self._task, self._world.clock.now()
        match what:
            case "":
                return Document(200, container_document(task, container, self._around()))
            case "task":
                return Document(200, task_document(task, self._around()))
            case "taskWithTags":
                return Document(200, task_document(task, self._around(), tags=True))
            case "stats":
                return Document(200, stats_document(container, now))
            case "task/stats":
                ran = [one for one in task.containers if one.runtime_id]
                return Document(200, {one.runtime_id: stats_document(one, now) for one in ran})
        return Document(404, f"nothing is at {METADATA}{container.runtime_id}/{what}")  # our words

    def _credentials(self, asked: str) -> Document:
        now = self._world.clock.now()
        found = credentials_of(self._task, now) if asked == credentials_id(self._task) else None
        if found:
            return Document(200, found)
        code, text = "InvalidIdInRequest", "Credentials not found"
        if not asked:
            code, text = "NoIdInRequest", "No Credential ID in the request"
        message = f"CredentialsV2Request: {text}"
        return Document(400, {"code": code, "message": message, "HTTPErrorCode": 400})

    def _around(self) -> Surroundings:
        task = self._task
        region = self._world.ecs(task.task_arn.split(":")[3])
        family, revision = task.task_definition_arn.rsplit("/", 1)[-1].rsplit(":", 1)
        definition = region.task_definitions[family][int(revision)]
        instance = task.instance
        subnet, vpc = (self._interfaces.ranges(task.subnet_id) if task.subnet_id else None) or (
            "",
            "",
        )
        return Surroundings(
            definitions={one["name"]: one for one in definition.container_definitions},
            mode=definition.network_mode or "bridge",
            subnet=subnet,
            vpc=vpc,
            vpc_id=(instance.attributes.get("ecs.vpc-id") or "") if instance else "",
            instance_tags=tuple(instance.tags) if instance else (),
        )


def _shown(body: Any) -> Any:
    """JSON's own writer would print a secret's text whatever it shows of itself."""
    if isinstance(body, dict):
        return {name: _shown(one) for name, one in body.items()}
    if isinstance(body, list):
        return [_shown(one) for one in body]
    return SHOWN if isinstance(body, Masked) else body
