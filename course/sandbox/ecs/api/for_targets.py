"""RunTask for a rule of EventBridge or a schedule: with the role that its target names.

The role is asked for what a caller of RunTask is: the task definition, the cluster, and
PassRole for the task's own roles. What is refused, and what finds no place, is a failed invocation.

AWS: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/CWE_IAM_role.html
"""

import json
from collections.abc import Mapping
from typing import Any

from course.sandbox import refusals
from course.sandbox.authorize.roles import Role, role_id
from course.sandbox.ecs.api.base import Plane
from course.sandbox.ecs.api.ecs_api import EcsApi
from course.sandbox.history import Identity
from course.sandbox.identity.asked import Call
from course.sandbox.identity.ecs_actions import asked_of_ecs
from course.sandbox.observability.eventbridge.permissions import EVENTS
from course.sandbox.observability.eventbridge.targets import (
    FAILED,
    NO_PERMISSIONS,
    Failure,
    Invocation,
)
from course.sandbox.observability.trail import behalf
from course.sandbox.world import ACCOUNT_ID

PLACES = {
    "subnets": "Subnets",
    "securityGroups": "SecurityGroups",
    "assignPublicIp": "AssignPublicIp",
}


class _RunTask(EcsApi):
    """One call of RunTask that did not come over the network."""

    def __init__(self, plane: Plane, region: str, given: dict[str, Any], actor: str) -> None:
        super().__init__()
        self.__dict__.update(plane=plane, actor=actor)
        self.region, self.partition, self.params = region, "aws", given
        self.access_key, self.current_account = "", ACCOUNT_ID


def run_task(plane: Plane, invocation: Invocation, role: Role) -> None:
    """Run the target's task. Raises Failure."""
    region, given = invocation.arn.split(":")[3], parameters(invocation)
    call = Call("ecs", "RunTask", given, ACCOUNT_ID, region)
    _authorize(plane, call, invocation.session, role)
    actor = "events" if invocation.service == EVENTS else "scheduler"
    who = role.session(invocation.session)
    identity = Identity(
        who.arn, who.account, f"{role_id(role.arn, who.account)}:{invocation.session}", "", role.arn
    )
    try:
        answer: Any = _RunTask(plane, region, given, actor).run_task().result
    except Exception as error:
        code, said = refusals.explain(error, "RunTask")
        behalf.note_call(
            plane.world,
            call,
            identity,
            invocation.service,
            error=code,
            message=said,
        )
        raise Failure(FAILED, f"{code}: {said}") from error
    behalf.note_call(plane.world, call, identity, invocation.service, parameters=json.dumps(given))
    if answer["failures"] and not answer["tasks"]:
        raise Failure(FAILED, str(answer["failures"][0].get("reason", "")))


def _authorize(plane: Plane, call: Call, session: str, role: Role) -> None:
    for asked in asked_of_ecs(call, plane.world.ecs(call.region)):
        known = {"aws:RequestedRegion": call.region, "aws:SecureTransport": True, **asked.keys}
        decision = role.may(session, asked.action, asked.resource, given=known)
        if not decision.allowed:
            behalf.note(plane.world, call.region, decision)
            raise Failure(NO_PERMISSIONS, decision.denial)


def parameters(invocation: Invocation) -> dict[str, Any]:
    """RunTask's parameters, from a target's EcsParameters and its input, which are the overrides."""
    given: Mapping[str, Any] = invocation.target.get("EcsParameters") or {}
    started_by = "events-rule/" if invocation.service == EVENTS else "chronos-schedule/"
    made: dict[str, Any] = {
        "cluster": invocation.arn,
        "taskDefinition": given["TaskDefinitionArn"],
        "count": given.get("TaskCount", 1),
        "startedBy": f"{started_by}{invocation.source.rsplit('/', 1)[-1]}"[:128],
    }
    network = (given.get("NetworkConfiguration") or {}).get("awsvpcConfiguration")
    if network:
        config = {name: network[key] for name, key in PLACES.items() if network.get(key)}
        made["networkConfiguration"] = {"awsvpcConfiguration": config}
    for name in ("LaunchType", "PlatformVersion", "Group", "PropagateTags", "EnableECSManagedTags",
                 "EnableExecuteCommand"):  # fmt: skip
        if given.get(name) is not None:
            made[name[0].lower() + name[1:]] = given[name]
    if given.get("CapacityProviderStrategy"):
        made["capacityProviderStrategy"] = [dict(one) for one in given["CapacityProviderStrategy"]]
    for name in ("PlacementConstraints", "PlacementStrategy"):
        if given.get(name):
            made[name[0].lower() + name[1:]] = [dict(one) for one in given[name]]
    return made | _overrides(invocation)


def _overrides(invocation: Invocation) -> dict[str, Any]:
    """What the target's input says of containers; of an event itself a task gets nothing."""
    if not any(name in invocation.target for name in ("Input", "InputPath", "InputTransformer")):
        return {}
    try:
        found = json.loads(invocation.message)
    except ValueError as error:
        raise Failure(FAILED, "The input of the target is not JSON.") from error  # our words
    return {"overrides": found} if isinstance(found, dict) and found else {}
