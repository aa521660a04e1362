"""Requests to the public address of a task, or of the instance it is on, or to one that nobody reaches.

AWS: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-task-networking.html
"""

from collections.abc import Callable, Iterator
from ipaddress import ip_address
from typing import Protocol

from course.sandbox.ecs.resources import Task
from course.sandbox.network.picture import Network, Place
from course.sandbox.network.verdict import Verdict
from course.sandbox.traffic.address import Address
from course.sandbox.traffic.lead import Lead, Server
from course.sandbox.traffic.way import Refusal
from course.sandbox.world import World


class Ways(Protocol):
    """What is asked of the network of a Region."""

    @property
    def network(self) -> Network: ...
    def interface(self, interface_id: str) -> Place | None: ...
    def instance(self, instance_id: str) -> Place | None: ...
    def from_internet(self, target: Place, port: int) -> Verdict: ...


class TaskAddress:
    """The tasks of a world that have a public address, or whose instance has one."""

    def __init__(self, world: World, ways: Callable[[str], Ways]) -> None:
        self.world = world
        self._ways = ways

    def lead(self, address: Address) -> Lead | None:
        """To the task that has the address and, on an instance, the port; None for a name."""
        try:
            private = ip_address(address.host).is_private
        except ValueError:
            return None
        found = [one for one in self._tasks() if one[1].public == address.host]
        if not found:
            who = "a private address: nobody outside its VPC reaches it" if private else "nobody's"
            return _timed_out(f"{address.host} is {who}")
        region, place, _ = found[0]
        verdict = self._ways(region).from_internet(place, address.port)
        if not verdict.reached:
            return _timed_out(verdict.why)
        ports = ((task, _inside(task, address.port)) for _, _, task in found)
        servers = tuple(Server(task, port) for task, port in ports if port)
        nothing = f"connection refused: no task has port {address.port} of {address.host}"
        return Lead(servers[:1]) if servers else Lead(refusal=Refusal(None, nothing))

    def behind(self, region: str, vpc: str, address: str, port: int) -> Server | None:
        """The task that has a private address in a VPC, with the port inside it; None where none has."""
        network = self._ways(region).network
        for name, place, task in self._tasks():
            if (name, place.address) == (region, address) and network.vpc_of(place).id == vpc:
                inside = _inside(task, port)
                if inside:
                    return Server(task, inside)
        return None

    def _tasks(self) -> Iterator[tuple[str, Place, Task]]:
        """Every task that has a network interface, its own or its instance's."""
        for name, region in self.world.regions.items():
            for tasks in region.tasks.values():
                for task in tasks.values():
                    place = self._place(name, task)
                    if place is not None:
                        yield name, place, task

    def _place(self, region: str, task: Task) -> Place | None:
        if task.interface:
            return self._ways(region).interface(task.interface.detail("networkInterfaceId") or "")
        if task.instance and task.last_status != "STOPPED":
            return self._ways(region).instance(task.instance.ec2_instance_id)
        return None

    def lets_go(self, task: Task, port: int) -> str:
        """Nobody stands between."""
        return ""


def _inside(task: Task, port: int) -> int | None:
    """The port inside a task that a port of its address leads to: its own, or by its instance's bindings."""
    if task.interface:
        return port
    bindings = (one for container in task.containers for one in container.network_bindings)
    return next((one["containerPort"] for one in bindings if one["hostPort"] == port), None)


def _timed_out(why: str) -> Lead:
    return Lead(refusal=Refusal(None, f"timed out: {why}"))
