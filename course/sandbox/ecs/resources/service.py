"""A service and its deployments, each with the counts that its tasks keep.

AWS: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Service.html
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from course.sandbox.ecs.resources.service_deployment import ServiceDeployment, ServiceRevision
from course.sandbox.ecs.resources.task import PENDING_STATUSES, Task

EVENTS_SHOWN = 100
"""DescribeServices returns at most this many events, newest first."""


@dataclass
class Deployment:
    """One set of tasks of a service that run one revision; counts are kept per task change.

    ``failed_tasks`` is what DescribeServices shows; ``failure_count`` is the
    circuit breaker's own counter, which obeys its own settings. ``replaces_lost``
    is set once an older deployment starts tasks in the place of lost ones.
    """

    id: str
    status: str
    task_definition: str
    desired_count: int
    created_at: datetime
    updated_at: datetime
    launch_type: str | None = None
    capacity_provider_strategy: list[dict[str, Any]] = field(default_factory=list)
    platform_version: str | None = None
    platform_family: str | None = None
    network_configuration: dict[str, Any] | None = None
    service_connect_configuration: dict[str, Any] | None = None
    volume_configurations: list[dict[str, Any]] = field(default_factory=list)
    revision: ServiceRevision | None = None
    rollout_state: str = "IN_PROGRESS"
    rollout_state_reason: str = ""
    failed_tasks: int = 0
    failure_count: int = 0
    has_run: bool = False
    replaces_lost: bool = False
    pending_count: int = 0
    running_count: int = 0
    wanted_count: int = 0
    healthy_count: int = 0
    unhealthy_count: int = 0
    stopping_count: int = 0
    hold_until: datetime | None = None
    failed_at: datetime | None = None
    failed_rounds: int = 0
    tasks: dict[str, Task] = field(default_factory=dict)
    placed: Counter[str] = field(default_factory=Counter)
    provided: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.rollout_state_reason = (
            self.rollout_state_reason or f"ECS deployment {self.id} in progress."
        )

    def start_anew(self) -> None:
        """A task runs: failedTasks is 0 from now on, and nothing is held back."""
        self.failed_tasks, self.failed_rounds, self.hold_until = 0, 0, None
        self.has_run = True

    def note_failed_start(self, now: datetime) -> None:
        """One more task never ran; those that fail at one instant are one round of attempts."""
        self.failed_tasks += not self.has_run
        self.failed_rounds += self.failed_at != now
        self.failed_at = now

    @property
    def may_launch(self) -> bool:
        """A deployment that has failed starts nothing any more."""
        return self.rollout_state != "FAILED"

    def count(self, task: Task, by: int) -> None:
        """Add a task's present state to the counts, or with *by* -1 take it out."""
        self.pending_count += by * (task.last_status in PENDING_STATUSES)
        self.running_count += by * (task.last_status == "RUNNING")
        self.wanted_count += by * task.wanted
        self.healthy_count += by * (task.wanted and task.healthy)
        self.unhealthy_count += by * (task.wanted and task.unhealthy)
        self.stopping_count += by * (not task.wanted and task.last_status != "STOPPED")
        if task.wanted:
            self.placed[task.subnet_id or ""] += by
            self.provided[task.capacity_provider_name or ""] += by

    def wanted_tasks(self) -> Iterator[Task]:
        """The tasks ECS means to keep, oldest first."""
        return (task for task in self.tasks.values() if task.wanted)


@dataclass
class Service:
    """What keeps a number of copies of a task definition running."""

    service_arn: str
    service_name: str
    cluster_arn: str
    desired_count: int
    created_at: datetime
    role_arn: str
    deployment_configuration: dict[str, Any]
    deployments: list[Deployment] = field(default_factory=list)
    status: str = "ACTIVE"
    launch_type: str | None = None
    capacity_provider_strategy: list[dict[str, Any]] = field(default_factory=list)
    platform_version: str | None = None
    platform_family: str | None = None
    network_configuration: dict[str, Any] | None = None
    load_balancers: list[dict[str, Any]] = field(default_factory=list)
    service_registries: list[dict[str, Any]] = field(default_factory=list)
    placement_constraints: list[dict[str, Any]] = field(default_factory=list)
    placement_strategy: list[dict[str, Any]] = field(default_factory=list)
    scheduling_strategy: str = "REPLICA"
    deployment_controller: dict[str, str] = field(default_factory=lambda: {"type": "ECS"})
    health_check_grace_period_seconds: int = 0
    enable_ecs_managed_tags: bool = False
    propagate_tags: str = "NONE"
    enable_execute_command: bool = False
    availability_zone_rebalancing: str = "ENABLED"
    resource_management_type: str | None = None
    tags: list[dict[str, str]] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)
    service_connect_configuration: dict[str, Any] | None = None
    volume_configurations: list[dict[str, Any]] = field(default_factory=list)
    service_deployments: list[ServiceDeployment] = field(default_factory=list)
    revisions: dict[str, ServiceRevision] = field(default_factory=dict)
    last_completed: Deployment | None = None
    client_token: str | None = None
    steady_since: datetime | None = None
    blocked: bool = False

    @property
    def arn(self) -> str:
        return self.service_arn

    @property
    def key(self) -> str:
        """``cluster:service``, the name under which a Region keeps it."""
        return f"{self.cluster_arn.rsplit('/', 1)[-1]}:{self.service_name}"

    @property
    def primary(self) -> Deployment:
        """The newest deployment: what the service is on its way to."""
        return self.deployments[0]

    @property
    def task_definition(self) -> str | None:
        """The newest deployment's; None under an EXTERNAL controller, where task sets have it."""
        return self.primary.task_definition if self.deployments else None

    @property
    def current_service_deployment(self) -> str | None:
        """The ARN of the newest service deployment."""
        records = self.service_deployments
        return records[0].service_deployment_arn if records else None

    @property
    def current_service_revisions(self) -> list[dict[str, Any]]:
        """The revision of each deployment, with the counts of its tasks."""
        return [
            {
                "arn": one.revision.service_revision_arn,
                "requestedTaskCount": one.desired_count,
                "runningTaskCount": one.running_count,
                "pendingTaskCount": one.pending_count,
            }
            for one in self.deployments
            if one.revision
        ]

    @property
    def running_count(self) -> int:
        return sum(deployment.running_count for deployment in self.deployments)

    @property
    def pending_count(self) -> int:
        return sum(deployment.pending_count for deployment in self.deployments)

    def tell(self, event_id: str, when: datetime, message: str) -> None:
        """Put one event on top of the list that DescribeServices shows."""
        self.events.insert(0, {"id": event_id, "createdAt": when, "message": message})
        del self.events[EVENTS_SHOWN:]
