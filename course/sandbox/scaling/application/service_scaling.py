"""Carries out what scaling policies and bounds come to: a service's desired count, and what is told of it.

Alarms call policies; what all of them want at one instant is decided once, when the world
settles. A change is InProgress until as many tasks run as are wanted, looked at every half
minute as the activities of accounts show, and Unfulfilled where they never do.

AWS: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-auto-scaling.html
     https://docs.aws.amazon.com/autoscaling/application/userguide/application-auto-scaling-scaling-activities.html
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from course.sandbox.ecs.resources import Service
from course.sandbox.observability.alarms.actions import Firing, Receipt
from course.sandbox.observability.alarms.alarms import Alarms
from course.sandbox.observability.eventbridge.ecs_events import EcsEvents
from course.sandbox.scaling.application import causes, linked_role
from course.sandbox.scaling.application.choice import (
    AT_DESIRED,
    AT_MAX,
    AT_MIN,
    Change,
    NotScaled,
    Situation,
    Wish,
    choose,
)
from course.sandbox.scaling.application.policy_alarms import PolicyAlarms
from course.sandbox.scaling.application.resources import (
    TRACKING,
    Cooldown,
    ScalableTarget,
    ScalableTargets,
    ScalingActivity,
    ScalingPolicy,
)
from course.sandbox.scaling.application.step_adjustments import adjusted, step_for
from course.sandbox.scaling.application.target_tracking import COOLDOWN, capacity_for
from course.sandbox.world import World

ACTIONS = "arn:aws:autoscaling:*:scalingPolicy:*:resource/ecs/*"
"""What alarms call: the ARNs of policies of ECS services."""

LOOK = 30
"""Seconds until it is looked whether ECS has as many tasks (activities of 2016 and 2021 took 31 to 34 s)."""

PATIENCE = timedelta(minutes=10)
"""How long a change may stay InProgress: our model."""

Update = Callable[[Service, int], None]
"""Gives a service another desired count, and has the scheduler look at it."""


class ServiceScaling:
    """The scalable targets of one world."""

    def __init__(self, world: World, alarms: Alarms, update: Update, ecs_events: EcsEvents) -> None:
        self.world = world
        self.alarms = PolicyAlarms(world, alarms)
        self._update = update
        self._ecs_events = ecs_events
        self._wishes: dict[tuple[str, str], dict[tuple[str, str], Wish]] = {}
        alarms.actions.register(ACTIONS, self.called, repeats=True)

    # --- What others ask

    def targets(self, region: str) -> ScalableTargets:
        """The scalable targets of a Region, and what became of them."""
        return self.world.scaling.setdefault(region, ScalableTargets())

    def service(self, region: str, target: ScalableTarget) -> Service | None:
        """The service of a target, in whatever state it is."""
        return self.world.ecs(region).services.get(target.service_key)

    def put_policy(self, region: str, target: ScalableTarget, policy: ScalingPolicy) -> None:
        """A policy is new or another than it was: its alarms follow."""
        target.policies[policy.policy_name] = policy
        for operation, alarm in self.alarms.put(region, policy):
            linked_role.note_alarm(self.world, region, operation, alarm)

    def delete_policy(self, region: str, target: ScalableTarget, policy: ScalingPolicy) -> None:
        """A policy is gone, and with it the alarms that AWS has made for it."""
        del target.policies[policy.policy_name]
        for operation, alarm in self.alarms.delete(region, policy):
            linked_role.note_alarm(self.world, region, operation, alarm)

    def deregister(self, region: str, target: ScalableTarget) -> None:
        """A target is gone, and everything that hung on it; its activities stay."""
        for policy in list(target.policies.values()):
            self.delete_policy(region, target, policy)
        target.scheduled_actions.clear()
        self.targets(region).held.pop(target.resource_id, None)
        self._wishes.pop((region, target.resource_id), None)

    def enforce(self, region: str, target: ScalableTarget) -> None:
        """Bring a desired count that is outside of its bounds back between them, whatever cools down."""
        service = self.service(region, target)
        if service is None or service.status != "ACTIVE":
            return
        desired = service.desired_count
        bound = min(max(desired, target.min_capacity), target.max_capacity)
        if bound != desired:
            which = "minimum" if bound > desired else "maximum"
            self._set(region, target, service, bound, causes.by_bound(which, bound))

    def write(self, region: str, activity: ScalingActivity) -> None:
        """Take an activity down."""
        self.targets(region).activities.append(activity)

    def new_activity(
        self, target: ScalableTarget, description: str, cause: str, **more: Any
    ) -> ScalingActivity:
        """An activity that begins now, not taken down yet."""
        now = self.world.clock.now()
        return ScalingActivity(
            self.world.uuid(), target.resource_id, description, cause, now, **more
        )

    # --- Alarms call

    def called(self, firing: Firing) -> Receipt:
        """An alarm calls a policy: what it wants is remembered until the world settles."""
        found = self._policy(firing.region, firing.action)
        if found is None:
            return Receipt(f"Scaling policy not found: {firing.action}")  # our words
        target, policy = found
        if firing.changed:
            policy.told = ""
        if firing.value is None:
            return Receipt("There is no datapoint to scale by")  # our words
        wish = _wish(policy, firing, firing.value)
        if wish is None:
            return Receipt(f"No step adjustment found for metric value {firing.value:g}")  # ours
        held = self._wishes.setdefault((firing.region, target.resource_id), {})
        held[policy.policy_name, wish.alarm] = wish
        service = self.service(firing.region, target)
        if service is None or service.status != "ACTIVE":
            return Receipt(waits=True)
        found_out = choose(list(held.values()), self._situation(target, service))
        passing = isinstance(found_out, NotScaled) and found_out.passing
        return Receipt(waits=not passing and not isinstance(found_out, Change))

    def look(self) -> None:
        """Decide on what alarms have called for at this instant."""
        wishes, self._wishes = self._wishes, {}
        for (region, resource_id), held in wishes.items():
            target = self.targets(region).held.get(resource_id)
            if target is not None:
                self._decide(region, target, list(held.values()))

    def _policy(self, region: str, action: str) -> tuple[ScalableTarget, ScalingPolicy] | None:
        arn = action.partition(":createdBy/")[0]
        for target in self.targets(region).held.values():
            for policy in target.policies.values():
                if policy.policy_arn == arn:
                    return target, policy
        return None

    def _decide(self, region: str, target: ScalableTarget, wishes: list[Wish]) -> None:
        service = self.service(region, target)
        if service is None or service.status != "ACTIVE":
            gone = "Service not found." if service is None else "Service was not ACTIVE."
            self._refused(region, target, min(wishes, key=lambda one: one.policy), gone)
            return
        found = choose(wishes, self._situation(target, service))
        if isinstance(found, Change):
            self._change(region, target, service, found)
        elif isinstance(found, NotScaled):
            self._not_scaled(region, target, service, found)

    def _situation(self, target: ScalableTarget, service: Service) -> Situation:
        cooling = _cooling(target.cooldown, self.world.clock.now())
        suspended = target.suspended_state
        return Situation(
            current=service.desired_count,
            minimum=target.min_capacity,
            maximum=target.max_capacity,
            agreement=frozenset(
                one.policy_name for one in target.policies.values() if one.scales_in_by_agreement
            ),
            cooling=cooling,
            before=target.cooldown.before if target.cooldown else 0,
            deploying=_is_deploying(service),
            out_suspended=suspended["DynamicScalingOutSuspended"],
            in_suspended=suspended["DynamicScalingInSuspended"],
        )

    # --- What comes of it

    def _change(
        self, region: str, target: ScalableTarget, service: Service, change: Change
    ) -> None:
        wish, before = change.wish, service.desired_count
        outwards = change.capacity > before
        if outwards and _cooling(target.cooldown, self.world.clock.now()) == "out":
            assert target.cooldown is not None
            before = target.cooldown.before
        cause = causes.by_alarm(wish.alarm, wish.policy)
        activity = self._set(region, target, service, change.capacity, cause)
        target.cooldown = Cooldown(activity, wish.cooldown, outwards, before)
        for policy in target.policies.values():
            policy.told = ""

    def _set(
        self, region: str, target: ScalableTarget, service: Service, capacity: int, cause: str
    ) -> ScalingActivity:
        """Give the service its new desired count, as the service-linked role."""
        before, name = service.desired_count, service.service_name
        activity = self.new_activity(target, causes.setting(capacity), cause, capacity=capacity)
        activity.status_message = causes.waiting(capacity)
        self.write(region, activity)
        linked_role.note_update(self.world, region, service, capacity)
        self.world.record("scaling", f"{name}: desired count {before} -> {capacity}", why=cause)
        self._update(service, capacity)
        self._ecs_events.action(service, "SERVICE_DESIRED_COUNT_UPDATED")
        self.world.clock.after(LOOK, self._look_at, region, target, activity)
        return activity

    def _look_at(self, region: str, target: ScalableTarget, activity: ScalingActivity) -> None:
        """Whether ECS has done what an activity asked for."""
        service, now, capacity = (
            self.service(region, target),
            self.world.clock.now(),
            activity.capacity,
        )
        assert capacity is not None
        if service is None or service.status != "ACTIVE":
            status, message = "Unfulfilled", causes.unfulfilled(capacity)
        elif service.desired_count != capacity:
            status, message = "Overridden", causes.overridden(capacity, service.desired_count)
        elif service.running_count == capacity:
            status, message = "Successful", causes.fulfilled(capacity)
        elif now >= activity.start_time + PATIENCE:
            status, message = "Unfulfilled", causes.unfulfilled(capacity)
        else:
            self.world.clock.after(LOOK, self._look_at, region, target, activity)
            return
        activity.status_code, activity.status_message, activity.end_time = status, message, now

    def _refused(self, region: str, target: ScalableTarget, wish: Wish, reason: str) -> None:
        policy = target.policies.get(wish.policy)
        if policy is None or policy.told == reason:
            return
        policy.told = reason
        activity = self.new_activity(
            target, "Setting desired count.", causes.by_alarm(wish.alarm, wish.policy)
        )
        activity.status_code, activity.end_time = "Failed", activity.start_time
        activity.status_message = causes.failed("desired count", reason)
        self.write(region, activity)

    def _not_scaled(
        self, region: str, target: ScalableTarget, service: Service, found: NotScaled
    ) -> None:
        """Take down why nothing was done, once until it is something else."""
        policy = target.policies.get(found.wish.policy)
        if policy is None or policy.told == found.code:
            return
        policy.told = found.code
        said = {
            AT_MAX: {"MaxCapacity": target.max_capacity},
            AT_MIN: {"MinCapacity": target.min_capacity},
            AT_DESIRED: {"CurrentCapacity": service.desired_count},
        }
        reason = {"Code": found.code, **said.get(found.code, {})}
        cause = causes.by_alarm(found.wish.alarm, found.wish.policy)
        activity = self.new_activity(target, causes.NOT_SCALED, cause)
        activity.status_code, activity.end_time = "Failed", activity.start_time
        activity.not_scaled_reasons = [reason]
        self.write(region, activity)


def _wish(policy: ScalingPolicy, firing: Firing, metric: float) -> Wish | None:
    """What a policy wants of a metric; None where no step is for it."""
    given, alarm = policy.configuration, firing.alarm
    above = alarm.comparison_operator.startswith("GreaterThan")
    if policy.policy_type == TRACKING:
        out, into = (given.get(one, COOLDOWN) for one in ("ScaleOutCooldown", "ScaleInCooldown"))
        wanted = partial(capacity_for, metric=metric, target=given["TargetValue"])
        cooldown = out if above else into
        return Wish(policy.policy_name, alarm.alarm_name, wanted, not above, True, cooldown)
    step = step_for(given["StepAdjustments"], metric - alarm.threshold, above=above)
    if step is None:
        return None
    change = partial(adjusted, configuration=given, adjustment=step["ScalingAdjustment"])
    cooldown = given.get("Cooldown", COOLDOWN)
    return Wish(policy.policy_name, alarm.alarm_name, change, False, False, cooldown)


def _cooling(cooldown: Cooldown | None, now: datetime) -> str:
    """``out`` or ``in`` while a scaling activity holds others back; it begins to run when that has ended."""
    if cooldown is None:
        return ""
    activity = cooldown.activity
    ended = activity.end_time
    runs = ended is None or now < ended + timedelta(seconds=cooldown.seconds)
    return ("out" if cooldown.outwards else "in") if runs else ""


def _is_deploying(service: Service) -> bool:
    """Whether a deployment of ECS's own controller is in progress."""
    return any(one.rollout_state == "IN_PROGRESS" for one in service.deployments)
