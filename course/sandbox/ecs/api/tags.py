"""Tags on ECS resources: list, add, remove.

AWS: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-using-tags.html
"""

from moto.core.responses import ActionResult

from course.sandbox.ecs.api.base import EcsOperations
from course.sandbox.ecs.api.treatment import behaves
from course.sandbox.ecs.errors import invalid_parameter
from course.sandbox.ecs.resources.region import Tagged
from course.sandbox.ecs.validation import check_tags, is_aws_own


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
        found = self.ecs.find_tagged(arn) if self.is_here(arn) else None
        if found is None:
            raise invalid_parameter(f"The specified resource was not found: {arn}")  # our words
        return found
