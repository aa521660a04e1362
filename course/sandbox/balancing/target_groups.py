"""Registers targets, checks them in their rhythm, drains them, and tells their tasks.

The rules of health are in ``target_health``. A check that can change nothing
any more is the last one, until something else changes: a healthy service sets
no alarms.

AWS: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-target-groups.html
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

from course.sandbox.balancing.balancers import Balancers, Group
from course.sandbox.balancing.probe import Listening, Probe, address_of, instance_state, zone_of
from course.sandbox.balancing.target_health import (
    DRAINING,
    NOT_CHECKED,
    NOT_IN_USE,
    NOT_REGISTERED,
    REGISTERING,
    STOPPED,
    ZONE_NOT_ENABLED,
    Health,
    judge,
)
from course.sandbox.balancing.targets import Target, Targets, receiving
from course.sandbox.ecs import events
from course.sandbox.ecs.resources import Task
from course.sandbox.ecs.task_health import is_healthy
from course.sandbox.world import ACCOUNT_ID, World

Key = tuple[str, int]
"""A target's id and port."""


class Tasks(Protocol):
    """What targets ask of the progress of their tasks."""

    def recounted(self, task: Task) -> AbstractContextManager[None]: ...
    def moved(self, task: Task) -> None: ...


class TargetGroups:
    """Carries targets through their lives in one world.

    ``changes`` counts whatever may send requests elsewhere than before.
    """

    def __init__(self, world: World, tasks: Tasks) -> None:
        self.world = world
        self._tasks = tasks
        self._probe = Probe(world)
        self._news: list[tuple[Task, str, str]] = []
        self._by_hand: dict[str, list[Target]] = {}
        self.changes = 0

    def balancers(self, region: str) -> Balancers:
        """The load balancers of a Region."""
        return Balancers(ACCOUNT_ID, region)

    def targets(self, arn: str) -> Targets:
        """The targets of a target group, those that drain among them."""
        return self.world.targets.setdefault(arn, {})

    def receiving(self, arn: str) -> list[Target]:
        """The targets of a group that are sent requests now."""
        return receiving(self.targets(arn))

    def behind(self, target: Target) -> Iterator[Listening]:
        """The tasks and containers that may answer a target's requests, each with its own port."""
        return self._probe.behind(target)

    # --- A service's tasks

    def register_task(self, task: Task) -> None:
        """Register a task with every target group of its deployment; the task is out of the counts."""
        for given in task.load_balancers:
            arn = given.get("targetGroupArn")
            group, key = self._group(arn) if arn else None, _key(task, given)
            if group and key:
                task.targets.append(self._register(group, key, task))
                self._news.append((task, "registered", group.arn))
            elif arn:
                self._news.append((task, "group not found", arn))

    def deregister_task(self, task: Task) -> None:
        """Take a task's targets out, each after its group's delay; the task is out of the counts."""
        held = [one for one in task.targets if self._is_registered(one)]
        if held:
            self._news.append((task, "draining", ""))
        for target in held:
            self._drain(target)
            self._news.append((task, "deregistered", target.group))

    def wake(self, task: Task) -> None:
        """A container of the task has started or ended: its targets may answer otherwise now."""
        self.changes += 1
        for target in task.targets:
            self._wake(target)
        for one in (address_of(task), task.instance.ec2_instance_id if task.instance else None):
            for target in self._by_hand.get(one or "", []):
                self._wake(target)

    def news(self) -> list[tuple[Task, str]]:
        """Event messages since the last call, each with a task of the service it is for."""
        told, self._news = self._news, []
        counted: Counter[tuple[str, str, str, str, str]] = Counter()
        of: dict[tuple[str, str, str, str, str], Task] = {}
        for task, kind, arn in told:
            deployment = task.deployment.id if task.deployment else ""
            alone = task.id if "not found" in kind else ""
            key = task.cluster_arn, task.group, kind, arn, deployment + alone
            of.setdefault(key, task)
            counted[key] += 1
        return [(of[key], _message(of[key], key[2], key[3], n)) for key, n in counted.items()]

    # --- By hand

    def register(self, arn: str, keys: Iterable[Key]) -> None:
        """RegisterTargets: what is registered already, and does not drain, stays as it is."""
        group = self._group(arn)
        for key in keys if group else ():
            held = self.targets(arn).get(key)
            if group and (held is None or held.state == "draining"):
                self._register(group, key, None)

    def deregister(self, arn: str, keys: Iterable[Key]) -> None:
        """DeregisterTargets; a task that loses its target so is unhealthy, for a target is not found."""
        for key in keys:
            target = self.targets(arn).get(key)
            if target is None or target.state == "draining":
                continue
            task = target.task
            if task is None or not task.wanted:
                self._drain(target)
                continue
            with self._tasks.recounted(task):
                target.lost = True
                self._drain(target)
                task.healthy = is_healthy(task)

    def describe(self, arn: str, asked: Sequence[Key]) -> list[Target]:
        """The targets asked for, or all; one that is not registered is ``unused``."""
        held, now = self.targets(arn), self.world.clock.now()
        missing = (
            Target(arn, *key, registered_at=now, health=NOT_REGISTERED)
            for key in asked
            if key not in held
        )
        found = [held[key] for key in asked if key in held] if asked else list(held.values())
        return [*found, *missing]

    # --- What changes around them

    def look(self, region: str) -> None:
        """Something of the network or of the load balancers has changed: look at every target."""
        self.changes += 1
        for arn in [one for one in self.world.targets if one.split(":")[3] == region]:
            group = self._group(arn)
            if group is None:
                self._forget(arn)
                continue
            for target in list(self.targets(arn).values()):
                self._look_at(group, target)

    def _look_at(self, group: Group, target: Target) -> None:
        if target.state == "draining":
            return
        if instance_state(target) in ("shutting-down", "terminated"):
            self.deregister(group.arn, [target.key])
            return
        unused = why_unused(group, target)
        if unused:
            self._rest(target, unused)
        elif target.checked_since is None or target.state == "unused":
            self._begin(group, target)
        else:
            self._wake(target)

    def _forget(self, arn: str) -> None:
        """The target group was deleted: its targets are none any more, and their tasks are not healthy."""
        for target in self.world.targets.pop(arn).values():
            self._rest(target, NOT_REGISTERED)
            if target.task and target.task.wanted:
                self._news.append((target.task, "group not found", arn))
            elif target.task:
                self._tasks.moved(target.task)

    # --- Registration

    def _register(self, group: Group, key: Key, task: Task | None) -> Target:
        target = Target(group.arn, *key, registered_at=self.world.clock.now(), task=task)
        target.zone = task.availability_zone if task else zone_of(group, target)
        self.targets(group.arn)[key] = target
        if task is None:
            self._by_hand.setdefault(target.id, []).append(target)
        unused = why_unused(group, target)
        if unused:
            self._rest(target, unused)
        else:
            self._begin(group, target)
        return target

    def _is_registered(self, target: Target) -> bool:
        held = self.targets(target.group).get(target.key)
        return held is target and target.state != "draining"

    def _begin(self, group: Group, target: Target) -> None:
        """The target is in use: its checks begin, once a load balancer is active."""
        self._set(target, REGISTERING)
        if group.active:
            target.checked_since = self.world.clock.now()
            self._after(group.check.interval, target)

    def _rest(self, target: Target, health: Health) -> None:
        """No checks for now."""
        target.turn += 1
        target.checked_since, target.quiet = None, False
        self._set(target, health)

    def _drain(self, target: Target) -> None:
        """No new requests from now on; out of the group once the delay is over."""
        group, used = self._group(target.group), target.state != "unused"
        self.changes += 1
        target.turn += 1
        target.quiet = False
        if target.task is None or target.lost:
            self._say(target, "draining")
        target.health = DRAINING
        delay = group.delay if group and used else 0
        self.world.clock.after(delay, self._drained, target, target.turn)

    def _drained(self, target: Target, turn: int) -> None:
        if turn != target.turn:
            return
        self.changes += 1
        held = self.targets(target.group)
        if held.get(target.key) is target:
            del held[target.key]
        target.health = NOT_REGISTERED
        if target.task:
            self._tasks.moved(target.task)
        else:
            self._by_hand[target.id].remove(target)

    # --- Checks

    def _after(self, seconds: float, target: Target) -> None:
        target.turn += 1
        target.quiet = False
        self.world.clock.after(seconds, self._check, target, target.turn)

    def _check(self, target: Target, turn: int) -> None:
        """One health check; the next follows after the interval, unless nothing can change."""
        group = self._group(target.group)
        if turn != target.turn or group is None:
            return
        before = target.health
        after = judge(before, group.check, self._probe.answer(group, target))
        self._set(target, after)
        if after == before and self._probe.is_settled(target):
            target.quiet = True
        else:
            self._after(group.check.interval, target)

    def _wake(self, target: Target) -> None:
        """Take up checks that had gone quiet, in their own rhythm."""
        group = self._group(target.group) if target.quiet else None
        if group is None or target.checked_since is None:
            return
        interval = group.check.interval
        up = (self.world.clock.now() - target.checked_since).total_seconds()
        self._after((int(up // interval) + 1) * interval - up, target)

    def _set(self, target: Target, health: Health) -> None:
        """Give a target its health; its task is counted anew where the state changes.

        While it is being registered it is none of its task's yet, which is out of the counts then.
        """
        before, target.health = target.health, health
        if before.state == health.state:
            return
        self.changes += 1
        self._say(target, health.state, health.description or "", before.state)
        if target.task and target in target.task.targets:
            target.health = before
            with self._tasks.recounted(target.task):
                target.health = health
                target.task.healthy = is_healthy(target.task)

    def _say(self, target: Target, state: str, why: str = "", before: str = "") -> None:
        name = target.group.split("/")[1]
        what = f"{before or target.state} -> {state} in {name}"
        why = why if state in ("unhealthy", "unused") else ""
        subject = target.task.id if target.task else ""
        what = what if subject else f"{target.id}:{target.port} {what}"
        self.world.record("elb", what, subject=subject, why=why)

    def _group(self, arn: str) -> Group | None:
        return self.balancers(arn.split(":")[3]).group(arn)


def why_unused(group: Group, target: Target) -> Health | None:
    """Why a target is sent nothing, not even health checks; None for one that is in use."""
    if not group.fronts:
        return NOT_IN_USE
    if group.kind == "lambda":
        return NOT_CHECKED
    if target.zone and not any(target.zone in one.zones for one in group.fronts):
        return ZONE_NOT_ENABLED
    return STOPPED if instance_state(target) in ("stopping", "stopped") else None


def _key(task: Task, given: Mapping[str, Any]) -> Key | None:
    """The id and port under which a task registers; None while it has no address, or no host port.

    Its own address and the container's port under awsvpc; else the instance and its port.
    """
    port, address = int(given["containerPort"]), address_of(task)
    if address:
        return address, port
    for container in task.containers if task.instance else ():
        for binding in (
            container.network_bindings if container.name == given["containerName"] else ()
        ):
            if task.instance and binding["containerPort"] == port:
                return task.instance.ec2_instance_id, binding["hostPort"]
    return None


def _message(task: Task, kind: str, arn: str, count: int) -> str:
    """What the task's service says of *count* targets, or tasks, at one instant."""
    service = task.group.removeprefix("service:")
    deployment = task.deployment.id if task.deployment else ""
    if kind == "registered":
        return events.registered(service, count, arn)
    if kind == "deregistered":
        return events.deregistered(service, count, arn)
    if kind == "draining":
        return events.draining(service, deployment, count)
    return events.not_found(service, deployment, task.id, arn, "TARGET GROUP")
