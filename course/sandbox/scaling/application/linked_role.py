"""What Application Auto Scaling does in the account, with its service-linked role: in the history of calls.

The names of the role's two sessions are those of accounts' CloudTrail records.

AWS: https://docs.aws.amazon.com/autoscaling/application/userguide/application-auto-scaling-service-linked-roles.html
"""

import json

from course.sandbox.authorize.roles import role_id
from course.sandbox.ecs.resources import Service
from course.sandbox.history import Identity
from course.sandbox.identity import service_linked
from course.sandbox.identity.asked import Call
from course.sandbox.observability.trail import behalf
from course.sandbox.world import ACCOUNT_ID, World

UPDATES, ALARMS = "AutoScaling-UpdateDesiredCapacity", "AutoScaling-ManageAlarms"


def arn() -> str:
    """The role's ARN, whether it is there or not."""
    return service_linked.arn_of(service_linked.SCALING, ACCOUNT_ID)


def note_update(world: World, region: str, service: Service, desired: int) -> None:
    """UpdateService, with the new desired count."""
    cluster = service.cluster_arn.rsplit("/", 1)[-1]
    given = {"cluster": cluster, "service": service.service_name, "desiredCount": desired}
    _note(world, region, "ecs", "UpdateService", UPDATES, given)


def note_alarm(world: World, region: str, operation: str, alarm: str) -> None:
    """PutMetricAlarm or DeleteAlarms, for an alarm of target tracking."""
    given: dict[str, object] = {"alarmName": alarm}
    if operation == "DeleteAlarms":
        given = {"alarmNames": [alarm]}
    _note(world, region, "cloudwatch", operation, ALARMS, given)


def _note(
    world: World, region: str, service: str, operation: str, session: str, given: object
) -> None:
    role = arn()
    name = role.rsplit("/", 1)[-1]
    session_arn = f"arn:aws:sts::{ACCOUNT_ID}:assumed-role/{name}/{session}"
    user_id = f"{role_id(role, ACCOUNT_ID)}:{session}"
    who = Identity(session_arn, ACCOUNT_ID, user_id, "", role)
    call = Call(service, operation, {}, ACCOUNT_ID, region)
    behalf.note_call(world, call, who, service_linked.SCALING, parameters=json.dumps(given))
