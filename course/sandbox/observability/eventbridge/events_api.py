"""EventBridge as the sandbox answers it: patterns that are read, events that are delivered; the rest is moto's.

AWS: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_Operations.html
"""

import json
from datetime import UTC, datetime
from typing import Any, ClassVar, Protocol

from botocore.utils import parse_timestamp
from moto.events.responses import EventsHandler

from course.sandbox.ecs.errors import Refused
from course.sandbox.observability.eventbridge.bus import Bus
from course.sandbox.observability.eventbridge.event import DEFAULT_BUS, Event
from course.sandbox.observability.eventbridge.filters import BadPattern
from course.sandbox.observability.eventbridge.message import BadPath, at
from course.sandbox.observability.eventbridge.pattern import Pattern, read_pattern
from course.sandbox.observability.eventbridge.rule_store import has_bus
from course.sandbox.schedules.cron import BadSchedule
from course.sandbox.schedules.expression import read_schedule
from course.sandbox.world import ACCOUNT_ID, World

Headers = tuple[str, dict[str, Any]]

NEEDED = ("id", "account", "source", "time", "region", "resources", "detail-type")
"""What an event must have to be tested against a pattern (API reference of TestEventPattern, 2026)."""
MOST_ENTRIES, MOST_TARGETS = 10, 5
LARGEST_PATTERN = 2048
INPUTS = ("Input", "InputPath", "InputTransformer")


class Plane(Protocol):
    """What operations ask of the control plane."""

    world: World
    bus: Bus


class EventsApi(EventsHandler):
    """Every EventBridge operation that the sandbox answers by itself."""

    plane: ClassVar[Plane]

    # --- Rules

    def put_rule(self) -> Headers:
        """PutRule, with a pattern and a schedule that can be read."""
        text = self._get_param("EventPattern")
        if text:
            self._pattern(text)
        schedule = self._get_param("ScheduleExpression")
        if schedule:
            try:
                read_schedule(schedule)
            except BadSchedule as bad:
                raise _invalid("Parameter ScheduleExpression is not valid.") from bad
        answer: Headers = super().put_rule()
        return answer

    def put_targets(self) -> Headers:
        """PutTargets: at most five a rule, with one kind of input each."""
        given = self._get_param("Targets") or []
        for target in given:
            _check_target(target)
        held = self._targets_of(self._get_param("Rule"))
        if len(held | {one["Id"] for one in given}) > MOST_TARGETS:
            raise Refused(
                "LimitExceededException",
                "The requested resource exceeds the maximum number allowed.",
            )
        answer: Headers = super().put_targets()
        return answer

    def _targets_of(self, name: str) -> set[str]:
        bus = self._bus_name(self._get_param("EventBusName"))
        held = self.events_backend.event_buses.get(bus)
        rule = held.rules.get(name) if held else None
        return {one["Id"] for one in rule.targets} if rule else set()

    # --- Events

    def put_events(self) -> str:
        """PutEvents: up to ten; each comes in or is refused by itself, and ``aws.`` is not the learner's."""
        entries = self._get_param("Entries") or []
        if not 1 <= len(entries) <= MOST_ENTRIES:
            raise _invalid(
                "1 validation error detected: Value '[PutEventsRequestEntry]' at 'entries' failed to "
                f"satisfy constraint: Member must have length less than or equal to {MOST_ENTRIES}"
            )
        answers = [self._put_event(one) for one in entries]
        failed = sum("ErrorCode" in one for one in answers)
        return json.dumps({"FailedEntryCount": failed, "Entries": answers})

    def _put_event(self, entry: dict[str, Any]) -> dict[str, str]:
        for name in ("Source", "DetailType", "Detail"):
            if not entry.get(name):
                why = f"Parameter {name} is not valid. Reason: {name} is a required argument."
                return {"ErrorCode": "InvalidArgument", "ErrorMessage": why}
        if entry["Source"].startswith("aws."):
            return {
                "ErrorCode": "NotAuthorizedForSourceException",
                "ErrorMessage": "Not authorized for the source.",
            }
        try:
            detail = json.loads(entry["Detail"])
        except (ValueError, RecursionError):
            detail = None
        if not isinstance(detail, dict):
            return {"ErrorCode": "MalformedDetail", "ErrorMessage": "Detail is malformed."}
        bus = self._bus_name(entry.get("EventBusName"))
        event = Event(
            id=self.plane.bus.new_id(),
            source=entry["Source"],
            detail_type=entry["DetailType"],
            region=self.region,
            account=ACCOUNT_ID,
            when=self._time(entry.get("Time")),
            detail=detail,
            resources=tuple(entry.get("Resources") or ()),
        )
        if has_bus(
            ACCOUNT_ID, self.region, bus
        ):  # AWS takes events for a bus that is not there, too
            self.plane.bus.publish(event, bus)
        return {"EventId": event.id}

    def test_event_pattern(self) -> str:  # type: ignore[override]
        """TestEventPattern: whether an event fits, by the matcher that rules have."""
        pattern = self._pattern(self._get_param("EventPattern"))
        try:
            event = json.loads(self._get_param("Event"))
        except (ValueError, RecursionError):
            event = None
        if not isinstance(event, dict):
            raise _invalid("Parameter Event is not valid. Reason: it is no JSON object.")  # ours
        missing = [name for name in NEEDED if name not in event]
        if missing:
            raise _invalid(
                f"Parameter Event is not valid. Reason: it lacks {', '.join(missing)}."
            )  # our words
        return json.dumps({"Result": pattern.matches(event)})

    # --- Outside

    def create_archive(self) -> Headers:
        """Outside the sandbox: archives and replays."""
        raise NotImplementedError

    def start_replay(self) -> Headers:
        """Outside the sandbox, as ``create_archive``."""
        raise NotImplementedError

    def _pattern(self, text: str) -> Pattern:
        if len(text) > LARGEST_PATTERN:
            raise _not_a_pattern(f"it is longer than {LARGEST_PATTERN} characters")  # our words
        try:
            return read_pattern(text)
        except BadPattern as bad:
            raise _not_a_pattern(str(bad)) from bad

    def _bus_name(self, given: str | None) -> str:
        return (given or DEFAULT_BUS).rsplit("/", 1)[-1]

    def _time(self, given: Any) -> datetime:
        if given is None:
            return self.plane.world.clock.now()
        found = parse_timestamp(given)
        return found if found.tzinfo else found.replace(tzinfo=UTC)


def _check_target(target: dict[str, Any]) -> None:
    """Raises ValidationException."""
    if sum(name in target for name in INPUTS) > 1:
        raise _invalid(
            "Only one of Input, InputPath, or InputTransformer must be provided for target "
            f"{target['Id']}."
        )  # our words
    if "Input" in target and not _is_json(target["Input"]):
        raise _invalid(f"JSON syntax error in input for target {target['Id']}.")  # our words
    paths = (target.get("InputTransformer") or {}).get("InputPathsMap") or {}
    for path in [*paths.values(), *([target["InputPath"]] if "InputPath" in target else [])]:
        try:
            at({}, path)
        except BadPath:
            raise _invalid(
                f"InputPath for target {target['Id']} is invalid: {path}."
            ) from None  # our words
    if ":ecs:" in target["Arn"]:
        _check_task(target)


def _check_task(target: dict[str, Any]) -> None:
    if not target.get("EcsParameters"):
        raise _invalid(f"EcsParameters must be provided for target {target['Id']}.")  # our words
    if not target.get("RoleArn"):
        raise _invalid(f"RoleArn is required for target {target['Id']}.")  # our words


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _invalid(message: str) -> Refused:
    return Refused("ValidationException", message)


def _not_a_pattern(reason: str) -> Refused:
    return Refused("InvalidEventPatternException", f"Event pattern is not valid. Reason: {reason}")
