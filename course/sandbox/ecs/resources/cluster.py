"""A cluster, with the counters AWS shows for it.

AWS: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Cluster.html
"""

from dataclasses import dataclass, field
from typing import Any


@dataclass
class Cluster:
    """A name under which tasks and services run, with the counters AWS shows for it."""

    cluster_arn: str
    cluster_name: str
    settings: list[dict[str, str]]
    configuration: dict[str, Any] | None = None
    capacity_providers: list[str] = field(default_factory=list)
    default_capacity_provider_strategy: list[dict[str, Any]] = field(default_factory=list)
    service_connect_defaults: dict[str, str] | None = None
    tags: list[dict[str, str]] = field(default_factory=list)
    status: str = "ACTIVE"
    statistics: list[dict[str, str]] = field(default_factory=list)
    running_tasks_count: int = 0
    pending_tasks_count: int = 0
    active_services_count: int = 0
    registered_container_instances_count: int = 0

    @property
    def arn(self) -> str:
        return self.cluster_arn

    @property
    def name(self) -> str:
        return self.cluster_name
