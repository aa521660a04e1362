"""What RunTask refuses in overrides: containers that are not there, and more than 8192 characters.

AWS: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_TaskOverride.html
"""

import json
from collections.abc import Mapping
from typing import Any

from course.sandbox.ecs.errors import client_exception, invalid_parameter
from course.sandbox.ecs.resources import TaskDefinition

LONGEST = 8192
"""Characters of an override as JSON, its punctuation included."""


def check_overrides(definition: TaskDefinition, overrides: Mapping[str, Any] | None) -> None:
    """Refuse overrides that AWS refuses. Raises Refused."""
    given = overrides or {}
    length = len(json.dumps(given, separators=(",", ":")))
    if length > LONGEST:
        raise client_exception(  # our words
            f"Container Overrides length must be at most {LONGEST} characters, not {length}."
        )
    names = {container["name"] for container in definition.container_definitions}
    for one in given.get("containerOverrides") or []:
        name = one.get("name")
        if not name and one:
            raise invalid_parameter("A container override needs the container's name.")  # our words
        if name and name not in names:  # the text of 2020-06: azavea/django-ecsmanage#21
            raise invalid_parameter(
                f"Override for container named {name} is not a container in the TaskDefinition."
            )
