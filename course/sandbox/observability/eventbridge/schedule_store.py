"""Schedules of EventBridge Scheduler and scheduled rules, as moto keeps them, in one form.

An adapter. It makes no backend where nobody has used the service yet.

AWS: https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule.html
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from moto.scheduler.models import scheduler_backends

from course.sandbox.observability.eventbridge.rule_store import regions, rules

DELETE = "DELETE"


@dataclass(frozen=True, slots=True)
class Planned:
    """What is to happen again and again, or once: an enabled rule's targets, or a schedule's own."""

    arn: str
    name: str
    region: str
    expression: str
    zone: str = "UTC"
    starts: datetime | None = None
    ends: datetime | None = None
    version: str = ""
    target: dict[str, Any] | None = field(default=None, compare=False)
    deletes: bool = False

    @property
    def of_rule(self) -> bool:
        return self.target is None


def planned(account: str) -> Iterator[Planned]:
    """Everything that is enabled, in all Regions."""
    for region in regions(account):
        for rule in rules(account, region):
            if rule.schedule:
                yield Planned(rule.arn, rule.name, region, rule.schedule)
    for region, backend in (dict.get(scheduler_backends, account) or {}).items():
        for group in backend.schedule_groups.values():
            for one in group.schedules.values():
                if one.state != "DISABLED":
                    yield _read(region, one)


def forget(account: str, region: str, arn: str) -> None:
    """Delete a schedule that is over."""
    backend: Any = scheduler_backends[account][region]
    for group in backend.schedule_groups.values():
        for name, one in list(group.schedules.items()):
            if one.arn == arn:
                del group.schedules[name]


def _read(region: str, one: Any) -> Planned:
    return Planned(
        arn=one.arn,
        name=one.name,
        region=region,
        expression=one.schedule_expression,
        zone=one.schedule_expression_timezone or "UTC",
        starts=_time(one.start_date),
        ends=_time(one.end_date),
        version=str(one.last_modified_date),
        target=dict(one.target),
        deletes=one.action_after_completion == DELETE,
    )


def _time(given: Any) -> datetime | None:
    return None if given is None else datetime.fromtimestamp(float(given), UTC)
