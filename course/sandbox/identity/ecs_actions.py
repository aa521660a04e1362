"""What each ECS operation asks of IAM: on which resources, with which keys, and whose roles it passes.

AWS: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerservice.html
     https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html (PassRole)
"""

from collections.abc import Iterator

from course.sandbox.authorize.trust import ECS, ECS_TASKS
from course.sandbox.ecs.account_settings import effective, root_of
from course.sandbox.ecs.resources import Region
from course.sandbox.ecs.task_roles import roles_of
from course.sandbox.identity.asked import Asked, Call, tag_keys
from course.sandbox.identity.ecs_keys import keys
from course.sandbox.identity.ecs_resources import resources

PASSES = ("RunTask", "StartTask", "CreateService", "UpdateService", "CreateTaskSet")
CREATES = {
    "CreateCapacityProvider", "CreateCluster", "CreateService", "CreateTaskSet", "RunTask",
    "RegisterTaskDefinition", "StartTask",
}  # fmt: skip
"""Operations that tag what they make, which may need ecs:TagResource of its own."""


def asked_of_ecs(call: Call, region: Region) -> Iterator[Asked]:
    """Everything a call to ECS asks, in the order in which it is decided: itself, tags, roles passed."""
    known = {**keys(call, region), **tag_keys(call.given.get("tags"))}
    if call.given.get("tagKeys"):
        known["aws:TagKeys"] = call.given["tagKeys"]
    for resource in resources(call, region):
        tags = _tags_of(region, resource)
        yield Asked(f"ecs:{call.operation}", resource, {**known, **tags})
    if call.given.get("tags") and call.operation in CREATES and _tags_are_authorized(region):
        created = {**tag_keys(call.given["tags"]), "ecs:CreateAction": call.operation}
        yield Asked("ecs:TagResource", "*", created)
    yield from _passed(call, region)


def _tags_of(region: Region, arn: str) -> dict[str, str]:
    """The condition keys of a resource's tags as they are now."""
    found = region.find_tagged(arn)
    return {
        f"{space}:ResourceTag/{one['key']}": one["value"]
        for space in ("aws", "ecs")
        for one in (found.tags if found else None) or []
    }


def _tags_are_authorized(region: Region) -> bool:
    """Whether the account's tagResourceAuthorization is on."""
    root = root_of(region.account_id)
    return effective(region.settings, "tagResourceAuthorization", root, root) == "on"


def _passed(call: Call, region: Region) -> Iterator[Asked]:
    """iam:PassRole for each role that the call hands to ECS, or to the tasks it starts."""
    given = call.given
    roles: tuple[str | None, ...] = ()
    if call.operation == "RegisterTaskDefinition":
        roles = (given.get("executionRoleArn"), given.get("taskRoleArn"))
    elif call.operation in PASSES:
        definition = region.find_definition(str(given.get("taskDefinition") or ""))
        roles = roles_of(definition, given.get("overrides") or {}) if definition else ()
    for role in roles:
        if role:
            yield Asked("iam:PassRole", _role_arn(call, role), {"iam:PassedToService": ECS_TASKS})
    for volume in given.get("volumeConfigurations") or []:
        infrastructure = (volume.get("managedEBSVolume") or {}).get("roleArn")
        if infrastructure:
            yield Asked("iam:PassRole", infrastructure, {"iam:PassedToService": ECS})


def _role_arn(call: Call, name_or_arn: str) -> str:
    if name_or_arn.startswith("arn:"):
        return name_or_arn
    return f"arn:aws:iam::{call.account}:role/{name_or_arn}"
