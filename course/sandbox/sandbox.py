"""The sandbox: one world in this process, in front of plain boto3.

``with course.sandbox.open() as aws:`` is all an engineer's own tests need; a
notebook gets its sandbox from ``course.lesson(...)``.
"""

import sys
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from datetime import datetime
from heapq import merge
from time import monotonic
from typing import TYPE_CHECKING, Any, Self

import boto3
from moto import mock_aws
from moto.moto_api._internal import mock_random

from course.every_client import attach
from course.sandbox import (
    aws_owned,
    default_group,
    ec2_catalogues,
    ec2_network,
    moto_time,
    waiters,
)
from course.sandbox.clock import START, Clock
from course.sandbox.ecs.task_lifecycle import profiles
from course.sandbox.errors import SandboxAlreadyOpen, SandboxError
from course.sandbox.isolation import MOTO_CONFIG, Isolation
from course.sandbox.lock import FairLock
from course.sandbox.messaging import queues, streams, topics
from course.sandbox.timeline import Timeline
from course.sandbox.world import World

if TYPE_CHECKING:
    from course.sandbox.control_plane import ControlPlane
    from course.sandbox.ecs.resources import Task
    from course.sandbox.history import ApiCall
    from course.sandbox.inside import InsideContainer
    from course.sandbox.snapshot import Snapshot
    from course.sandbox.tracer import Trace
    from course.sandbox.traffic.reply import Reply
    from course.sandbox.traffic.shapes import Shape
    from course.sandbox.traffic.traffic import Traffic

REGION = "us-east-1"
SEED = 20261102

_open_sandbox: "Sandbox | None" = None


class Sandbox:
    """An AWS account that lives in this process, with a clock of its own.

    Open it with ``course.sandbox.open``. While it is open, every boto3 client of
    this process talks to it, and nothing reaches the network.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self._undo = ExitStack()
        self._snapshots: list[Snapshot] = []
        self._traffics = 0  # not the world's: a number is never given again after a restore
        self.set_aside: list[str] = []
        self.region = world.region

    def __repr__(self) -> str:
        state = "open" if _open_sandbox is self else "closed"
        return f"Sandbox({self.region}, {self.now():%Y-%m-%d %H:%M:%S} UTC, {state})"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    @property
    def clock(self) -> Clock:
        """Virtual time: ``clock.advance(minutes=2)`` lets two minutes pass."""
        return self._world.clock

    @property
    def timeline(self) -> Timeline:
        """Who did what, when and why, since the world began."""
        return self._world.timeline

    @property
    def world(self) -> World:
        """Everything inside, for tests and tools; lessons look through boto3."""
        return self._world

    def now(self) -> datetime:
        """The present virtual time, an aware UTC datetime."""
        return self._world.clock.now()

    def client(self, service: str, **kwargs: Any) -> Any:
        """A plain boto3 client of this sandbox, as ``boto3.client(service)`` gives."""
        return boto3.client(service, **kwargs)  # type: ignore[call-overload]

    def snapshot(self) -> "Snapshot":
        """Keep this moment: ``restore()`` on it brings the world back, as often as wanted.

        The newest five are kept.
        """
        from course.sandbox.snapshot import KEPT, Snapshot

        with self._world.lock:
            self._snapshots.append(Snapshot(self._routing.plane, self._install))
        for older in self._snapshots[:-KEPT]:
            older.let_go()
        del self._snapshots[:-KEPT]
        return self._snapshots[-1]

    def interrupt_spot(self, task_arn: str) -> None:
        """AWS takes the capacity of a Fargate Spot task back: what it wants, when it wants it.

        The task is warned and its containers get SIGTERM at once; they have their
        stopTimeout, of which 120 seconds is the most. Raises SandboxError for a task
        that is not there, is on its way out, or does not run on Fargate Spot.
        """
        with self._world.lock:
            task = self._task(task_arn)
            if task is None or not task.wanted or task.capacity_provider_name != "FARGATE_SPOT":
                raise SandboxError(
                    f"{task_arn} is no task that runs on FARGATE_SPOT: only such a task can be "
                    "interrupted. Name one by its ARN."
                )
            plane = self._routing.plane
            plane.interrupt_spot(task)
            plane.settle()

    def trace(self, source: str, target: str, port: int | None = None) -> "Trace":
        """The ways from one thing to another through the network, as they are now.

        A task or a load balancer is named by its ARN, an instance, a network interface or a
        VPC link by its id; ``internet`` is either end, ``ecr`` (a pull's three ways) or a service such
        as ``logs`` the far one. The port is 443 to internet and services, else 80. Raises
        LookupError for what is not there.
        """
        from course.sandbox.tracer import Tracer

        with self._world.lock:
            return Tracer(self._world, self._routing.plane.ways).trace(source, target, port)

    def decided(self, operation: str = "") -> "ApiCall":
        """The latest call on which IAM decided, of all or of those of an operation or an action asked for.

        Calls of users and of roles' sessions, and what ECS asks for a task with its roles; the
        sandbox's own key is an administrator's, for whom nothing is decided. Raises LookupError
        without such a call.
        """
        with self._world.lock:
            made = merge(self._world.history, self._world.on_behalf, key=lambda call: call.when)
            held = [one for one in made if one.decisions]
        found = [one for one in held if not operation or _is(one, operation)]
        if not found:
            known = ", ".join(sorted({one.operation for one in held})) or "none so far"
            raise LookupError(
                f"There is no {operation or 'call'} on which policies decided. They decide on calls of "
                "users and of role sessions, made with their own access keys (boto3.Session(...)), "
                "on what ECS asks with a task's roles, and not on calls of your own key. "
                f"Decided: {known}."
            )
        return found[-1]

    def _task(self, arn: str) -> "Task | None":
        for region in self._world.regions.values():
            for tasks in region.tasks.values():
                if arn in tasks:
                    return tasks[arn]
        return None

    def traffic(
        self, url: str, *, rate: "float | Shape" = 10, minutes: float | None = None
    ) -> "Traffic":
        """Send requests to the name of a load balancer or an API, or a task's address, as time passes.

        *rate* is in requests a second, or one of ``course.wave`` and ``course.spike``.
        With *minutes* so much time passes, and it is over; without, it goes on
        until its ``stop()``. Raises SandboxError for what is no URL, and no rate.
        """
        from course.sandbox.traffic.shapes import shape_of
        from course.sandbox.traffic.traffic import Traffic

        shape = shape_of(rate)
        with self._world.lock:
            self._traffics += 1
            sent = Traffic(self._traffics, lambda: self._routing.plane.traffic)
            seconds = None if minutes is None else minutes * 60
            self._routing.plane.traffic.begin(self._traffics, url, shape, seconds)
        if minutes is not None:
            self.clock.advance(minutes=minutes)
            sent.stop()
        return sent

    def get(self, url: str) -> "Reply":
        """One request from the internet: what is answered and by which task, or what is in the way.

        No time passes. Raises SandboxError for what is no URL.
        """
        with self._world.lock:
            reply: Reply = self._routing.plane.traffic.get(url)
            return reply

    def inside(self, task_arn: str, container: str | None = None) -> "InsideContainer":
        """A container of a task as its processes find it: environment, metadata, credentials.

        Without a name the first container. Raises SandboxError for a task or a container that is not there.
        """
        from course.sandbox.inside import InsideContainer

        return InsideContainer(lambda: self._routing.plane, task_arn, container)

    def set_spot_capacity(self, *, available: bool) -> None:
        """Whether Fargate Spot has room for another task; where not, services wait and say so."""
        with self._world.lock:
            self._world.spot_capacity = available
            self._world.record("aws", f"Spot capacity is {'' if available else 'not '}available")

    def set_agent(self, container_instance_arn: str, *, connected: bool) -> None:
        """Cut the agent of a container instance off from ECS, or let it back.

        What runs there runs on; ECS places nothing there and hears of nothing, until
        the agent is back. Raises SandboxError for an instance that is not registered.
        """
        with self._world.lock:
            instance = next(
                (
                    one
                    for region in self._world.regions.values()
                    for held in region.container_instances.values()
                    for one in held.values()
                    if one.container_instance_arn == container_instance_arn
                ),
                None,
            )
            if instance is None or instance.status == "INACTIVE":
                raise SandboxError(
                    f"{container_instance_arn} is no registered container instance: name one by its "
                    "ARN, as ListContainerInstances gives it."
                )
            plane = self._routing.plane
            (plane.instances.connect if connected else plane.instances.disconnect)(instance)
            plane.settle()

    def at_close(self, call: Callable[[], object]) -> None:
        """Name what is to be called first when this sandbox closes: an endpoint ends with its world."""
        self._undo.callback(call)

    def close(self) -> None:
        """Leave the process as it was; clients made here refuse from now on. Twice does nothing."""
        global _open_sandbox
        if _open_sandbox is self:
            _open_sandbox = None
            for snapshot in self._snapshots:
                snapshot.let_go()
            self._undo.close()

    def _enter(self, handlers: Mapping[str, Callable[..., Any]]) -> None:
        """Everything that turns this process into the sandbox's; undone in reverse order."""
        with ExitStack() as undo:
            isolation = Isolation(self.region)
            undo.callback(isolation.leave)
            self.set_aside = isolation.enter()
            mock = mock_aws(config=MOTO_CONFIG)
            mock.start()
            undo.callback(mock.stop)
            _forget_ec2_of_the_world_before()
            undo.callback(ec2_catalogues.install())
            undo.callback(default_group.install())
            undo.callback(ec2_network.install())
            for messaging in (topics, queues, streams):
                undo.callback(messaging.install())
            mock_random.seed(self._world.random.getrandbits(32))
            undo.callback(moto_time.follow(self.now, self._wait))
            undo.callback(waiters.install(self._wait))
            self._routing = _routing(self._world)
            undo.callback(self._routing.leave)
            self._routing.enter()
            undo.callback(aws_owned.install())
            for event, handler in handlers.items():
                undo.callback(attach(event, handler))
            self._undo = undo.pop_all()

    def _wait(self, seconds: float) -> None:
        """Asked at call time, since a restored snapshot brings another clock."""
        self.clock.advance(seconds)

    def _install(self, plane: "ControlPlane") -> None:
        """A restored world goes on at the present pace, whatever it was when it was kept."""
        plane.world.clock.resume(self.clock.rate)
        self._world = plane.world
        self._routing.install(plane)


def open(
    *,
    region: str = REGION,
    profile: str = "typical",
    start: datetime = START,
    rate: float = 0,
    seed: int = SEED,
    handlers: Mapping[str, Callable[..., Any]] | None = None,
) -> Sandbox:
    """Open a sandbox: a new, empty account in one Region, the only one in this process.

    *profile* is how long stages last (typical, brisk, slow, instant); *rate* is
    virtual seconds per wall second (0: time moves when you wait); the same
    *seed* gives the same ids; *handlers* are botocore event handlers for every
    client made inside. Raises SandboxAlreadyOpen beside an open one.
    """
    global _open_sandbox
    if _open_sandbox is not None:
        raise SandboxAlreadyOpen(
            "A sandbox is already open in this process, and there is one world per process: "
            "close it first, or call course.lesson(...) again, which replaces it."
        )
    if profile not in profiles():
        raise SandboxError(f"unknown profile {profile!r}; choose one of {', '.join(profiles())}")
    opened = Sandbox(_new_world(region, profile, start, rate, seed))
    opened._enter(handlers or {})
    _open_sandbox = opened
    return opened


def current() -> Sandbox | None:
    """The sandbox that is open in this process, if any."""
    return _open_sandbox


def _forget_ec2_of_the_world_before() -> None:
    """EC2 as a fresh process has it: not there yet.

    moto 5.2.5 resets one service after the other, and Auto Scaling, which
    TerminateInstances asks, makes EC2's backends anew when its own turn comes:
    they would be the next world's, with ids of the old one's chance.
    """
    if ec2 := sys.modules.get("moto.ec2.models"):
        ec2.ec2_backends.clear()


def _new_world(region: str, profile: str, start: datetime, rate: float, seed: int) -> World:
    lock = FairLock()
    clock = Clock(start, rate=rate, wall=monotonic, lock=lock)
    return World(clock, region=region, profile=profile, seed=seed, lock=lock)


def _routing(world: World) -> Any:
    """Imported only now: moto's EC2 makes a boto3 session at import, which a stale profile breaks."""
    from course.sandbox.control_plane import ControlPlane
    from course.sandbox.routing import Routing

    return Routing(ControlPlane(world))


def _is(call: "ApiCall", name: str) -> bool:
    """Whether it is a call of this operation, or one at which this action was asked: ``iam:PassRole``."""
    actions = (one.request.action.lower() for one in call.decisions)
    return name == call.operation or name.lower() in actions
