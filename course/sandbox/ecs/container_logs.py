"""What containers write goes to CloudWatch Logs: the awslogs driver, stream by stream.

The driver makes a container's stream before the container starts, and the
group before it where ``awslogs-create-group`` says so and the role may; what
follows, ``logs:PutLogEvents`` has to allow, or it is lost without a word. On
an instance a stream without a prefix is named after the container's own id.

AWS: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using_awslogs.html
The driver's order: moby's source, daemon/logger/awslogs, 2024.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

from course.sandbox.ecs import resource_reasons as reasons
from course.sandbox.ecs.resources import AwsLogs, Container, Task
from course.sandbox.ecs.service_calls import ServiceCalls
from course.sandbox.ecs.stop_reasons import Stop
from course.sandbox.observability.log_store import LogStore
from course.sandbox.observability.metrics.of_logs import count
from course.sandbox.workloads.images import find_image
from course.sandbox.workloads.log_lines import (
    Answers,
    answered,
    asked_to_stop,
    last_word,
    written_from_start,
)
from course.sandbox.workloads.script import expanded
from course.sandbox.world import ACCOUNT_ID, World

CREATE_STREAM, CREATE_GROUP = "logs:CreateLogStream", "logs:CreateLogGroup"
PUT = "logs:PutLogEvents"
NO_GROUP = "ResourceNotFoundException: The specified log group does not exist."


def stream_name(logs: AwsLogs, task: Task, container: Container) -> str:
    """``prefix/container/task-id``; without a prefix the id that Docker gives the container."""
    if logs.prefix:
        return f"{logs.prefix}/{container.name}/{task.id}"
    return str(container.container_arn.rsplit("/", 1)[-1].replace("-", "") * 2)


class ContainerLogs:
    """The log streams of all containers of one world; *calls* makes a task's calls."""

    def __init__(self, world: World, calls: Callable[[Task], ServiceCalls]) -> None:
        self._world = world
        self._calls = calls

    def open(self, task: Task, container: Container) -> Stop | None:
        """Make the stream of a container that is about to start, or say why it cannot start."""
        logs = container.logs
        if logs is None or container.log_stream:
            return None
        name, calls = stream_name(logs, task, container), self._calls(task)
        arn = f"{_group_arn(logs)}:log-stream:{name}"
        way = calls.way("logs", logs.region, CREATE_STREAM, arn)
        nowhere = not LogStore(ACCOUNT_ID, logs.region).exists
        if nowhere or (way and not way.reached and not way.denial):
            return reasons.log_unreached(logs.region, on_instance=calls.on_instance)
        problem = way.denial if way else ""
        error = _denied("stream", problem) if problem else self._make(logs, name, arn, calls)
        if error:
            return reasons.logger_refused(error, on_instance=calls.on_instance)
        container.log_stream = name
        return None

    def _make(self, logs: AwsLogs, name: str, arn: str, calls: ServiceCalls) -> str | None:
        """The driver's error, if it gets no stream: first it tries without making the group."""
        store = LogStore(ACCOUNT_ID, logs.region)
        denied = calls.denied(CREATE_STREAM, arn)
        if denied:
            return _denied("stream", denied.denial)
        if not store.has_group(logs.group):
            if not logs.create_group:
                return f"failed to create Cloudwatch log stream: {NO_GROUP}"
            denied = calls.denied(CREATE_GROUP, f"{_group_arn(logs)}:log-stream:")
            if denied:
                return _denied("group", denied.denial)
            store.create_group(logs.group)
        store.create_stream(logs.group, name)
        return None

    # --- What its program writes

    def begin(self, task: Task, container: Container) -> None:
        """A container has begun: its lines come when their time does."""
        if container.logs is None:
            return
        image = find_image(container.image)
        for after, line in written_from_start(image, container.this_run, container.ports):
            self.later(after, task, container, line)

    def later(self, after: float, task: Task, container: Container, line: str) -> None:
        """A line that this run of the container writes so many virtual seconds from now."""
        self._world.clock.after(after, self._due, task, container, container.run, line)

    def _due(self, task: Task, container: Container, run: int, line: str) -> None:
        if container.run == run and container.last_status == "RUNNING":
            self.write(task, container, expanded(line, container.variables))

    def asked_to_stop(self, task: Task, container: Container) -> None:
        """The stop signal was sent."""
        image = find_image(container.image)
        self.write(task, container, *asked_to_stop(image, container.program))

    def ended(self, task: Task, container: Container) -> None:
        """It has come to its own end."""
        image = find_image(container.image)
        self.write(task, container, *last_word(image, container.this_run))

    def requests(self, task: Task, answers: Sequence[Answers]) -> None:
        """What a task has answered, taken down by its first container that serves and logs."""
        serving = (one for one in task.containers if one.log_stream and one.program.server)
        container = next(serving, None)
        if container:
            image = find_image(container.image)
            self._put(task, container, [(one.when, answered(image, one)) for one in answers])

    def write(self, task: Task, container: Container, *lines: str) -> None:
        """Put lines into the container's stream, at this instant, if it has one and its role may."""
        now = self._world.clock.now()
        self._put(task, container, [(now, line) for line in lines])

    def _put(self, task: Task, container: Container, lines: list[tuple[datetime, str]]) -> None:
        logs, name = container.logs, container.log_stream
        if logs is None or not name or not lines:
            return
        calls, arn = self._calls(task), f"{_group_arn(logs)}:log-stream:{name}"
        way = calls.way("logs", logs.region, PUT, arn)
        if calls.denied(PUT, arn) or (way and not way.reached):
            return
        store = LogStore(ACCOUNT_ID, logs.region)
        if store.has_stream(logs.group, name):
            store.write(logs.group, name, lines)
            count(self._world, logs.region, logs.group, lines)


def _group_arn(logs: AwsLogs) -> str:
    return f"arn:aws:logs:{logs.region}:{ACCOUNT_ID}:log-group:{logs.group}"


def _denied(what: str, denial: str) -> str:
    return f"failed to create Cloudwatch log {what}: AccessDeniedException: {denial}"
