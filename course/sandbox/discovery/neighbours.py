"""What one task hears of another, asked from within: by private address, by a name of Cloud Map, by an endpoint of Service Connect.

The way goes through the network as it is now, to the program that listens there.
Load balancers' names and hosts on the internet are not answered from here (not modelled).
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from ipaddress import ip_address
from typing import Any

from course.sandbox.discovery.cloud_map import CloudMap
from course.sandbox.discovery.endpoints import known, serves, why_unknown
from course.sandbox.discovery.names import Looked, look_up
from course.sandbox.discovery.resources import Instance
from course.sandbox.ecs.resources import Container, Endpoint, Service, Task
from course.sandbox.network.interfaces import Interfaces
from course.sandbox.network.picture import Place
from course.sandbox.network.ways import Ways
from course.sandbox.workloads.log_lines import Answers
from course.sandbox.workloads.shell import EMPTY, NO_HOST, REFUSED, TIMED_OUT, Heard
from course.sandbox.world import ACCOUNT_ID, World

Behind = tuple[Task, Container, int]
"""A container, its task, and its own port that requests come to."""

Log = Callable[[Mapping[str, Sequence[Answers]]], None]
"""Takes down what tasks, by their ids, have answered."""


class Neighbours:
    """All tasks of one world, as they see each other."""

    def __init__(self, world: World, ways: Callable[[str], Ways], log: Log) -> None:
        self.world = world
        self._ways = ways
        self._log = log
        self._turns: Counter[str] = Counter()

    def of(self, task: Task) -> "Seen":
        """What this task sees."""
        return Seen(self, task)

    # --- Names

    def look_up(self, task: Task, host: str) -> Looked:
        """The addresses that a name has for a task, or the address itself."""
        if is_address(host):
            return Looked((host,))
        region, place = _region(task), self._place(task)
        if place is None:
            return Looked()
        cloud_map = CloudMap(ACCOUNT_ID, region)
        vpc = self._ways(region).network.vpc_of(place)
        return look_up(host, vpc, cloud_map.registries(), cloud_map.instances)

    # --- Requests

    def ask(self, task: Task, host: str, port: int, path: str) -> Heard:
        """One request of a task: the first address that lets it in answers, each in its turn.

        Endpoints of Service Connect come before the VPC's names, as its proxy puts them there.
        """
        named = [one for one in known(task) if one.dns_name == host.lower()]
        if named:
            return self._by_proxy(task, named, port, path)
        looked = self.look_up(task, host)
        unknown = looked.why or why_unknown(task, host.lower(), self._services(task))
        heard = Heard(problem=NO_HOST, why=unknown)
        for address in self._in_turn(f"{task.id} {host}", looked.addresses):
            heard = self.knock(task, address, port, path)
            if heard.status is not None:
                break
        return heard

    def _in_turn(self, key: str, every: Sequence[Any]) -> Iterator[Any]:
        """All of them, beginning with another one each time."""
        start = self._turns[key] % len(every) if every else 0
        self._turns[key] += 1
        yield from (*every[start:], *every[:start])

    def _by_proxy(self, task: Task, named: Sequence[Endpoint], port: int, path: str) -> Heard:
        """A request to an endpoint: the proxy hands it to a healthy task, and tries the others too."""
        endpoint = next((one for one in named if one.port == port), None)
        if endpoint is None:
            ports = ", ".join(str(one.port) for one in named)
            return Heard(problem=REFUSED, why=f"{named[0].dns_name} has the port {ports}")
        cloud_map = CloudMap(ACCOUNT_ID, _region(task))
        servers = [one for one in cloud_map.instances(endpoint.discovery_arn) if serves(one)]
        why = "" if servers else f"no task of {endpoint.discovery_name} is there and healthy"
        for instance in self._in_turn(f"{task.id} {endpoint.dns_name}", servers):
            heard = self._knock_at(task, instance, path)
            if heard.status is not None:
                return heard
            why = heard.why
        if endpoint.speaks_http:
            return Heard(503, by="the Service Connect proxy", why=why)
        return Heard(problem=EMPTY, why=why)

    def _knock_at(self, task: Task, instance: Instance, path: str) -> Heard:
        """From proxy to proxy, whose port may be another one than the container's."""
        other, port = instance.task, instance.port or 0
        blocked = self._in_the_way(task, instance.address, port)
        if blocked or other is None:
            return blocked or Heard(problem=NO_HOST)
        connection = other.deployment.connection if other.deployment else None
        inside = connection.inside.get(port, port) if connection else port
        own = [(other, one, inside) for one in other.containers]
        return self._heard(task, own if other.interface else list(_bound(other, port)), path)

    def knock(self, task: Task, address: str, port: int, path: str) -> Heard:
        """A request to an address and port of the task's VPC."""
        blocked, source = self._in_the_way(task, address, port), self._place(task)
        if blocked or source is None:
            return blocked or Heard(problem=NO_HOST)
        vpc = self._ways(_region(task)).network.vpc_of(source).id
        behind = self._behind(_region(task), vpc, address, port)
        heard = self._heard(task, behind, path)
        return heard if heard.status else replace(heard, why=f"nothing listens on {address}:{port}")

    def _in_the_way(self, task: Task, address: str, port: int) -> Heard | None:
        """What keeps a task's request from an address; None where nothing does."""
        source = self._place(task)
        if source is None:
            return Heard(problem=TIMED_OUT, why="the task has no network interface")
        verdict = self._ways(_region(task)).between(source, address, port)
        return None if verdict.reached else Heard(problem=TIMED_OUT, why=verdict.why)

    def _heard(self, task: Task, behind: Iterable[Behind], path: str) -> Heard:
        """What the first program says that listens; it writes its line."""
        now = self.world.clock.now()
        for other, container, port in behind:
            status = container.status_at(now, port, path, from_task=other is task)
            if status is not None:
                server = container.program.server
                latency = server.latency if server else 0
                self._log({other.id: [Answers(path, status, latency, now)]})
                return Heard(status, by=f"task {other.id[:8]}")
        return Heard(problem=REFUSED, why="nothing listens there")

    def _services(self, task: Task) -> list[Service]:
        return list(self.world.ecs(_region(task)).services.values())

    def _behind(self, region: str, vpc: str, address: str, port: int) -> Iterator[Behind]:
        """The containers behind an address of a VPC, each with its own port."""
        interfaces = Interfaces(ACCOUNT_ID, region)
        for tasks in self.world.ecs(region).tasks.values():
            for task in tasks.values():
                if task.last_status == "STOPPED":
                    continue
                if task.interface:
                    own = task.interface.detail("privateIPv4Address") == address
                    if own and interfaces.vpc_of_subnet(task.subnet_id or "") == vpc:
                        yield from ((task, one, port) for one in task.containers)
                elif task.instance and self._has_address(region, task, address):
                    yield from _bound(task, port)

    def _has_address(self, region: str, task: Task, address: str) -> bool:
        machine = task.instance.ec2_instance_id if task.instance else ""
        place = self._ways(region).instance(machine)
        return place is not None and place.address == address

    def _place(self, task: Task) -> Place | None:
        """Where a task's requests come from: its own network interface, or its instance's."""
        ways = self._ways(_region(task))
        if task.interface:
            return ways.interface(task.interface.detail("networkInterfaceId") or "")
        return ways.instance(task.instance.ec2_instance_id) if task.instance else None


class Seen:
    """What one task sees of the others."""

    def __init__(self, neighbours: Neighbours, task: Task) -> None:
        self._neighbours = neighbours
        self._task = task

    def ask(self, host: str, port: int, path: str) -> Heard:
        """A request to another host."""
        return self._neighbours.ask(self._task, host, port, path)

    def lookup(self, host: str) -> list[str]:
        """The addresses of a name; of an address itself."""
        return list(self._neighbours.look_up(self._task, host).addresses)


def is_address(host: str) -> bool:
    """Whether this is an address and no name."""
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _region(task: Task) -> str:
    return task.task_arn.split(":")[3]


def _bound(task: Task, port: int) -> Iterator[Behind]:
    for container in task.containers:
        for binding in container.network_bindings:
            if binding["hostPort"] == port:
                yield task, container, binding["containerPort"]
