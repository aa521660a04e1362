"""The way of requests at one instant: who takes them, what becomes of those under way, who refuses.

Plain objects, found by ``finding`` and read by ``load``: the two know nothing
else of each other.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Serving:
    """One server that new requests go to.

    *share* is its part of what is not refused, 0 to 1; *status* what it answers,
    None where nothing listens, or where something is in the way, which *blocked*
    says; *capacity* is in requests a second, *latency* the seconds an answer
    takes while it has nothing else to do.
    """

    key: str
    task: str
    share: float
    status: int | None
    capacity: float
    latency: float
    blocked: str = ""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Nobody takes the requests: the status a client sees, None where it gets no connection, and why.

    *share* is less than 1 where other requests find a server.
    """

    status: int | None
    why: str
    share: float = 1.0


@dataclass(frozen=True, slots=True)
class Way:
    """Where requests go now.

    *servers* take them, but for what a *refusal* says; or *answered* is the
    status that the balancer answers by itself. *cut* names servers, by key, whose
    requests under way are lost, and why; what other servers are answering they
    finish. *balanced* says that a load balancer stands between, which tells the
    client what went wrong. *until* is the instant at which the way changes by itself.
    """

    servers: tuple[Serving, ...] = ()
    refusal: Refusal | None = None
    answered: int | None = None
    cut: Mapping[str, str] = field(default_factory=dict)
    balanced: bool = False
    until: datetime | None = None

    @property
    def lost(self) -> int | None:
        """What a client sees of a request whose connection broke off: 502 from a balancer, or nothing."""
        return 502 if self.balanced else None

    @property
    def late(self) -> int | None:
        """What it sees of one that waited too long."""
        return 504 if self.balanced else None
