"""API Gateway's API as the sandbox answers it: HTTP APIs and VPC links, one method per operation.

What no method answers is outside of the sandbox and refused: WebSocket APIs,
authorizers, models, custom domain names, portals.

AWS: https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/api-reference.html
"""

from course.sandbox.api_gateway.api.apis import Apis
from course.sandbox.api_gateway.api.integrations import Integrations
from course.sandbox.api_gateway.api.routes import Routes
from course.sandbox.api_gateway.api.stages import Stages
from course.sandbox.api_gateway.api.tags import Tags
from course.sandbox.api_gateway.api.vpc_links import VpcLinkOperations

REFUSALS = "tests/sandbox/api_gateway/api/test_apis.py::test_what_lies_outside_is_refused"
"""The test that shows how an operation without a method is answered."""


class ApiGatewayApi(Apis, Integrations, Routes, Stages, Tags, VpcLinkOperations):
    """Every operation of API Gateway (apigatewayv2) that is modelled."""
