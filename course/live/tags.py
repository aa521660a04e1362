"""The four tags on everything that LIVE creates: by them it is found again, and told from what is not ours."""

from collections.abc import Iterable, Mapping
from typing import Any

from course.live.books import Attempt

COURSE = "containers-on-aws-course"


def tags(attempt: Attempt) -> dict[str, str]:
    """Course, lesson, attempt, and the moment from which on nobody misses it."""
    return {
        "course": COURSE,
        "lesson": attempt.lesson,
        "attempt": attempt.id,
        "expiry": f"{attempt.until:%Y-%m-%dT%H:%M:%SZ}",
    }


def put_on(operation: str, params: dict[str, Any], own: Mapping[str, str]) -> None:
    """Add the tags to a creating call's parameters, in the form that its service takes."""
    if operation == "CreateSecurityGroup":
        pairs = [{"Key": key, "Value": value} for key, value in own.items()]
        params["TagSpecifications"] = [{"ResourceType": "security-group", "Tags": pairs}]
        return
    params["tags"] = [{"key": key, "value": value} for key, value in own.items()]
    if operation == "CreateService":
        params["propagateTags"] = "SERVICE"  # its tasks carry them, too


def are_of(found: Iterable[Mapping[str, str]] | None, attempt: str) -> bool:
    """Whether tags, as ECS or EC2 writes them, are those of an attempt of this course."""
    read = {
        one.get("key", one.get("Key")): one.get("value", one.get("Value")) for one in found or ()
    }
    return read.get("course") == COURSE and read.get("attempt") == attempt
