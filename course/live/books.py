"""What LIVE created, in memory: a fold over the ledger's lines, and what it has cost by now.

A line says what was about to be done, or what became of it. So whatever moment a
process was killed at, the fold names everything that may be there.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

Line = Mapping[str, Any]
HOUR = 3600


@dataclass
class Thing:
    """Something in the account that this course created, or was about to.

    *name* is what the call said, and once AWS has answered, what AWS says: never an ARN,
    which holds the account's id. *rates* are dollars an hour, each from its moment on.
    """

    id: str
    kind: str
    name: str
    within: str = ""
    tasks: int = 0
    cpu: int = 0
    memory: int = 0
    made: bool = False
    gone: datetime | None = None
    rates: list[tuple[datetime, float]] = field(default_factory=list)

    def rate(self) -> float:
        """Dollars an hour from now on."""
        return self.rates[-1][1] if self.rates and not self.gone else 0.0

    def cost(self, now: datetime) -> float:
        """Dollars until *now*, or until it was gone."""
        end = min(now, self.gone) if self.gone else now
        ends = [at for at, _ in self.rates[1:]] + [end]
        spans = zip(self.rates, ends, strict=True) if self.rates else ()
        return sum(
            rate * max((min(until, end) - at).total_seconds(), 0) / HOUR
            for (at, rate), until in spans
        )


@dataclass
class Attempt:
    """One ``course.lesson(..., aws="live")``, with its limits. *account* is the last four digits."""

    id: str
    lesson: str
    region: str
    account: str
    usd: float
    began: datetime
    until: datetime
    ended: bool = False
    warned: bool = False
    things: dict[str, Thing] = field(default_factory=dict)
    is_from_tags: bool = False
    """Whether the ledger knows nothing of it: it was made on another computer, or the file is lost."""

    def there(self) -> list[Thing]:
        """What may still be in the account."""
        return [one for one in self.things.values() if not one.gone]

    def cost(self, now: datetime) -> float:
        """Dollars until *now*."""
        return sum(one.cost(now) for one in self.things.values())

    def cost_at_the_end(self, now: datetime) -> float:
        """Dollars, if all that is there stays until the time is over."""
        return self.cost(max(now, self.until))


@dataclass
class Books:
    """All attempts of a ledger."""

    attempts: dict[str, Attempt] = field(default_factory=dict)

    def open_attempts(self) -> list[Attempt]:
        """Those of which something may be left."""
        return [one for one in self.attempts.values() if not one.ended]

    def in_place(self, attempt: Attempt) -> list[Attempt]:
        """The open attempts in the same account and Region, this one among them."""
        place = (attempt.account, attempt.region)
        return [one for one in self.open_attempts() if (one.account, one.region) == place]


def fold(lines: Iterable[Line]) -> Books:
    """The state that a ledger's lines lead to; a line it does not know changes nothing."""
    books = Books()
    for line in lines:
        if line["event"] == "began":
            books.attempts[line["attempt"]] = _began(line)
        elif attempt := books.attempts.get(line["attempt"]):
            _happened(attempt, line)
    return books


def _began(line: Line) -> Attempt:
    return Attempt(
        id=line["attempt"],
        lesson=line["lesson"],
        region=line["region"],
        account=line["account"],
        usd=line["usd"],
        began=datetime.fromisoformat(line["at"]),
        until=datetime.fromisoformat(line["until"]),
    )


def _happened(attempt: Attempt, line: Line) -> None:
    at = datetime.fromisoformat(line["at"])
    if line["event"] in ("ended", "warned"):
        setattr(attempt, line["event"], True)
    elif line["event"] == "intends":
        known = ("kind", "name", "within", "tasks", "cpu", "memory")
        thing = Thing(line["thing"], **{name: line[name] for name in known if name in line})
        thing.rates.append((at, line.get("rate", 0.0)))
        attempt.things[thing.id] = thing
    elif thing_there := attempt.things.get(line.get("thing", "")):
        _became(thing_there, line, at, attempt)


def _became(thing: Thing, line: Line, at: datetime, attempt: Attempt) -> None:
    match line["event"]:
        case "made":
            thing.made, thing.name = True, line["name"]
        case "refused":
            del attempt.things[thing.id]
        case "changed":
            thing.tasks = line["tasks"]
            thing.rates.append((at, line["rate"]))
        case "removed":
            thing.gone = at
