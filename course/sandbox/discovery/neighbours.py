"""What one task hears of another, asked from within: by private address, by a name of Cloud Map.

The way goes through the network as it is now, to the program that listens there.
Load balancers' names and hosts on the internet are not answered from here (not modelled).
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from ipaddress import ip_address

from course.sandbox.discovery.cloud_map import CloudMap
from course.sandbox.discovery.names import Looked, look_up
from course.sandbox.ecs.resources import Container, Task
from course.sandbox.network.interfaces import Interfaces
from course.sandbox.network.picture import Place
from course.sandbox.network.ways import Ways
from course.sandbox.workloads.log_lines import Answers
from course.sandbox.workloads.shell import NO_HOST, REFUSED, TIMED_OUT, Heard
from course.sandbox.world import ACCOUNT_ID, World

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
        """One request of a task: the first address that lets it in answers, each in its turn."""
        looked = self.look_up(task, host)
        heard = Heard(problem=NO_HOST, why=looked.why)
        for address in self._in_turn(f"{task.id} {host}", looked.addresses):
            heard = self.knock(task, address, port, path)
            if heard.status is not None:
                break
        return heard

    def _in_turn(self, key: str, addresses: Sequence[str]) -> Iterator[str]:
        """All of them, beginning with another one each time."""
        start = self._turns[key] % len(addresses) if addresses else 0
        self._turns[key] += 1
        yield from (*addresses[start:], *addresses[:start])

    def knock(
        self, task: Task, address: str, port: int, path: str, inside: int | None = None
    ) -> Heard:
        """A request to an address and port of the task's VPC; *inside* is the port it ends at, if another."""
        source = self._place(task)
        if source is None:
            return Heard(problem=TIMED_OUT, why="the task has no network interface")
        ways = self._ways(_region(task))
        verdict = ways.between(source, address, port)
        if not verdict.reached:
            return Heard(problem=TIMED_OUT, why=verdict.why)
        vpc, now = ways.network.vpc_of(source).id, self.world.clock.now()
        for other, container, own in self._behind(_region(task), vpc, address, port):
            status = container.status_at(now, inside or own, path, from_task=other is task)
            if status is not None:
                server = container.program.server
                latency = server.latency if server else 0
                self._log({other.id: [Answers(path, status, latency, now)]})
                return Heard(status, by=f"task {other.id[:8]}")
        return Heard(problem=REFUSED, why=f"nothing listens on {address}:{port}")

    def _behind(
        self, region: str, vpc: str, address: str, port: int
    ) -> Iterator[tuple[Task, Container, int]]:
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


def _bound(task: Task, port: int) -> Iterator[tuple[Task, Container, int]]:
    for container in task.containers:
        for binding in container.network_bindings:
            if binding["hostPort"] == port:
                yield task, container, binding["containerPort"]
