"""Starts, checks, restarts and stops a task's containers, and tells the task what came of it.

The rules of order are in ``container_order``, those of health in
``container_health``; this carries them out, as ``task_progress`` does for the
task's own stages.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any, Protocol

from course.sandbox.ecs.container_health import (
    Health,
    is_settled,
    judge,
    passes,
    task_health,
)
from course.sandbox.ecs.container_logs import ContainerLogs
from course.sandbox.ecs.container_order import GIVEN_UP_EXIT, next_to_stop, obstacle
from course.sandbox.ecs.program_calls import Failed, ProgramCalls
from course.sandbox.ecs.resources import Container, Task
from course.sandbox.ecs.service_calls import ServiceCalls
from course.sandbox.ecs.stop_reasons import (
    DEPENDENCY_FAILED,
    ESSENTIAL_EXITED,
    STUCK,
    Stop,
    cannot_start,
)
from course.sandbox.ecs.task_health import is_healthy
from course.sandbox.ecs.task_lifecycle import seconds
from course.sandbox.ecs.task_variables import given_by_ecs
from course.sandbox.ecs.tracing import Tracing
from course.sandbox.workloads.images import find_image
from course.sandbox.workloads.log_lines import complaint
from course.sandbox.workloads.program import SIGKILL_EXIT, refused
from course.sandbox.world import World

SHORTEST_RUN = 1
"""Seconds that even a command which does nothing is seen RUNNING."""

STUCK_SECONDS = 3 * 3600
"""After three hours PENDING for its containers a task is given up (containers-roadmap#2379, 2024)."""


class Tasks(Protocol):
    """What containers ask of the progress of their tasks."""

    def recounted(self, task: Task) -> AbstractContextManager[None]: ...
    def stop(self, task: Task, stop: Stop) -> None: ...
    def fail_to_start(self, task: Task, stop: Stop) -> None: ...
    def note_failed_start(self, task: Task) -> None: ...
    def moved(self, task: Task) -> None: ...
    def answers_anew(self, task: Task) -> None: ...
    def calls(self, task: Task) -> ServiceCalls: ...
    def unheard(self, task: Task, function: Callable[..., None], *given: Any) -> bool: ...


class ContainerProgress:
    """Carries containers through their lives in one world."""

    def __init__(self, world: World, tasks: Tasks) -> None:
        self.world = world
        self._tasks = tasks
        self.logs = ContainerLogs(world, tasks.calls)
        self.traces = Tracing(world, tasks.calls, self.logs)

    # --- Starting

    def start(self, task: Task) -> None:
        """Start every container that nothing keeps from it, again and again until none is left."""
        moved = True
        while moved and task.wanted:
            waiting = [one for one in task.containers if one.last_status == "PENDING"]
            moved = any(self._try(task, one) for one in waiting if task.wanted)

    def wait(self, task: Task) -> None:
        """Some containers could not start yet: give the task up if that never changes."""
        self.world.clock.after(STUCK_SECONDS, self._give_up, task)

    def _give_up(self, task: Task) -> None:
        if task.wanted and task.stage == "starting":
            self._tasks.fail_to_start(task, STUCK)

    def _try(self, task: Task, container: Container) -> bool:
        """Whether the container has left PENDING."""
        found = obstacle(container, task.containers, self.world.clock.now())
        if found and not found.final:
            return False
        unlogged = None if found else self.logs.open(task, container)
        if found:
            container.exit_code = GIVEN_UP_EXIT
            self._fail(task, container, f"CannotStartContainerError: {found.reason}")
        elif unlogged and task.instance:
            self._fail(task, container, unlogged.reason)
        elif unlogged:
            self._fail(task, container, "", unlogged)
        elif container.program.missing:
            stop = cannot_start(container.program.missing)
            self._fail(task, container, stop.reason, stop)
        else:
            self._begin(task, container)
        return True

    def _fail(
        self, task: Task, container: Container, reason: str, stop: Stop = DEPENDENCY_FAILED
    ) -> None:
        """A container that never starts; an essential one is the end of its task."""
        container.last_status, container.reason = "STOPPED", reason or None
        why = reason if stop is DEPENDENCY_FAILED or not container.essential else ""
        self._say(task, f"container {container.name} cannot start", why)
        if container.essential:
            self._tasks.fail_to_start(task, stop)

    def _begin(self, task: Task, container: Container) -> None:
        container.last_status, container.began = "RUNNING", self.world.clock.now()
        container.run += 1
        container.runtime_id = f"{task.id}-{self.world.random.randrange(10**9, 10**10)}"
        container.given = given_by_ecs(task, container)
        container.network_interfaces = _interfaces(task)
        container.network_bindings = container.network_bindings or _bindings(task, container)
        container.passed, container.failures, container.quiet = False, 0, False
        self._set_agent(container, "RUNNING")
        if container.depends_on and container.run == 1:
            self._say(task, f"container {container.name} started")
        failed = self._ask_aws(task, container)
        self.logs.begin(task, container)
        if failed:
            self._refused(task, container, failed)
        self._set_alarms(task, container)
        self._wake(task)

    def _ask_aws(self, task: Task, container: Container) -> Failed | None:
        """What its program asks of AWS before it works; where that fails, it may end of it."""
        container.gives_up = container.forwarded = None
        if not container.program.own:
            return None
        ways = self._tasks.calls(task).ways
        failed = ProgramCalls(self.world, ways, task, container).make()
        if failed:
            image = find_image(container.image)
            container.gives_up = refused(container.program, image, failed.error, failed.after)
        return failed

    def _refused(self, task: Task, container: Container, failed: Failed) -> None:
        """One that runs on all the same says so in its log, and nowhere else."""
        if container.gives_up is None:
            line = complaint(find_image(container.image), failed.error)
            self.logs.later(max(SHORTEST_RUN, failed.after), task, container, line)

    def _set_alarms(self, task: Task, container: Container) -> None:
        after, run = self.world.clock.after, container.run
        if container.this_run.runs is not None:
            after(max(SHORTEST_RUN, container.this_run.runs), self._exit, task, container, run)
        if container.health_check:
            after(container.health_check.interval, self._check, task, container, run)
        if container.start_timeout is not None and run == 1:
            after(container.start_timeout, self._moved, task)

    def _set_agent(self, container: Container, status: str) -> None:
        """The agent of ECS Exec lives and dies with its container."""
        for agent in container.managed_agents or []:
            agent["lastStatus"] = status
            if status == "RUNNING":
                agent["lastStartedAt"] = self.world.clock.now()

    # --- Ending

    def _exit(self, task: Task, container: Container, run: int) -> None:
        """A container has come to its own end: restarted, or over; an essential one takes the task with it."""
        if container.run != run or container.last_status != "RUNNING":
            return
        if self._tasks.unheard(task, self._exit, task, container, run):
            return
        program = container.this_run
        code = program.exit_code
        self.logs.ended(task, container)
        if task.wanted and self._may_restart(container, code):
            self._restart(task, container, code)
            return
        container.reason = program.reason
        why = program.reason or program.wrote or program.error or ""
        self._say(task, f"container {container.name} exited with {code}", why)
        self._over(task, container, code)
        if container.essential and task.wanted:
            if task.started_at is None:
                self._tasks.note_failed_start(task)
            self._tasks.stop(task, ESSENTIAL_EXITED)
        self._moved(task)

    def _may_restart(self, container: Container, code: int) -> bool:
        policy, began = container.restart_policy, container.began
        if policy is None or began is None or code in policy.ignored_exit_codes:
            return False
        return self.world.clock.now() >= began + timedelta(seconds=policy.attempt_period)

    def _restart(self, task: Task, container: Container, code: int) -> None:
        """In place: lastStatus stays RUNNING and the exit code does not show (our model)."""
        program = container.this_run
        why = program.reason or program.error or "restart policy"
        self._say(task, f"container {container.name} exited with {code}, restarted", why)
        self._set_health(task, container, Health("UNKNOWN", passed=False, failures=0))
        self._begin(task, container)

    def _over(self, task: Task, container: Container, code: int) -> None:
        with self._tasks.recounted(task):
            container.last_status, container.exit_code = "STOPPED", code
            container.ended = self.world.clock.now()
            self._set_agent(container, "STOPPED")
            if container.essential and task.execution_stopped_at is None:
                task.execution_stopped_at = self.world.clock.now()
        self._wake(task)

    def signal(self, task: Task) -> None:
        """Send the stop signal to the containers whose turn it is."""
        at_once = not seconds("stopping", profile=self.world.profile, launch_type="FARGATE")
        for container in next_to_stop(task.containers):
            container.signalled = True
            self.logs.asked_to_stop(task, container)
            lasts, code = container.ending
            lasts = 0 if at_once else lasts
            self.world.clock.after(lasts, self._ended, task, container, container.run, code)

    def _ended(self, task: Task, container: Container, run: int, code: int) -> None:
        """A container has ended after the stop signal, or was killed."""
        if container.run != run or container.last_status != "RUNNING":
            return
        if self._tasks.unheard(task, self._ended, task, container, run, code):
            return
        killed = code == SIGKILL_EXIT
        if killed or len(task.containers) > 1:
            why = f"SIGKILL, {container.stop_timeout:g} s after the stop signal" if killed else ""
            self._say(task, f"container {container.name} exited with {code}", why)
        self._over(task, container, code)
        self._moved(task)

    def _moved(self, task: Task) -> None:
        """A container has changed: others may start, or be stopped, because of it."""
        if task.stage == "starting":
            self.start(task)
        elif task.stage == "stopping":
            self.signal(task)
        self._tasks.moved(task)

    # --- Health

    def _check(self, task: Task, container: Container, run: int) -> None:
        """One health check; the next follows after the interval, unless nothing can change."""
        check, now = container.health_check, self.world.clock.now()
        if container.run != run or container.last_status != "RUNNING" or check is None:
            return
        if self._tasks.unheard(task, self._check, task, container, run):
            return
        assert container.began is not None, "a running container has begun"
        up = (now - container.began).total_seconds()
        passed = passes(container, task.containers, now)
        before = Health(container.health_status, container.passed, container.failures)
        after = judge(before, check, passed, up)
        self._set_health(task, container, after)
        same = after == before and up > check.start_period and is_settled(task.containers, now)
        container.quiet = same
        if not same:
            self.world.clock.after(check.interval, self._check, task, container, run)

    def _set_health(self, task: Task, container: Container, health: Health) -> None:
        container.passed, container.failures = health.passed, health.failures
        if health.status == container.health_status:
            return
        with self._tasks.recounted(task):
            container.health_status = health.status
            task.health_status = task_health(task.containers)
            task.healthy = is_healthy(task)
        self._say(task, f"container {container.name} {health.status}")
        self._moved(task)

    def _wake(self, task: Task) -> None:
        """Take up the checks that had gone quiet, each in its own rhythm; those of targets too."""
        self._tasks.answers_anew(task)
        for container in task.containers:
            if not container.quiet or container.began is None or container.health_check is None:
                continue
            container.quiet = False
            interval = container.health_check.interval
            up = (self.world.clock.now() - container.began).total_seconds()
            wait = (int(up // interval) + 1) * interval - up
            self.world.clock.after(wait, self._check, task, container, container.run)

    def _say(self, task: Task, text: str, why: str = "") -> None:
        self.world.record("task", text, subject=task.id, why=why)


def _bindings(task: Task, container: Container) -> list[dict[str, Any]]:
    """The instance's ports that lead to the container from now on, as DescribeTasks lists them."""
    if task.instance is None:
        return []
    return [
        {
            "bindIP": "0.0.0.0",
            "containerPort": one.container_port,
            "hostPort": one.host_port or task.instance.give_port(task),
            "protocol": one.protocol,
        }
        for one in container.mappings
    ]


def _interfaces(task: Task) -> list[dict[str, str]]:
    attachment = task.interface
    address = attachment.detail("privateIPv4Address") if attachment else None
    if attachment is None or address is None:
        return []
    return [{"attachmentId": attachment.id, "privateIpv4Address": address}]
