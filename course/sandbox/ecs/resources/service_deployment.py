"""Service deployments and service revisions: the history of what a service was told to run.

A revision is the workload configuration, written once; a service deployment is
the attempt to bring a service to one, with its end, good or bad. Counts of
tasks are live while it lasts and stay as they were when it ended.

AWS: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-deployment.html
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from course.sandbox.ecs.resources.deployment import Deployment

ONGOING = (
    "PENDING",
    "IN_PROGRESS",
    "STOP_REQUESTED",
    "ROLLBACK_REQUESTED",
    "ROLLBACK_IN_PROGRESS",
)
"""The statuses of a service deployment that has not ended."""


@dataclass
class ServiceRevision:
    """The workload configuration of a service at one moment; never changed afterwards."""

    service_revision_arn: str
    service_arn: str
    cluster_arn: str
    task_definition: str
    created_at: datetime
    container_images: list[dict[str, str]]
    launch_type: str | None = None
    capacity_provider_strategy: list[dict[str, Any]] = field(default_factory=list)
    platform_version: str | None = None
    platform_family: str | None = None
    network_configuration: dict[str, Any] | None = None
    load_balancers: list[dict[str, Any]] = field(default_factory=list)
    service_registries: list[dict[str, Any]] = field(default_factory=list)
    service_connect_configuration: dict[str, Any] | None = None
    volume_configurations: list[dict[str, Any]] = field(default_factory=list)
    guard_duty_enabled: bool = False


@dataclass
class ServiceDeployment:
    """One attempt to bring a service to a revision."""

    service_deployment_arn: str
    service_arn: str
    cluster_arn: str
    created_at: datetime
    updated_at: datetime
    target: "Deployment"
    sources: list["Deployment"]
    status: str = "PENDING"
    status_reason: str | None = None
    started_at: datetime | None = None
    finished_at: datetime | None = None
    stopped_at: datetime | None = None
    rollback: dict[str, Any] | None = None
    ended: dict[str, Any] | None = None

    @property
    def is_ongoing(self) -> bool:
        return self.status in ONGOING
