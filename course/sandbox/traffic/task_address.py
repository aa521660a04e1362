"""Requests to the public address of a task, or to one that nobody outside reaches.

AWS: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-task-networking.html
"""

from collections.abc import Callable, Iterator
from ipaddress import ip_address
from typing import Protocol

from course.sandbox.ecs.resources import Task
from course.sandbox.traffic.address import Address
from course.sandbox.traffic.lead import Lead, Server
from course.sandbox.traffic.way import Refusal
from course.sandbox.world import World


class Interfaces(Protocol):
    """What is asked of the network interfaces of tasks."""

    def public_address(self, task: Task) -> str | None: ...


class TaskAddress:
    """The tasks of a world that have a public address."""

    def __init__(self, world: World, interfaces: Callable[[str], Interfaces]) -> None:
        self.world = world
        self._interfaces = interfaces

    def lead(self, address: Address) -> Lead | None:
        """To the task that has the address; None for a name."""
        try:
            private = ip_address(address.host).is_private
        except ValueError:
            return None
        for task, public in self._public():
            if public == address.host:
                return Lead((Server(task, address.port),))
        why = "a private address: nobody outside its VPC reaches it" if private else "nobody has it"
        return Lead(refusal=Refusal(None, f"timed out: {address.host} is {why}"))

    def _public(self) -> Iterator[tuple[Task, str]]:
        for name, region in self.world.regions.items():
            for tasks in region.tasks.values():
                for task in tasks.values():
                    if task.interface and (found := self._interfaces(name).public_address(task)):
                        yield task, found

    def lets_go(self, task: Task, port: int) -> str:
        """Nobody stands between."""
        return ""
