"""Scheduled actions on the virtual clock: at their time they set a target's minimum or maximum.

The desired count follows only where it is outside of the new bounds; cooldowns do not
matter. What recurs runs between its start and its end.

AWS: https://docs.aws.amazon.com/autoscaling/application/userguide/application-auto-scaling-scheduled-scaling.html
"""

from datetime import datetime

from course.sandbox.scaling.application import causes
from course.sandbox.scaling.application.resources import ScalableTarget, ScheduledAction
from course.sandbox.scaling.application.service_scaling import ServiceScaling
from course.sandbox.schedules.expression import due_after, read_schedule
from course.sandbox.world import World


class PlannedScaling:
    """The scheduled actions of one world."""

    def __init__(self, world: World, scaling: ServiceScaling) -> None:
        self._world = world
        self._scaling = scaling
        self._turns = 0

    def put(self, region: str, target: ScalableTarget, action: ScheduledAction) -> None:
        """An action is new or another than it was: its next time is planned, older plans are over."""
        self._turns += 1
        action.turn = self._turns
        target.scheduled_actions[action.scheduled_action_name] = action
        now = self._world.clock.now()
        began = max(action.start_time or now, now)
        at_start = action.start_time is not None and action.start_time == began
        self._plan(region, target, action, began, at_start=at_start)

    def _plan(
        self,
        region: str,
        target: ScalableTarget,
        action: ScheduledAction,
        began: datetime,
        *,
        at_start: bool = False,
    ) -> None:
        schedule = read_schedule(action.schedule, action.timezone, once=True)
        now = self._world.clock.now()
        due = due_after(schedule, now, began, action.end_time, at_start=at_start)
        if due:
            plan = (region, target, action, action.turn, began)
            self._world.clock.at(due, self._due, *plan)

    def _due(
        self,
        region: str,
        target: ScalableTarget,
        action: ScheduledAction,
        turn: int,
        began: datetime,
    ) -> None:
        name = action.scheduled_action_name
        if target.scheduled_actions.get(name) is not action or action.turn != turn:
            return
        if not target.suspended_state["ScheduledScalingSuspended"]:
            self._run(region, target, action)
        self._plan(region, target, action, began)

    def _run(self, region: str, target: ScalableTarget, action: ScheduledAction) -> None:
        given = action.scalable_target_action
        least = given.get("MinCapacity", target.min_capacity)
        most = given.get("MaxCapacity", target.max_capacity)
        told, name = causes.bounds(given), action.scheduled_action_name
        cause = causes.by_schedule(name)
        activity = self._scaling.new_activity(target, f"Setting {told}", cause)
        self._scaling.write(region, activity)
        if least > most:
            activity.status_code = "Failed"
            activity.status_message = causes.failed(
                told, f"Maximum capacity cannot be less than minimum capacity: {most} < {least}"
            )  # the reason is in our words
            return
        activity.status_code, activity.status_message = "Successful", f"Successfully set {told}"
        target.min_capacity, target.max_capacity = least, most
        _, _, service = target.resource_id.split("/")
        self._world.record("scaling", f"{service}: {told}", why=cause)
        self._scaling.enforce(region, target)
