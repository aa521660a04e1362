"""The way of requests at one instant: who takes them, what becomes of those under way, who refuses.

Plain objects, found by ``finding`` and read by ``load``: the two know nothing
else of each other.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

UNAVAILABLE = '{"message":"Service Unavailable"}'
"""What an API says where it has no answer of its backend (503)."""


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
    group: str = ""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Nobody takes the requests: the status a client sees, None where it gets no connection, and why.

    *share* is less than 1 where other requests find a server; *says* is the body of the answer,
    *group* the target group in which nobody was found.
    """

    status: int | None
    why: str
    share: float = 1.0
    says: str = ""
    group: str = ""


@dataclass(frozen=True, slots=True)
class Api:
    """An API in between: which *path* it asks its backend for, and how many seconds it waits."""

    path: str
    patience: float

    @property
    def gives_up(self) -> str:
        """Why a client gets no answer that takes longer."""
        return f"the API's integration waits {self.patience * 1000:g} ms"


@dataclass(frozen=True, slots=True)
class Between:
    """Who stands between a client and a program, and so what the client sees when something goes wrong."""

    balanced: bool = False
    api: Api | None = None

    @property
    def lost(self) -> int | None:
        """Of a connection that broke off: a balancer's 502, an API's 503, or nothing."""
        return 502 if self.balanced else self._api

    @property
    def unreached(self) -> int | None:
        """Of a program to which something is in the way."""
        return 504 if self.balanced else self._api

    @property
    def late(self) -> int | None:
        """Of one that waited too long; an API gives up before a balancer does."""
        return self._api or (504 if self.balanced else None)

    @property
    def _api(self) -> int | None:
        return 503 if self.api else None


@dataclass(frozen=True, slots=True)
class Way:
    """Where requests go now.

    *servers* take them, but for what a *refusal* says; or *answered* is the
    status that the balancer answers by itself. *cut* names servers, by key, whose
    requests under way are lost, and why; what other servers are answering they
    finish. *balanced* says that a load balancer stands between, *api* that an API does, which
    tells the client what went wrong. *until* is the instant at which the way changes by itself; *balancer* is the load balancer's ARN.
    """

    servers: tuple[Serving, ...] = ()
    refusal: Refusal | None = None
    answered: int | None = None
    cut: Mapping[str, str] = field(default_factory=dict)
    balanced: bool = False
    until: datetime | None = None
    api: Api | None = None
    balancer: str = ""

    @property
    def between(self) -> Between:
        """Who stands between."""
        return Between(self.balanced, self.api)
