"""The tasks of services: starts them where their deployment says, and stops them.

The rules say how many and which; this carries them out and sends the events.

AWS: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_services.html
"""

from collections.abc import Callable, Sequence
from datetime import timedelta

from course.sandbox.ecs import events
from course.sandbox.ecs.capacity import FARGATE_PROVIDERS, choose_provider
from course.sandbox.ecs.deployments import breaker_of, counts_failed_start
from course.sandbox.ecs.errors import role_not_assumable
from course.sandbox.ecs.launch import Launch, emptiest_subnet
from course.sandbox.ecs.resources import Deployment, Service, Task, TaskDefinition
from course.sandbox.ecs.service_scheduler import StartTasks, StopTasks, hold_seconds
from course.sandbox.ecs.stop_reasons import FAILED_HEALTH_CHECKS, by_scheduler
from course.sandbox.ecs.task_progress import TaskProgress
from course.sandbox.ecs.task_roles import not_assumable
from course.sandbox.world import World

OFTEN = 3
"""Failed starts in a row after which a service says so; AWS gives no number, this is our model."""


class ServiceTasks:
    """Starts and stops tasks for services in one world; *tell* sends events, *touch* asks again."""

    def __init__(
        self,
        world: World,
        tasks: TaskProgress,
        launch: Callable[[Launch], Task],
        tell: Callable[[Service, str], None],
        touch: Callable[[Service], None],
    ) -> None:
        self.world = world
        self._tasks = tasks
        self._launch = launch
        self._tell = tell
        self._touch = touch

    def start(self, service: Service, action: StartTasks) -> None:
        """Start tasks of a deployment, or say why there is no place for them."""
        deployment, name = action.deployment, service.service_name
        if _launch_type(deployment) == "EC2":
            self._hold(service, deployment, events.no_instances(name))
            return
        role = not_assumable(self._definition(deployment), {}, service.cluster_arn)
        if role:
            error = role_not_assumable(role)
            self._hold(service, deployment, events.failed_to_launch(name, error))
            return
        if deployment.failed_rounds == OFTEN:
            self._tell(service, events.inconsistent_starts(name))
        deployment.replaces_lost = deployment in service.deployments[1:]
        started = self._start_up_to(service, deployment, action.count)
        self._unsettle(service)
        ids = [task.id for task in started]
        for message in events.started(name, ids, unhealthy=action.unhealthy > 0):
            self._tell(service, message)
        if len(started) < action.count:
            self._hold(service, deployment, events.no_capacity(name))

    def _start_up_to(self, service: Service, deployment: Deployment, count: int) -> list[Task]:
        """Tasks one after the other, until one is due on Spot and Spot has no capacity."""
        started = []
        for _ in range(count):
            provider = _next_provider(deployment)
            if not self.world.has_capacity(provider):
                break
            started.append(self._start_one(service, deployment, provider))
        return started

    def _start_one(self, service: Service, deployment: Deployment, provider: str | None) -> Task:
        region = service.service_arn.split(":")[3]
        state = self.world.ecs(region)
        network = (deployment.network_configuration or {}).get("awsvpcConfiguration")
        subnet = emptiest_subnet(network, deployment.placed)
        zone = self._tasks.interfaces(region).availability_zone(subnet) if subnet else None
        definition = self._definition(deployment)
        tags = {"SERVICE": service.tags, "TASK_DEFINITION": definition.tags}
        return self._launch(
            Launch(
                region=region,
                cluster=state.clusters[service.cluster_arn.rsplit("/", 1)[-1]],
                definition=definition,
                group=f"service:{service.service_name}",
                launch_type="FARGATE",
                capacity_provider=provider,
                platform_version=deployment.platform_version,
                network=network,
                subnet_id=subnet,
                availability_zone=zone,
                started_by=deployment.id,
                tags=list(tags.get(service.propagate_tags, [])),
                managed_tags=service.enable_ecs_managed_tags,
                enable_execute_command=service.enable_execute_command,
                deployment=deployment,
            )
        )

    def _definition(self, deployment: Deployment) -> TaskDefinition:
        arn = deployment.task_definition
        family, revision = arn.rsplit("/", 1)[-1].rsplit(":", 1)
        return self.world.ecs(arn.split(":")[3]).task_definitions[family][int(revision)]

    def _hold(self, service: Service, deployment: Deployment, message: str) -> None:
        """No place for a task: a failure like any other start; say so, and try again later and later."""
        now = self.world.clock.now()
        deployment.note_failed_start(now)
        deployment.failure_count += counts_failed_start(deployment, breaker_of(service))
        wait = hold_seconds(deployment.failed_rounds)
        deployment.hold_until = now + timedelta(seconds=wait)
        self._unsettle(service)
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
            stop = (
                FAILED_HEALTH_CHECKS if task.unhealthy else by_scheduler(_initiator(service, task))
            )
            self._tasks.stop(task, stop)
        self._unsettle(service)
        for message in events.stopped(service.service_name, running):
            self._tell(service, message)
        if len(running) < len(action.tasks):
            waiting = len(action.tasks) - len(running)
            self._tell(service, events.stopped_pending(service.service_name, waiting))

    def _count_unhealthy(self, service: Service, tasks: Sequence[Task]) -> None:
        """Stage 2 of the circuit breaker: a task replaced for its health is a failure."""
        for task in tasks:
            if task.deployment:
                task.deployment.failed_tasks += not task.deployment.has_run
                task.deployment.failure_count += 1
            self._tell(service, events.failed_health_checks(service.service_name, task.id))

    def _unsettle(self, service: Service) -> None:
        service.steady_since, service.blocked = None, False


def _launch_type(deployment: Deployment) -> str:
    """FARGATE or EC2, whichever way the deployment says it."""
    providers = [item["capacityProvider"] for item in deployment.capacity_provider_strategy]
    if providers:
        return "FARGATE" if providers[0] in FARGATE_PROVIDERS else "EC2"
    return deployment.launch_type or "EC2"


def _initiator(service: Service, task: Task) -> str:
    """The id of the deployment that has a task stopped: the newest, or the task's own task set."""
    deployment = service.primary if service.deployments else task.deployment
    return deployment.id if deployment else ""


def _next_provider(deployment: Deployment) -> str | None:
    strategy = deployment.capacity_provider_strategy
    return choose_provider(strategy, deployment.provided) if strategy else None
