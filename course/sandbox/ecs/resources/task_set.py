"""A task set: the tasks of one revision in a service whose deployments somebody else conducts.

AWS: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_TaskSet.html
"""

from dataclasses import dataclass, field
from datetime import datetime
from math import ceil
from typing import Any

from course.sandbox.ecs.resources.deployment import Deployment


@dataclass
class TaskSet(Deployment):
    """A deployment's tasks, as many as its scale makes of the service's desired count.

    ``desired_count`` is what the API shows as computedDesiredCount; ``steady_at``
    is when the set last had just the tasks that it should have, all healthy.
    """

    task_set_arn: str = ""
    service_arn: str = ""
    cluster_arn: str = ""
    external_id: str | None = None
    scale: dict[str, Any] = field(default_factory=dict)
    load_balancers: list[dict[str, Any]] = field(default_factory=list)
    service_registries: list[dict[str, Any]] = field(default_factory=list)
    tags: list[dict[str, str]] = field(default_factory=list)
    stability_status_at: datetime | None = None
    stable: bool = False

    def aim(self, service_desires: int) -> None:
        """Compute how many tasks it should have, rounded up; a set on its way out has none."""
        share = 0 if self.status == "DRAINING" else self.scale["value"]
        self.desired_count = ceil(service_desires * share / 100)

    @property
    def computed_desired_count(self) -> int:
        return self.desired_count

    @property
    def is_steady(self) -> bool:
        """Whether all its tasks run and are healthy, and nothing is under way."""
        arrived = self.healthy_count == self.running_count == self.desired_count
        return arrived and not self.pending_count and not self.stopping_count

    @property
    def stability_status(self) -> str:
        return "STEADY_STATE" if self.stable else "STABILIZING"
