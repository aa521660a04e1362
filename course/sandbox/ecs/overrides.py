"""What RunTask refuses in overrides: containers that are not there, sizes that are not, too long a text.

AWS: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_TaskOverride.html
"""

import json
from collections.abc import Mapping
from typing import Any

from course.sandbox.ecs.errors import client_exception, invalid_parameter
from course.sandbox.ecs.fargate_sizes import amount, exists, is_windows
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


def check_size(
    definition: TaskDefinition, overrides: Mapping[str, Any] | None, launch_type: str
) -> None:
    """Refuse a size by override that no task can have. Raises InvalidParameterException.

    On Fargate CPU and memory are one of its pairs, whoever names them; nowhere is a
    container larger than its task.
    """
    given = overrides or {}
    cpu, memory = given.get("cpu") or definition.cpu, given.get("memory") or definition.memory
    units, mib = amount(cpu or ""), amount(memory or "")
    windows = is_windows(definition.runtime_platform)
    fits = units is not None and mib is not None and exists(units, mib, windows=windows)
    if launch_type == "FARGATE" and not fits:
        raise invalid_parameter(  # RegisterTaskDefinition's sentence; of RunTask's none was found
            f"No Fargate configuration exists for given values: {units or cpu} CPU, "
            f"{mib or memory} memory. See the Amazon ECS documentation for the valid values."
        )
    by_name = {one.get("name"): one for one in given.get("containerOverrides") or []}
    for container in definition.container_definitions:
        own = by_name.get(container["name"], {}).get("memory") or container.get("memory")
        if own is not None and mib is not None and own > mib:
            raise invalid_parameter(  # artillery#591, 2018-12
                f"'memory' setting for container '{container['name']}' is greater than for task."
            )
