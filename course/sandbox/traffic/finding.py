"""Finds the way of requests: from a URL to the programs that answer it, in the world as it is now."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from course.sandbox.ecs.resources import Container, Task
from course.sandbox.traffic.address import Address
from course.sandbox.traffic.lead import Entrance, Lead, Server
from course.sandbox.traffic.way import Refusal, Serving, Way
from course.sandbox.world import World

CPU_UNITS = 1024
"""CPU units in one vCPU."""


class Finder:
    """Looks ways up in one world, through its entrances."""

    def __init__(self, world: World, entrances: Sequence[Entrance]) -> None:
        self.world = world
        self._entrances = entrances

    def lead(self, address: Address) -> Lead:
        """Where a request is led, before any program is asked."""
        return self._enter(address)[0]

    def _enter(self, address: Address) -> tuple[Lead, Entrance | None]:
        for entrance in self._entrances:
            lead = entrance.lead(address)
            if lead is not None:
                return lead, entrance
        why = f"could not resolve host: nothing here is called {address.host}"
        return Lead(refusal=Refusal(None, why)), None

    def way(self, address: Address, busy: Iterable[str], now: datetime) -> Way:
        """Where requests go at this instant; *busy* are the keys of servers that have some under way."""
        lead, entrance = self._enter(address)
        path = lead.api.path if lead.api else address.path
        servers = tuple(serving(one, path, now) for one in lead.servers)
        answering = {one.key for one in servers if one.status is not None}
        leaving = [key for key in busy if key not in answering]
        return Way(
            servers,
            lead.refusal,
            lead.answered,
            self._cut(leaving, entrance) if leaving else {},
            lead.balanced,
            _until(lead.servers, now),
            lead.api,
            lead.balancer,
        )

    def _cut(self, keys: Iterable[str], entrance: Entrance | None) -> dict[str, str]:
        """Of servers that take nothing new, those that lose what they are answering, and why."""
        known = {
            task.id: task
            for region in self.world.regions.values()
            for tasks in region.tasks.values()
            for task in tasks.values()
        }
        reasons = {}
        for key in keys:
            task_id, _, port = key.partition(":")
            reasons[key] = _lost(known.get(task_id), int(port), entrance)
        return {key: why for key, why in reasons.items() if why}


def serving(server: Server, path: str, now: datetime) -> Serving:
    """What a server answers now, and how much it carries."""
    task, port = server.task, server.port
    container = _behind(task, port)
    if container is None or container.program.server is None or server.blocked:
        return Serving(server.key, task.id, server.share, None, 0, 0, server.blocked, server.group)
    program, status = container.program.server, container.status_at(now, port, path)
    capacity = program.carries * vcpus(task, container)
    return Serving(
        server.key, task.id, server.share, status, capacity, program.latency, group=server.group
    )


def page(server: Server) -> str:
    """What the page says that a server answers with."""
    container = _behind(server.task, server.port)
    program = container.program.server if container else None
    return program.says if program else ""


def vcpus(task: Task, container: Container) -> float:
    """The CPU a container's program has: its task's size, or else its own share, or else its instance's."""
    units = float(task.cpu or 0) or float(container.cpu)
    if not units and task.instance:
        units = task.instance.cpu
    return units / CPU_UNITS


def _behind(task: Task, port: int) -> Container | None:
    """The container whose program listens on a port of the task; one that runs rather than one that ended."""
    found = [one for one in task.containers if one.listens_on(port)]
    return next((one for one in found if one.last_status == "RUNNING"), next(iter(found), None))


def _lost(task: Task | None, port: int, entrance: Entrance | None) -> str:
    """Why a server cannot finish what it is answering; "" where it can."""
    if task is None:
        return "its task is gone"
    container = _behind(task, port)
    if container is None or container.last_status != "RUNNING":
        return _ended(container)
    return entrance.lets_go(task, port) if entrance else "the load balancer is gone"


def _ended(container: Container | None) -> str:
    if container is None or container.exit_code is None:
        return "its task has ended"
    return f"container {container.name} exited with {container.exit_code}"


def _until(servers: Iterable[Server], now: datetime) -> datetime | None:
    """When the first program that is about to listen does so."""
    soon = (
        one.began + timedelta(seconds=one.program.server.starts)
        for server in servers
        for one in server.task.containers
        if one.began and one.program.server and one.last_status == "RUNNING"
    )
    return min((when for when in soon if when > now), default=None)
