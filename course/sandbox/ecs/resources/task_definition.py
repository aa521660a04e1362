"""A task definition: one revision of a family.

AWS: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_TaskDefinition.html
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass
class TaskDefinition:
    """One revision of a family; immutable once registered, but for its status."""

    task_definition_arn: str
    family: str
    revision: int
    container_definitions: list[dict[str, Any]]
    network_mode: str
    compatibilities: list[str]
    registered_at: datetime
    requires_compatibilities: list[str] | None = None
    requires_attributes: list[dict[str, str]] = field(default_factory=list)
    cpu: str | None = None
    memory: str | None = None
    task_role_arn: str | None = None
    execution_role_arn: str | None = None
    volumes: list[dict[str, Any]] = field(default_factory=list)
    placement_constraints: list[dict[str, Any]] = field(default_factory=list)
    runtime_platform: dict[str, str] | None = None
    ephemeral_storage: dict[str, int] | None = None
    pid_mode: str | None = None
    ipc_mode: str | None = None
    proxy_configuration: dict[str, Any] | None = None
    inference_accelerators: list[dict[str, Any]] = field(default_factory=list)
    enable_fault_injection: bool | None = None
    tags: list[dict[str, str]] = field(default_factory=list)
    status: str = "ACTIVE"
    deregistered_at: datetime | None = None
    delete_requested_at: datetime | None = None

    @property
    def arn(self) -> str:
        return self.task_definition_arn

    @property
    def name(self) -> str:
        """``family:revision``, the short form that calls accept."""
        return f"{self.family}:{self.revision}"
