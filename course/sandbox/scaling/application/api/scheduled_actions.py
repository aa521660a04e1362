"""Scheduled actions: put, described, deleted.

AWS: https://docs.aws.amazon.com/autoscaling/application/APIReference/API_PutScheduledAction.html
"""

from datetime import UTC, datetime
from typing import Any

from botocore.utils import parse_timestamp
from moto.core.responses import EmptyResult

from course.sandbox.ecs.errors import Refused
from course.sandbox.scaling.application.api.base import ScalingOperations
from course.sandbox.scaling.application.policy_rules import invalid
from course.sandbox.scaling.application.resources import ScalableTarget, ScheduledAction
from course.sandbox.scaling.application.target_rules import (
    MOST_ACTIONS,
    check_action,
    check_schedule,
    check_times,
    no_such,
)


class ScheduledActionOperations(ScalingOperations):
    """The operations on scheduled actions."""

    def put_scheduled_action(self) -> Any:
        """PutScheduledAction; one that is there keeps what the call leaves out, but not start and end."""
        if not self.is_ecs:
            return super().put_scheduled_action()
        target, name = self.target(), self.given("ScheduledActionName")
        held = target.scheduled_actions.get(name)
        if held is None and len(target.scheduled_actions) >= MOST_ACTIONS:
            raise Refused(
                "LimitExceededException",
                f"A scalable target can have {MOST_ACTIONS} scheduled actions",
            )  # our words
        schedule = self.given("Schedule", held.schedule if held else None)
        if schedule is None:
            raise invalid("Schedule must be specified for a new scheduled action")  # our words
        zone = self.given("Timezone", held.timezone if held else None)
        given = self.given("ScalableTargetAction", held.scalable_target_action if held else None)
        bounds, start, end = check_action(given), self._time("StartTime"), self._time("EndTime")
        check_schedule(schedule, zone, self.now)
        check_times(start, end, self.now)
        action = held or self._new_action(target, name, schedule)
        action.schedule, action.timezone, action.scalable_target_action = schedule, zone, bounds
        action.start_time, action.end_time = start, end
        self.told(f"PutScheduledAction {name}, {schedule}{f' {zone}' if zone else ''}")
        self.plane.planned_scaling.put(self.region, target, action)
        return EmptyResult()

    def _new_action(self, target: ScalableTarget, name: str, schedule: str) -> ScheduledAction:
        arn = (
            f"arn:aws:autoscaling:{self.region}:{self.current_account}:scheduledAction:"
            f"{target.key}:resource/ecs/{target.resource_id}:scheduledActionName/{name}"
        )
        return ScheduledAction(name, arn, target.resource_id, schedule, {}, self.now)

    def _time(self, name: str) -> datetime | None:
        value = self.given(name)
        if value is None:
            return None
        found = parse_timestamp(value)
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)

    def describe_scheduled_actions(self) -> Any:
        """DescribeScheduledActions, of one resource or of all."""
        if not self.is_ecs:
            return super().describe_scheduled_actions()
        names = self.given("ScheduledActionNames", [])
        found = [
            action
            for target in self.chosen()
            for action in target.scheduled_actions.values()
            if not names or action.scheduled_action_name in names
        ]
        return self.page("ScheduledActions", found)

    def delete_scheduled_action(self) -> Any:
        """DeleteScheduledAction: what it has set stays."""
        if not self.is_ecs:
            return super().delete_scheduled_action()
        target, name = self.target(), self.given("ScheduledActionName")
        if target.scheduled_actions.pop(name, None) is None:
            raise no_such("scheduled action", target.resource_id, name, "scheduled action name")
        self.told(f"DeleteScheduledAction {name}")
        return EmptyResult()
