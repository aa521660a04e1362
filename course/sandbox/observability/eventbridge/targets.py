"""Calls a target: a queue, a topic, a log group, a function, a bus, or ECS's RunTask.

An adapter: queues, topics, logs and functions are moto's. What cannot be called
is a Failure with the code that a dead-letter queue shows.

AWS: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-targets.html
     https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html
"""

import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import UUID

from moto.awslambda.utils import get_backend as lambda_backend
from moto.logs.models import logs_backends
from moto.sns.models import sns_backends
from moto.sqs.models import Message, sqs_backends

from course.sandbox.authorize.roles import Role, find_role
from course.sandbox.authorize.trust import assuming
from course.sandbox.observability.eventbridge.functions import HandlerFailed, run
from course.sandbox.observability.eventbridge.permissions import (
    EVENTS,
    policy_allows,
    role_for,
    role_may,
)
from course.sandbox.observability.log_store import LogStore
from course.sandbox.world import World

log = logging.getLogger(__name__)

NO_PERMISSIONS, NO_RESOURCE, FAILED = "NO_PERMISSIONS", "NO_RESOURCE", "SDK_CLIENT_ERROR"
LAMBDA = "lambda.amazonaws.com"


class Failure(Exception):
    """A call that did not come through, and that trying again would not mend."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message


@dataclass(frozen=True, slots=True)
class Invocation:
    """One call of a target: by which service of AWS, for which rule or schedule, with what text."""

    target: Mapping[str, Any]
    message: str
    id: str
    source: str
    service: str = EVENTS

    @property
    def arn(self) -> str:
        return str(self.target["Arn"])

    @property
    def message_id(self) -> str:
        """Another one for each target of each rule that the same event comes to."""
        told = f"{self.id} {self.source} {self.target.get('Id', '')}"
        return str(UUID(sha256(told.encode()).hexdigest()[:32]))

    @property
    def session(self) -> str:
        """The name of the role's session."""
        return self.id.replace("-", "")


RunTask = Callable[[Invocation, Role], None]
"""Runs a target's task with a role. Raises Failure."""


class Targets:
    """Calls targets in one world; *run_task* is ECS's part."""

    def __init__(self, world: World, run_task: RunTask) -> None:
        self._world = world
        self._run_task = run_task

    def call(self, invocation: Invocation) -> None:
        """Raises Failure."""
        service = f"{invocation.arn}:::".split(":")[2]
        calls = {
            "sqs": self._queue,
            "sns": self._topic,
            "logs": self._log_group,
            "lambda": self._function,
            "ecs": self._task,
        }
        if service not in calls:
            raise Failure(FAILED, f"The sandbox calls no target of {service}.")
        if not _is_here(invocation.arn, invocation.source):
            raise Failure(NO_RESOURCE, f"There is no {invocation.arn}")  # our words
        try:
            calls[service](invocation)
        except Failure:
            raise
        except Exception as error:  # what moto fails at must not stop the clock
            log.error("a target failed: %s", invocation.arn, exc_info=error)
            raise Failure(FAILED, f"{type(error).__name__}: {error}") from error

    def dead_letter(
        self, queue_arn: str, body: str, id_: str, attributes: Mapping[str, str], source: str
    ) -> bool:
        """Put what failed into a dead-letter queue; False where there is none, or it does not let us."""
        found = _queue(queue_arn) if _is_here(queue_arn, source) else None
        if found is None:
            return False
        if not policy_allows(EVENTS, "sqs:SendMessage", queue_arn, found.policy, source):
            return False
        _send(queue_arn, body, id_, attributes=attributes)
        return True

    def dead_letter_by_role(
        self, queue_arn: str, invocation: Invocation, attributes: Mapping[str, str]
    ) -> bool:
        """A schedule's dead-letter queue, which its role has to be allowed to send to; False where it is not."""
        role = role_for(invocation.service, invocation.target.get("RoleArn"), invocation.source)
        if role is None or not _is_here(queue_arn, invocation.source):
            return False
        if _queue(queue_arn) is None:
            return False
        if not role_may(role, invocation.session, "sqs:SendMessage", queue_arn).allowed:
            return False
        _send(queue_arn, invocation.message, invocation.id, attributes=attributes)
        return True

    def _may(self, invocation: Invocation, action: str, resource: str, policy: str | None) -> None:
        """By the target's policy; or, where the target has a role, by the role's. Raises Failure."""
        role_arn = invocation.target.get("RoleArn")
        if role_arn:
            decision = role_may(self._role(invocation), invocation.session, action, resource)
            if not decision.allowed:
                raise Failure(NO_PERMISSIONS, decision.denial)
        elif not policy_allows(invocation.service, action, resource, policy, invocation.source):
            raise Failure(
                NO_PERMISSIONS,
                f"{invocation.service} is not authorized to perform: {action} on resource: {resource}",
            )  # our words

    def _role(self, invocation: Invocation) -> Role:
        """Raises Failure."""
        arn = invocation.target.get("RoleArn")
        role = role_for(invocation.service, arn, invocation.source)
        if role is None:
            raise Failure(NO_PERMISSIONS, f"{invocation.service} cannot assume role {arn}")  # ours
        return role

    def _queue(self, invocation: Invocation) -> None:
        found = _queue(invocation.arn)
        if found is None:
            raise Failure(NO_RESOURCE, f"There is no queue {invocation.arn}")  # our words
        self._may(invocation, "sqs:SendMessage", invocation.arn, found.policy)
        group = (invocation.target.get("SqsParameters") or {}).get("MessageGroupId")
        _send(invocation.arn, invocation.message, invocation.message_id, group=group)

    def _topic(self, invocation: Invocation) -> None:
        _, _, _, region, account, _ = invocation.arn.split(":", 5)
        found: Any = sns_backends[account][region].topics.get(invocation.arn)
        if found is None:
            raise Failure(NO_RESOURCE, f"There is no topic {invocation.arn}")  # our words
        self._may(invocation, "sns:Publish", invocation.arn, found.policy)
        found.publish(invocation.message)

    def _log_group(self, invocation: Invocation) -> None:
        _, _, _, region, account, rest = invocation.arn.split(":", 5)
        name = rest.removeprefix("log-group:").removesuffix(":*")
        store = LogStore(account, region)
        if not store.has_group(name):
            raise Failure(NO_RESOURCE, f"There is no log group {name}")  # our words
        stream = invocation.id
        resource = f"arn:aws:logs:{region}:{account}:log-group:{name}:log-stream:{stream}"
        for action in ("logs:CreateLogStream", "logs:PutLogEvents"):
            if not self._logs_policy_allows(account, region, invocation, action, resource):
                raise Failure(
                    NO_PERMISSIONS, f"No resource policy lets {invocation.service} {action}"
                )  # our words
        store.create_stream(name, stream)
        store.write(name, stream, [(self._world.clock.now(), invocation.message)])

    def _logs_policy_allows(
        self, account: str, region: str, invocation: Invocation, action: str, resource: str
    ) -> bool:
        """Any resource policy of the Region's Logs, which the console makes for a rule and the API does not."""
        backend: Any = logs_backends[account][region]
        texts = [one.policy_document for one in backend.resource_policies.values()]
        return any(
            policy_allows(invocation.service, action, resource, text, invocation.source)
            for text in texts
        )

    def _function(self, invocation: Invocation) -> None:
        _, _, _, region, account, _ = invocation.arn.split(":", 5)
        found = _find_function(invocation.arn, account, region)
        if found is None:
            raise Failure(NO_RESOURCE, f"There is no function {invocation.arn}")  # our words
        policy = json.dumps({"Version": "2012-10-17", "Statement": found.policy.statements})
        self._may(invocation, "lambda:InvokeFunction", found.function_arn, policy)
        try:
            lines = run(found.handler, invocation.message)
        except HandlerFailed as failed:
            lines = [str(failed)]
        self._write(found, account, region, invocation.id, lines)

    def _write(self, function: Any, account: str, region: str, id_: str, lines: list[str]) -> None:
        """Into ``/aws/lambda/<name>``, if the function's role may."""
        store, now = LogStore(account, region), self._world.clock.now()
        group = f"/aws/lambda/{function.function_name}"
        instance = sha256(function.function_arn.encode()).hexdigest()[:32]
        stream = f"{now:%Y/%m/%d}/[$LATEST]{instance}"
        resource = f"arn:aws:logs:{region}:{account}:log-group:{group}:log-stream:{stream}"
        role = find_role(function.role, account)
        if role is None or not assuming(role.trust, LAMBDA).allowed:
            return
        needed = ["logs:CreateLogStream", "logs:PutLogEvents"]
        if not store.has_group(group):
            needed.insert(0, "logs:CreateLogGroup")
        if not all(role_may(role, function.function_name, one, resource).allowed for one in needed):
            return
        if not store.has_group(group):
            store.create_group(group)
        store.create_stream(group, stream)
        told = [f"START RequestId: {id_} Version: $LATEST", *lines, f"END RequestId: {id_}"]
        store.write(group, stream, [(now, line) for line in told])

    def _task(self, invocation: Invocation) -> None:
        self._run_task(invocation, self._role(invocation))


def _is_here(arn: str, source: str) -> bool:
    """Whether an ARN is one, of the account and Region of the rule or schedule."""
    return arn.count(":") >= 5 and arn.split(":")[3:5] == source.split(":")[3:5]


def _queue(arn: str) -> Any:
    """moto's queue of this ARN, or None."""
    _, _, _, region, account, name = arn.split(":", 5)
    return sqs_backends[account][region].queues.get(name)


def _send(
    arn: str,
    body: str,
    id_: str,
    *,
    group: str | None = None,
    attributes: Mapping[str, str] | None = None,
) -> None:
    """Put a message into a queue.

    moto's own way asks a queue for all of its attributes each time, and so looks at every message in it: a thousand
    messages took a minute. A FIFO queue needs that way all the same.
    """
    _, _, _, region, account, name = arn.split(":", 5)
    told = {
        key: {"DataType": "String", "StringValue": value}
        for key, value in (attributes or {}).items()
    }
    backend: Any = sqs_backends[account][region]
    queue = backend.queues[name]
    if queue.fifo_queue:
        backend.send_message(name, body, message_attributes=told or None, group_id=group)
        return
    sent: Any = Message(id_, body, None)
    sent.message_attributes = told
    sent.mark_sent(delay_seconds=queue.delay_seconds)
    queue.add_message(sent)


def _find_function(arn: str, account: str, region: str) -> Any:
    try:
        return lambda_backend(account, region).get_function(arn)
    except Exception:  # noqa: BLE001  moto raises an error of its own for a function that is not there
        return None
