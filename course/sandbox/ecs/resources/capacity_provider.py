"""A capacity provider: where tasks of a strategy run.

AWS: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CapacityProvider.html
"""

from dataclasses import dataclass, field
from typing import Any


@dataclass
class CapacityProvider:
    """FARGATE, FARGATE_SPOT, or an Auto Scaling group under a name."""

    capacity_provider_arn: str
    name: str
    type: str
    auto_scaling_group_provider: dict[str, Any] | None = None
    tags: list[dict[str, str]] = field(default_factory=list)
    status: str = "ACTIVE"
    update_status: str | None = None
    update_status_reason: str | None = None

    @property
    def arn(self) -> str:
        return self.capacity_provider_arn
