"""The tasks of services: starts them where their deployment says, and stops them.

The rules say how many and which; this carries them out and sends the events.

AWS: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_services.html
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from course.sandbox.ecs import events
from course.sandbox.ecs.awaiting import MOST_WAITING, Awaits, steps, waiting
from course.sandbox.ecs.capacity import FARGATE_PROVIDERS, choose_provider, scales_itself
from course.sandbox.ecs.deployments import breaker_of, counts_failed_start
from course.sandbox.ecs.errors import role_not_assumable
from course.sandbox.ecs.launch import Launch, emptiest_subnet
from course.sandbox.ecs.placement import SERVICE_DEFAULT, Demand, NotPlaced
from course.sandbox.ecs.places import demand_of, find_place, share_of
from course.sandbox.ecs.resources import (
    ContainerInstance,
    Deployment,
    Region,
    Service,
    Task,
    TaskDefinition,
    TaskSet,
)
from course.sandbox.ecs.service_scheduler import (
    STEADY_AGAIN,
    StartTasks,
    StopTasks,
    hold_seconds,
)
from course.sandbox.ecs.stop_reasons import (
    FAILED_HEALTH_CHECKS,
    UNHEALTHY_IN_CLOUD_MAP,
    Stop,
    by_scheduler,
    failed_elb_checks,
)
from course.sandbox.ecs.task_progress import TaskProgress
from course.sandbox.ecs.task_roles import not_assumable
from course.sandbox.observability.eventbridge.ecs_events import EcsEvents
from course.sandbox.world import World

OFTEN = 3
"""Failed starts in a row after which a service says so; AWS gives no number, this is our model."""


@dataclass(frozen=True, slots=True)
class Unplaced:
    """Why a task has no place: the service's event, RunTask's reason, the provider, the instances looked at."""

    message: str
    reason: str = ""
    provider: str | None = None
    instances: tuple[str, ...] = ()


class ServiceTasks:
    """Starts and stops tasks for services in one world; *tell* sends events, *touch* asks again."""

    def __init__(
        self,
        world: World,
        tasks: TaskProgress,
        launch: Callable[[Launch], Task],
        tell: Callable[[Service, str], None],
        touch: Callable[[Service], None],
        ecs_events: EcsEvents,
    ) -> None:
        self.world = world
        self._tasks = tasks
        self._launch = launch
        self._tell = tell
        self._touch = touch
        self._ecs_events = ecs_events

    def start(self, service: Service, action: StartTasks) -> None:
        """Start tasks of a deployment, or say why there is no place for them."""
        deployment, name = action.deployment, service.service_name
        role = not_assumable(self._definition(deployment), {}, service.cluster_arn)
        if role:
            error = role_not_assumable(role)
            self._hold(service, deployment, events.failed_to_launch(name, error))
            self._ecs_events.action(service, "SERVICE_TASK_CONFIGURATION_FAILURE")
            return
        if deployment.failed_rounds == OFTEN and not deployment.unplaced:
            self._tell(service, events.inconsistent_starts(name))
            self._ecs_events.action(service, "SERVICE_TASK_START_IMPAIRED")
        deployment.replaces_lost = deployment in service.deployments[1:]
        on_instances = _launch_type(deployment) == "EC2"
        start = self._start_on_instances if on_instances else self._start_up_to
        started, problem = start(service, deployment, action)
        self._unsettle(service)
        ids = [task.id for task in started]
        for message in events.started(name, ids, unhealthy=action.unhealthy > 0) if ids else ():
            self._tell(service, message)
        if problem is None:
            deployment.unplaced = ""
        elif on_instances:
            self._find_no_place(service, deployment, problem)
        else:
            self._hold(service, deployment, problem.message)
            self._tell_unplaced(service, problem)

    def _tell_unplaced(self, service: Service, problem: Unplaced) -> None:
        region, more = self._region_of(service), dict[str, Any]()
        if problem.reason:
            more["reason"] = problem.reason
        if problem.provider:
            more["capacityProviderArns"] = [region.arn(f"capacity-provider/{problem.provider}")]
        if problem.instances:
            more["containerInstanceArns"] = list(problem.instances)
        self._ecs_events.action(service, "SERVICE_TASK_PLACEMENT_FAILURE", **more)

    def _start_up_to(
        self, service: Service, deployment: Deployment, action: StartTasks
    ) -> tuple[list[Task], Unplaced | None]:
        """Tasks one after the other, until one is due on Spot and Spot has no capacity; and what is told of that."""
        started = list[Task]()
        for _ in range(action.count):
            provider = _next_provider(deployment)
            if not self.world.has_capacity(provider):
                message = events.no_capacity(service.service_name)
                return started, Unplaced(message, "RESOURCE:FARGATE", provider)
            started.append(self._start_one(service, deployment, provider))
        return started, None

    def _start_on_instances(
        self, service: Service, deployment: Deployment, action: StartTasks
    ) -> tuple[list[Task], Unplaced | None]:
        """Tasks on container instances, until one finds no place; and what is told of that."""
        started, name = list[Task](), service.service_name
        for number in range(action.count):
            provider = _next_provider(deployment)
            there = self._instances(service, provider)
            among = [action.instances[number]] if action.instances else there
            found = self._place(service, deployment, among)
            if not isinstance(found, NotPlaced):
                started.append(self._start_one(service, deployment, provider, found))
            elif self._may_wait(service, provider):
                awaits = self._awaits(service, deployment)
                started.append(self._start_one(service, deployment, provider, awaits=awaits))
            elif scales_itself(self._region_of(service), provider):
                return started, Unplaced(events.too_many_waiting(name), "", provider)
            elif not there:
                message = events.no_instances(name, of_provider=provider is not None)
                return started, Unplaced(message, "", provider)
            else:
                message = events.no_place(name, found.closest, found.closest_reason)
                arns = tuple(arn for arn, _ in found.failures if arn)
                return started, Unplaced(message, found.closest_reason or "", provider, arns)
        return started, None

    def _instances(self, service: Service, provider: str | None) -> list[ContainerInstance]:
        """The cluster's container instances, or those of a capacity provider."""
        state = self.world.ecs(service.service_arn.split(":")[3])
        every = state.instances_of(service.cluster_arn.rsplit("/", 1)[-1])
        return [one for one in every if provider in (None, one.capacity_provider_name)]

    def _place(
        self, service: Service, deployment: Deployment, among: Sequence[ContainerInstance]
    ) -> ContainerInstance | NotPlaced:
        wants = self._awaits(service, deployment)
        return find_place(
            wants.demand,
            among,
            strategy=wants.strategy,
            constraints=wants.constraints,
            random=self.world.random,
        )

    def _awaits(self, service: Service, deployment: Deployment) -> Awaits:
        """What a task of the deployment wants of an instance, now or when one is there."""
        definition = self._definition(deployment)
        return Awaits(
            self._demand(service, deployment),
            steps(service.placement_strategy or SERVICE_DEFAULT),
            steps(definition.placement_constraints, service.placement_constraints),
        )

    def _may_wait(self, service: Service, provider: str | None) -> bool:
        region, cluster = self._region_of(service), service.cluster_arn.rsplit("/", 1)[-1]
        return scales_itself(region, provider) and len(waiting(region, cluster)) < MOST_WAITING

    def _region_of(self, service: Service) -> Region:
        return self.world.ecs(service.service_arn.split(":")[3])

    def _demand(self, service: Service, deployment: Deployment) -> Demand:
        network = (deployment.network_configuration or {}).get("awsvpcConfiguration") or {}
        interfaces = self._tasks.interfaces(service.service_arn.split(":")[3])
        zones = [interfaces.availability_zone(one) for one in network.get("subnets", [])]
        return demand_of(
            self._definition(deployment),
            {},
            group=f"service:{service.service_name}",
            zones=[zone for zone in zones if zone],
        )

    def _start_one(
        self,
        service: Service,
        deployment: Deployment,
        provider: str | None,
        instance: ContainerInstance | None = None,
        awaits: Awaits | None = None,
    ) -> Task:
        region = service.service_arn.split(":")[3]
        state, interfaces = self.world.ecs(region), self._tasks.interfaces(region)
        network = (deployment.network_configuration or {}).get("awsvpcConfiguration")
        at = interfaces.those_in(network, instance.availability_zone) if instance else network
        subnet = None if awaits else emptiest_subnet(at, deployment.placed)
        zone = interfaces.availability_zone(subnet) if subnet else None
        definition = self._definition(deployment)
        tags = {"SERVICE": service.tags, "TASK_DEFINITION": definition.tags}
        return self._launch(
            Launch(
                region=region,
                cluster=state.clusters[service.cluster_arn.rsplit("/", 1)[-1]],
                definition=definition,
                group=f"service:{service.service_name}",
                launch_type="EC2" if instance or awaits else "FARGATE",
                capacity_provider=provider,
                platform_version=deployment.platform_version,
                network=network,
                subnet_id=subnet,
                availability_zone=instance.availability_zone if instance else zone,
                started_by=deployment.id,
                tags=list(tags.get(service.propagate_tags, [])),
                managed_tags=service.enable_ecs_managed_tags,
                enable_execute_command=service.enable_execute_command,
                deployment=deployment,
                instance=instance,
                share=share_of(self._demand(service, deployment)) if instance else None,
                awaits=awaits,
                load_balancers=_load_balancers(deployment),
                service_registries=_service_registries(deployment),
            )
        )

    def _definition(self, deployment: Deployment) -> TaskDefinition:
        arn = deployment.task_definition
        family, revision = arn.rsplit("/", 1)[-1].rsplit(":", 1)
        return self.world.ecs(arn.split(":")[3]).task_definitions[family][int(revision)]

    def _find_no_place(self, service: Service, deployment: Deployment, problem: Unplaced) -> None:
        """No instance takes a task: say so once, and about every six hours while nothing changes.

        The rhythm is that of events of 2018 (Shippable/support#4462).
        """
        message = problem.message
        now, before = self.world.clock.now(), deployment.unplaced_at
        again = before is None or now >= before + timedelta(seconds=STEADY_AGAIN)
        told = deployment.unplaced == message and not again
        self._hold(service, deployment, "" if told else message)
        if not told:
            deployment.unplaced, deployment.unplaced_at = message, now
            self._tell_unplaced(service, problem)

    def _hold(self, service: Service, deployment: Deployment, message: str) -> None:
        """No place for a task: a failure like any other start; say so, and try again later and later."""
        now = self.world.clock.now()
        deployment.note_failed_start(now)
        deployment.failure_count += counts_failed_start(deployment, breaker_of(service))
        wait = hold_seconds(deployment.failed_rounds)
        deployment.hold_until = now + timedelta(seconds=wait)
        self._unsettle(service)
        if message:
            self._tell(service, message)
        self.world.clock.after(wait, self._touch, service)

    def stop(self, service: Service, action: StopTasks) -> None:
        """Stop tasks, with an event for those that failed, those that ran and those that did not."""
        unhealthy = [task for task in action.tasks if task.unhealthy]
        running = [task.id for task in action.tasks if task.last_status == "RUNNING"]
        self._count_unhealthy(service, unhealthy)
        for task in action.tasks:
            if not action.replaced and task.deployment in service.deployments[1:]:
                task.deployment.desired_count = max(0, task.deployment.desired_count - 1)
            self._tasks.stop(task, _why(service, task))
        self._unsettle(service)
        for message in events.stopped(service.service_name, running):
            self._tell(service, message)
        if running:
            self._ecs_events.action(service, "TASKS_STOPPED")
        if len(running) < len(action.tasks):
            waiting = len(action.tasks) - len(running)
            self._tell(service, events.stopped_pending(service.service_name, waiting))

    def _count_unhealthy(self, service: Service, tasks: Sequence[Task]) -> None:
        """Stage 2 of the circuit breaker: a task replaced for its health is a failure."""
        for task in tasks:
            if task.deployment:
                task.deployment.failed_tasks += not task.deployment.has_run
                task.deployment.failure_count += 1
            self._tell(service, _unwell(service.service_name, task))

    def _unsettle(self, service: Service) -> None:
        service.steady_since, service.blocked = None, False


def _launch_type(deployment: Deployment) -> str:
    """FARGATE or EC2, whichever way the deployment says it."""
    providers = [item["capacityProvider"] for item in deployment.capacity_provider_strategy]
    if providers:
        return "FARGATE" if providers[0] in FARGATE_PROVIDERS else "EC2"
    return deployment.launch_type or "EC2"


def _load_balancers(deployment: Deployment) -> list[dict[str, Any]]:
    """What the tasks of a deployment register with: its revision says it, or its task set."""
    if isinstance(deployment, TaskSet):
        return deployment.load_balancers
    return deployment.revision.load_balancers if deployment.revision else []


def _service_registries(deployment: Deployment) -> list[dict[str, Any]]:
    """The same for Cloud Map, those that Service Connect has made among them."""
    if isinstance(deployment, TaskSet):
        return deployment.service_registries
    named = deployment.revision.service_registries if deployment.revision else []
    return [*named, *(deployment.connection.registries if deployment.connection else ())]


def _why(service: Service, task: Task) -> Stop:
    """Why the scheduler stops a task: which of its checks failed, or that it is one too many."""
    if not task.unhealthy:
        return by_scheduler(_initiator(service, task))
    target = task.sick_target
    if task.health_status == "UNHEALTHY" or target is None:
        sick_there = task.health_status != "UNHEALTHY" and task.sick_registration
        return UNHEALTHY_IN_CLOUD_MAP if sick_there else FAILED_HEALTH_CHECKS
    return failed_elb_checks(target.group)


def _unwell(service: str, task: Task) -> str:
    """The event about a task that is replaced for its health."""
    target, instance_there = task.sick_target, task.sick_registration
    if task.health_status != "UNHEALTHY" and target is None and instance_there:
        return events.unhealthy_in_cloud_map(service, task.id, instance_there.service_id)
    if task.health_status == "UNHEALTHY" or target is None:
        return events.failed_health_checks(service, task.id)
    if target.lost:
        deployment = task.deployment.id if task.deployment else ""
        return events.not_found(service, deployment, task.id, target.group, "TARGET")
    instance = target.id if target.id.startswith("i-") else None
    reason = target.health.description or ""
    return events.unhealthy_target(service, target.group, target.port, reason, instance)


def _initiator(service: Service, task: Task) -> str:
    """The id of the deployment that has a task stopped: the newest, or the task's own task set."""
    deployment = service.primary if service.deployments else task.deployment
    return deployment.id if deployment else ""


def _next_provider(deployment: Deployment) -> str | None:
    strategy = deployment.capacity_provider_strategy
    return choose_provider(strategy, deployment.provided) if strategy else None
