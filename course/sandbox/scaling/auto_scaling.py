"""Auto Scaling groups: launch what is missing, replace what is broken, end what is too much.

moto keeps the groups and their instances; what it does at once and says nothing of
happens here on the virtual clock, each step recorded as a scaling activity. An
adapter: it leans on moto's Auto Scaling and EC2.

AWS: https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-lifecycle.html
"""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest.mock import patch

from moto.autoscaling.models import (
    AutoScalingBackend,
    FakeAutoScalingGroup,
    autoscaling_backends,
)
from moto.core.exceptions import ServiceException

from course.sandbox.scaling import activities
from course.sandbox.scaling.activities import Activity
from course.sandbox.scaling.group_rules import Member, choose_to_terminate, next_zone
from course.sandbox.world import ACCOUNT_ID, World

TO_IN_SERVICE = 32
"""Seconds from the start of a launch to InService, as in the AWS CLI's sample output of 2020."""

TO_TERMINATED = 60
"""Seconds from the start of a termination to its end: our model; EC2 shuts down meanwhile."""

HEALTH_CHECK = 30
"""Seconds until a stopped or terminated instance is noticed: our model."""

SOUND = ("pending", "running")
LONG_AGO = datetime.min.replace(tzinfo=UTC)
LEAVING = ("Terminating", "Terminating:Wait", "Terminating:Proceed")
NOT_COUNTED = (*LEAVING, "Standby")

RETRY = 60
"""Seconds until a launch that failed is tried again: our model."""


@dataclass
class Group:
    """What is known of a group beside moto's own: its last desired capacity, and why it is what it is."""

    desired: int = 0
    cause: str = ""
    checking: set[str] = field(default_factory=set)
    held_until: datetime | None = None


class AutoScaling:
    """The groups of one account.

    *drained* says whether an instance that is to go may go now; *changed* hears that
    EC2 has other instances.
    """

    def __init__(
        self, world: World, drained: Callable[[str, str], bool], changed: Callable[[], None]
    ) -> None:
        self.world = world
        self._drained = drained
        self._changed = changed
        self._groups: dict[tuple[str, str], Group] = {}
        self._activities: dict[str, list[Activity]] = {}

    # --- What others ask

    def activities(self, region: str) -> list[Activity]:
        """Every scaling activity of a Region, the newest first."""
        return self._activities.get(region, [])[::-1]

    def find(self, region: str, name_or_arn: str) -> Any:
        """moto's group of this name or ARN, or None."""
        groups = _groups_of(region)
        return next((one for name, one in groups.items() if name_or_arn in (name, one.arn)), None)

    def policy(self, region: str, name: str) -> Any:
        """moto's scaling policy of this name, or None."""
        backend: Any = autoscaling_backends[ACCOUNT_ID][region]
        return backend.policies.get(name)

    def in_service(self, region: str, name: str) -> list[str]:
        """The group's instances that are InService."""
        group = self.find(region, name)
        states = group.instance_states if group else ()
        return [one.instance_id for one in states if one.lifecycle_state == "InService"]

    def set_desired(self, region: str, name: str, desired: int, cause: Callable[..., str]) -> None:
        """Change a group's desired capacity for a reason, to which the two numbers are added."""
        group, known = self.find(region, name), self._known(region, name)
        known.cause = cause(before=group.desired_capacity, desired=desired)
        known.desired = group.desired_capacity = desired
        self.look_at(region, group)

    def protect(self, region: str, name: str, instances: set[str], *, protected: bool) -> None:
        """Turn the protection from scale-in of these instances on or off."""
        for state in self.find(region, name).instance_states:
            if state.instance_id in instances:
                state.protected_from_scale_in = protected

    def terminate(self, region: str, instance_id: str, *, decrement: bool) -> Activity | None:
        """End one instance because somebody asked; *decrement* leaves its place empty."""
        for group in _groups_of(region).values():
            for state in group.instance_states:
                if state.instance_id == instance_id and state.lifecycle_state not in LEAVING:
                    now, before = self.world.clock.now(), group.desired_capacity
                    group.desired_capacity -= decrement
                    self._known(region, group.name).desired = group.desired_capacity
                    why = activities.by_request(now, instance_id, before, group.desired_capacity)
                    return self._terminate(region, group, state, why)
        return None

    def manage(self, region: str, name_or_arn: str, policy: str, target: int) -> None:
        """ECS takes a group over: its tag, and a target tracking policy of this name and target."""
        group = self.find(region, name_or_arn)
        if group is not None:
            group.autoscaling_backend.create_or_update_tags([_managed_tag(group.name)])
            _put_policy(group, policy, target)

    def unmanage(self, region: str, name_or_arn: str, policy: str) -> None:
        """ECS lets a group go: the policy is gone with it, the tag stays."""
        group = self.find(region, name_or_arn)
        if group is not None:
            group.autoscaling_backend.delete_policy(policy)

    # --- The rules, carried out

    def look(self) -> None:
        """Compare every group with what it should have, and begin what is missing."""
        for region in _regions():
            for group in list(_groups_of(region).values()):
                self.look_at(region, group)

    def look_at(self, region: str, group: Any) -> None:
        """One group: unhealthy instances, a changed desired capacity, too few, too many."""
        known = self._known(region, group.name)
        self._note_desired(group, known)
        for state in group.instance_states:
            if _is_broken(state) and state.instance_id not in known.checking:
                known.checking.add(state.instance_id)
                self.world.clock.after(
                    HEALTH_CHECK, self._replace, region, group.name, state.instance_id
                )
        present = len(_members(group))
        missing = (group.desired_capacity or 0) - present
        if missing > 0 and not _suspends(group, "Launch"):
            self._grow(region, group, known, present)
        elif missing < 0 and not _suspends(group, "Terminate"):
            self._shrink(region, group, known, -missing)

    def _grow(self, region: str, group: Any, known: Group, present: int) -> None:
        """Launch what is missing, until a launch fails, after which it is tried again later."""
        now = self.world.clock.now()
        if known.held_until and now < known.held_until:
            return
        for before in range(present, group.desired_capacity):
            why = activities.started(now, before=before, after=before + 1)
            if not self._launch(region, group, _sentences(known.cause, why)):
                known.held_until = now + timedelta(seconds=RETRY)
                self.world.clock.after(RETRY, self.look)
                return

    def _note_desired(self, group: Any, known: Group) -> None:
        desired = group.desired_capacity or 0
        if known.desired != desired or not known.cause:
            now, before = self.world.clock.now(), known.desired
            if not known.cause:
                known.cause = activities.by_creation(now, desired)
            else:
                known.cause = activities.by_user(
                    now,
                    minimum=group.min_size,
                    maximum=group.max_size,
                    before=before,
                    desired=desired,
                )
            known.desired = desired

    def _shrink(self, region: str, group: Any, known: Group, count: int) -> None:
        """End what is too much; instances protected from scale-in stay, however many there are."""
        members = _members(group)
        going = choose_to_terminate(members, count)
        if not going:
            return
        after = len(members) - len(going)
        why = activities.taken_out(self.world.clock.now(), going, before=len(members), after=after)
        for state in list(group.instance_states):
            if state.instance_id in going:
                self._terminate(region, group, state, _sentences(known.cause, why))

    def _replace(self, region: str, name: str, instance_id: str) -> None:
        """The health check has failed: the instance goes, another one comes."""
        group, state = self._state(region, name, instance_id)
        if state is None or not _is_broken(state):
            self._known(region, name).checking.discard(instance_id)
            return
        if _suspends(group, "ReplaceUnhealthy", "HealthCheck"):
            return
        now = self.world.clock.now()
        gone = state.instance.state not in SOUND
        state.health_status = "Unhealthy"
        self._terminate(region, group, state, activities.unhealthy(now, gone=gone))
        self._launch(region, group, activities.replacement(now))

    # --- One instance

    def _launch(self, region: str, group: Any, cause: str) -> bool:
        """Launch one instance in the emptiest zone; False if EC2 refuses, with its words in the activity."""
        zone = next_zone(sorted(set(group.availability_zones)), _members(group))
        what, now = "Launching a new EC2 instance", self.world.clock.now()
        try:
            state = _run_instance(group, zone)
        except ServiceException as refusal:
            message = f"{refusal.message}. Launching EC2 instance failed."
            what = f"{what}.  Status Reason: {message}"
            activity = self._begin(region, group, "", what, cause, activities.details(None, zone))
            activity.fail(now, message)
            return False
        state.lifecycle_state, state.launched_at = "Pending", now
        what = f"{what}: {state.instance_id}"
        activity = self._begin(region, group, state.instance_id, what, cause, _where(state))
        self.world.clock.after(TO_IN_SERVICE, self._launched, region, group.name, activity)
        self._changed()
        return True

    def _launched(self, region: str, name: str, activity: Activity) -> None:
        activity.end(self.world.clock.now())
        group, state = self._state(region, name, activity.instance_id)
        if state is not None and state.lifecycle_state == "Pending":
            state.lifecycle_state = "InService"
            _tell_load_balancers(group)
            self._tell(f"{activity.instance_id} of {name} is InService")

    def _terminate(self, region: str, group: Any, state: Any, cause: str) -> Activity:
        state.lifecycle_state = "Terminating"
        what = f"Terminating EC2 instance: {state.instance_id}"
        activity = self._begin(region, group, state.instance_id, what, cause, _where(state))
        self._go_on(region, group.name, activity)
        return activity

    def _go_on(self, region: str, name: str, activity: Activity) -> None:
        """End the instance once nothing holds it; a lifecycle hook keeps it in Terminating:Wait."""
        group, state = self._state(region, name, activity.instance_id)
        if state is None:
            return
        if state.instance.state in SOUND and not self._drained(region, activity.instance_id):
            state.lifecycle_state = "Terminating:Wait"
            self.world.clock.after(TO_TERMINATED, self._go_on, region, name, activity)
            return
        state.lifecycle_state = "Terminating:Proceed"
        _end_instance(group, state)
        self._changed()
        self.world.clock.after(TO_TERMINATED, self._terminated, region, name, activity)

    def _terminated(self, region: str, name: str, activity: Activity) -> None:
        activity.end(self.world.clock.now())
        group, state = self._state(region, name, activity.instance_id)
        if state is not None:
            group.instance_states.remove(state)
            _tell_load_balancers(group)
        self._known(region, name).checking.discard(activity.instance_id)

    def forget(self, region: str, name: str) -> None:
        """A deleted group: its instances end, its activities stay."""
        group = self.find(region, name)
        for state in list(group.instance_states):
            _end_instance(group, state)
        self._changed()
        for one in self._activities.get(region, []):
            if one.auto_scaling_group_name == name:
                one.auto_scaling_group_state = "Deleted"
        self._groups.pop((region, name), None)

    def _begin(
        self, region: str, group: Any, instance_id: str, what: str, cause: str, where: str
    ) -> Activity:
        activity = Activity(
            activity_id=self.world.uuid(),
            auto_scaling_group_name=group.name,
            auto_scaling_group_arn=group.arn,
            description=what,
            cause=cause,
            start_time=self.world.clock.now(),
            instance_id=instance_id,
            details=where,
        )
        self._activities.setdefault(region, []).append(activity)
        self._tell(what, why=_reason(cause))
        return activity

    def _tell(self, text: str, why: str = "") -> None:
        self.world.record("scaling", text, why=why)

    def _known(self, region: str, name: str) -> Group:
        return self._groups.setdefault((region, name), Group())

    def _state(self, region: str, name: str, instance_id: str) -> tuple[Any, Any]:
        group = self.find(region, name)
        states = group.instance_states if group else ()
        return group, next((one for one in states if one.instance_id == instance_id), None)


def _sentences(*causes: str) -> str:
    return "  ".join(one for one in causes if one)


def _reason(cause: str) -> str:
    """The sentence of a cause that speaks of the instance, without its instant."""
    sentence = next(one for one in cause.split("  ") if " instance " in one)
    return sentence.partition("Z ")[2].rstrip(".")


def _is_broken(state: Any) -> bool:
    unhealthy = state.health_status == "Unhealthy" or state.instance.state not in SOUND
    return unhealthy and state.lifecycle_state not in NOT_COUNTED


def _suspends(group: Any, *processes: str) -> bool:
    return any(one["ProcessName"] in processes for one in group.suspended_processes)


def _members(group: Any) -> list[Member]:
    """The instances that count towards the group's capacity; attached ones are its oldest."""
    return [
        Member(
            one.instance_id,
            one.availability_zone,
            getattr(one, "launched_at", LONG_AGO),
            bool(one.protected_from_scale_in),
        )
        for one in group.instance_states
        if one.lifecycle_state not in NOT_COUNTED
    ]


def _where(state: Any) -> str:
    return activities.details(state.instance.subnet_id, state.availability_zone)


# --- moto's side


def install() -> Callable[[], None]:
    """Let moto's groups only note what they should have, until the undo is called."""
    with ExitStack() as undo:
        for kind, name, instead in (
            (FakeAutoScalingGroup, "set_desired_capacity", _note_capacity),
            (AutoScalingBackend, "notify_terminate_instances", _nothing),
        ):
            undo.enter_context(patch.object(kind, name, instead))
        return undo.pop_all().close


def _note_capacity(group: Any, capacity: int | None) -> None:
    group.desired_capacity = group.min_size if capacity is None else capacity


def _nothing(backend: Any, instance_ids: list[str]) -> None:
    """An ended instance is found by the health check."""


def _regions() -> list[str]:
    backends: Any = autoscaling_backends[ACCOUNT_ID]
    return [name for name, one in list(backends.items()) if one.autoscaling_groups]


def _groups_of(region: str) -> dict[str, Any]:
    backend: Any = autoscaling_backends[ACCOUNT_ID][region]
    groups: dict[str, Any] = backend.autoscaling_groups
    return groups


def _run_instance(group: Any, zone: str) -> Any:
    """One instance in this zone, by moto's own way of launching, which knows the group's first subnet only."""
    subnets = (group.vpc_zone_identifier or "").split(",")
    here = [one for one in subnets if one and _zone_of(group, one) == zone]
    before = group.vpc_zone_identifier, group.availability_zones
    group.vpc_zone_identifier = here[0] if here else group.vpc_zone_identifier
    group.availability_zones = [zone]
    try:
        group.replace_autoscaling_group_instances(1, group.get_propagated_tags())
    finally:
        group.vpc_zone_identifier, group.availability_zones = before
    return group.instance_states[-1]


def _managed_tag(name: str) -> dict[str, Any]:
    return {
        "Key": "AmazonECSManaged",
        "Value": "",
        "ResourceId": name,
        "ResourceType": "auto-scaling-group",
        "PropagateAtLaunch": True,
    }


def _put_policy(group: Any, policy: str, target: int) -> None:
    metric = {"MetricName": "CapacityProviderReservation", "Namespace": "AWS/ECS/ManagedScaling"}
    group.autoscaling_backend.put_scaling_policy(
        name=policy,
        policy_type="TargetTrackingScaling",
        metric_aggregation_type=None,
        adjustment_type=None,
        as_name=group.name,
        min_adjustment_magnitude=None,
        scaling_adjustment=None,
        cooldown=None,
        target_tracking_config={
            "CustomizedMetricSpecification": {**metric, "Statistic": "Average"},
            "TargetValue": float(target),
        },
        step_adjustments=None,
        estimated_instance_warmup=None,
        predictive_scaling_configuration=None,
    )


def _zone_of(group: Any, subnet_id: str) -> str:
    return str(group.ec2_backend.get_subnet(subnet_id).availability_zone)


def _end_instance(group: Any, state: Any) -> None:
    state.instance.disable_api_termination = False  # which does not keep Auto Scaling from it
    if state.instance.state != "terminated":
        group.ec2_backend.terminate_instances([state.instance_id])


def _tell_load_balancers(group: Any) -> None:
    group.autoscaling_backend.update_attached_elbs(group.name)
    group.autoscaling_backend.update_attached_target_groups(group.name)
