"""The control plane: runs the service scheduler's rules until nothing is left to do.

After every API call, and once per instant of the clock, the rules run for the
services that were touched, and their actions are carried out, until none acts.
"""

from collections.abc import Sequence
from datetime import timedelta

from course.sandbox.ecs import events
from course.sandbox.ecs.capacity import FARGATE_PROVIDERS, choose_provider
from course.sandbox.ecs.launch import Launch, emptiest_subnet, new_task
from course.sandbox.ecs.resources import Deployment, Service, Task
from course.sandbox.ecs.service_scheduler import (
    STEADY_AGAIN,
    Action,
    CompleteDeployment,
    Deactivate,
    ReachSteadyState,
    ReportBlocked,
    RetireDeployment,
    StartTasks,
    StopTasks,
    hold_seconds,
    reconcile,
)
from course.sandbox.ecs.stop_reasons import by_scheduler
from course.sandbox.ecs.task_progress import TaskProgress
from course.sandbox.errors import DidNotSettle
from course.sandbox.world import World

ROUNDS = 100
OFTEN = 3
"""Failed starts in a row after which a service says so; AWS gives no number, this is our model."""


class ControlPlane:
    """Carries out what the rules decide, in one world."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.tasks = TaskProgress(world, self._task_changed)
        self._touched: dict[str, Service] = {}
        world.clock.on_instant(self.settle)

    def touch(self, service: Service) -> None:
        """Say that a service, or one of its tasks, has changed; settling will look at it."""
        self._touched[service.service_arn] = service

    def settle(self) -> None:
        """Run the rules for the touched services until none acts.

        Raises DidNotSettle, naming the services, after 100 rounds.
        """
        for _ in range(ROUNDS):
            if not self._touched:
                return
            touched, self._touched = list(self._touched.values()), {}
            for service in touched:
                for action in reconcile(service, self.world.clock.now()):
                    self._apply(service, action)
                    self.touch(service)
        names = ", ".join(service.service_name for service in self._touched.values())
        raise DidNotSettle(f"the rules still act after {ROUNDS} rounds at one instant: {names}")

    def launch(self, launch: Launch) -> Task:
        """Start one task, for RunTask or for a service."""
        task = new_task(self.world, launch)
        self.tasks.begin(task)
        return task

    def availability_zone(self, region: str, subnet_id: str | None) -> str | None:
        """The zone a task in this subnet runs in; None outside awsvpc mode."""
        return self.tasks.interfaces(region).availability_zone(subnet_id) if subnet_id else None

    def tell(self, service: Service, message: str) -> None:
        """Add one event to a service, and to the timeline."""
        service.tell(self.world.uuid(), self.world.clock.now(), message)
        self.world.record("service", message)

    def _task_changed(self, task: Task) -> None:
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

    def _apply(self, service: Service, action: Action) -> None:
        match action:
            case StartTasks(deployment, count):
                self._start(service, deployment, count)
            case StopTasks(tasks):
                self._stop(service, tasks)
            case RetireDeployment(deployment):
                deployment.status = "INACTIVE"
                service.deployments.remove(deployment)
            case CompleteDeployment(deployment):
                self._complete(service, deployment)
            case ReachSteadyState():
                self._steady(service)
            case ReportBlocked():
                service.blocked = True
                self.tell(service, events.blocked_by_percents(service.service_name))
            case Deactivate():
                self._deactivate(service)

    def _start(self, service: Service, deployment: Deployment, count: int) -> None:
        if _launch_type(deployment) == "EC2":
            self._hold_for_instances(service, deployment)
            return
        if deployment.failed_rounds == OFTEN:
            self.tell(service, events.inconsistent_starts(service.service_name))
        started = [self._launch_for(service, deployment) for _ in range(count)]
        self._unsettle(service)
        for message in events.started(service.service_name, [task.id for task in started]):
            self.tell(service, message)

    def _launch_for(self, service: Service, deployment: Deployment) -> Task:
        region = service.service_arn.split(":")[3]
        state = self.world.ecs(region)
        family, revision = deployment.task_definition.rsplit("/", 1)[-1].rsplit(":", 1)
        network = (deployment.network_configuration or {}).get("awsvpcConfiguration")
        subnet = emptiest_subnet(network, deployment.placed)
        definition = state.task_definitions[family][int(revision)]
        tags = {"SERVICE": service.tags, "TASK_DEFINITION": definition.tags}
        return self.launch(
            Launch(
                region=region,
                cluster=state.clusters[service.cluster_arn.rsplit("/", 1)[-1]],
                definition=definition,
                group=f"service:{service.service_name}",
                launch_type="FARGATE",
                capacity_provider=_next_provider(deployment),
                platform_version=deployment.platform_version,
                network=network,
                subnet_id=subnet,
                availability_zone=self.availability_zone(region, subnet),
                started_by=deployment.id,
                tags=list(tags.get(service.propagate_tags, [])),
                enable_execute_command=service.enable_execute_command,
                deployment=deployment,
            )
        )

    def _hold_for_instances(self, service: Service, deployment: Deployment) -> None:
        """No container instance can take a task: say so, and try again later and later."""
        deployment.failed_tasks += 1
        deployment.failed_rounds += 1
        wait = hold_seconds(deployment.failed_rounds)
        deployment.hold_until = self.world.clock.now() + timedelta(seconds=wait)
        self._unsettle(service)
        self.tell(service, events.no_instances(service.service_name))
        self.world.clock.after(wait, self.touch, service)

    def _stop(self, service: Service, tasks: Sequence[Task]) -> None:
        for task in tasks:
            self.tasks.stop(task, by_scheduler(service.primary.id))
        for older in service.deployments[1:]:
            older.desired_count = older.wanted_count
        self._unsettle(service)
        for message in events.stopped(service.service_name, [task.id for task in tasks]):
            self.tell(service, message)

    def _unsettle(self, service: Service) -> None:
        service.steady_since, service.blocked = None, False

    def _complete(self, service: Service, deployment: Deployment) -> None:
        deployment.rollout_state = "COMPLETED"
        deployment.rollout_state_reason = f"ECS deployment {deployment.id} completed."
        deployment.updated_at = self.world.clock.now()
        self.tell(service, events.deployment_completed(service.service_name, deployment.id))

    def _steady(self, service: Service) -> None:
        service.steady_since = self.world.clock.now()
        self.tell(service, events.steady(service.service_name))
        self.world.clock.after(STEADY_AGAIN, self.touch, service)

    def _deactivate(self, service: Service) -> None:
        service.status = "INACTIVE"
        service.deployments[1:] = []
        self.world.record("service", f"{service.service_name} DRAINING -> INACTIVE")


def _launch_type(deployment: Deployment) -> str:
    """FARGATE or EC2, whichever way the deployment says it."""
    providers = [item["capacityProvider"] for item in deployment.capacity_provider_strategy]
    if providers:
        return "FARGATE" if providers[0] in FARGATE_PROVIDERS else "EC2"
    return deployment.launch_type or "EC2"


def _next_provider(deployment: Deployment) -> str | None:
    strategy = deployment.capacity_provider_strategy
    if not strategy:
        return None
    return choose_provider(strategy, deployment.provided)
