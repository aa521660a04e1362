"""The learner's rules and their targets, as moto's EventBridge keeps them.

An adapter. It makes no backend where nobody has used EventBridge yet.

AWS: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rules.html
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from moto.events.models import events_backends


@dataclass(frozen=True, slots=True)
class Rule:
    """One enabled rule: by what it is triggered, and what it calls."""

    arn: str
    name: str
    bus: str
    pattern: str
    schedule: str
    targets: tuple[dict[str, Any], ...]


def rules(account: str, region: str) -> Iterator[Rule]:
    """Every enabled rule of a Region, on any bus."""
    backend: Any = dict.get(dict.get(events_backends, account) or {}, region)
    for bus in backend.event_buses.values() if backend else ():
        for held in bus.rules.values():
            if held.state != "DISABLED":
                yield _read(bus.name, held)


def rule(account: str, region: str, bus: str, name: str) -> Rule | None:
    """An enabled rule by its name; None for one that is not there, or disabled."""
    found = (one for one in rules(account, region) if (one.bus, one.name) == (bus, name))
    return next(found, None)


def has_bus(account: str, region: str, name: str) -> bool:
    """Whether there is such an event bus; the default one always is."""
    backend: Any = events_backends[account][region]
    return name in backend.event_buses


def regions(account: str) -> list[str]:
    """The Regions in which somebody has used EventBridge."""
    return list(dict.get(events_backends, account) or {})


def _read(bus: str, held: Any) -> Rule:
    return Rule(
        arn=held.arn,
        name=held.name,
        bus=bus,
        pattern=held.event_pattern.dump() or "",
        schedule=held.scheduled_expression or "",
        targets=tuple(dict(one) for one in held.targets),
    )
