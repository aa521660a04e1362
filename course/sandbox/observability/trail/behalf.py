"""What ECS asks of AWS's services for a task, as the history has it: with the task's roles, in its name.

ECS assumes the roles of a task in sessions that are named after the task. What it
then asks with the execution role (a token and images of ECR, secrets, log streams)
stands in the history under that session, as the first records of a task on AWS do.

AWS: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/logging-using-cloudtrail.html
The form of AssumeRole: records of November 2018 (flaws2's public logs).
"""

import json
from typing import Any

from course.sandbox.authorize.decision import Decision
from course.sandbox.authorize.roles import role_id
from course.sandbox.authorize.trust import ECS_TASKS
from course.sandbox.history import ApiCall, Identity
from course.sandbox.identity.asked import Call
from course.sandbox.observability.trail.kinds import is_data
from course.sandbox.world import ACCOUNT_ID, World


def note(world: World, region: str, decision: Decision) -> None:
    """Take down what a session of a task's role has asked for; data events are not kept."""
    asked = decision.request
    service, _, operation = asked.action.partition(":")
    if is_data(service, operation):
        return
    who, session = asked.principal, asked.principal.arn.rsplit("/", 1)[-1]
    user_id = f"{role_id(who.role, who.account)}:{session}"
    named = asked.resource.split(":")[3] if asked.resource.count(":") >= 3 else ""
    given = _parameters(service, asked.resource) if decision.allowed else {}
    _keep(
        world,
        service,
        operation,
        error=None if decision.allowed else "AccessDeniedException",
        decisions=(decision,),
        message="" if decision.allowed else decision.denial,
        region=named or region,
        who=Identity(who.arn, who.account, user_id, "", who.role),
        parameters=json.dumps(given) if given else "",
        agent=ECS_TASKS,
    )


def note_assumed(world: World, region: str, role: str, session: str) -> None:
    """Take down that ECS has assumed a role of a task, by its name or ARN."""
    arn = role if role.startswith("arn:") else f"arn:aws:iam::{ACCOUNT_ID}:role/{role}"
    given = {"roleArn": arn, "roleSessionName": session}
    who = Identity(account=ACCOUNT_ID, service=ECS_TASKS)
    told = {"region": region, "parameters": json.dumps(given), "agent": ECS_TASKS}
    _keep(world, "sts", "AssumeRole", who=who, **told)


def note_call(
    world: World,
    call: Call,
    who: Identity,
    service: str,
    *,
    parameters: str = "",
    error: str | None = None,
    message: str = "",
) -> None:
    """Take down a call that *service*, such as ``events.amazonaws.com``, has made with a role."""
    told: dict[str, Any] = {
        "region": call.region,
        "parameters": parameters,
        "error": error,
        "message": message,
    }
    told["agent"] = service
    _keep(world, call.service, call.operation, who=who, **told)


def _keep(world: World, service: str, operation: str, **more: Any) -> None:
    number, now = -1 - world.on_behalf.total, world.clock.now()
    world.on_behalf.note(ApiCall(now, service, operation, number=number, **more))


def _parameters(service: str, resource: str) -> dict[str, Any]:
    """What such a call names, read from the ARN of what it was asked on."""
    name = resource.split(":", 5)[-1]
    match service:
        case "ecr" if "/" in name:
            account = resource.split(":")[4]
            return {"registryId": account, "repositoryName": name.partition("/")[2]}
        case "secretsmanager":
            return {"secretId": resource}
        case "ssm":
            return {"names": [name.removeprefix("parameter/")], "withDecryption": True}
        case "logs":
            group, _, stream = name.removeprefix("log-group:").partition(":log-stream:")
            return {"logGroupName": group} | ({"logStreamName": stream} if stream else {})
    return {}
