"""The control plane: runs the service scheduler's rules until nothing is left to do.

After every API call, and once per instant of the clock, the rules run for the
services that were touched, and their actions are carried out, until none acts.
"""

from collections.abc import Sequence
from datetime import datetime

from course.sandbox.api_gateway.vpc_links import VpcLinks
from course.sandbox.authorize.roles import Role
from course.sandbox.balancing.provisioning import Provisioning
from course.sandbox.discovery.cloud_map import healthy_instances
from course.sandbox.discovery.operations import Operations
from course.sandbox.ecs import events
from course.sandbox.ecs.api.for_targets import run_task
from course.sandbox.ecs.daemon_scheduler import daemon_places, reconcile_daemon
from course.sandbox.ecs.instances import Instances
from course.sandbox.ecs.launch import Launch, new_task
from course.sandbox.ecs.own_role import OwnRoles
from course.sandbox.ecs.resources import (
    ContainerInstance,
    Deployment,
    Region,
    Service,
    ServiceDeployment,
    Task,
)
from course.sandbox.ecs.service_scheduler import (
    STEADY_AGAIN,
    CompleteDeployment,
    Deactivate,
    FailDeployment,
    ReachSteadyState,
    ReportBlocked,
    ReportProtected,
    RetireDeployment,
    StartTasks,
    StopTasks,
    grace_ends,
    reconcile,
)
from course.sandbox.ecs.stop_reasons import SPOT_INTERRUPTION
from course.sandbox.ecs.task_progress import TaskProgress
from course.sandbox.ecs.task_sets import (
    RetireTaskSet,
    Stabilize,
    TaskSetAction,
    reconcile_task_sets,
)
from course.sandbox.errors import DidNotSettle
from course.sandbox.managed_scaling import ManagedScaling
from course.sandbox.network.ways import Ways
from course.sandbox.observability.alarms.alarms import Alarms
from course.sandbox.observability.alarms.notifying import Notifying
from course.sandbox.observability.eventbridge.bus import Bus
from course.sandbox.observability.eventbridge.ecs_events import EcsEvents
from course.sandbox.observability.eventbridge.schedules import Schedules
from course.sandbox.observability.eventbridge.targets import Invocation
from course.sandbox.observability.metrics.meters import Meters
from course.sandbox.registry.upkeep import RegistryUpkeep
from course.sandbox.rollouts import Rollouts
from course.sandbox.scaling.application.planned import PlannedScaling
from course.sandbox.scaling.application.service_scaling import ServiceScaling
from course.sandbox.scaling.auto_scaling import AutoScaling
from course.sandbox.scaling.group_policies import GroupPolicies
from course.sandbox.service_tasks import ServiceTasks
from course.sandbox.traffic.api_url import ApiUrl
from course.sandbox.traffic.balanced import BalancerName
from course.sandbox.traffic.cloud_map_way import CloudMapWay
from course.sandbox.traffic.driver import Driver
from course.sandbox.traffic.finding import Finder
from course.sandbox.traffic.private_name import PrivateName
from course.sandbox.traffic.task_address import TaskAddress
from course.sandbox.world import World

ROUNDS = 100


class ControlPlane:
    """Carries out what the rules decide, in one world."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.bus = Bus(world, self._run_task)
        self.ecs_events = EcsEvents(world, self.bus)
        self.schedules = Schedules(world, self.bus)
        self.tasks = TaskProgress(world, self._task_changed, self.ecs_events)
        self.instances = Instances(world, self.tasks, self._room_changed)
        self.rollouts = Rollouts(world, self.tell, self.ecs_events)
        self.registries = RegistryUpkeep(world)
        self.cloud_map_operations = Operations(world)
        self._service_tasks = ServiceTasks(
            world, self.tasks, self.launch, self.tell, self.touch, self.ecs_events
        )
        self._own_roles = OwnRoles(world, self.tell, self.touch, self.ecs_events)
        self._touched: dict[str, Service] = {}
        self.auto_scaling = AutoScaling(world, self._may_end, self.instances.look)
        self.managed_scaling = ManagedScaling(world, self.tasks, self.instances, self.auto_scaling)
        by_name = BalancerName(world, self.tasks.target_groups, self.ways)
        self.vpc_links = VpcLinks(world, self.tasks.interfaces)
        self._tasks_changed = 0
        by_address = TaskAddress(world, self.ways)
        self._by_cloud_map = CloudMapWay(healthy_instances, by_address, self.ways)
        by_api = ApiUrl(world, self.ways, by_name, by_address, self._by_cloud_map)
        finder = Finder(world, (by_address, by_name, by_api, PrivateName(world)))
        self.traffic = Driver(world, finder, self._changes, self.tasks.log_requests)
        self.meters = Meters(
            world,
            self.traffic,
            self.tasks.target_groups.balancers,
            self.managed_scaling.reservations,
        )
        self.alarms = Alarms(world, self._metric_changes, self._metrics_move)
        self._answer_alarms()
        self.provisioning = Provisioning(
            world, self.tasks.interfaces, self.tasks.target_groups.look
        )
        self.service_scaling = ServiceScaling(world, self.alarms, self.aim, self.ecs_events)
        self.planned_scaling = PlannedScaling(world, self.service_scaling)
        world.clock.on_instant(self.settle)

    def ways(self, region: str) -> Ways:
        """Who reaches whom in the network of a Region."""
        return self.tasks.ways(region)

    def aim(self, service: Service, desired: int) -> None:
        """Give a service another desired count."""
        service.aim(desired)
        self.touch(service)

    def touch(self, service: Service) -> None:
        """Say that a service, or one of its tasks, has changed; settling will look at it."""
        self._touched[service.service_arn] = service

    def settle(self) -> None:
        """Run the rules for the touched services until none acts.

        Raises DidNotSettle, naming the services, after 100 rounds.
        """
        self.schedules.look()
        self.service_scaling.look()
        self.auto_scaling.look()
        self.instances.look()
        for task, message in (*self.tasks.target_groups.news(), *self.tasks.registries.news()):
            service = self._service_of(task)
            if service:
                self.tell(service, message)
        self._run_rules()
        self.traffic.look()
        self.alarms.look()

    def _run_rules(self) -> None:
        for _ in range(ROUNDS):
            if not self._touched:
                return
            touched, self._touched = list(self._touched.values()), {}
            for service in touched:
                self.rollouts.start(service)
                for action in self._own_roles.allowed(service, self._next_actions(service)):
                    self._apply(service, action)
                    self.touch(service)
        names = ", ".join(service.service_name for service in self._touched.values())
        raise DidNotSettle(f"the rules still act after {ROUNDS} rounds at one instant: {names}")

    def network_changed(self, region: str) -> None:
        """Something of a VPC has changed: who was reached may be reached no more, and the reverse."""
        self.tasks.target_groups.look(region)

    def launch(self, launch: Launch) -> Task:
        """Start one task, for RunTask or for a service."""
        task = new_task(self.world, launch)
        self.tasks.begin(task)
        if task.awaits is not None:
            self.managed_scaling.began_to_wait(task)
        return task

    def availability_zone(self, region: str, subnet_id: str | None) -> str | None:
        """The zone a task in this subnet runs in; None outside awsvpc mode."""
        return self.tasks.interfaces(region).availability_zone(subnet_id) if subnet_id else None

    def tell(self, service: Service, message: str) -> None:
        """Add one event to a service, and to the timeline."""
        service.tell(self.world.uuid(), self.world.clock.now(), message)
        self.world.record("service", message)

    def begin_deployment(
        self, service: Service, deployment: Deployment, images: list[dict[str, str]]
    ) -> None:
        """Make this the service's newest deployment, with a revision of these images."""
        self.rollouts.begin(service, deployment, images)
        self.touch(service)

    def stop_deployment(self, service: Service, record: ServiceDeployment, *, back: bool) -> None:
        """Stop an ongoing service deployment, and go *back* to what completed last if wanted."""
        self.rollouts.stop(service, record, back=back)
        self.touch(service)

    def protect(self, task: Task, until: datetime | None) -> None:
        """Keep a task of a service from being scaled in until then; None ends its protection."""
        task.protected_until = until
        if until:
            self.world.clock.at(until, self._touch_service_of, task)
        self._touch_service_of(task)

    def interrupt_spot(self, task: Task) -> None:
        """AWS takes a Spot task's capacity back: the warning and SIGTERM come at once."""
        self.world.record("aws", "Spot capacity is taken back", subject=task.id)
        self.tasks.stop(task, SPOT_INTERRUPTION)

    def _may_end(self, region: str, instance_id: str) -> bool:
        """Whether nothing keeps an instance that its Auto Scaling group ends."""
        return self.managed_scaling.may_end(region, instance_id)

    def _room_changed(self, region: Region, cluster: str) -> None:
        """A cluster has other instances, or other room on them: what waits for a place tries again at once."""
        self.managed_scaling.room_changed(region, cluster)
        for service in region.services.values():
            if service.cluster_arn.rsplit("/", 1)[-1] != cluster or service.status == "INACTIVE":
                continue
            for deployment in service.groups:
                if deployment.unplaced:
                    deployment.hold_until = None
            self.touch(service)

    def _changes(self) -> tuple[object, ...]:
        """What has to differ for requests to go another way: calls, targets, tasks, Cloud Map's instances."""
        targets, instances = self.tasks.target_groups.changes, self._by_cloud_map.changes()
        return self.world.history.total, targets, self._tasks_changed, instances

    def _metric_changes(self) -> tuple[object, ...]:
        """What has to differ for a metric to show something else, beside traffic."""
        puts = sum(store.puts for store in self.world.metrics.values())
        return *self._changes(), puts

    def _answer_alarms(self) -> None:
        """Name who takes the actions of alarms, and who hears of them."""
        notifying, policies = Notifying(self.bus), GroupPolicies(self.world, self.auto_scaling)
        self.alarms.heard.append(notifying.tell)
        self.alarms.actions.register("arn:aws:sns:*", notifying.publish, repeats=False)
        groups = "arn:aws:autoscaling:*:autoScalingGroupName/*"
        self.alarms.actions.register(groups, policies.receive, repeats=True)

    def _metrics_move(self) -> bool:
        """Whether metrics change although nothing happens."""
        return not self.meters.is_calm(self.world.clock.now())

    def _task_changed(self, task: Task) -> None:
        self._tasks_changed += 1
        if task.instance and task.last_status == "STOPPED":
            region = self.world.ecs(task.task_arn.split(":")[3])
            self._room_changed(region, task.instance.cluster_name)
        service = self._service_of(task)
        if service is None:
            return
        self.rollouts.heed(service, task)
        now = self.world.clock.now()
        if task.unhealthy and task.wanted and now < grace_ends(service, task):
            self.world.clock.at(grace_ends(service, task), self.touch, service)
        self.touch(service)

    def _touch_service_of(self, task: Task) -> None:
        service = self._service_of(task)
        if service:
            self.touch(service)

    def _service_of(self, task: Task) -> Service | None:
        if task.deployment is None:
            return None
        _, _, _, region, _, _ = task.task_arn.split(":", 5)
        cluster = task.cluster_arn.rsplit("/", 1)[-1]
        name = task.group.removeprefix("service:")
        return self.world.ecs(region).services.get(f"{cluster}:{name}")

    def _apply(self, service: Service, action: TaskSetAction) -> None:
        name = service.service_name
        match action:
            case StartTasks():
                self._service_tasks.start(service, action)
            case StopTasks():
                self._service_tasks.stop(service, action)
            case RetireDeployment(deployment):
                self.rollouts.retire(service, deployment)
            case CompleteDeployment(deployment):
                self.rollouts.complete(service, deployment)
            case FailDeployment(deployment):
                self.rollouts.fail(service, deployment)
            case RetireTaskSet(task_set):
                service.task_sets.remove(task_set)
                self.world.record("service", f"{name} has no task set {task_set.id} any more")
            case Stabilize(task_set):
                task_set.stable = task_set.is_steady
                task_set.stability_status_at = self.world.clock.now()
                if task_set.stable:
                    self.ecs_events.action(service, "TASKSET_STEADY_STATE")
            case ReachSteadyState():
                self._steady(service)
            case ReportBlocked():
                service.blocked = True
                self.tell(service, events.blocked_by_percents(name))
            case ReportProtected(deployment):
                service.blocked = True
                self.tell(service, events.too_many_protected(name, deployment.id))
            case Deactivate():
                self._deactivate(service)

    def _steady(self, service: Service) -> None:
        service.steady_since = self.world.clock.now()
        self.tell(service, events.steady(service.service_name))
        self._tell_steady(service)
        self.world.clock.after(STEADY_AGAIN, self.touch, service)

    def _tell_steady(self, service: Service) -> None:
        self.ecs_events.action(service, "SERVICE_STEADY_STATE")
        region = self.world.ecs(service.service_arn.split(":")[3])
        strategy = service.primary.capacity_provider_strategy if service.deployments else []
        arns = [region.arn(f"capacity-provider/{one['capacityProvider']}") for one in strategy]
        if arns:
            self.ecs_events.action(
                service, "CAPACITY_PROVIDER_STEADY_STATE", capacityProviderArns=arns
            )

    def _run_task(self, invocation: Invocation, role: Role) -> None:
        """RunTask for a rule or a schedule, with its role. Raises Failure."""
        run_task(self, invocation, role)

    def _deactivate(self, service: Service) -> None:
        service.status = "INACTIVE"
        self.tasks.registries.disconnect(service.service_arn)
        self.rollouts.forget(service)
        self.world.record("service", f"{service.service_name} DRAINING -> INACTIVE")

    def _next_actions(self, service: Service) -> Sequence[TaskSetAction]:
        """By the rules of the service's own deployment controller and scheduling strategy."""
        now = self.world.clock.now()
        if service.deployment_controller["type"] == "EXTERNAL":
            return reconcile_task_sets(service, now)
        if service.scheduling_strategy == "DAEMON":
            return reconcile_daemon(service, self._daemon_places(service), now)
        return reconcile(service, now)

    def _daemon_places(self, service: Service) -> list[ContainerInstance]:
        """Where a DAEMON service has a task each; their number is its desired count."""
        region = self.world.ecs(service.service_arn.split(":")[3])
        family, revision = service.primary.task_definition.rsplit("/", 1)[-1].rsplit(":", 1)
        definition = region.task_definitions[family][int(revision)]
        there = region.instances_of(service.cluster_arn.rsplit("/", 1)[-1])
        constraints = [*definition.placement_constraints, *service.placement_constraints]
        places = daemon_places(there, constraints) if service.status == "ACTIVE" else []
        service.desired_count = service.primary.desired_count = len(places)
        return places
