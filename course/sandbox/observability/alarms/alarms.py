"""Alarms on the virtual clock: evaluated each minute, their state changed, their actions called.

An alarm is looked at once a minute on the full minute, when the datapoint of the minute before is
there; a period of several minutes slides along, as it does on AWS. One on a metric of
high resolution (10 or 30 seconds) is looked at as often as that. Where nothing moves any
more, no traffic, no new datapoint that is another one, no action that has something to do,
the clock is left alone until something changes.

AWS: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from course.sandbox.observability.alarms.actions import Actions, Firing, Receipt
from course.sandbox.observability.alarms.alarm import Alarm, HistoryItem
from course.sandbox.observability.alarms.book import AlarmBook
from course.sandbox.observability.alarms.evaluation import COMPARISONS, MISSING, Rule, decide
from course.sandbox.observability.alarms.reasons import Seen, reason, reason_data
from course.sandbox.observability.metrics.math import BadExpression, OutsideMath
from course.sandbox.observability.metrics.query import results
from course.sandbox.observability.metrics.store import Datapoint, MetricStore
from course.sandbox.world import ACCOUNT_ID, World

MINUTE = 60


class Alarms:
    """The alarms of one world.

    *changes* differs when something happened that metrics may show, *busy* says that they may
    change although nothing happens (traffic). ``heard`` is told of each change of a state.
    """

    def __init__(
        self, world: World, changes: Callable[[], object], busy: Callable[[], bool]
    ) -> None:
        self.world = world
        self.actions = Actions()
        self.heard: list[Callable[[str, Alarm, Alarm], None]] = []
        self._changes = changes
        self._busy = busy
        self._seen: object = None
        self._tick_at: datetime | None = None

    # --- What others ask

    def book(self, region: str) -> AlarmBook:
        """The alarms and the history of a Region."""
        return self.world.alarms.setdefault(region, AlarmBook())

    def metrics(self, region: str) -> MetricStore:
        """The metrics of a Region."""
        return self.world.metrics.setdefault(region, MetricStore())

    def find(self, region: str, name: str) -> Alarm | None:
        """The alarm of this name."""
        return self.book(region).alarms.get(name)

    def put(self, region: str, alarm: Alarm) -> Alarm:
        """Make an alarm, or give one of this name another configuration: it keeps its state.

        The ARN and the times are set here. Returns the alarm that is held.
        """
        now, alarms = self.world.clock.now(), self.book(region).alarms
        before = alarms.get(alarm.alarm_name)
        alarm.alarm_arn = arn(region, alarm.alarm_name)
        alarm.alarm_configuration_updated_timestamp = now
        alarm.state_updated_timestamp = alarm.state_transitioned_timestamp = now
        if before:
            alarm.state_value, alarm.state_reason = before.state_value, before.state_reason
            alarm.state_reason_data = before.state_reason_data
            alarm.state_updated_timestamp = before.state_updated_timestamp
            alarm.state_transitioned_timestamp = before.state_transitioned_timestamp
        alarms[alarm.alarm_name] = alarm
        self._configured(region, alarm, "updated" if before else "created")
        self._wake()
        return alarm

    def delete(self, region: str, *names: str) -> None:
        """Delete alarms; names that are not there are passed over. Their history stays."""
        for name in names:
            alarm = self.book(region).alarms.pop(name, None)
            if alarm:
                self._configured(region, alarm, "deleted")

    def set_state(
        self, region: str, alarm: Alarm, state: str, why: str, data: str | None = None
    ) -> None:
        """Put it into a state by hand, until it is evaluated again; its actions are called if that is another one."""
        self._change(region, alarm, state, why, data, ())
        alarm.settled = False
        self._wake()

    # --- The clock

    def look(self) -> None:
        """See at this instant whether anything has changed that an alarm may want to know."""
        if self._tick_at is None and any(book.alarms for book in self.world.alarms.values()):
            changes = self._changes()
            if changes != self._seen or self._busy():
                self._wake()
            self._seen = changes

    def _wake(self) -> None:
        """Look at the alarms at the next full minute, or sooner for a metric of high resolution."""
        now = self.world.clock.now()
        at = _next(now, self._pace())
        if self._tick_at is None or at < self._tick_at:
            self._tick_at = at
            self.world.clock.at(at, self._tick, at)

    def _pace(self) -> int:
        """Seconds between two looks."""
        every = (one for book in self.world.alarms.values() for one in book.alarms.values())
        return min((one.every for one in every if one.every < MINUTE), default=MINUTE)

    def _tick(self, due: datetime) -> None:
        if self._tick_at != due:
            return  # a look was wanted sooner
        self._tick_at, seconds = None, int(due.timestamp())
        for region, book in self.world.alarms.items():
            for alarm in list(book.alarms.values()):
                pace = min(alarm.every, MINUTE)
                if seconds % pace == 0 and book.alarms.get(alarm.alarm_name) is alarm:
                    self._evaluate(region, alarm)
        every = [one for book in self.world.alarms.values() for one in book.alarms.values()]
        if any(not one.settled for one in every) or (every and self._busy()):
            self._wake()
        else:
            self._seen = self._changes()

    # --- One alarm

    def _evaluate(self, region: str, alarm: Alarm) -> None:
        rule = Rule(
            alarm.evaluation_periods,
            alarm.datapoints_to_alarm or alarm.evaluation_periods,
            alarm.treat_missing_data or MISSING,
        )
        period = alarm.every
        now = self.world.clock.now()
        start = now - timedelta(seconds=period * rule.asked_for)
        found = {one.when: one for one in self._read(region, alarm, start, now)}
        times = [start + timedelta(seconds=period * place) for place in range(rule.asked_for)]
        points = [found.get(when) for when in times]
        breaches = COMPARISONS[alarm.comparison_operator]
        verdict = decide(
            [None if one is None else breaches(one.value, alarm.threshold) for one in points], rule
        )
        datapoints = tuple(one for place in verdict.evaluated if (one := points[place]))
        waits = self._enter(region, alarm, Seen(now, times[-rule.periods], datapoints, verdict))
        alarm.settled = waits and len({one and one.value for one in points}) == 1

    def _read(self, region: str, alarm: Alarm, start: datetime, end: datetime) -> list[Datapoint]:
        store = self.metrics(region)
        if alarm.metrics:
            return _returned(store, alarm.metrics, start, end)
        statistic = alarm.statistic or alarm.extended_statistic or "Average"
        return store.datapoints(alarm.metric, statistic, alarm.every, start, end, alarm.unit)

    def _enter(self, region: str, alarm: Alarm, seen: Seen) -> bool:
        """Come into the state that was decided, or stay there; True where all actions wait."""
        state, datapoints = seen.verdict.state or alarm.state_value, tuple(seen.datapoints)
        if state != alarm.state_value:
            why, data = reason(alarm, state, seen), reason_data(alarm, seen)
            return self._change(region, alarm, state, why, data, datapoints)
        if self.actions.repeats(alarm):
            return self._call(region, alarm, state, datapoints, changed=False)
        return True

    def _change(
        self,
        region: str,
        alarm: Alarm,
        state: str,
        why: str,
        data: str | None,
        datapoints: tuple[Datapoint, ...],
    ) -> bool:
        before, now = replace(alarm), self.world.clock.now()
        alarm.state_reason, alarm.state_reason_data = why, data
        alarm.state_updated_timestamp = now
        if state == before.state_value:
            return True
        alarm.state_value, alarm.state_transitioned_timestamp = state, now
        summary = f"Alarm updated from {before.state_value} to {state}"
        told = {"version": "1.0", "oldState": _state(before), "newState": _state(alarm)}
        self._note(region, alarm, "StateUpdate", summary, told)
        self.world.record("alarm", f"{alarm.alarm_name} {before.state_value} -> {state}", why=why)
        for hears in self.heard:
            hears(region, before, alarm)
        return self._call(region, alarm, state, datapoints, previous=before.state_value)

    def _call(
        self,
        region: str,
        alarm: Alarm,
        state: str,
        datapoints: tuple[Datapoint, ...],
        *,
        previous: str = "",
        changed: bool = True,
    ) -> bool:
        """Call the actions of a state; True where each of them waits for something to change."""
        waits = True
        for action in alarm.actions(state) if alarm.actions_enabled else ():
            found = self.actions.find(action)
            if not changed and not (found and found.repeats):
                continue
            now = self.world.clock.now()
            firing = Firing(
                region, alarm, action, state, previous or state, changed, now, datapoints
            )
            none = Receipt(f"nothing in the sandbox takes {action}")  # our words
            receipt = (found.receiver(firing) if found else none) or Receipt()
            if found and found.repeats:
                waits = waits and receipt.waits
            if changed:
                self._acted(region, alarm, action, receipt)
        return waits

    # --- History

    def _acted(self, region: str, alarm: Alarm, action: str, receipt: Receipt) -> None:
        done = f"Successfully executed action {action}"
        if receipt.error:
            done = f'Failed to execute action {action}. Received error: "{receipt.error}"'
        state = {
            "actionState": "Failed" if receipt.error else "Succeeded",
            "stateUpdateTimestamp": round(self.world.clock.now().timestamp() * 1000),
            "notificationResource": action,
            "publishedMessage": None,
            "error": receipt.error or None,
        }
        self._note(region, alarm, "Action", done, state)

    def _configured(self, region: str, alarm: Alarm, what: str) -> None:
        kind = {"created": "Create", "updated": "Update", "deleted": "Delete"}[what]
        told = {"version": "1.0", "type": kind}
        self._note(region, alarm, "ConfigurationUpdate", f'Alarm "{alarm.alarm_name}" {what}', told)

    def _note(
        self, region: str, alarm: Alarm, kind: str, summary: str, data: Mapping[str, object]
    ) -> None:
        text = json.dumps(data, separators=(",", ":"))
        item = HistoryItem(alarm.alarm_name, self.world.clock.now(), kind, summary, text)
        self.book(region).history.append(item)


def arn(region: str, name: str) -> str:
    """The ARN of an alarm."""
    return f"arn:aws:cloudwatch:{region}:{ACCOUNT_ID}:alarm:{name}"


def _returned(
    store: MetricStore, queries: Sequence[Mapping[str, Any]], start: datetime, end: datetime
) -> list[Datapoint]:
    """What the query of an alarm comes to; nothing where its expression cannot be read any more."""
    try:
        found = next(one for one in results(store, queries, start, end) if one.returned)
    except (BadExpression, OutsideMath):
        return []
    return [Datapoint(when, value) for when, value in sorted(found.series.items())]


def _next(now: datetime, pace: int) -> datetime:
    """The next instant whose seconds are a multiple of the pace."""
    return datetime.fromtimestamp((int(now.timestamp()) // pace + 1) * pace, UTC)


def _state(alarm: Alarm) -> dict[str, object]:
    told: dict[str, object] = {"stateValue": alarm.state_value, "stateReason": alarm.state_reason}
    if alarm.state_reason_data:
        told["stateReasonData"] = json.loads(alarm.state_reason_data)
    return told
