"""The least-privilege policy for LIVE, made from the list of what may be called.

What creates must tag with ``course``; what changes or removes does so only where that
tag is; and tagging is allowed as part of creating alone.

AWS: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/supported-iam-actions-tagging.html
and https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/supported-iam-actions-tagging.html
"""

from typing import Any

from course.live.allowed import Operation, operations, table
from course.live.tags import COURSE

FIRST_USE = {
    "Sid": "FirstUseOfECS",
    "Effect": "Allow",
    "Action": ["iam:CreateServiceLinkedRole"],
    "Resource": "arn:aws:iam::*:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS",
    "Condition": {"StringEquals": {"iam:AWSServiceName": "ecs.amazonaws.com"}},
}
"""In an account that never had a cluster ECS creates its service-linked role, if its caller may.

AWS: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using-service-linked-roles.html
"""

TAGGING = {"ecs": "ecs:TagResource", "ec2": "ec2:CreateTags"}


def policy(region: str) -> dict[str, Any]:
    """An identity policy for one Region, as IAM takes it once it is JSON."""
    here = {"aws:RequestedRegion": region}
    asked, there = ({f"aws:{whose}Tag/course": COURSE} for whose in ("Request", "Resource"))
    tagless = set(table()["policy"]["without_tags"])
    creating, changing = _actions("creates"), _actions("changes", "removes")
    statements = [
        _allow("Look", _actions("reads"), here),
        _allow("CreateTagged", creating - tagless, {**here, **asked}),
        *_tagging({**here, **asked}),
        _allow("ChangeAndRemoveTagged", changing - tagless, {**here, **there}),
        _allow("WithoutTags", tagless, here),
        FIRST_USE,
    ]
    return {"Version": "2012-10-17", "Statement": statements}


def _actions(*how: str) -> set[str]:
    return {one.action for one in operations().values() if one.how in how}


def _allow(sid: str, actions: set[str], equals: dict[str, Any]) -> dict[str, Any]:
    return {
        "Sid": sid,
        "Effect": "Allow",
        "Action": sorted(actions),
        "Resource": "*",
        "Condition": {"StringEquals": equals},
    }


def _tagging(equals: dict[str, Any]) -> list[dict[str, Any]]:
    """Tagging while creating: a call of its own to tag is not allowed."""
    found = []
    for service, action in TAGGING.items():
        creating = sorted(one.name for one in _creating(service))
        also = {**equals, f"{service}:CreateAction": creating}
        found.append(_allow(f"TagWhileCreating{service.upper()}", {action}, also))
    return found


def _creating(service: str) -> list[Operation]:
    every = operations().values()
    return [one for one in every if one.service == service and one.how == "creates"]
