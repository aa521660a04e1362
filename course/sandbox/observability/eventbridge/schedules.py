"""Fires what is planned: scheduled rules, and the schedules of EventBridge Scheduler, on the virtual clock.

A schedule calls its target with its role. What RunTask refuses is tried again, ever later, as
often as its retry policy says; what lacks a permission or its target goes to the dead-letter queue at once.

AWS: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-rule-schedule.html
     https://docs.aws.amazon.com/scheduler/latest/UserGuide/configuring-schedule-dlq.html
"""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from course.sandbox.observability.eventbridge.bus import Bus
from course.sandbox.observability.eventbridge.event import Event
from course.sandbox.observability.eventbridge.permissions import SCHEDULER
from course.sandbox.observability.eventbridge.rule_store import rules
from course.sandbox.observability.eventbridge.schedule_store import Planned, forget, planned
from course.sandbox.observability.eventbridge.targets import FAILED, Failure, Invocation
from course.sandbox.schedules.cron import BadSchedule
from course.sandbox.schedules.expression import due_after, read_schedule
from course.sandbox.world import ACCOUNT_ID, World

FIRST_WAIT, LONGEST_WAIT = 60, 3600
"""Seconds before a call is tried again: the first, and the longest; our model of AWS's backoff."""

ATTEMPTS, OLDEST = 185, 86400
"""The retry policy of a schedule that says nothing of it."""


@dataclass
class Armed:
    """Something planned whose alarm is set; ``turn`` tells alarms of older plans apart."""

    plan: Planned
    began: datetime
    turn: int


class Schedules:
    """Whatever is planned in one world."""

    def __init__(self, world: World, bus: Bus) -> None:
        self._world = world
        self._bus = bus
        self._armed: dict[str, Armed] = {}
        self._turns = 0
        self._calls = 0

    def look(self) -> None:
        """Set and forget alarms as rules and schedules have changed; only a call changes them."""
        if self._calls == self._world.history.total:
            return
        self._calls = self._world.history.total
        now = {one.arn: one for one in planned(ACCOUNT_ID)}
        for arn in self._armed.keys() - now.keys():
            del self._armed[arn]
        for arn, plan in now.items():
            held = self._armed.get(arn)
            if held is None or held.plan != plan:
                self._turns += 1
                begins = max(plan.starts or self._world.clock.now(), self._world.clock.now())
                armed = self._armed[arn] = Armed(plan, begins, self._turns)
                self._arm(armed, plan.starts is not None and plan.starts == begins)

    def _arm(self, armed: Armed, at_start: bool = False) -> None:
        """Set the next alarm; of a rate with a start date the first is then."""
        plan, now = armed.plan, self._world.clock.now()
        try:
            schedule = read_schedule(plan.expression, plan.zone, once=not plan.of_rule)
        except BadSchedule:
            return  # put past us, such as by a template
        due = due_after(schedule, now, armed.began, plan.ends, at_start=at_start)
        if due:
            self._world.clock.at(due, self._due, plan.arn, armed.turn, due)

    def _due(self, arn: str, turn: int, due: datetime) -> None:
        armed = self._armed.get(arn)
        if armed is None or armed.turn != turn:
            return
        plan = armed.plan
        if plan.of_rule:
            self._fire_rule(plan, due)
        else:
            self._call(plan, self._bus.new_id(), due, 0)
        self._arm(armed)
        if plan.deletes and plan.expression.startswith("at("):
            forget(ACCOUNT_ID, plan.region, arn)
            del self._armed[arn]

    def _fire_rule(self, plan: Planned, due: datetime) -> None:
        for rule in rules(ACCOUNT_ID, plan.region):
            if rule.arn == plan.arn:
                self._bus.fire(rule, self._event(plan, self._bus.new_id(), due, "aws.events"))

    def _event(self, plan: Planned, id_: str, due: datetime, source: str) -> Event:
        return Event(
            id=id_,
            source=source,
            detail_type="Scheduled Event",
            region=plan.region,
            account=ACCOUNT_ID,
            when=due,
            resources=(plan.arn,),
        )

    # --- EventBridge Scheduler

    def _call(self, plan: Planned, id_: str, due: datetime, tries: int) -> None:
        target: dict[str, Any] = plan.target or {}
        event = self._event(plan, id_, due, "aws.scheduler")
        text = target.get("Input") or json.dumps(event.envelope)
        invocation = Invocation(target, text, id_, plan.arn, SCHEDULER)
        try:
            self._bus.targets.call(invocation)
        except Failure as failure:
            self._failed(plan, invocation, due, tries, failure)

    def _failed(
        self, plan: Planned, invocation: Invocation, due: datetime, tries: int, failure: Failure
    ) -> None:
        policy = invocation.target.get("RetryPolicy") or {}
        wait = min(FIRST_WAIT * 2**tries, LONGEST_WAIT)
        age = (self._world.clock.now() - due).total_seconds() + wait
        exhausted = ""
        if failure.code == FAILED:
            if tries >= policy.get("MaximumRetryAttempts", ATTEMPTS):
                exhausted = "MaximumRetryAttempts"
            elif age > policy.get("MaximumEventAgeInSeconds", OLDEST):
                exhausted = "MaximumEventAgeInSeconds"
            else:
                self._world.clock.after(wait, self._call, plan, invocation.id, due, tries + 1)
                return
        why = f"{failure.code}: {failure.message}"
        self._world.record("scheduler", f"{plan.name} cannot call {invocation.arn}", why=why)
        queue = (invocation.target.get("DeadLetterConfig") or {}).get("Arn")
        if queue:
            told = {
                "SCHEDULE_ARN": plan.arn,
                "TARGET_ARN": invocation.arn,
                "ERROR_CODE": failure.code,
                "ERROR_MESSAGE": failure.message,
                "RETRY_ATTEMPTS": str(tries),
            } | ({"EXHAUSTED_RETRY_CONDITION": exhausted} if exhausted else {})
            self._bus.targets.dead_letter_by_role(queue, invocation, told)
