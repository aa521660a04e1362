"""What a health check finds at a target: the program that listens there, and the way to it.

AWS: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html
"""

from collections.abc import Iterator

from course.sandbox.balancing.balancers import Group
from course.sandbox.balancing.target_health import Answer
from course.sandbox.balancing.targets import Target
from course.sandbox.ecs.container_health import is_settled
from course.sandbox.ecs.ec2_hosts import find_host
from course.sandbox.ecs.resources import Container, Task
from course.sandbox.network.interfaces import Interfaces
from course.sandbox.network.ways import Ways
from course.sandbox.world import ACCOUNT_ID, World

OPEN = 200
"""Stands for an open port where nothing is asked over HTTP."""

Listening = tuple[Task, Container, int]
"""A container, its task, and the port inside it that requests for a target come to."""


class Probe:
    """Checks targets in one world; TLS and gRPC are answered as HTTP is (our model)."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._ways: dict[str, Ways] = {}

    def answer(self, group: Group, target: Target) -> Answer:
        """What one health check brings back."""
        if group.kind in ("alb", "lambda"):
            return Answer(OPEN)  # neither has tasks behind it: our model takes them for well
        port = group.check.port or target.port
        if not self._reaches(group, target, port):
            return Answer(silent=True)
        now, path = self.world.clock.now(), group.check.path
        for _, container, inside in self.behind(target, port):
            status = container.status_at(now, inside, path)
            if status is not None:
                return Answer(status)
        return Answer()

    def is_settled(self, target: Target) -> bool:
        """Whether the programs behind a target are all up, so that a check answers the same tomorrow."""
        now = self.world.clock.now()
        tasks = {task.task_arn: task for task, _, _ in self.behind(target)}
        return all(is_settled(task.containers, now) for task in tasks.values())

    def _reaches(self, group: Group, target: Target, port: int) -> bool:
        """Whether the nodes of the group's load balancers come to a port of the target, all of them."""
        region = target.group.split(":")[3]
        ways = self._ways.setdefault(region, Ways(self.world, region))
        place = ways.instance(target.id) if target.id.startswith("i-") else target.id
        for front in group.active:
            nodes = ways.nodes(front.name, front.subnets, front.security_groups)
            if not nodes or place is None or not ways.between(nodes, place, port).reached:
                return False
        return True

    def behind(self, target: Target, port: int = 0) -> Iterator[Listening]:
        """Everything that may answer on a port of the target: the one it is registered with, or another."""
        port = port or target.port
        if target.task and (not target.task.instance or target.port == port):
            return _in_task(target.task, target.id, port)
        return self._of_others(target, port)

    def _of_others(self, target: Target, port: int) -> Iterator[Listening]:
        """Of a target registered by hand: whichever task has that address, or that instance's port."""
        region = self.world.ecs(target.group.split(":")[3])
        for tasks in region.tasks.values():
            for task in tasks.values():
                yield from _in_task(task, target.id, port)


def _in_task(task: Task, target_id: str, port: int) -> Iterator[Listening]:
    """The containers of a task behind an address or an instance id, with their own port."""
    if target_id == address_of(task):
        yield from ((task, one, port) for one in task.containers)
    elif task.instance and target_id == task.instance.ec2_instance_id:
        for one in task.containers:
            for binding in one.network_bindings:
                if binding["hostPort"] == port:
                    yield task, one, binding["containerPort"]


def address_of(task: Task) -> str | None:
    """A task's own private address: under awsvpc, while it has its network interface."""
    return task.interface.detail("privateIPv4Address") if task.interface else None


def instance_state(target: Target) -> str | None:
    """The state of the EC2 instance that a target is; None for an address, and for one not there."""
    if not target.id.startswith("i-"):
        return None
    host = find_host(ACCOUNT_ID, target.group.split(":")[3], target.id)
    return host.state if host else None


def zone_of(group: Group, target: Target) -> str | None:
    """The Availability Zone of a target registered by hand: its instance's, or that of its subnet."""
    region = target.group.split(":")[3]
    if target.id.startswith("i-"):
        host = find_host(ACCOUNT_ID, region, target.id)
        return host.zone if host else None
    return Interfaces(ACCOUNT_ID, region).zone_of_address(group.vpc_id, target.id)
