"""Where a request is led at one instant, before its program is asked: what every kind of address answers."""

from dataclasses import dataclass
from typing import Protocol

from course.sandbox.ecs.resources import Task
from course.sandbox.traffic.address import Address
from course.sandbox.traffic.way import Api, Between, Refusal


@dataclass(frozen=True, slots=True)
class Server:
    """A task, the port inside it, its share of the requests, what is in the way to it, what led to it, its target group."""

    task: Task
    port: int
    share: float = 1.0
    blocked: str = ""
    by: tuple[str, ...] = ()
    group: str = ""

    @property
    def key(self) -> str:
        return f"{self.task.id}:{self.port}"


@dataclass(frozen=True, slots=True)
class Lead:
    """What a request meets: *servers*, or an answer on the way (*answered*, *says*), or a *refusal*.

    *by* tells, an element each, what led it so far; *balanced* that a load
    balancer stands between, *api* that an API does; *balancer* is its ARN.
    """

    servers: tuple[Server, ...] = ()
    refusal: Refusal | None = None
    answered: int | None = None
    says: str = ""
    balanced: bool = False
    by: tuple[str, ...] = ()
    api: Api | None = None
    balancer: str = ""

    @property
    def between(self) -> Between:
        """Who stands between."""
        return Between(self.balanced, self.api)


class Entrance(Protocol):
    """One kind of address: a task's own, a load balancer's name, an API's."""

    def lead(self, address: Address) -> Lead | None:
        """Where it leads; None for a host of another kind."""
        ...

    def lets_go(self, task: Task, port: int) -> str:
        """Why requests under way to a server are cut off, although it could answer them; "" while not."""
        ...
