"""Scalable targets with their policies and scheduled actions, and what became of them: plain objects.

Members are the API's, so that moto's serializer writes them out as they are.

AWS: https://docs.aws.amazon.com/autoscaling/application/APIReference/API_ScalableTarget.html
"""

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

ECS = "ecs"
DESIRED_COUNT = "ecs:service:DesiredCount"

TRACKING, STEP, PREDICTIVE = "TargetTrackingScaling", "StepScaling", "PredictiveScaling"

MOST_ACTIVITIES = 2_000
"""Activities that a Region keeps; AWS keeps those of six weeks."""

NOT_SUSPENDED = {
    "DynamicScalingInSuspended": False,
    "DynamicScalingOutSuspended": False,
    "ScheduledScalingSuspended": False,
}


@dataclass
class Alarm:
    """A CloudWatch alarm of a policy, by its name."""

    alarm_name: str
    alarm_arn: str


@dataclass
class ScalingPolicy:
    """A policy of a scalable target; *configuration* is that of its type.

    ``created_by`` is what the actions of its alarms end with, and ``told`` why it did not scale
    the last time, so that the same is not written down each minute.
    """

    policy_name: str
    policy_arn: str
    policy_type: str
    resource_id: str
    configuration: dict[str, Any]
    creation_time: datetime
    created_by: str
    alarms: list[Alarm] = field(default_factory=list)
    told: str = ""
    service_namespace: str = ECS
    scalable_dimension: str = DESIRED_COUNT

    @property
    def target_tracking_scaling_policy_configuration(self) -> dict[str, Any] | None:
        return self.configuration if self.policy_type == TRACKING else None

    @property
    def step_scaling_policy_configuration(self) -> dict[str, Any] | None:
        return self.configuration if self.policy_type == STEP else None

    @property
    def scales_in_by_agreement(self) -> bool:
        """Whether a scale-in has to wait until this policy wants one, too."""
        return self.policy_type == TRACKING and not self.configuration.get("DisableScaleIn")


@dataclass
class ScheduledAction:
    """A new minimum or maximum at some time; ``turn`` tells its alarms from those of an older plan."""

    scheduled_action_name: str
    scheduled_action_arn: str
    resource_id: str
    schedule: str
    scalable_target_action: dict[str, int]
    creation_time: datetime
    timezone: str | None = None
    start_time: datetime | None = None
    end_time: datetime | None = None
    turn: int = 0
    service_namespace: str = ECS
    scalable_dimension: str = DESIRED_COUNT


@dataclass
class ScalingActivity:
    """One change of a service's desired count or of its bounds, or the reason why there was none."""

    activity_id: str
    resource_id: str
    description: str
    cause: str
    start_time: datetime
    capacity: int | None = None
    end_time: datetime | None = None
    status_code: str = "InProgress"
    status_message: str | None = None
    not_scaled_reasons: list[dict[str, Any]] | None = None
    service_namespace: str = ECS
    scalable_dimension: str = DESIRED_COUNT

    @property
    def is_under_way(self) -> bool:
        return self.status_code == "InProgress"


@dataclass
class Cooldown:
    """What a scaling activity has begun: how long others are held back by it, in seconds.

    *before* is the capacity that it began from; it runs from the activity's end.
    """

    activity: ScalingActivity
    seconds: int
    outwards: bool
    before: int


@dataclass
class ScalableTarget:
    """A service whose desired count is scaled between two bounds; ``key`` is in the ARNs of what hangs on it."""

    resource_id: str
    min_capacity: int
    max_capacity: int
    role_arn: str
    creation_time: datetime
    scalable_target_arn: str
    key: str
    suspended_state: dict[str, bool] = field(default_factory=lambda: dict(NOT_SUSPENDED))
    policies: dict[str, ScalingPolicy] = field(default_factory=dict)
    scheduled_actions: dict[str, ScheduledAction] = field(default_factory=dict)
    cooldown: Cooldown | None = None
    tags: dict[str, str] = field(default_factory=dict)
    service_namespace: str = ECS
    scalable_dimension: str = DESIRED_COUNT

    @property
    def service_key(self) -> str:
        """``cluster:service``, the name under which ECS's Region keeps the service."""
        _, cluster, service = self.resource_id.split("/")
        return f"{cluster}:{service}"


@dataclass
class ScalableTargets:
    """The targets of one Region by their resource ids, and the activities, the newest last."""

    held: dict[str, ScalableTarget] = field(default_factory=dict)
    activities: deque[ScalingActivity] = field(
        default_factory=lambda: deque(maxlen=MOST_ACTIVITIES)
    )
