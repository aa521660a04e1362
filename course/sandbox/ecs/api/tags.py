"""Tags on ECS resources: list, add, remove.

AWS: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-using-tags.html
"""

from typing import Protocol

from moto.core.responses import ActionResult

from course.sandbox.ecs.api.base import EcsOperations
from course.sandbox.ecs.api.treatment import behaves
from course.sandbox.ecs.errors import invalid_parameter
from course.sandbox.ecs.validation import check_tags, is_aws_own


class Tagged(Protocol):
    """A resource that carries tags."""

    tags: list[dict[str, str]]


class TagOperations(EcsOperations):
    """The operations on tags, one method each."""

    @behaves("api/test_tags.py::test_add_replace_remove")
    def list_tags_for_resource(self) -> ActionResult:
        """ListTagsForResource."""
        return ActionResult({"tags": self._tagged().tags})

    @behaves("api/test_tags.py::test_add_replace_remove")
    def tag_resource(self) -> ActionResult:
        """TagResource: adds tags, and replaces those whose key is there already."""
        tagged = self._tagged()
        check_tags(self.given("tags", []))
        new = self.given("tags", [])
        replaced = {tag["key"] for tag in new}
        merged = [*(tag for tag in tagged.tags if tag["key"] not in replaced), *new]
        check_tags([tag for tag in merged if not is_aws_own(tag["key"])])
        tagged.tags = merged
        return ActionResult({})

    @behaves("api/test_tags.py::test_add_replace_remove")
    def untag_resource(self) -> ActionResult:
        """UntagResource: removes tags by key; keys that are not there are no error."""
        tagged, gone = self._tagged(), self.given("tagKeys", [])
        if any(is_aws_own(key) for key in gone):
            raise invalid_parameter(
                "Tags that begin with aws: are AWS's own and stay."
            )  # our words
        tagged.tags = [tag for tag in tagged.tags if tag["key"] not in gone]
        return ActionResult({})

    def _tagged(self) -> Tagged:
        arn = self.given("resourceArn", "")
        kind, _, rest = arn.split(":", 5)[-1].partition("/")
        found = self._find_tagged(kind, rest, arn) if self.is_here(arn) else None
        if found is None:
            raise invalid_parameter(f"The specified resource was not found: {arn}")  # our words
        return found

    def _find_tagged(self, kind: str, rest: str, arn: str) -> Tagged | None:
        if kind == "cluster":
            return self.ecs.clusters.get(rest)
        if kind == "service":
            return self.ecs.services.get(rest.replace("/", ":", 1))
        if kind == "task-set":
            sets = (one for service in self.ecs.services.values() for one in service.task_sets)
            return next((one for one in sets if one.task_set_arn == arn), None)
        if kind == "task":
            return self.ecs.tasks.get(rest.split("/")[0], {}).get(arn)
        if kind == "container-instance":
            return self.ecs.container_instances.get(rest.split("/")[0], {}).get(rest.split("/")[-1])
        if kind == "task-definition":
            return self.find_definition(rest)
        if kind == "capacity-provider":
            return self.ecs.capacity_providers.get(rest)
        return None
