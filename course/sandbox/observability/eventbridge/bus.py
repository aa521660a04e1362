"""The event buses of a world: who wants an event, and its way to their targets.

An event that no enabled rule can want is not even made. One that a rule takes is
with the rule's targets a moment later; what cannot be delivered is counted in
FailedInvocations, and lies in the target's dead-letter queue if it has one.

AWS: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-bus.html
     https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html
"""

import json
from collections.abc import Callable, Mapping
from functools import lru_cache
from hashlib import sha256
from typing import Any
from uuid import UUID

from course.sandbox.observability.eventbridge.event import DEFAULT_BUS, Event
from course.sandbox.observability.eventbridge.filters import BadPattern
from course.sandbox.observability.eventbridge.message import BadPath, message
from course.sandbox.observability.eventbridge.metrics import count
from course.sandbox.observability.eventbridge.pattern import Pattern, read_pattern
from course.sandbox.observability.eventbridge.rule_store import Rule, rules
from course.sandbox.observability.eventbridge.targets import (
    FAILED,
    Failure,
    Invocation,
    RunTask,
    Targets,
)
from course.sandbox.world import ACCOUNT_ID, World

DELAY = 0.5
"""Virtual seconds from an event to its targets; AWS says about half a second, typically."""

MOST_HOPS = 5
"""From bus to bus; an event that goes round in a circle ends there (our model)."""

ECS = "aws.ecs"


class Bus:
    """Takes events and brings them to targets; *run_task* is ECS's part.

    ``audience`` hears every event of AWS's services, whether or not a rule wants it.
    """

    def __init__(self, world: World, run_task: RunTask) -> None:
        self._world = world
        self.targets = Targets(world, run_task)
        self.audience: list[Callable[[Event], None]] = []
        self._made = 0
        self._looked: dict[str, tuple[int, tuple[tuple[Rule, Pattern], ...]]] = {}

    def wants(self, region: str, detail_type: str, source: str = ECS) -> bool:
        """Whether an event of this kind could matter to anybody, before it is made."""
        if self.audience:
            return True
        probe = {"source": source, "detail-type": detail_type, "account": ACCOUNT_ID}
        return any(_may_take(pattern, probe) for rule, pattern in self._rules(region, DEFAULT_BUS))

    def tell(
        self,
        region: str,
        detail_type: str,
        detail: Mapping[str, Any],
        *resources: str,
        source: str = ECS,
    ) -> None:
        """An event of a service of AWS, on the default bus."""
        event = Event(
            id=self.new_id(),
            source=source,
            detail_type=detail_type,
            region=region,
            account=ACCOUNT_ID,
            when=self._world.clock.now(),
            detail=detail,
            resources=resources,
        )
        for hears in self.audience:
            hears(event)
        self.publish(event)

    def publish(self, event: Event, bus: str = DEFAULT_BUS, hops: int = 0) -> None:
        """Bring an event to the targets of every rule that takes it, a moment from now."""
        envelope = event.envelope
        for rule, pattern in self._rules(event.region, bus):
            if not pattern.matches(envelope):
                continue
            count(self._world, event.region, rule.name, "MatchedEvents", "TriggeredRules")
            for target in rule.targets:
                self._later(event, rule, target, hops)

    def fire(self, rule: Rule, event: Event) -> None:
        """Call a scheduled rule's targets."""
        count(self._world, event.region, rule.name, "TriggeredRules")
        for target in rule.targets:
            self._later(event, rule, target, 0)

    def new_id(self) -> str:
        """The id of the next event: counted, in place of dice."""
        self._made += 1
        return str(UUID(sha256(f"event {self._made}".encode()).hexdigest()[:32]))

    def _later(self, event: Event, rule: Rule, target: dict[str, Any], hops: int) -> None:
        self._world.clock.after(DELAY, self._deliver, event, rule.arn, rule.name, target, hops)

    def _deliver(
        self, event: Event, rule_arn: str, name: str, target: dict[str, Any], hops: int
    ) -> None:
        count(self._world, event.region, name, "Invocations")
        try:
            if _is_bus(target["Arn"]):
                self._pass_on(event, target["Arn"], hops)
                return
            text = message(target, event, (rule_arn, name))
            self.targets.call(Invocation(target, text, event.id, rule_arn))
        except BadPath as bad:
            self._fail(event, rule_arn, name, target, Failure(FAILED, f"{bad} is no path"))
        except Failure as failure:
            self._fail(event, rule_arn, name, target, failure)

    def _pass_on(self, event: Event, arn: str, hops: int) -> None:
        """To another bus of this Region."""
        if hops < MOST_HOPS:
            self.publish(event, arn.rsplit("/", 1)[-1], hops + 1)

    def _fail(
        self, event: Event, rule_arn: str, name: str, target: dict[str, Any], failure: Failure
    ) -> None:
        count(self._world, event.region, name, "FailedInvocations")
        why = f"{failure.code}: {failure.message}"
        self._world.record("events", f"rule {name} cannot call {target['Arn']}", why=why)
        queue = (target.get("DeadLetterConfig") or {}).get("Arn")
        if not queue:
            return
        told = {
            "RULE_ARN": rule_arn,
            "TARGET_ARN": target["Arn"],
            "ERROR_CODE": failure.code,
            "ERROR_MESSAGE": failure.message,
            "RETRY_ATTEMPTS": "0",
        }
        body = message({}, event)
        sent = self.targets.dead_letter(queue, body, event.id, told, rule_arn)
        metric = "InvocationsSentToDlq" if sent else "InvocationsFailedToBeSentToDlq"
        count(self._world, event.region, name, metric)

    def _rules(self, region: str, bus: str) -> tuple[tuple[Rule, Pattern], ...]:
        """The enabled rules with a pattern, read once per API call, since nothing else changes them."""
        key, calls = f"{region} {bus}", self._world.history.total
        looked = self._looked.get(key)
        if looked is None or looked[0] != calls:
            held = [one for one in rules(ACCOUNT_ID, region) if one.bus == bus and one.pattern]
            read = tuple((one, found) for one in held if (found := _read(one.pattern)))
            looked = self._looked[key] = calls, read
        return looked[1]


def _is_bus(arn: str) -> bool:
    return ":events:" in arn and ":event-bus/" in arn


@lru_cache(maxsize=256)
def _read(text: str) -> Pattern | None:
    try:
        return read_pattern(text)
    except BadPattern:
        return None  # put past us, such as by a template


@lru_cache(maxsize=256)
def _narrowed(text: str) -> Pattern | None:
    """A pattern's own words on source and detail-type, which are known before an event is made."""
    written = {
        name: one
        for name, one in json.loads(text).items()
        if name in ("source", "detail-type", "account")
    }
    return read_pattern(json.dumps(written)) if written else None


def _may_take(pattern: Pattern, probe: Mapping[str, Any]) -> bool:
    narrowed = _narrowed(pattern.text)
    return narrowed is None or narrowed.matches(probe)
