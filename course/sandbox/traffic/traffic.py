"""What a learner holds of traffic: its figures as they stand, and how to stop it."""

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil

from course.sandbox.errors import SandboxError
from course.sandbox.traffic.driver import Driver
from course.sandbox.traffic.ledger import Ledger
from course.sandbox.traffic.load import Load
from course.sandbox.traffic.shapes import spoken

TASKS_SHOWN = 6


@dataclass(frozen=True, slots=True)
class Minute:
    """One row of the ledger: what was sent from *begins* on (seconds since the start), and what came of it."""

    begins: float
    sent: int
    answered: int
    refused: int
    dropped: int
    latency: float


class Traffic:
    """Requests that are sent in virtual time, and what became of them; shown, a small table.

    It belongs to the world it was begun in, and goes on while time passes, until
    ``stop()``. Raises SandboxError once a snapshot from before it is restored.
    """

    def __init__(self, number: int, driver: Callable[[], Driver]) -> None:
        self._number = number
        self._driver = driver

    @property
    def _load(self) -> Load:
        load = self._driver().loads.get(self._number)
        if load is None:
            raise SandboxError(
                "This traffic is not part of the present world: a snapshot from before it began was "
                "restored. Begin it again."
            )
        return load

    @property
    def _ledger(self) -> Ledger:
        return self._load.ledger

    @property
    def sent(self) -> int:
        """Requests that were sent."""
        return self._ledger.total.sent

    @property
    def answered(self) -> int:
        """Requests that were answered, with whatever status."""
        return self._ledger.total.answered

    @property
    def refused(self) -> int:
        """Requests that nobody began to answer."""
        return self._ledger.total.refused

    @property
    def dropped(self) -> int:
        """Requests that were being answered when the answer was cut off."""
        return self._ledger.total.dropped

    @property
    def under_way(self) -> int:
        """Requests that are being answered."""
        return self._ledger.in_flight

    @property
    def latency(self) -> float:
        """Seconds an answer took, on average."""
        return self._ledger.total.latency

    @property
    def by_status(self) -> dict[int | None, int]:
        """How many requests ended with each HTTP status; None is no answer at all."""
        counts: dict[int | None, int] = {}
        for fate, count in self._ledger.fates.items():
            counts[fate.status] = counts.get(fate.status, 0) + count
        return counts

    @property
    def by_task(self) -> dict[str, int]:
        """How many requests each task answered, by its id."""
        return {task: row.answered for task, row in self._ledger.tasks.items() if task}

    @property
    def minutes(self) -> list[Minute]:
        """The ledger minute by minute; after two hours, in longer rows."""
        length = self._ledger.row_seconds
        return [
            Minute(place * length, row.sent, row.answered, row.refused, row.dropped, row.latency)
            for place, row in enumerate(self._ledger.rows)
        ]

    def stop(self) -> "Traffic":
        """Send no more, and wait for the answers under way; a second or so of virtual time passes."""
        load, driver = self._load, self._driver()
        with driver.world.lock:
            driver.end(self._number)
            driver.world.clock.advance(ceil(load.slowest_answer))
            driver.look()
        return self

    def __repr__(self) -> str:
        load, ledger = self._load, self._ledger
        now = load.seconds(self._driver().world.clock.now())
        over = load.ends is not None and now >= load.ends
        lasts = f"for {spoken(round(load.ends if over and load.ends else now))}"
        lines = [
            f"{load.shape} to {load.address}, {lasts}{', stopped' if over else ''}",
            f"  {'sent':<9}{ledger.total.sent:>11,}",
        ]
        for word in ("answered", "refused", "dropped"):
            lines += self._fates(word)
        if ledger.in_flight:
            lines.append(f"  {'under way':<9}{ledger.in_flight:>11,}")
        if ledger.total.answered:
            lines.append(
                f"  latency  {ledger.total.latency:.2f} s on average, {ledger.slowest:.2f} s at most"
            )
        return "\n".join(lines + self._tasks())

    def _fates(self, word: str) -> list[str]:
        """A line for each status and reason under one word; one line where there is nothing."""
        found = [(one, count) for one, count in self._ledger.fates.items() if one.word == word]
        if not found:
            return [f"  {word:<9}{0:>11,}"]
        return [
            f"  {word:<9}{count:>11,}  {fate.status or 'no answer'}"
            + (f"  {fate.why}" if fate.why else "")
            for fate, count in sorted(found, key=lambda one: -one[1])
        ]

    def _tasks(self) -> list[str]:
        found = [f"{task[:8]} {count:,}" for task, count in self.by_task.items() if count]
        if not found:
            return []
        rest = [f"{len(found) - TASKS_SHOWN} more"] if len(found) > TASKS_SHOWN else []
        return [f"  by task  {', '.join(found[:TASKS_SHOWN] + rest)}"]
