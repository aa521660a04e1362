"""The prices: a file to be edited, and the day on which they were looked up."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import msgspec


class UnknownMachine(LookupError):
    """The price list has no such instance type; the message names those it has."""


class Machine(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An instance type: dollars an *hour*, CPU units, and the MiB that its agent registers."""

    name: str
    hour: float
    cpu: int
    memory: int

    def at(self, hour: float) -> "Machine":
        """The same at another price."""
        return msgspec.structs.replace(self, hour=hour)


class Prices(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """US dollars an hour in one Region, looked up on *checked* (YYYY-MM-DD)."""

    region: str
    checked: str
    fargate_vcpu: float
    fargate_gigabyte: float
    address: float
    disk: float
    eks_cluster: float
    instances: dict[str, Machine]

    def changed(self, own: Mapping[str, float]) -> "Prices":
        """The same with some prices of one's own."""
        return msgspec.structs.replace(self, **own)

    def machine(self, name: str) -> Machine:
        """The instance type of this name. Raises UnknownMachine."""
        for one in self.instances.values():
            if one.name == name:
                return one
        known = ", ".join(one.name for one in self.instances.values())
        raise UnknownMachine(f"The price list has no {name!r}; it has {known}.")


@cache
def prices() -> Prices:
    """The prices that ship with the course; their file says where they were read."""
    text = (files("course.costs") / "prices.toml").read_bytes()
    return msgspec.toml.decode(text, type=Prices)
