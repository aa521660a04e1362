"""A deployment of a service, with the counts that its tasks keep.

AWS: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Deployment.html
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from course.sandbox.ecs.resources.connection import Connection
from course.sandbox.ecs.resources.task import PENDING_STATUSES, Task

if TYPE_CHECKING:
    from course.sandbox.ecs.resources.service_deployment import ServiceRevision


@dataclass
class Deployment:
    """One set of tasks of a service that run one revision; counts are kept per task change.

    ``failed_tasks`` is what DescribeServices shows; ``failure_count`` is the
    circuit breaker's own counter, which obeys its own settings. ``replaces_lost``
    is set once an older deployment starts tasks in the place of lost ones;
    ``unplaced`` is the event last sent about a task that found no place, and
    ``displaced_count`` counts wanted tasks on instances that are being drained,
    ``unresolved`` the tasks that did not find its images while their digests were open.
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
    connection: Connection | None = None
    volume_configurations: list[dict[str, Any]] = field(default_factory=list)
    revision: "ServiceRevision | None" = None
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
    unplaced: str = ""
    unplaced_at: datetime | None = None
    displaced_count: int = 0
    unresolved: int = 0
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
    def service_connect_resources(self) -> list[dict[str, str]]:
        """The Cloud Map services that Service Connect has made for it."""
        return self.connection.resources if self.connection else []

    @property
    def settled_count(self) -> int:
        """Wanted tasks that can stay where they are."""
        return self.wanted_count - self.displaced_count

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
        self.displaced_count += by * (task.wanted and task.displaced)
        self.stopping_count += by * (not task.wanted and task.last_status != "STOPPED")
        if task.wanted:
            self.placed[task.subnet_id or ""] += by
            self.provided[task.capacity_provider_name or ""] += by

    def wanted_tasks(self) -> Iterator[Task]:
        """The tasks ECS means to keep, oldest first."""
        return (task for task in self.tasks.values() if task.wanted)
