"""What may be called in LIVE: ``allowed.toml``, asked operation by operation."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

How = Literal["reads", "creates", "changes", "removes", "credentials"]


@dataclass(frozen=True)
class Operation:
    """One operation on the list: how it treats the account, and a thing of which kind.

    *parameters* are all that it may be called with; None means whatever AWS takes.
    """

    service: str
    name: str
    how: How
    kind: str = ""
    parameters: frozenset[str] | None = None

    @property
    def action(self) -> str:
        """As IAM spells it: ``ecs:CreateCluster``."""
        return f"{self.service}:{self.name}"


@cache
def table() -> Mapping[str, Any]:
    """The list as it is written down."""
    return tomllib.loads((files("course.live") / "allowed.toml").read_text("utf-8"))


@cache
def operations() -> Mapping[tuple[str, str], Operation]:
    """Every operation on the list, by service and name."""
    listed = [*_named("reads"), *_named("credentials"), *_with_parameters(), *_removing()]
    return {(one.service, one.name): one for one in listed}


def _named(how: How) -> list[Operation]:
    given = table()[how]
    return [Operation(service, name, how) for service, names in given.items() for name in names]


def _with_parameters() -> list[Operation]:
    found = []
    for how in ("creates", "changes"):
        for service, given in table()[how].items():
            for name, row in given.items():
                may = frozenset(row["parameters"])
                found.append(Operation(service, name, how, row["kind"], may))
    return found


def _removing() -> list[Operation]:
    given = table()["removes"]
    return [
        Operation(service, name, "removes", kind)
        for service, names in given.items()
        for name, kind in names.items()
    ]


def caps() -> Mapping[str, int]:
    """How many of a kind may be there at one time."""
    found: Mapping[str, int] = table()["caps"]
    return found


@dataclass(frozen=True)
class Plan:
    """What a lesson's cells for LIVE create; *tasks* at most at one time, each of this size."""

    creates: tuple[str, ...]
    tasks: int
    cpu: int
    memory: int


def plan(lesson: str) -> Plan | None:
    """What a lesson creates in LIVE, or None where it has no cells for LIVE."""
    row = table()["lessons"].get(lesson)
    return Plan(tuple(row["creates"]), row["tasks"], row["cpu"], row["memory"]) if row else None
