"""Moves tasks from stage to stage: sets the alarms, does what each stage does, keeps the counts.

The rules of which stage follows are in ``task_lifecycle``; this is the one
place that carries them out. Every change takes the task out of its
deployment's and cluster's counts, changes it, and counts it in again.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from typing import Any, Protocol

from course.sandbox.balancing.target_groups import TargetGroups
from course.sandbox.discovery.neighbours import Neighbours
from course.sandbox.discovery.registries import Registries
from course.sandbox.ecs.container_order import holds
from course.sandbox.ecs.container_progress import ContainerProgress
from course.sandbox.ecs.image_versions import establish, note_failed, reference
from course.sandbox.ecs.pulls import disk_problem, pull, token_problem
from course.sandbox.ecs.resources import (
    PENDING_STATUSES,
    Attachment,
    Cluster,
    ContainerInstance,
    Region,
    Share,
    Task,
)
from course.sandbox.ecs.secrets import inject
from course.sandbox.ecs.service_calls import ServiceCalls
from course.sandbox.ecs.service_scheduler import hold_seconds
from course.sandbox.ecs.stop_reasons import Stop, no_address
from course.sandbox.ecs.task_health import is_checked, is_healthy
from course.sandbox.ecs.task_lifecycle import (
    Stage,
    first_stage,
    next_stage,
    pace,
    seconds,
    stages,
)
from course.sandbox.history import Note
from course.sandbox.network.interfaces import Interfaces, NoFreeAddress
from course.sandbox.network.ways import Ways
from course.sandbox.observability.trail import behalf
from course.sandbox.workloads.log_lines import Answers
from course.sandbox.world import ACCOUNT_ID, World

KEPT_SECONDS = 3600
"""A stopped task can be described for about this long (virtual seconds)."""

KEPT_WALL_SECONDS = 1800
"""... and, where the clock runs by itself, for at least this long by the wall."""


class Listener(Protocol):
    """Who tells others what has become of tasks and container instances."""

    def task(self, task: Task) -> None: ...
    def instance(self, instance: ContainerInstance) -> None: ...


class TaskProgress:
    """Carries tasks through their lives in one world; *changed* hears of every changed task.

    ``tells`` is told of each state that a task or a container instance comes to.
    """

    def __init__(self, world: World, changed: Callable[[Task], None], tells: Listener) -> None:
        self.world = world
        self.tells = tells
        self._changed = changed
        self._interfaces: dict[str, Interfaces] = {}
        self._ways: dict[str, Ways] = {}
        self._containers = ContainerProgress(world, self)
        self.target_groups = TargetGroups(world, self)
        self.registries = Registries(world, self)
        self.neighbours = Neighbours(world, self.ways, self.log_requests)

    def interfaces(self, region: str) -> Interfaces:
        """The network interfaces of tasks in a Region."""
        return self._interfaces.setdefault(region, Interfaces(ACCOUNT_ID, region))

    def ways(self, region: str) -> Ways:
        """Who reaches whom in a Region."""
        return self._ways.setdefault(region, Ways(self.world, region))

    def calls(self, task: Task) -> ServiceCalls:
        """What is asked of AWS's services on behalf of a task."""
        return ServiceCalls(task, self.ways(self._region(task).name), self._note(task))

    def _note(self, task: Task) -> Note:
        return partial(behalf.note, self.world, self._region(task).name)

    def log_requests(self, answers: Mapping[str, Sequence[Answers]]) -> None:
        """Take down what tasks, by their ids, have answered: in its log, and as traces, if it keeps any."""
        held = (tasks for each in self.world.regions.values() for tasks in each.tasks.values())
        for task in (one for each in held for one in each.values()):
            if task.id in answers:
                self._containers.logs.requests(task, answers[task.id])
                self._containers.traces.requests(task, answers[task.id])

    def begin(self, task: Task) -> None:
        """Take a new task into the world, in its first stage."""
        region = self._region(task)
        region.tasks.setdefault(self._cluster(task).cluster_name, {})[task.task_arn] = task
        if task.deployment:
            task.deployment.tasks[task.task_arn] = task
        if task.instance:
            task.instance.hold(task)
            task.connectivity, task.connectivity_at = "CONNECTED", self.world.clock.now()
        task.stage, task.last_status = "", ""
        self._enter(task, first_stage(task), counted=False)
        self._tell_instance(task)

    def place(self, task: Task, instance: ContainerInstance, share: Share) -> None:
        """Give a task that waits its container instance, and begin its life there."""
        network = self.interfaces(self._region(task).name).those_in(
            task.network, instance.availability_zone
        )
        with self.recounted(task):
            task.awaits, task.instance, task.share = None, instance, share
            task.availability_zone = instance.availability_zone
            if share.interface:
                subnet = {"name": "subnetId", "value": network["subnets"][0]}
                task.attachments.append(Attachment(self.world.uuid(), details=[subnet]))
            instance.hold(task)
            task.connectivity, task.connectivity_at = "CONNECTED", self.world.clock.now()
        self._enter(task, first_stage(task))
        self._tell_instance(task)

    def stop(self, task: Task, stop: Stop) -> None:
        """Ask a task to stop: desiredStatus changes now, lastStatus in its own time."""
        if not task.wanted:
            return
        with self.recounted(task):
            _mark_stopped(task, stop)
            task.turn += 1
            task.waits = False
        self.world.record("ecs", "asked to stop", subject=task.id, why=stop.reason)
        self.tells.task(task)
        self._next_after(task, "ending")

    def lose(self, task: Task, stop: Stop) -> None:
        """End a task at once, whose container instance is gone: nobody is left to stop it gently."""
        self.world.record("ecs", "lost", subject=task.id, why=stop.reason)
        with self.recounted(task):
            if task.wanted:
                _mark_stopped(task, stop)
            for container in task.containers:
                container.last_status = "STOPPED"
        self._enter(task, stages()["stopped"])

    def unheard(self, task: Task, function: Callable[..., None], *given: Any) -> bool:
        """Whether ECS does not hear of this now, for want of the agent; it will when that is back."""
        instance = task.instance
        if instance is None or instance.agent_connected or task.last_status == "STOPPED":
            return False
        instance.unheard.append((function, given))
        return True

    def _proceed(self, task: Task, turn: int) -> None:
        """The alarm at the end of a stage; out of date if the task has moved on meanwhile."""
        if turn != task.turn or self.unheard(task, self._proceed, task, turn):
            return
        if task.stage == "preparing" and task.wanted:
            ways = self.ways(self._region(task).name)
            self._assume_roles(task)
            unauthorized = token_problem(task, ways, self._note(task))
            self._give_up(task, unauthorized or inject(task, self.calls(task)))
        if task.stage == "pulling" and task.wanted:
            self._pull(task)
        if task.stage == "starting" and task.wanted:
            self._containers.start(task)
        if turn == task.turn:
            self._move_on(task)

    def _assume_roles(self, task: Task) -> None:
        region = self._region(task).name
        for role in (task.execution_role_arn, task.task_role_arn):
            if role:
                behalf.note_assumed(self.world, region, role, task.id)

    def _move_on(self, task: Task) -> None:
        """The stage's time is over: enter the next one, or wait for the containers."""
        if holds(task):
            task.waits = True
            if task.stage == "starting":
                self._containers.wait(task)
            return
        stage = next_stage(task)
        if stage:
            self._enter(task, stage)

    def answers_anew(self, task: Task) -> None:
        """A container has started or ended: whoever checks the task from outside looks again."""
        self.target_groups.wake(task)

    def moved(self, task: Task) -> None:
        """A container or a target of the task has moved on: the task may have waited for that."""
        self.registries.heed(task)
        if task.waits and not holds(task):
            self._move_on(task)

    def _enter(self, task: Task, stage: Stage, *, counted: bool = True) -> None:
        before = task.last_status
        with self.recounted(task, leave=counted):
            task.stage, task.last_status = stage.name, stage.status
            task.turn += 1
            task.waits = False
            task.version += before != stage.status
            if stage.stamp and getattr(task, stage.stamp) is None:
                setattr(task, stage.stamp, self.world.clock.now())
            self._do(task, stage)
        if before != stage.status:
            way = f"{before} -> {stage.status}" if before else stage.status
            why = _untold_reason(task) if stage.status == "STOPPED" else ""
            self.world.record("task", way, subject=task.id, why=why)
            self.tells.task(task)
            if stage.status == "STOPPED":
                self._tell_instance(task)
        if task.stage == stage.name and next_stage(task):
            self._next_after(task, stage.name)

    def _tell_instance(self, task: Task) -> None:
        """What is left of its container instance is another amount now."""
        if task.instance:
            self.tells.instance(task.instance)

    def _next_after(self, task: Task, what: str) -> None:
        self.world.clock.after(self._seconds(task, what), self._proceed, task, task.turn)

    def _seconds(self, task: Task, what: str) -> float:
        what = "cached" if what == "pulling" and _is_cached(task) else what
        return seconds(what, profile=self.world.profile, launch_type=pace(task))

    def _do(self, task: Task, stage: Stage) -> None:
        """What entering a stage does, beyond status and timestamp."""
        does = getattr(self, f"_do_{stage.name}", None)
        if does:
            does(task)

    def _do_connecting(self, task: Task) -> None:
        try:
            self.interfaces(self._region(task).name).attach(task)
        except NoFreeAddress:
            self._fail(task, no_address(task.subnet_id))

    def _do_preparing(self, task: Task) -> None:
        task.connectivity = "CONNECTED"
        _set_proxy(task, "ATTACHED")

    def _pull(self, task: Task) -> None:
        """The end of the pull: every image has its digest, or the task has failed to start."""
        ways = self.ways(self._region(task).name)
        for container in task.containers:
            found = pull(task, reference(container), ways, self._note(task))
            if isinstance(found, Stop):
                note_failed(task)
                self._give_up(task, found)
                container.reason = task.stopped_reason
                return
            container.image_digest = found
            if task.instance:
                task.instance.images |= {
                    container.image: found,
                    f"{container.image}@{found}": found,
                }
        establish(task)
        self._give_up(task, disk_problem(task))

    def _give_up(self, task: Task, stop: Stop | None) -> None:
        """Fail a task between two stages, if there is a reason to."""
        if stop:
            with self.recounted(task):
                self._fail(task, stop)

    def _do_running(self, task: Task) -> None:
        if task.deployment:
            task.deployment.start_anew()
        task.healthy = is_checked(task) and is_healthy(task)
        if not is_checked(task):
            self.world.clock.after(self._seconds(task, "healthy"), self._pass_as_healthy, task)

    def _do_activating(self, task: Task) -> None:
        self.target_groups.register_task(task)
        self.registries.register_task(task)

    def _do_deactivating(self, task: Task) -> None:
        self._deregister(task)

    def _deregister(self, task: Task) -> None:
        self.target_groups.deregister_task(task)
        self.registries.deregister_task(task)

    def _do_stopping(self, task: Task) -> None:
        self._deregister(task)
        self._containers.signal(task)

    def _do_deprovisioning(self, task: Task) -> None:
        for container in task.containers:
            container.last_status = "STOPPED"
        if task.interface:
            task.interface.status = "DETACHING"

    def _do_stopped(self, task: Task) -> None:
        self._deregister(task)
        _set_proxy(task, "DELETED")
        task.connectivity = "DISCONNECTED" if task.connectivity else None
        self.interfaces(self._region(task).name).detach(task)
        if task.instance:
            task.instance.let_go(task)
        if task.deployment:
            task.deployment.tasks.pop(task.task_arn, None)
        self.world.clock.after(self._kept_seconds(), self._forget, task)

    def _kept_seconds(self) -> float:
        return max(KEPT_SECONDS, KEPT_WALL_SECONDS * self.world.clock.rate)

    def fail_to_start(self, task: Task, stop: Stop) -> None:
        """End a task whose containers could not start; those that run are stopped first."""
        with self.recounted(task):
            self._fail(task, stop)
        stage = next_stage(task)
        if stage:
            self._enter(task, stage)

    def _fail(self, task: Task, stop: Stop) -> None:
        """End a task that could not start; it never ran, so it skips to deprovisioning."""
        _mark_stopped(task, stop)
        self.note_failed_start(task)

    def note_failed_start(self, task: Task) -> None:
        """Count a task that never ran against its deployment, which then waits before the next.

        Tasks that fail at one instant are one attempt of the deployment, and lengthen the wait once.
        """
        deployment, now = task.deployment, self.world.clock.now()
        if deployment is None:
            return
        deployment.note_failed_start(now)
        wait = hold_seconds(deployment.failed_rounds)
        deployment.hold_until = now + timedelta(seconds=wait)
        self.world.clock.after(wait, self._changed, task)

    def _pass_as_healthy(self, task: Task) -> None:
        if task.last_status != "RUNNING" or not task.wanted:
            return
        with self.recounted(task):
            task.healthy = True

    def _forget(self, task: Task) -> None:
        """The alarm of a stopped task; too early if the clock was made to run faster meanwhile."""
        assert task.stopped_at is not None, "only a stopped task is forgotten"
        age = (self.world.clock.now() - task.stopped_at).total_seconds()
        if age < self._kept_seconds():
            self.world.clock.after(self._kept_seconds() - age, self._forget, task)
            return
        held = self._region(task).tasks.get(self._cluster(task).cluster_name, {})
        held.pop(task.task_arn, None)

    @contextmanager
    def recounted(self, task: Task, *, leave: bool = True) -> Iterator[None]:
        """Take a task out of the counts while it changes, and say that it has changed."""
        if leave:
            self._count(task, -1)
        yield
        self._count(task, +1)
        self._changed(task)

    def _count(self, task: Task, by: int) -> None:
        cluster = self._cluster(task)
        cluster.pending_tasks_count += by * (task.last_status in PENDING_STATUSES)
        cluster.running_tasks_count += by * (task.last_status == "RUNNING")
        if task.instance:
            task.instance.pending_tasks_count += by * (task.last_status in PENDING_STATUSES)
            task.instance.running_tasks_count += by * (task.last_status == "RUNNING")
        if task.deployment:
            task.deployment.count(task, by)

    def _region(self, task: Task) -> Region:
        return self.world.ecs(task.task_arn.split(":")[3])

    def _cluster(self, task: Task) -> Cluster:
        return self._region(task).clusters[task.cluster_arn.rsplit("/", 1)[-1]]


def _mark_stopped(task: Task, stop: Stop) -> None:
    """What ECS wants of the task has changed; what it is follows."""
    task.desired_status, task.stop_code, task.stopped_reason = "STOPPED", stop.code, stop.reason
    task.version += 1


def _set_proxy(task: Task, status: str) -> None:
    """What is attached of Service Connect, if anything."""
    for attachment in task.attachments:
        if attachment.type == "ServiceConnect":
            attachment.status = status


def _is_cached(task: Task) -> bool:
    """Whether the instance has all images of a task from earlier tasks: the agent's default behaviour."""
    there = task.instance.images if task.instance else {}
    return all(reference(one) in there for one in task.containers)


def _untold_reason(task: Task) -> str:
    """Why a task stopped that nobody asked to stop; whoever asked has said why already."""
    failed = task.stop_code == "TaskFailedToStart"
    return (task.stopped_reason or "") if failed else ""
