"""CloudTrail as the sandbox answers it: LookupEvents from the calls there were; trails are moto's.

Trails are stored and nothing is delivered to their buckets.

AWS: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html
"""

import json
from datetime import UTC, datetime
from heapq import merge
from typing import Any, ClassVar, Protocol

from botocore.utils import parse_timestamp
from moto.cloudtrail.responses import CloudTrailResponse

from course.sandbox.ecs.errors import Refused
from course.sandbox.observability.trail.lookup import ATTRIBUTES, PAGE, BadToken, Lookup, shown
from course.sandbox.world import World


class Plane(Protocol):
    """What operations ask of the control plane."""

    world: World


class TrailApi(CloudTrailResponse):
    """Every CloudTrail operation that the sandbox answers by itself."""

    plane: ClassVar[Plane]

    def lookup_events(self) -> str:
        """LookupEvents: management events of this Region's last 90 days, the newest first."""
        if self._get_param("EventCategory"):
            raise _invalid("EventCategory", "The sandbox has no Insights events.")  # our words
        size = self._get_param("MaxResults")
        if size is not None and not 1 <= size <= PAGE:
            raise _invalid("MaxResults", f"MaxResults is 1 to {PAGE}, not {size}.")  # our words
        since, until = self._time("StartTime"), self._time("EndTime")
        if since and until and since > until:
            raise _invalid("TimeRange", "StartTime is after EndTime.")  # our words
        asked = Lookup(self.region, self._attribute(), since, until)
        world, token = self.plane.world, self._get_param("NextToken")
        calls = list(merge(world.history, world.on_behalf, key=lambda call: call.when))
        try:
            page, following = asked.page(calls, world.clock.now(), size=size or PAGE, token=token)
        except BadToken as bad:
            raise _invalid(
                "NextToken", "The token is not one of a look-up with these parameters."
            ) from bad  # our words
        answer: dict[str, Any] = {"Events": [shown(call) for call in page]}
        if following:
            answer["NextToken"] = following
        return json.dumps(answer)

    def _attribute(self) -> tuple[str, str] | None:
        given = self._get_param("LookupAttributes") or []
        if len(given) > 1:
            raise _invalid("LookupAttributes", "A look-up has at most one attribute.")  # our words
        for one in given:
            if one["AttributeKey"] not in ATTRIBUTES:
                known = ", ".join(ATTRIBUTES)
                raise _invalid(
                    "LookupAttributes", f"{one['AttributeKey']} is none of {known}."
                )  # our words
            return one["AttributeKey"], one["AttributeValue"]
        return None

    def _time(self, name: str) -> datetime | None:
        given = self._get_param(name)
        if given is None:
            return None
        found = parse_timestamp(given)
        return found if found.tzinfo else found.replace(tzinfo=UTC)


def _invalid(what: str, message: str) -> Refused:
    return Refused(f"Invalid{what}Exception", message)
