"""Scaling activities: what was done, by whom, and on request what was not.

AWS: https://docs.aws.amazon.com/autoscaling/application/APIReference/API_DescribeScalingActivities.html
"""

from datetime import timedelta
from typing import Any

from moto.core.responses import ActionResult

from course.sandbox.scaling.application.api.base import ScalingOperations
from course.sandbox.scaling.application.policy_rules import invalid

KEPT = timedelta(weeks=6)


class ScalingActivityOperations(ScalingOperations):
    """The operation on scaling activities."""

    def describe_scaling_activities(self) -> Any:
        """DescribeScalingActivities of six weeks, the newest first."""
        if not self.is_ecs:
            return ActionResult({"ScalingActivities": []})
        resource = self.given("ResourceId")
        if self.given("ScalableDimension") and not resource:
            raise invalid("ResourceId must be specified with ScalableDimension")  # our words
        all_of_them = self.given("IncludeNotScaledActivities", False)
        since = self.now - KEPT
        found = [
            one
            for one in reversed(self.targets.activities)
            if resource in (None, one.resource_id)
            and one.start_time >= since
            and (all_of_them or not one.not_scaled_reasons)
        ]
        return self.page("ScalingActivities", found)
