"""What a task costs in an hour: ``prices.toml``, with the day its prices are of."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

UNITS, MIB = 1024, 1024
"""CPU units in a vCPU, and MiB in a GB as Fargate counts it."""


@dataclass(frozen=True)
class Prices:
    """On demand in one Region, in US dollars an hour; *as_of* is the day they are of."""

    region: str
    as_of: date
    vcpu: float
    gb: float
    address: float

    def task(self, cpu: int, memory: int) -> float:
        """One Fargate task with a public address, in dollars an hour; CPU units and MiB."""
        return cpu / UNITS * self.vcpu + memory / MIB * self.gb + self.address


@cache
def _table() -> Mapping[str, Any]:
    return tomllib.loads((files("course.live") / "prices.toml").read_text("utf-8"))


def regions() -> list[str]:
    """The Regions whose prices are known."""
    return sorted(_table()["fargate"])


def prices(region: str) -> Prices | None:
    """The prices of a Region, or None where they were not looked up."""
    row = _table()["fargate"].get(region)
    if row is None:
        return None
    address = _table()["ipv4"]["hour"]
    return Prices(region, row["as_of"], row["vcpu_hour"], row["gb_hour"], address)
