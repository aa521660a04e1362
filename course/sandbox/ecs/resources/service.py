"""A service: what it is to keep running, and what it has said.

AWS: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Service.html
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from course.sandbox.ecs.resources.deployment import Deployment
from course.sandbox.ecs.resources.service_deployment import ServiceDeployment, ServiceRevision
from course.sandbox.ecs.resources.task_set import TaskSet

EVENTS_SHOWN = 100
"""DescribeServices returns at most this many events, newest first."""


@dataclass
class Unmaintained:
    """What keeps ECS from maintaining a service, in AWS's words; when that was told; how often tried, and when again."""

    problem: str
    told_at: datetime | None = None
    rounds: int = 0
    again_at: datetime | None = None


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
    task_sets: list[TaskSet] = field(default_factory=list)
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
    unmaintained: Unmaintained | None = None

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
    def groups(self) -> list[Deployment]:
        """All that has tasks: deployments, or under an EXTERNAL controller task sets."""
        return [*self.deployments, *self.task_sets]

    @property
    def task_definition(self) -> str | None:
        """The newest deployment's, or that of the primary task set."""
        chosen = self.deployments[:1] or [one for one in self.task_sets if one.status == "PRIMARY"]
        return chosen[0].task_definition if chosen else None

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
        return sum(one.running_count for one in self.groups)

    @property
    def pending_count(self) -> int:
        return sum(one.pending_count for one in self.groups)

    def aim(self, desired: int) -> None:
        """Want so many tasks from now on: told to the newest deployment, or to every task set."""
        self.desired_count = desired
        if self.deployments:
            self.primary.desired_count = desired
            self.primary.hold_until = None
        for task_set in self.task_sets:
            task_set.aim(desired)
        self.steady_since, self.blocked = None, False

    def tell(self, event_id: str, when: datetime, message: str) -> None:
        """Put one event on top of the list that DescribeServices shows."""
        self.events.insert(0, {"id": event_id, "createdAt": when, "message": message})
        del self.events[EVENTS_SHOWN:]
