"""One traffic on its way: shares its requests out, and keeps the ledger of what becomes of them.

Time goes by in stretches in which nothing changes, and is summed up, never
played request by request. What a server is answering at any one time follows
from its rate and its latency; so it is known how much is lost when it ends.
Pure: it sees a ``Way``, and seconds since it began.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from math import ceil, floor

from course.sandbox.traffic.address import Address
from course.sandbox.traffic.ledger import Fate, Ledger
from course.sandbox.traffic.model import beyond, latency, under_way, utilisation
from course.sandbox.traffic.passed import Door, Passed
from course.sandbox.traffic.shapes import NEARLY, Shape, sent
from course.sandbox.traffic.way import Serving, Way

REFUSES = "nothing listens on the port"
TOO_MUCH = "more than the servers can carry"


@dataclass
class Flow:
    """What one server is answering: *in_flight* requests, each in *seconds*, with *status*.

    *credit* is its share of requests that could not be divided, *over* the part
    of one beyond its capacity; since *left_at* it takes nothing new, and then it
    was answering *left_with*.
    """

    task: str
    in_flight: int = 0
    seconds: float = 0.0
    status: int = 200
    credit: float = 0.0
    over: float = 0.0
    left_at: float | None = None
    left_with: int = 0
    door: Door = ("", "")


@dataclass
class Load:
    """One traffic: where to, in what shape, since when, and what became of it.

    *turned* is the part of a request that is still to be refused, *told* the
    trouble that the timeline knows of, *path* what an API asks its backend for.
    """

    address: Address
    shape: Shape
    began: datetime
    ends: float | None = None
    ledger: Ledger = field(default_factory=Ledger)
    flows: dict[str, Flow] = field(default_factory=dict)
    turned: float = 0.0
    told: str = ""
    path: str = ""
    passed: Passed = field(default_factory=Passed)

    def seconds(self, now: datetime) -> float:
        """Seconds since it began."""
        return (now - self.began).total_seconds()

    def is_over(self, at: float) -> bool:
        """Whether nothing is sent any more, and nothing under way."""
        return self.has_ended(at) and not self.ledger.in_flight

    def has_ended(self, at: float) -> bool:
        """Whether it sends no more."""
        return self.ends is not None and at >= self.ends

    @property
    def slowest_answer(self) -> float:
        """Seconds until the last answer that is under way is there."""
        return max((flow.seconds for flow in self.flows.values() if flow.in_flight), default=0.0)

    def next_change(self, at: float, end: float) -> float:
        """The end of the stretch that begins *at*, which is at most *end*: the rate stays, and the row."""
        row = self.ledger.row_seconds
        changes = [end, self.shape.next_change(at), (floor(at / row + NEARLY) + 1) * row]
        if self.ends is not None and self.ends > at:
            changes.append(self.ends)
        return min(changes)

    def look(self, way: Way, at: float) -> list[tuple[str, int, str]]:
        """What has changed at this instant: who takes nothing new, and what is lost.

        Each loss as its task, how many requests, and why.
        """
        taking = {one.key for one in way.servers if one.status is not None}
        taking = set[str]() if self.has_ended(at) else taking
        losses = []
        for key, flow in list(self.flows.items()):
            if key in way.cut:
                if flow.in_flight:
                    losses.append((flow.task, flow.in_flight, way.cut[key]))
                fate = Fate("dropped", way.between.lost, way.cut[key])
                self._settle(at, fate, flow.in_flight, flow.door, task=flow.task)
                del self.flows[key]
            elif key not in taking and flow.left_at is None:
                flow.left_at, flow.left_with = at, flow.in_flight
            elif key in taking:
                flow.left_at = None
        return losses

    def carry(self, way: Way, start: float, end: float) -> None:
        """Let the time from *start* to *end* go by, in which neither the way nor the rate changes."""
        self._fade(start, end)
        if self.has_ended(start):
            return
        count, rate = sent(self.shape, start, end), self.shape.rate(start)
        self.ledger.send(start, count)
        if way.answered is not None:
            self.ledger.settle(start, Fate("answered", way.answered, "a listener rule"), count)
            self._by_rule(way, count)
        if way.refusal:
            self.turned += count * way.refusal.share
            refused = min(count, floor(self.turned + NEARLY)) if way.servers else count
            self.turned -= refused
            fate = Fate("refused", way.refusal.status, way.refusal.why)
            self._settle(start, fate, refused, (way.balancer, way.refusal.group))
            count, rate = count - refused, rate * (1 - way.refusal.share)
        if way.servers:
            for server, taken in zip(way.servers, self._shared(way.servers, count), strict=True):
                self.flows[server.key].door = way.balancer, server.group
                used = self._give(way, server, taken, rate * server.share, start)
                self.passed.worked(server.task, min(used, 1.0) * (end - start))

    def _shared(self, servers: Sequence[Serving], count: int) -> list[int]:
        """Whole requests for each server by its share; what cannot be divided goes in turns."""
        flows = [self.flows.setdefault(one.key, Flow(one.task)) for one in servers]
        for flow, server in zip(flows, servers, strict=True):
            flow.credit += count * server.share
        parts = [max(0, floor(flow.credit + NEARLY)) for flow in flows]
        left = count - sum(parts)
        most_owed = sorted(range(len(parts)), key=lambda place: parts[place] - flows[place].credit)
        while left > 0:
            for place in most_owed[:left]:
                parts[place] += 1
            left = count - sum(parts)
        for place in reversed(most_owed):
            back = min(parts[place], max(0, -left))
            parts[place] -= back
            left += back
        for flow, part in zip(flows, parts, strict=True):
            flow.credit -= part
        return parts

    def _give(self, way: Way, server: Serving, count: int, rate: float, at: float) -> float:
        """A server's requests for one stretch: too many, answered, or still under way at its end.

        Returns the part of its capacity that they need.
        """
        flow = self.flows[server.key]
        if server.status is None:
            seen = way.between.unreached if server.blocked else way.between.lost
            fate = Fate("refused", seen, server.blocked or REFUSES)
            self._settle(at, fate, count, flow.door, task=server.task)
            if count and flow.door[0] and not server.blocked:
                self.passed.through(flow.door).unconnected += count
            return 0.0
        used = utilisation(rate, server.capacity)
        flow.over += count * beyond(used)
        late = min(count, floor(flow.over + NEARLY))
        flow.over -= late
        if late:
            fate = Fate("refused", way.between.late, TOO_MUCH)
            self._settle(at, fate, late, flow.door, task=server.task)
        flow.seconds, flow.status = latency(server.latency, used), server.status
        if way.api and flow.seconds > way.api.patience:
            fate = Fate("dropped", way.between.late, way.api.gives_up)
            self._settle(at, fate, count - late, flow.door, task=server.task)
            return used
        here = flow.in_flight + count - late
        most = floor(under_way(rate, server.capacity, flow.seconds) + NEARLY)
        flow.in_flight = min(most, here)
        self._answer(flow, here - flow.in_flight, at)
        return used

    def _answer(self, flow: Flow, count: int, at: float) -> None:
        fate = Fate("answered", flow.status)
        self._settle(at, fate, count, flow.door, task=flow.task, seconds=flow.seconds)

    def _settle(
        self,
        at: float,
        fate: Fate,
        count: int,
        door: Door,
        *,
        task: str = "",
        seconds: float = 0.0,
    ) -> None:
        """Into the ledger, and through the door."""
        self.ledger.settle(at, fate, count, task=task, seconds=seconds)
        self.passed.fate(door, fate.word, fate.status, count, seconds)

    def _by_rule(self, way: Way, count: int) -> None:
        if count and way.balancer and way.answered is not None:
            through = self.passed.through((way.balancer, ""))
            through.requests += count
            through.by_rule[way.answered] += count

    def _fade(self, start: float, end: float) -> None:
        """Servers that take nothing new finish what they have, evenly over the time an answer takes."""
        for key, flow in list(self.flows.items()):
            if flow.left_at is None:
                continue
            passed = (end - flow.left_at) / flow.seconds if flow.seconds else 1.0
            left = ceil(flow.left_with * max(0.0, 1 - passed) - NEARLY)
            self._answer(flow, flow.in_flight - left, start)
            flow.in_flight = left
            if not left:
                del self.flows[key]
