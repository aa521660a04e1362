"""The class that is put together of a file per resource: no two of them know one name."""

from collections import defaultdict

from course.sandbox.ecs.api.ecs_api import EcsApi


def test_no_name_is_another_resources_too() -> None:
    """Python would take the first, and the other resource would be answered by it."""
    holders = defaultdict(list)
    for part in EcsApi.__mro__:
        if part.__module__.startswith("course."):
            for name in vars(part):
                if not name.startswith("__"):
                    holders[name].append(part.__name__)
    assert {name: found for name, found in holders.items() if len(found) > 1} == {}
