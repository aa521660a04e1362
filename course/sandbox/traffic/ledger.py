"""The ledger: what became of every request, in whole numbers that add up.

Sent = answered + refused + dropped + under way, at every moment. *Answered* is
what came back from a program (whatever its status) or as an answer that a
listener's rule gives; *refused* is what nobody began to answer; *dropped* is
what was being answered and was lost.
"""

from dataclasses import dataclass, field

ROW, ROWS = 60.0, 120
"""Seconds in one row at first, and rows at most: when they are full, two and two become one."""

TASKS = 200
"""As many tasks are told apart; what earlier ones did is summed up."""


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of requests: the word, the status a client saw (None: no answer at all), and why."""

    word: str
    status: int | None
    why: str = ""


@dataclass
class Row:
    """What became known in one stretch of time; *waited* is the sum of the seconds that answers took."""

    sent: int = 0
    answered: int = 0
    refused: int = 0
    dropped: int = 0
    waited: float = 0.0

    def add(self, other: "Row") -> None:
        """Sum up."""
        self.sent += other.sent
        self.answered += other.answered
        self.refused += other.refused
        self.dropped += other.dropped
        self.waited += other.waited

    @property
    def latency(self) -> float:
        """Seconds an answer took, on average."""
        return self.waited / self.answered if self.answered else 0.0


@dataclass(frozen=True, slots=True)
class Served:
    """What a task has answered since that was last asked: how many, with which status, in how many seconds."""

    task: str
    status: int
    count: int
    seconds: float


@dataclass
class Ledger:
    """The requests of one traffic: in all, by what became of them, by task, by stretch of time."""

    total: Row = field(default_factory=Row)
    fates: dict[Fate, int] = field(default_factory=dict)
    tasks: dict[str, Row] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)
    row_seconds: float = ROW
    slowest: float = 0.0
    served: dict[tuple[str, int], Row] = field(default_factory=dict)

    @property
    def in_flight(self) -> int:
        """Requests that are being answered."""
        known = self.total.answered + self.total.refused + self.total.dropped
        return self.total.sent - known

    def sums(self) -> str:
        """``sent 600 = answered 590 + refused 0 + dropped 10``, and what is still under way."""
        total, going = self.total, self.in_flight
        words = [
            f"{name} {getattr(total, name):,}" for name in ("answered", "refused", "dropped")
        ] + ([f"under way {going:,}"] if going else [])
        return f"sent {total.sent:,} = {' + '.join(words)}"

    def send(self, at: float, count: int) -> None:
        """Count requests that were sent, *at* so many seconds since the traffic began."""
        self.total.sent += count
        self._row(at).sent += count

    def settle(
        self, at: float, fate: Fate, count: int, *, task: str = "", seconds: float = 0.0
    ) -> None:
        """Say what became of some; *seconds* is what an answer took."""
        if not count:
            return
        self.fates[fate] = self.fates.get(fate, 0) + count
        rows = [self.total, self._row(at)] + ([self._of_task(task)] if task else [])
        for row in rows:
            setattr(row, fate.word, getattr(row, fate.word) + count)
            row.waited += seconds * count
        if fate.word == "answered":
            self.slowest = max(self.slowest, seconds)
            self._serve(fate, count, task, seconds)

    def _serve(self, fate: Fate, count: int, task: str, seconds: float) -> None:
        if task and fate.status is not None:
            row = self.served.setdefault((task, fate.status), Row())
            row.answered += count
            row.waited += seconds * count

    def take_served(self) -> list[Served]:
        """What tasks have answered since the last time, by task and status."""
        found = [Served(*key, row.answered, row.latency) for key, row in self.served.items()]
        self.served = {}
        return found

    def _of_task(self, task: str) -> Row:
        if task not in self.tasks:
            if len(self.tasks) >= TASKS:
                oldest = next(one for one in self.tasks if one)
                self.tasks.setdefault("", Row()).add(self.tasks.pop(oldest))
            self.tasks[task] = Row()
        return self.tasks[task]

    def _row(self, at: float) -> Row:
        while at >= self.row_seconds * ROWS:
            self._halve()
        place = int(at / self.row_seconds)
        while len(self.rows) <= place:
            self.rows.append(Row())
        return self.rows[place]

    def _halve(self) -> None:
        """Make one row of two, and each as long as both."""
        pairs = zip(self.rows[::2], [*self.rows[1::2], Row()], strict=False)
        merged = []
        for first, second in pairs:
            first.add(second)
            merged.append(first)
        self.rows, self.row_seconds = merged, self.row_seconds * 2
