"""Tags of APIs, stages and VPC links, by their ARNs.

AWS: https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/tags-resource-arn.html
"""

import re

from moto.core.responses import ActionResult, EmptyResult

from course.sandbox.api_gateway.api.base import ApiGatewayOperations
from course.sandbox.api_gateway.api_rules import not_found
from course.sandbox.ecs.api.treatment import stored

TESTS = "tests/sandbox/api_gateway/api/test_apis.py::"

_ARN = re.compile(
    r"arn:aws[\w-]*:apigateway:(?P<region>[\w-]+)::/"
    r"(?:vpclinks/(?P<link>\w+)|apis/(?P<api>\w+)(?:/stages/(?P<stage>[\w$-]+))?)"
)


class Tags(ApiGatewayOperations):
    """The operations on tags."""

    @stored(f"{TESTS}test_tags_of_an_api_a_stage_and_a_link")
    def get_tags(self) -> ActionResult:
        """GetTags."""
        return ActionResult({"Tags": self._tags()})

    @stored(f"{TESTS}test_tags_of_an_api_a_stage_and_a_link")
    def tag_resource(self) -> ActionResult:
        """TagResource: adds, and replaces what has the same key."""
        self._tags().update(self.given("Tags", {}))
        return EmptyResult()

    @stored(f"{TESTS}test_tags_of_an_api_a_stage_and_a_link")
    def untag_resource(self) -> ActionResult:
        """UntagResource: takes away by key."""
        held = self._tags()
        for key in self.given("TagKeys", []):
            held.pop(key, None)
        return EmptyResult()

    def _tags(self) -> dict[str, str]:
        arn = str(self.given("ResourceArn"))
        found, gateway = _ARN.fullmatch(arn), self.gateway
        if found and found["region"] == self.region:
            api = gateway.apis.get(found["api"] or "")
            link = gateway.vpc_links.get(found["link"] or "")
            stage = api.stages.get(found["stage"] or "") if api else None
            held = stage if found["stage"] else api or link
            if held is not None:
                return held.tags
        raise not_found(f"Invalid resource ARN specified {arn}")  # our words
