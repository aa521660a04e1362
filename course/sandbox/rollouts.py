"""Rollouts: begins, completes, fails, rolls back and stops the deployments of services.

The rules say when; this carries them out, and keeps the history that
ListServiceDeployments and DescribeServiceRevisions show.

AWS: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-deployment.html
"""

from base64 import urlsafe_b64encode
from collections.abc import Callable
from hashlib import sha256

from course.sandbox.ecs import events
from course.sandbox.ecs.deployments import (
    FAILED_TO_START,
    breaker_of,
    counts_failed_start,
    ongoing,
    resets_on_healthy_task,
    rollback_target,
    summary,
    threshold,
)
from course.sandbox.ecs.resources import (
    Deployment,
    Service,
    ServiceDeployment,
    ServiceRevision,
    Task,
)
from course.sandbox.observability.eventbridge.ecs_events import EcsEvents
from course.sandbox.world import World

ID_LENGTH = 21

IN_PROGRESS, COMPLETED = "SERVICE_DEPLOYMENT_IN_PROGRESS", "SERVICE_DEPLOYMENT_COMPLETED"
FAILED = "SERVICE_DEPLOYMENT_FAILED"
TASK_FAILED = "ECS deployment circuit breaker: task failed to start."
"""The reason that EventBridge is told, in the singular (developer guide's sample events, as of 2025)."""

ROLLED_BACK = "Service deployment rolled back because of a circuit breaker failure."  # our words
ASKED_BACK = "Service deployment rolled back at the user's request."  # our words
STOPPED_BY_USER = "Service deployment stopped at the user's request."  # our words
SUPERSEDED = "Service deployment stopped because a newer one was started."  # our words
NO_WAY_BACK = "No deployment has completed that the service could be rolled back to."  # our words


class Rollouts:
    """Moves the deployments of services in one world; *tell* adds an event to a service.

    *ecs_events* tells EventBridge what has become of a deployment.
    """

    def __init__(
        self, world: World, tell: Callable[[Service, str], None], ecs_events: EcsEvents
    ) -> None:
        self.world = world
        self._tell = tell
        self._ecs_events = ecs_events

    def begin(self, service: Service, deployment: Deployment, images: list[dict[str, str]]) -> None:
        """Put a new PRIMARY deployment before the others, which are on their way out from now on."""
        sources = list(service.deployments)
        self._supersede(service)
        deployment.revision = self._revision(service, deployment, images)
        service.deployments.insert(0, deployment)
        service.revisions[deployment.revision.service_revision_arn] = deployment.revision
        now = self.world.clock.now()
        record = ServiceDeployment(
            service_deployment_arn=_arn(service, "service-deployment", _id_of(deployment)),
            service_arn=service.service_arn,
            cluster_arn=service.cluster_arn,
            created_at=now,
            updated_at=now,
            target=deployment,
            sources=sources,
        )
        service.service_deployments.insert(0, record)
        service.steady_since, service.blocked = None, False

    def start(self, service: Service) -> None:
        """The scheduler looks at the service: a PENDING service deployment is IN_PROGRESS."""
        record = ongoing(service)
        if record and record.status == "PENDING":
            record.status = "IN_PROGRESS"
            record.started_at = record.updated_at = self.world.clock.now()
            why = f"ECS deployment {service.primary.id} in progress."
            self._ecs_events.deployment(service, service.primary, IN_PROGRESS, why)

    def heed(self, service: Service, task: Task) -> None:
        """Count what has become of a task against, or for, its deployment; each outcome once."""
        failed = task.stop_code == "TaskFailedToStart"
        outcome = "failed" if failed else "healthy" if task.healthy else ""
        deployment, breaker = task.deployment, breaker_of(service)
        if deployment is None or outcome == task.heeded:
            return
        task.heeded = outcome
        if outcome == "failed":
            deployment.failure_count += counts_failed_start(deployment, breaker)
        elif outcome == "healthy" and resets_on_healthy_task(breaker):
            self._forgive(deployment)

    def _forgive(self, deployment: Deployment) -> None:
        if deployment.rollout_state == "IN_PROGRESS":
            deployment.failure_count = 0

    def complete(self, service: Service, deployment: Deployment) -> None:
        """All tasks are healthy and the older deployments are gone."""
        deployment.rollout_state = "COMPLETED"
        deployment.rollout_state_reason = f"ECS deployment {deployment.id} completed."
        deployment.updated_at = self.world.clock.now()
        service.last_completed = deployment
        record = ongoing(service)
        if record:
            back = record.status.startswith("ROLLBACK")
            self._end(service, record, "ROLLBACK_SUCCESSFUL" if back else "SUCCESSFUL")
        self._tell(service, events.deployment_completed(service.service_name, deployment.id))
        why = deployment.rollout_state_reason
        self._ecs_events.deployment(service, deployment, COMPLETED, why)

    def retire(self, service: Service, deployment: Deployment) -> None:
        """An older deployment has no tasks left."""
        deployment.status = "INACTIVE"
        service.deployments.remove(deployment)

    def fail(self, service: Service, deployment: Deployment) -> None:
        """The circuit breaker has tripped: back to what worked, or nothing starts any more."""
        breaker, record = breaker_of(service), ongoing(service)
        allowed = threshold(breaker, service.desired_count)
        deployment.failure_count = min(deployment.failure_count, allowed)
        self._give_up(deployment, FAILED_TO_START)
        self._tell(service, events.deployment_failed(service.service_name, deployment.id))
        self._ecs_events.deployment(service, deployment, FAILED, TASK_FAILED)
        target = rollback_target(service) if breaker.get("rollback") else None
        if target:
            why = f"ECS deployment circuit breaker: rolling back to deploymentId {target.id}."
            self._go_back(service, target, why)
            self._note_rollback(record, target, ROLLED_BACK)
        elif record:
            rolled = breaker.get("rollback") or record.status.startswith("ROLLBACK")
            record.status_reason = NO_WAY_BACK if rolled else FAILED_TO_START
            self._end(service, record, "ROLLBACK_FAILED" if rolled else "STOPPED")

    def stop(self, service: Service, record: ServiceDeployment, *, back: bool) -> None:
        """StopServiceDeployment: *back* to what completed last, or leave things as they are."""
        target = rollback_target(service) if back else None
        self._give_up(service.primary, STOPPED_BY_USER)
        if target:
            self._go_back(service, target, f"ECS deployment {target.id} in progress.")
            self._note_rollback(record, target, ASKED_BACK)
        else:
            record.status_reason = STOPPED_BY_USER
            self._end(service, record, "STOPPED")

    def forget(self, service: Service) -> None:
        """ECS deletes the history with the service."""
        service.deployments[1:] = []
        service.service_deployments.clear()
        service.revisions.clear()
        service.last_completed = None

    def _supersede(self, service: Service) -> None:
        now = self.world.clock.now()
        for older in service.deployments:
            older.status, older.desired_count, older.updated_at = "ACTIVE", older.wanted_count, now
            older.replaces_lost = False
        record = ongoing(service)
        if record:
            record.status_reason = SUPERSEDED
            self._end(service, record, "STOPPED")

    def _give_up(self, deployment: Deployment, why: str) -> None:
        deployment.rollout_state, deployment.rollout_state_reason = "FAILED", why
        deployment.updated_at = self.world.clock.now()
        deployment.desired_count = deployment.wanted_count

    def _go_back(self, service: Service, target: Deployment, why: str) -> None:
        """The deployment that worked is the newest again, and in progress until it is whole."""
        if target in service.deployments:
            service.deployments.remove(target)
        for older in service.deployments:
            older.status, older.replaces_lost = "ACTIVE", False
        service.deployments.insert(0, target)
        target.status, target.desired_count = "PRIMARY", service.desired_count
        target.rollout_state, target.rollout_state_reason = "IN_PROGRESS", why
        target.updated_at, target.failure_count = self.world.clock.now(), 0
        service.last_completed = None
        service.steady_since, service.blocked = None, False
        self._tell(service, events.rolling_back(service.service_name, target.id))
        self._ecs_events.deployment(service, target, IN_PROGRESS, why)

    def _note_rollback(
        self, record: ServiceDeployment | None, target: Deployment, why: str
    ) -> None:
        if record is None or target.revision is None:
            return
        now = self.world.clock.now()
        record.status, record.status_reason, record.updated_at = "ROLLBACK_IN_PROGRESS", why, now
        arn = target.revision.service_revision_arn
        record.rollback = {"reason": why, "startedAt": now, "serviceRevisionArn": arn}

    def _end(self, service: Service, record: ServiceDeployment, status: str) -> None:
        """The last word on a service deployment; its counts stay as they are now."""
        now = self.world.clock.now()
        record.ended = summary(service, record)
        record.status, record.finished_at, record.updated_at = status, now, now
        if status == "STOPPED":
            record.stopped_at = now

    def _revision(
        self, service: Service, deployment: Deployment, images: list[dict[str, str]]
    ) -> ServiceRevision:
        return ServiceRevision(
            service_revision_arn=_arn(service, "service-revision", _number_of(deployment)),
            service_arn=service.service_arn,
            cluster_arn=service.cluster_arn,
            task_definition=deployment.task_definition,
            created_at=self.world.clock.now(),
            container_images=images,
            launch_type=deployment.launch_type,
            capacity_provider_strategy=deployment.capacity_provider_strategy,
            platform_version=deployment.platform_version,
            platform_family=deployment.platform_family,
            network_configuration=deployment.network_configuration,
            load_balancers=service.load_balancers,
            service_registries=service.service_registries,
            service_connect_configuration=deployment.service_connect_configuration,
            volume_configurations=deployment.volume_configurations,
        )


def _arn(service: Service, kind: str, last: str) -> str:
    """``arn:...:service-deployment/<cluster>/<service>/<id>``, from the service's own ARN."""
    head, _, name = service.service_arn.partition(":service/")
    return f"{head}:{kind}/{name}/{last}"


def _id_of(deployment: Deployment) -> str:
    """The last part of a service deployment's ARN, made from the deployment's own id."""
    return urlsafe_b64encode(sha256(deployment.id.encode()).digest()).decode()[:ID_LENGTH]


def _number_of(deployment: Deployment) -> str:
    """The last part of a service revision's ARN: 19 digits, made from the deployment's own id."""
    return str(10**18 + int.from_bytes(sha256(deployment.id.encode()).digest()) % (9 * 10**18))
