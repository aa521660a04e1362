"""Managed scaling: capacity providers that grow and shrink their Auto Scaling groups.

Tasks without a place wait; once a minute each provider's CapacityProviderReservation
is computed, and its two alarms change the group. While the metric is at its target
nobody looks. Instances on their way out are drained first.

AWS: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/cluster-auto-scaling.html
     https://docs.aws.amazon.com/AmazonECS/latest/developerguide/managed-instance-draining.html
"""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from course.sandbox.ecs.awaiting import LONGEST_WAIT, Awaits, has_waited_too_long, waiting
from course.sandbox.ecs.instances import Instances
from course.sandbox.ecs.placement import Candidate, NotPlaced
from course.sandbox.ecs.places import candidate_of, find_place, share_of
from course.sandbox.ecs.resources import Cluster, ContainerInstance, Region, Task
from course.sandbox.ecs.task_progress import TaskProgress
from course.sandbox.scaling import activities
from course.sandbox.scaling.auto_scaling import AutoScaling
from course.sandbox.scaling.capacity_reservation import (
    DATAPOINTS_IN,
    PERIOD,
    Step,
    instances_needed,
    reservation,
    scaled_in,
    scaled_out,
)
from course.sandbox.world import World

LONGEST_DRAIN = timedelta(hours=48)
"""How long a draining instance is waited for."""


@dataclass
class Watch:
    """One provider in its cluster: its policy's id, and what its alarms have seen."""

    region: str
    cluster: str
    provider: str
    policy: str
    ticking: bool = False
    low: int = 0
    datapoints: list[tuple[datetime, float]] = field(default_factory=list)


class ManagedScaling:
    """Carries managed scaling out in one world."""

    def __init__(
        self, world: World, tasks: TaskProgress, instances: Instances, groups: AutoScaling
    ) -> None:
        self.world = world
        self._tasks = tasks
        self._instances = instances
        self._groups = groups
        self._watches: dict[tuple[str, str, str], Watch] = {}
        self._draining_since: dict[str, datetime] = {}

    # --- What happens

    def associate(self, region: Region, cluster: Cluster) -> None:
        """A cluster's capacity providers, or the settings of one, have changed."""
        for key in [one for one in self._watches if one[:2] == (region.name, cluster.cluster_name)]:
            if key[2] not in cluster.capacity_providers or not _scaling(region, key[2]):
                watch = self._watches.pop(key)
                self._groups.unmanage(region.name, _group(region, watch.provider), watch.policy)
        for name in cluster.capacity_providers:
            if _scaling(region, name):
                self._watch(region, cluster.cluster_name, name)

    def began_to_wait(self, task: Task) -> None:
        """A task waits for an instance."""
        self.world.clock.after(LONGEST_WAIT, self._give_up, task)
        region = self._region(task.task_arn)
        self._look(region, task.cluster_arn.rsplit("/", 1)[-1])

    def room_changed(self, region: Region, cluster: str) -> None:
        """There are other instances, or there is other room on them: what waits tries again."""
        if not region.capacity_providers:
            return  # then nobody waits
        for task in waiting(region, cluster):
            found = self._find(region, cluster, task)
            if isinstance(found, ContainerInstance):
                self._tasks.place(task, found, share_of(task.awaits.demand))
        self._look(region, cluster)

    def may_end(self, region_name: str, instance_id: str) -> bool:
        """Whether an instance that its group ends may go: drained first, where that is managed."""
        instance = self._registered(region_name, instance_id)
        if instance is None or not instance.tasks:
            return True
        provider = self.world.ecs(region_name).capacity_providers.get(
            instance.capacity_provider_name or ""
        )
        given = (provider.auto_scaling_group_provider if provider else None) or {}
        if given.get("managedDraining") != "ENABLED":
            return True
        now = self.world.clock.now()
        since = self._draining_since.setdefault(instance.id, now)
        if instance.status == "ACTIVE":
            self._instances.set_status(instance, "DRAINING")
        return now >= since + LONGEST_DRAIN

    def reservation(self, region: Region, cluster: str, provider: str) -> float:
        """CapacityProviderReservation as it is at this instant."""
        there = self._there(region, cluster, provider)
        demands = [
            replace(one.awaits.demand, zones=frozenset())
            for one in waiting(region, cluster, provider)
        ]
        scaling = _scaling(region, provider)
        step = Step(scaling["minimumScalingStepSize"], scaling["maximumScalingStepSize"])
        idle = sum(self._is_idle(region, one) for one in there)
        needed = instances_needed(
            len(there), idle, demands, _empty(region, cluster, provider), step
        )
        return reservation(needed, len(there))

    def reservations(self) -> list[tuple[str, str, str, float]]:
        """Of every provider that is watched: Region, cluster, provider, and the metric at this instant."""
        return [
            (*key, self.reservation(self.world.ecs(key[0]), key[1], key[2]))
            for key in self._watches
            if _scaling(self.world.ecs(key[0]), key[2])
        ]

    def datapoints(self, region: str, cluster: str, provider: str) -> list[tuple[datetime, float]]:
        """The metric as the alarms have seen it."""
        watch = self._watches.get((region, cluster, provider))
        return watch.datapoints if watch else []

    # --- Waiting tasks

    def _find(self, region: Region, cluster: str, task: Task) -> ContainerInstance | NotPlaced:
        awaits: Awaits = task.awaits
        return find_place(
            awaits.demand,
            self._there(region, cluster, task.capacity_provider_name or ""),
            strategy=awaits.strategy,
            constraints=awaits.constraints,
            random=self.world.random,
        )

    def _give_up(self, task: Task) -> None:
        if task.awaits is None or not task.wanted:
            return
        region, cluster = self._region(task.task_arn), task.cluster_arn.rsplit("/", 1)[-1]
        found = self._find(region, cluster, task)
        assert isinstance(found, NotPlaced), "a place that is there has been taken"
        self._tasks.stop(task, has_waited_too_long(found))

    # --- The metric and its alarms

    def _watch(self, region: Region, cluster: str, provider: str) -> None:
        key = region.name, cluster, provider
        if key not in self._watches:
            policy = f"ECSManagedAutoScalingPolicy-{self.world.uuid()}"
            self._watches[key] = Watch(*key, policy)
        policy, target = self._watches[key].policy, _scaling(region, provider)["targetCapacity"]
        self._groups.manage(region.name, _group(region, provider), policy, target)
        self._look(region, cluster)

    def _look(self, region: Region, cluster: str) -> None:
        """Begin to look once a minute where the metric is not at its target."""
        for watch in self._watches.values():
            if (watch.region, watch.cluster) != (region.name, cluster) or watch.ticking:
                continue
            target = _scaling(region, watch.provider)["targetCapacity"]
            if self.reservation(region, cluster, watch.provider) != target:
                watch.ticking = True
                self.world.clock.after(PERIOD, self._tick, watch)

    def _tick(self, watch: Watch) -> None:
        """One datapoint, and what the alarms make of it."""
        watch.ticking = False
        region = self.world.ecs(watch.region)
        if self._watches.get((watch.region, watch.cluster, watch.provider)) is not watch:
            return
        scaling = _scaling(region, watch.provider)
        metric = self.reservation(region, watch.cluster, watch.provider)
        watch.datapoints.append((self.world.clock.now(), metric))
        watch.low = watch.low + 1 if metric < scaling["targetCapacity"] else 0
        group = self._groups.find(watch.region, _group(region, watch.provider))
        if group is None or metric == scaling["targetCapacity"]:
            return
        running = len(self._there(region, watch.cluster, watch.provider))
        if metric > scaling["targetCapacity"]:
            target, desired = scaling["targetCapacity"], group.desired_capacity
            wanted = scaled_out(metric, target, running, desired, group.max_size)
            self._change(watch, group, wanted, "High", metric)
        elif watch.low >= DATAPOINTS_IN and self._is_warm(region, watch, scaling):
            self._shrink(region, watch, group, metric, running)
        watch.ticking = True
        self.world.clock.after(PERIOD, self._tick, watch)

    def _is_warm(self, region: Region, watch: Watch, scaling: dict[str, Any]) -> bool:
        """Whether no instance is so new that it does not count yet: until then nothing shrinks."""
        since = self.world.clock.now() - timedelta(seconds=scaling["instanceWarmupPeriod"])
        there = self._there(region, watch.cluster, watch.provider)
        return all(one.registered_at <= since for one in there)

    def _shrink(
        self, region: Region, watch: Watch, group: Any, metric: float, running: int
    ) -> None:
        """Fewer instances; under managed termination protection only those without tasks lose it."""
        given = region.capacity_providers[watch.provider].auto_scaling_group_provider or {}
        target = given["managedScaling"]["targetCapacity"]
        wanted = scaled_in(metric, target, running, group.desired_capacity, group.min_size)
        if given["managedTerminationProtection"] == "ENABLED":
            there = self._there(region, watch.cluster, watch.provider)
            for protected in (True, False):
                chosen = {
                    one.ec2_instance_id
                    for one in there
                    if self._is_idle(region, one) is not protected
                }
                self._groups.protect(watch.region, group.name, chosen, protected=protected)
        self._change(watch, group, wanted, "Low", metric)
        watch.low = 0

    def _change(self, watch: Watch, group: Any, wanted: int, alarm: str, metric: float) -> None:
        if wanted == group.desired_capacity:
            return
        now = self.world.clock.now()
        self.world.record(
            "scaling",
            f"{group.name}: desired capacity {group.desired_capacity} -> {wanted}",
            why=f"CapacityProviderReservation {metric:.0f}",
        )
        name = f"TargetTracking-{group.name}-Alarm{alarm}-{watch.policy.partition('-')[2]}"
        cause = partial(activities.by_alarm, now, name, watch.policy)
        self._groups.set_desired(watch.region, group.name, wanted, cause)

    # --- What is there

    def _region(self, arn: str) -> Region:
        return self.world.ecs(arn.split(":")[3])

    def _there(self, region: Region, cluster: str, provider: str) -> list[ContainerInstance]:
        """The provider's instances that tasks can go to, now or later."""
        return [
            one
            for one in region.instances_of(cluster)
            if one.capacity_provider_name == provider and one.status != "DRAINING"
        ]

    def _is_idle(self, region: Region, instance: ContainerInstance) -> bool:
        """Whether no task but a daemon's is on it."""
        return all(_is_daemon(region, task) for task in instance.tasks.values())

    def _registered(self, region: str, instance_id: str) -> ContainerInstance | None:
        held = self.world.ecs(region).container_instances.values()
        every = (one for several in held for one in several.values())
        return next(
            (
                one
                for one in every
                if one.ec2_instance_id == instance_id and one.status != "INACTIVE"
            ),
            None,
        )


def _is_daemon(region: Region, task: Task) -> bool:
    cluster, name = task.cluster_arn.rsplit("/", 1)[-1], task.group.removeprefix("service:")
    service = region.services.get(f"{cluster}:{name}") if task.deployment else None
    return service is not None and service.scheduling_strategy == "DAEMON"


def _scaling(region: Region, provider: str) -> dict[str, Any]:
    """A provider's managed scaling; empty where it has none, or it is DISABLED."""
    found = region.capacity_providers.get(provider)
    given: dict[str, Any] = (found.auto_scaling_group_provider if found else None) or {}
    scaling: dict[str, Any] = given.get("managedScaling", {})
    return scaling if scaling.get("status") == "ENABLED" else {}


def _group(region: Region, provider: str) -> str:
    given = region.capacity_providers[provider].auto_scaling_group_provider or {}
    return str(given.get("autoScalingGroupArn", ""))


def _empty(region: Region, cluster: str, provider: str) -> Candidate | None:
    """An instance of the provider with nothing on it: like the newest that ever registered."""
    held = region.container_instances.get(cluster, {}).values()
    own = [one for one in held if one.capacity_provider_name == provider]
    if not own:
        return None
    newest = own[-1]
    return replace(
        candidate_of(newest),
        cpu=newest.cpu,
        memory=newest.memory,
        interfaces=newest.interfaces,
        tcp_ports=newest.reserved_tcp,
        udp_ports=newest.reserved_udp,
        groups={},
        agent_connected=True,
        active=True,
    )
