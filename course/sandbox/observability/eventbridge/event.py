"""An event on a bus: what it tells, in the envelope that rules see. Pure.

AWS: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-events-structure.html
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self

DEFAULT_BUS = "default"


@dataclass(frozen=True, slots=True)
class Event:
    """One event; ``detail`` is plain JSON, and nothing of it changes any more."""

    id: str
    source: str
    detail_type: str
    region: str
    account: str
    when: datetime
    detail: Mapping[str, Any] = field(default_factory=dict)
    resources: tuple[str, ...] = ()

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self

    @property
    def envelope(self) -> dict[str, Any]:
        """The whole of it, as rules match it and targets get it; its version is always "0"."""
        return {
            "version": "0",
            "id": self.id,
            "detail-type": self.detail_type,
            "source": self.source,
            "account": self.account,
            "time": f"{self.when:%Y-%m-%dT%H:%M:%SZ}",
            "region": self.region,
            "resources": list(self.resources),
            "detail": dict(self.detail),
        }
