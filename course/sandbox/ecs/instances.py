"""Container instances through their lives: registered, drained, cut off, stopped, deregistered.

ECS sees an EC2 instance only through the agent on it. ``look`` compares what EC2
has now with what was seen last; an instance that runs the ECS-optimized AMI
registers by itself after a while, when its role lets it and its user data names
a cluster that is there.

AWS: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-agent-config.html
"""

from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass, replace

from course.sandbox.authorize.roles import Role, role_of_instance_profile
from course.sandbox.authorize.trust import EC2, assuming
from course.sandbox.ecs.agent_capabilities import RESERVED_TCP, built_in, capabilities
from course.sandbox.ecs.agent_config import (
    DEFAULT_CLUSTER,
    agent_config,
    blocks_imds,
    cluster_named,
    custom_attributes,
    reserved_memory,
)
from course.sandbox.ecs.ec2_hosts import (
    Host,
    auto_scaling_group_of_provider,
    ecs_image,
    find_host,
    give_up_interface_at_the_end,
    newest_agent,
    regions_with_hosts,
    states,
)
from course.sandbox.ecs.instance_types import instance_type
from course.sandbox.ecs.resources import Cluster, ContainerInstance, Region
from course.sandbox.ecs.stop_reasons import DEREGISTERED_BY_FORCE, Stop, host_gone
from course.sandbox.ecs.task_lifecycle import seconds
from course.sandbox.ecs.task_progress import TaskProgress
from course.sandbox.world import ACCOUNT_ID, World

UPDATE_STEPS = ("STAGING", "STAGED", "UPDATING", "UPDATED")
"""agentUpdateStatus after PENDING, one step after the other."""

AGENT_CALLS = ("ecs", "ecs-agent")
"""The services an agent registers with and then listens to; ``ecs-telemetry`` is not waited for."""

LONGEST_WAIT = 600
"""Seconds between two attempts of an agent that has no way to ECS, at most; our model."""


@dataclass
class Seen:
    """An EC2 instance as it was looked at last; ``boot`` counts its starts, so that alarms of older ones are known.

    ``user_data`` is that of its first start: later ones do not run it again. ``tries`` counts
    how often its agent has found no way to ECS since the last.
    AWS: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/user-data.html
    """

    region: str
    instance_id: str
    state: str
    profile: str | None
    user_data: str
    boot: int = 0
    tries: int = 0
    registered: ContainerInstance | None = None


class Instances:
    """Carries container instances through their lives; *changed* hears of each cluster whose room changed."""

    def __init__(
        self, world: World, tasks: TaskProgress, changed: Callable[[Region, str], None]
    ) -> None:
        self.world = world
        self._tasks = tasks
        self._changed = changed
        self._seen: dict[str, Seen] = {}

    # --- What EC2 has

    def look(self) -> None:
        """Compare EC2's instances with what was seen last, and let the agents on them act."""
        for region in regions_with_hosts(ACCOUNT_ID):
            for instance_id, state in states(ACCOUNT_ID, region):
                seen = self._seen.get(instance_id)
                if seen is None or seen.state != state:
                    self._look_at(region, instance_id)

    def _look_at(self, region: str, instance_id: str) -> None:
        """An EC2 instance is new, or in another state."""
        host = find_host(ACCOUNT_ID, region, instance_id)
        if host is None:
            return
        seen = self._seen.get(instance_id)
        if seen is None:
            seen = self._seen[instance_id] = _first_look(region, host, state="")
        seen.state = host.state
        if host.state == "running":
            self._boot(seen, host)
        elif seen.registered is not None and seen.registered.status != "INACTIVE":
            self._gone(seen.registered, host)

    def _boot(self, seen: Seen, host: Host) -> None:
        """The agent starts with its instance; an instance without an agent stays a plain one."""
        seen.boot += 1
        seen.tries = 0
        if ecs_image(seen.region, host.image_id) is not None:
            self.world.record("agent", f"starts on {host.instance_id}")
            wait = self._seconds("registering")
            self.world.clock.after(wait, self._started, seen, seen.boot)

    def _started(self, seen: Seen, boot: int) -> None:
        """The agent is up: it connects again, or registers for the first time."""
        host = find_host(ACCOUNT_ID, seen.region, seen.instance_id)
        if host is None or seen.state != "running" or seen.boot != boot:
            return
        if seen.registered is None:
            self._register_itself(seen, replace(host, user_data=seen.user_data))
        elif seen.registered.status != "INACTIVE":
            self.connect(seen.registered)

    def _gone(self, instance: ContainerInstance, host: Host) -> None:
        """The EC2 instance stopped or ended: its tasks with it, if the agent was there to be missed.

        ECS deregisters a terminated instance by itself, but not one whose agent was cut off before.
        """
        if not instance.agent_connected:
            return
        self.disconnect(instance)
        ended = "stopped" if host.state == "stopped" else "terminated"
        self._lose(instance, host_gone(host.instance_id, ended))
        if ended == "terminated":
            self._deactivate(instance)

    # --- Registering

    def _register_itself(self, seen: Seen, host: Host) -> None:
        region = self.world.ecs(seen.region)
        config = agent_config(host.user_data)
        name = cluster_named(config)
        role, problem = self._role(seen.profile)
        problem = problem or self._keeps_out(region, host, role, name)
        no_way = "" if problem else self._no_way(seen)
        if problem or no_way:
            if seen.tries == 0:
                does_not = f"on {host.instance_id} does not register"
                self.world.record("agent", does_not, why=problem or no_way)
            if no_way:
                self._try_again(seen)
            return
        cluster = region.clusters.get(name) or self._default_cluster(region)
        instance = self.register(region, cluster, host)
        assert role is not None, "without a role it is kept out"
        instance.role_arn = role.arn
        poll = role.may(host.instance_id, "ecs:Poll", instance.container_instance_arn)
        if not poll.allowed:
            self.disconnect(instance)

    def _no_way(self, seen: Seen) -> str:
        """Why the agent does not reach ECS over the network; empty if it does, or if it has no interface."""
        ways = self._tasks.ways(seen.region)
        place = ways.instance(seen.instance_id)
        verdicts = [ways.to_service(place, one) for one in AGENT_CALLS] if place else []
        return next((f"no way to ECS: {one.why}" for one in verdicts if not one.reached), "")

    def _try_again(self, seen: Seen) -> None:
        """An agent that does not reach ECS is started again and again, ever more slowly (our model)."""
        wait = min(self._seconds("registering") * 2**seen.tries, LONGEST_WAIT)
        seen.tries += 1
        self.world.clock.after(wait, self._started, seen, seen.boot)

    def _role(self, profile: str | None) -> tuple[Role | None, str]:
        role = role_of_instance_profile(profile, ACCOUNT_ID) if profile else None
        if role is None:
            return None, "the instance has no role"
        if not assuming(role.trust, EC2).allowed:
            return None, f"{role.name} does not trust {EC2}"
        return role, ""

    def _keeps_out(self, region: Region, host: Host, role: Role | None, name: str) -> str:
        """Why an agent with this role cannot join a cluster of this name; empty if it can."""
        assert role is not None, "no role has been told already"
        cluster = region.clusters.get(name)
        found = cluster is not None and cluster.status == "ACTIVE"
        if not found and name != DEFAULT_CLUSTER:
            return f"there is no cluster {name}"
        needed = ["ecs:RegisterContainerInstance"] + ["ecs:CreateCluster"] * (not found)
        for action in needed:
            decision = role.may(host.instance_id, action, region.arn(f"cluster/{name}"))
            if not decision.allowed:
                return f"{role.name} may not {action}"
        return ""

    def _default_cluster(self, region: Region) -> Cluster:
        """The agent makes the cluster ``default`` where there is none; only this one."""
        settings = [{"name": "containerInsights", "value": "disabled"}]
        arn = region.arn(f"cluster/{DEFAULT_CLUSTER}")
        return region.clusters.setdefault(
            DEFAULT_CLUSTER,
            Cluster(cluster_arn=arn, cluster_name=DEFAULT_CLUSTER, settings=settings),
        )

    def register(self, region: Region, cluster: Cluster, host: Host) -> ContainerInstance:
        """Make an EC2 instance a container instance of a cluster; one that is there already stays."""
        seen = self._seen.get(host.instance_id)
        if seen is None:
            seen = self._seen[host.instance_id] = _first_look(region.name, host, state=host.state)
        known = seen.registered
        if known and known.status != "INACTIVE" and known.cluster_arn == cluster.cluster_arn:
            return known
        instance = self._new(region, cluster, host)
        seen.registered = instance
        held = region.container_instances.setdefault(cluster.cluster_name, {})
        held[instance.id] = instance
        cluster.registered_container_instances_count += 1
        self.world.record(
            "agent",
            f"{host.instance_id} is container instance {instance.id} of {cluster.cluster_name}",
        )
        self._tasks.tells.instance(instance)
        self._changed(region, cluster.cluster_name)
        return instance

    def _new(self, region: Region, cluster: Cluster, host: Host) -> ContainerInstance:
        config, image = agent_config(host.user_data), ecs_image(region.name, host.image_id)
        kind, custom = instance_type(host.instance_type), custom_attributes(config)
        own = built_in(
            image=host.image_id,
            zone=host.zone,
            kind=host.instance_type,
            subnet=host.subnet_id,
            vpc=host.vpc_id,
            arm=image is not None and image.arm,
        )
        arn = region.arn(f"container-instance/{cluster.cluster_name}/{self.world.hexadecimal(32)}")
        return ContainerInstance(
            container_instance_arn=arn,
            cluster_arn=cluster.cluster_arn,
            ec2_instance_id=host.instance_id,
            registered_at=self.world.clock.now(),
            cpu=kind.cpu,
            memory=kind.memory - reserved_memory(config),
            interfaces=kind.interfaces - 1,
            attributes={**own, **capabilities(), **custom},
            custom=set(custom),
            version_info={
                "agentVersion": image.agent_version if image else newest_agent(region.name),
                "dockerVersion": image.docker_version if image else "",
            },
            reserved_tcp=RESERVED_TCP,
            capacity_provider_name=_provider(region, cluster, host),
            imds_blocked=blocks_imds(config),
        )

    # --- While it is registered

    def set_status(self, instance: ContainerInstance, status: str) -> None:
        """ACTIVE or DRAINING: from now on tasks come, or service tasks go elsewhere."""
        with ExitStack() as counts:
            for task in list(instance.tasks.values()):
                counts.enter_context(self._tasks.recounted(task))
            instance.status = status
            instance.version += 1
        self.world.record("agent", f"container instance {instance.id} is {status}")
        self._tasks.tells.instance(instance)
        self.tell_cluster(instance)

    def disconnect(self, instance: ContainerInstance) -> None:
        """ECS and the agent lose each other: what runs there runs on, unseen."""
        instance.agent_connected = False
        instance.version += 1
        self.world.record("agent", f"of container instance {instance.id} is disconnected")
        for task in instance.tasks.values():
            task.connectivity = "DISCONNECTED"
        self._tasks.tells.instance(instance)
        self.tell_cluster(instance)

    def connect(self, instance: ContainerInstance) -> None:
        """The agent is back, and reports what ECS has not heard of meanwhile."""
        if instance.agent_connected:
            return
        instance.agent_connected = True
        instance.version += 1
        self.world.record("agent", f"of container instance {instance.id} is connected")
        for task in instance.tasks.values():
            task.connectivity = "CONNECTED"
        self._tasks.tells.instance(instance)
        unheard, instance.unheard = instance.unheard, []
        for function, given in unheard:
            function(*given)
        self.tell_cluster(instance)

    def update_agent(self, instance: ContainerInstance, version: str) -> None:
        """The agent updates itself, step by step, while tasks run on."""
        instance.agent_update_status = "PENDING"
        self._later(instance, UPDATE_STEPS, version)

    def _later(self, instance: ContainerInstance, steps: Iterable[str], version: str) -> None:
        self.world.clock.after(
            self._seconds("updating"), self._step, instance, tuple(steps), version
        )

    def _step(self, instance: ContainerInstance, steps: tuple[str, ...], version: str) -> None:
        """One step of an update; while the agent is disconnected it waits."""
        if not instance.agent_connected:
            instance.unheard.append((self._step, (instance, steps, version)))
            return
        instance.agent_update_status = steps[0]
        if len(steps) > 1:
            self._later(instance, steps[1:], version)
            return
        instance.version_info = {**instance.version_info, "agentVersion": version}
        instance.version += 1
        self._tasks.tells.instance(instance)

    def deregister(self, instance: ContainerInstance) -> None:
        """Take it off its cluster; by force, tasks that run there run on without ECS."""
        self._lose(instance, DEREGISTERED_BY_FORCE)
        self._deactivate(instance)

    def _deactivate(self, instance: ContainerInstance) -> None:
        region = self.world.ecs(instance.container_instance_arn.split(":")[3])
        instance.status, instance.agent_connected = "INACTIVE", False
        instance.version += 1
        instance.unheard.clear()
        region.clusters[instance.cluster_name].registered_container_instances_count -= 1
        self.world.record("agent", f"container instance {instance.id} is deregistered")
        self._tasks.tells.instance(instance)
        self.tell_cluster(instance)

    def _lose(self, instance: ContainerInstance, stop: Stop) -> None:
        for task in list(instance.tasks.values()):
            self._tasks.lose(task, stop)

    def tell_cluster(self, instance: ContainerInstance) -> None:
        """Say that where tasks can go has changed, for whoever waits for a place."""
        region = self.world.ecs(instance.container_instance_arn.split(":")[3])
        self._changed(region, instance.cluster_name)

    def _seconds(self, what: str) -> float:
        return seconds(what, profile=self.world.profile, launch_type="EC2")


def _first_look(region: str, host: Host, *, state: str) -> Seen:
    give_up_interface_at_the_end(ACCOUNT_ID, region, host.instance_id)
    return Seen(region, host.instance_id, state, host.profile, host.user_data)


def _provider(region: Region, cluster: Cluster, host: Host) -> str | None:
    """The cluster's capacity provider whose Auto Scaling group launched the instance."""
    for name in cluster.capacity_providers if host.group else ():
        provider = region.capacity_providers.get(name)
        given = (provider and provider.auto_scaling_group_provider) or {}
        arn = given.get("autoScalingGroupArn", "")
        if auto_scaling_group_of_provider(region.account_id, region.name, arn) == host.group:
            return name
    return None
