"""What a scalable target and a scheduled action may be. Pure.

AWS: https://docs.aws.amazon.com/autoscaling/application/APIReference/API_RegisterScalableTarget.html
     https://docs.aws.amazon.com/autoscaling/application/APIReference/API_PutScheduledAction.html
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from course.sandbox.ecs.errors import Refused
from course.sandbox.ecs.resources import Service
from course.sandbox.scaling.application.policy_rules import invalid
from course.sandbox.scaling.application.resources import DESIRED_COUNT
from course.sandbox.schedules.cron import BadSchedule
from course.sandbox.schedules.expression import Schedule, read_schedule

MOST_ACTIONS = 200


def check_resource(resource_id: str, dimension: str | None) -> None:
    """Refuse what names no desired count of a service (moto's text)."""
    parts = resource_id.split("/")
    if dimension != DESIRED_COUNT or len(parts) != 3 or parts[0] != "service" or not all(parts):
        raise invalid("Unsupported service namespace, resource type or scalable dimension")


def check_service(resource_id: str, service: Service | None) -> Service:
    """The service that is to be scaled; refused where there is none (terraform-provider-aws retries it)."""
    if service is None or service.status == "INACTIVE":
        raise invalid(f"ECS service doesn't exist: {resource_id}")
    if service.scheduling_strategy == "DAEMON":
        raise invalid(
            f"{resource_id} is a DAEMON service: its instances say how many tasks it has"
        )  # our words
    return service


def check_bounds(least: int | None, most: int | None) -> tuple[int, int]:
    """Both bounds, with the greater one not below the other."""
    if least is None or most is None:
        raise invalid(
            "MinCapacity and MaxCapacity must be specified for a new scalable target"
        )  # our words
    for name, value in (("MinCapacity", least), ("MaxCapacity", most)):
        if value < 0:
            raise invalid(f"{name} must not be negative, but it is {value}")  # our words
    if least > most:
        raise invalid(
            f"Maximum capacity cannot be less than minimum capacity: {most} < {least}"
        )  # our words
    return least, most


def no_target(resource_id: str, dimension: str = DESIRED_COUNT, namespace: str = "ecs") -> Refused:
    """ObjectNotFoundException, in AWS's words (terraform issue 10737)."""
    return Refused(
        "ObjectNotFoundException",
        f"No scalable target registered for service namespace: {namespace}, resource ID: "
        f"{resource_id}, scalable dimension: {dimension}",
    )


def no_such(what: str, resource_id: str, name: str, kind: str) -> Refused:
    """ObjectNotFoundException for a policy or a scheduled action; the text is after moto's."""
    return Refused(
        "ObjectNotFoundException",
        f"No {what} found for service namespace: ecs, resource ID: {resource_id}, scalable "
        f"dimension: {DESIRED_COUNT}, {kind}: {name}",
    )


def check_action(given: Mapping[str, Any] | None) -> dict[str, int]:
    """What a scheduled action sets: one bound at least (community-registry-extensions#255, 2023-11)."""
    found = {key: (given or {}).get(key) for key in ("MinCapacity", "MaxCapacity")}
    bounds = {key: int(value) for key, value in found.items() if value is not None}
    if not bounds:
        raise invalid("At least one of minimum capacity and maximum capacity should be provided")
    check_bounds(bounds.get("MinCapacity", 0), bounds.get("MaxCapacity", 2**31 - 1))
    return bounds


def check_schedule(text: str, zone: str | None, now: datetime) -> Schedule:
    """The schedule of an action: one that can be read, and that is not over."""
    try:
        schedule = read_schedule(text, zone, once=True)
    except BadSchedule as bad:
        raise invalid(f"Invalid schedule expression: {text}. {bad}.") from bad  # our words
    if schedule.once and schedule.next(now, now) is None:
        raise invalid(f"The time of {text} has passed: it is {now:%Y-%m-%dT%H:%M:%S} UTC")  # ours
    return schedule


def check_times(start: datetime | None, end: datetime | None, now: datetime) -> None:
    """Refuse an end that is over, or before the start."""
    if end is not None and end <= max(start or now, now):
        raise invalid("EndTime must be later than StartTime and than now")  # our words
