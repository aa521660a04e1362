"""Drives traffic through virtual time: looks at every instant, and lets what lies between go by.

Between two instants of the clock nothing changes but the rate, so a day of a
thousand requests a second costs no more than the instants and the steps of
its shape. Told on the timeline: when it begins and ends, when requests are
refused or answered again, and what is dropped.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from math import floor

from course.sandbox.traffic.address import Address, read_url
from course.sandbox.traffic.finding import Finder, page, serving
from course.sandbox.traffic.lead import Lead, Server
from course.sandbox.traffic.load import REFUSES, Load
from course.sandbox.traffic.passed import Passed
from course.sandbox.traffic.reply import Reply
from course.sandbox.traffic.shapes import NEARLY, Shape
from course.sandbox.traffic.way import UNAVAILABLE, Way
from course.sandbox.workloads.log_lines import Answers
from course.sandbox.world import World

Log = Callable[[Mapping[str, Sequence[Answers]]], None]
"""Takes down what tasks, by their ids, have answered."""


class Driver:
    """All traffic of one world; *changes* differ when requests may go another way than before.

    *log* takes down what a task has answered: a line for each row of the ledger, never for
    each request.
    """

    def __init__(
        self, world: World, finder: Finder, changes: Callable[[], object], log: Log
    ) -> None:
        self.world = world
        self._finder = finder
        self._changes = changes
        self._log = log
        self._notes: dict[str, list[Answers]] = {}
        self._seen: object = None
        self.loads: dict[int, Load] = {}
        self._ways: dict[int, Way] = {}
        self._turns: dict[str, dict[str, float]] = {}
        self._asked = Passed()
        """Of single requests."""
        world.clock.on_passing(self.pass_time)

    # --- Traffic

    def begin(self, number: int, url: str, shape: Shape, seconds: float | None) -> Load:
        """Send requests from now on, for so many seconds or until ended. Raises SandboxError for no URL."""
        now, address = self.world.clock.now(), read_url(url)
        load = self.loads[number] = Load(address, shape, now, seconds)
        self._say(now, f"{shape} to {address}")
        self._look(number, load, now)
        return load

    def end(self, number: int) -> Load:
        """Send no more; what is under way is still answered."""
        load = self.loads[number]
        now = load.seconds(self.world.clock.now())
        load.ends = now if load.ends is None else min(load.ends, now)
        self.look()
        return load

    def look(self) -> None:
        """See where requests go at this instant, and what is lost in it."""
        now, changes = self.world.clock.now(), self._changes()
        for number, load in self._active():
            if load.is_over(load.seconds(now)):
                del self._ways[number]
                self._say(now, f"ends: {load.ledger.sums()}")
                self._note(load, load.seconds(now))
            elif changes != self._seen or load.has_ended(load.seconds(now)):
                self._look(number, load, now)
        self._seen = changes
        self._take_down()

    def _look(self, number: int, load: Load, now: datetime) -> None:
        way = self._ways[number] = self._finder.way(load.address, load.flows, now)
        load.path = way.api.path if way.api else ""
        for task, count, why in load.look(way, load.seconds(now)):
            lost = f"{count} request{'' if count == 1 else 's'} dropped"
            self._say(now, lost, subject=task, why=why)
        told = _trouble(way)
        if told and told != load.told:
            self._say(now, "requests are refused", why=told)
        elif load.told and not told:
            self._say(now, "requests are answered again")
        load.told = told

    def pass_time(self, start: datetime, end: datetime) -> None:
        """Let the traffic of all that lies between two instants of the clock go by."""
        for number, load in self._active():
            now = start
            while now < end and not load.is_over(load.seconds(now)):
                until = self._ways[number].until
                if until is not None and until <= now:
                    self._look(number, load, now)
                    continue
                to = end if until is None else min(end, until)
                self._carry(load, self._ways[number], now, to)
                now = to
        self._take_down()

    def _carry(self, load: Load, way: Way, start: datetime, end: datetime) -> None:
        at, last = load.seconds(start), load.seconds(end)
        while at < last:
            to = load.next_change(at, last)
            load.carry(way, at, to)
            row = load.ledger.row_seconds
            if floor(to / row + NEARLY) > floor(at / row + NEARLY):
                self._note(load, to)
            at = to

    def _note(self, load: Load, at: float) -> None:
        """Remember what tasks have answered until now, to be taken down for all at once."""
        when = load.began + timedelta(seconds=at)
        for one in load.ledger.take_served():
            answers = Answers(
                load.path or load.address.path, one.status, one.seconds, when, one.count
            )
            self._notes.setdefault(one.task, []).append(answers)

    def _take_down(self) -> None:
        if self._notes:
            self._log(self._notes)
            self._notes = {}

    def is_busy(self, at: datetime | None = None) -> bool:
        """Whether anything is sent, or under way, at a time or now."""
        now = at or self.world.clock.now()
        return any(not load.is_over(load.seconds(now)) for _, load in self._active())

    def take_passed(self) -> Passed:
        """What went through the doors, and what tasks worked, since that was asked last."""
        taken, self._asked = self._asked, Passed()
        for load in self.loads.values():
            if load.passed.doors or load.passed.busy:
                taken.add(load.passed)
                load.passed = Passed()
        return taken

    def _active(self) -> list[tuple[int, Load]]:
        return [(number, self.loads[number]) for number in self._ways]

    def _say(self, when: datetime, text: str, *, subject: str = "", why: str = "") -> None:
        self.world.timeline.record(when, "traffic", text, subject=subject, why=why)

    # --- One request

    def get(self, url: str) -> Reply:
        """One request, and who answered it. Raises SandboxError for what is no URL."""
        address = read_url(url)
        lead = self._finder.lead(address)
        if lead.servers:
            server = self._next(address.host, lead.servers)
            reply = self._ask(address, lead, server)
            word = "answered" if reply.task else "refused"
            seconds = serving(server, address.path, self.world.clock.now()).latency
            door = lead.balancer, server.group
            self._asked.fate(door, word, reply.status, 1, seconds)
            return reply
        if lead.refusal:
            door = lead.balancer, lead.refusal.group
            self._asked.fate(door, "refused", lead.refusal.status, 1)
            refusal = lead.refusal
            return Reply(str(address), refusal.status, refusal.says, why=refusal.why, by=lead.by)
        if lead.balancer and lead.answered is not None:
            through = self._asked.through((lead.balancer, ""))
            through.requests += 1
            through.by_rule[lead.answered] += 1
        return Reply(str(address), lead.answered, lead.says, by=lead.by)

    def _next(self, host: str, servers: Sequence[Server]) -> Server:
        """The server whose turn it is, each as often as its share says."""
        owed = self._turns.setdefault(host, {})
        for one in servers:
            owed[one.key] = owed.get(one.key, 0.0) + one.share
        chosen = max(servers, key=lambda one: owed[one.key])
        self._turns[host] = {one.key: owed[one.key] for one in servers}
        self._turns[host][chosen.key] -= 1
        return chosen

    def _ask(self, address: Address, lead: Lead, server: Server) -> Reply:
        task, now, between = server.task, self.world.clock.now(), lead.between
        name, by = f"task {task.id[:8]}", (*lead.by, *server.by)
        path = lead.api.path if lead.api else address.path
        found = serving(server, path, now)
        if found.status is None:
            refused = f"connection refused: nothing listens on port {server.port} of {name}"
            code = between.unreached if server.blocked else between.lost
            says = UNAVAILABLE if lead.api and code == 503 else ""
            return Reply(str(address), code, says, why=server.blocked or refused, by=by)
        self._log({task.id: [Answers(path, found.status, found.latency, now)]})
        if lead.api and found.latency > lead.api.patience:
            why = f"{name} needs {found.latency:g} s, and {lead.api.gives_up}"
            return Reply(str(address), between.late, UNAVAILABLE, why=why, by=(*by, name))
        said = page(server) if found.status == 200 else ""
        return Reply(str(address), found.status, said, task.task_arn, by=(*by, name))


def _trouble(way: Way) -> str:
    """Why nobody is answered; "" while somebody may be."""
    if way.refusal and not way.servers:
        return way.refusal.why
    if not way.servers or any(one.status is not None for one in way.servers):
        return ""
    return way.servers[0].blocked or REFUSES
