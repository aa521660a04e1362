"""Application Auto Scaling as the sandbox answers it: services of ECS, all of it; the rest is moto's.

AWS: https://docs.aws.amazon.com/autoscaling/application/APIReference/API_Operations.html
"""

from course.sandbox.scaling.application.api.scalable_targets import ScalableTargetOperations
from course.sandbox.scaling.application.api.scaling_activities import ScalingActivityOperations
from course.sandbox.scaling.application.api.scaling_policies import ScalingPolicyOperations
from course.sandbox.scaling.application.api.scheduled_actions import ScheduledActionOperations


class ApplicationScalingApi(
    ScalableTargetOperations,
    ScalingPolicyOperations,
    ScheduledActionOperations,
    ScalingActivityOperations,
):
    """One method per operation."""
