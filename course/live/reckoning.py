"""Whether there is room for one more: whose things a call uses, how many there are, what it would cost.

Pure: the books, an attempt and a call in; what to write into the ledger out, or a
guard rail raised. The ledger's lock is held around it, so two kernels are counted together.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from course.live import naming
from course.live.allowed import Operation, caps, table
from course.live.books import Attempt, Books, Thing
from course.live.errors import NotOurs, TimeIsOver, TooMuch
from course.live.naming import Given
from course.live.prices import Prices

CREATOR = {
    "cluster": "create_cluster",
    "task definition": "register_task_definition",
    "service": "create_service",
    "task": "run_task",
    "security group": "create_security_group",
}


@dataclass(frozen=True)
class Reckoner:
    """One call of one attempt, looked at with the books open."""

    books: Books
    attempt: Attempt
    prices: Prices
    now: datetime

    def creation(self, operation: Operation, given: Given) -> dict[str, Any]:
        """What to write down before a creating call. Raises GuardRail."""
        self._in_time()
        line = naming.said(operation.name, given)
        if operation.kind in ("service", "task"):
            line |= self._tasks(given, operation)
        self._counts(operation.kind, int(line.get("tasks", 0)))
        self._affordable(line.get("rate", 0.0))
        return {"kind": operation.kind, **line}

    def change(self, operation: Operation, given: Given) -> tuple[Thing, int, float]:
        """The thing that a changing call is about, its tasks and its rate after it. Raises GuardRail."""
        self._in_time()
        if operation.kind == "security group":
            return self.ours("security group", str(given.get("GroupId", ""))), 0, 0.0
        thing = self.ours("service", naming.short(given.get("service")), naming.cluster(given))
        tasks = int(given.get("desiredCount", thing.tasks))
        size = thing
        if "taskDefinition" in given:
            size = self._definition(naming.short(given["taskDefinition"]))
        self._counts("task", tasks - thing.tasks)
        rate = self._rate(tasks, size, rolling=True)
        self._affordable(rate - thing.rate())
        return thing, tasks, rate

    def removal(self, operation: Operation, given: Given) -> list[Thing]:
        """What a removing call would remove. Raises NotOurs for what this attempt did not create."""
        match operation.name:
            case "DeleteCluster":
                return [self.ours("cluster", naming.cluster(given))]
            case "DeleteService":
                name = naming.short(given.get("service"))
                return [self.ours("service", name, naming.cluster(given))]
            case "StopTask":
                self.ours("cluster", naming.cluster(given))
                stopped = naming.short(given.get("task"))
                return [one for one in self._things("task") if one.name == stopped]
            case "DeregisterTaskDefinition":
                return [self._definition(naming.short(given.get("taskDefinition")))]
            case "DeleteTaskDefinitions":
                every = given.get("taskDefinitions") or ()
                return [self._definition(naming.short(one)) for one in every]
            case _:
                return [self.ours("security group", str(given.get("GroupId", "")))]

    def ours(self, kind: str, name: str, within: str = "") -> Thing:
        """A thing of this attempt. Raises NotOurs."""
        for one in reversed(list(self._things(kind))):
            if one.name == name and one.within == within:
                return one
        where = f" in {within}" if within else ""
        raise NotOurs(
            f"{kind} {name or '(none named)'}{where} was not created by this attempt, so LIVE leaves "
            f"it alone. Create one of your own in this lesson with {CREATOR[kind]}."
        )

    def _definition(self, named: str) -> Thing:
        """A revision, or the newest of a family: one of this attempt. Raises NotOurs."""
        if ":" in named:
            return self.ours("task definition", named)
        own = [one for one in self._things("task definition") if one.name.split(":")[0] == named]
        return own[-1] if own else self.ours("task definition", named)

    def _things(self, kind: str) -> Iterable[Thing]:
        return (one for one in self.attempt.things.values() if one.kind == kind and not one.gone)

    def _tasks(self, given: Given, operation: Operation) -> dict[str, Any]:
        """How many tasks a call asks for, of which size, and dollars an hour."""
        self.ours("cluster", naming.cluster(given))
        for group in naming.groups(given):
            self.ours("security group", group)
        size = self._definition(naming.short(given.get("taskDefinition")))
        service = operation.kind == "service"
        tasks = int(given.get("desiredCount", 1) if service else given.get("count", 1))
        rate = self._rate(tasks, size, rolling=service)
        return {"tasks": tasks, "cpu": size.cpu, "memory": size.memory, "rate": rate}

    def _rate(self, tasks: int, size: Thing, *, rolling: bool) -> float:
        """Dollars an hour at most: while a deployment rolls, old and new tasks run side by side."""
        most = table()["sizes"]["maximumPercent"] / 100 if rolling else 1
        return tasks * most * self.prices.task(size.cpu, size.memory)

    def _in_time(self) -> None:
        if self.attempt.ended:
            raise TimeIsOver(
                "This attempt was cleaned up, so it creates nothing more. Open the lesson again: "
                f"course.lesson({self.attempt.lesson!r})."
            )
        if self.now >= self.attempt.until:
            raise TimeIsOver(
                f"The time of this attempt was over at {self.attempt.until:%H:%M} UTC: it looks and "
                "removes, and creates nothing more. Clean up with lesson.cleanup()."
            )

    def _counts(self, kind: str, tasks: int) -> None:
        """Refuse one more than allowed, over all open attempts in this account and Region."""
        there = [one for held in self.books.in_place(self.attempt) for one in held.there()]
        wanted = {"task": sum(one.tasks for one in there) + tasks}
        if kind != "task":
            wanted[kind] = sum(one.kind == kind for one in there) + 1
        for counted, number in wanted.items():
            if number > (most := caps()[counted]):
                raise TooMuch(
                    f"That would be {number} {plural(counted, number)} at one time; LIVE allows {most}. "
                    "Remove one first, or clean up with lesson.cleanup()."
                )

    def _affordable(self, more: float) -> None:
        """Refuse what would pass the ceiling if it stayed until the time is over."""
        hours = max((self.attempt.until - self.now).total_seconds(), 0) / 3600
        total = self.attempt.cost_at_the_end(self.now) + max(more, 0) * hours
        if total > self.attempt.usd:
            raise TooMuch(
                f"Left until {self.attempt.until:%H:%M} UTC, that could come to {total:.2f} dollars; the "
                f"ceiling of this attempt is {self.attempt.usd:.2f}. Ask for less, or clean up with "
                "lesson.cleanup() and open the lesson again with another ceiling or fewer minutes."
            )


def plural(kind: str, number: int) -> str:
    """A kind of thing, for so many of them."""
    return kind if number == 1 else f"{kind}s"
