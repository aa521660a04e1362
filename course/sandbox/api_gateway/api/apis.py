"""HTTP APIs: made, changed, deleted with all that is in them.

AWS: https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis.html
"""

from moto.core.responses import ActionResult, EmptyResult

from course.sandbox.api_gateway.api.base import ApiGatewayOperations
from course.sandbox.api_gateway.api_rules import bad_request, check_connection, check_route, outside
from course.sandbox.api_gateway.resources import DEFAULT, Api, Integration, Route, Stage
from course.sandbox.ecs.api.treatment import behaves

TESTS = "tests/sandbox/api_gateway/api/test_apis.py::"
CHANGED = (
    ("Name", "name"),
    ("Description", "description"),
    ("Version", "version"),
    ("CorsConfiguration", "cors_configuration"),
    ("DisableExecuteApiEndpoint", "disable_execute_api_endpoint"),
)
"""What UpdateApi may change: the parameter, and where it is kept."""


class Apis(ApiGatewayOperations):
    """The operations on APIs."""

    @behaves(f"{TESTS}test_an_api_has_an_address_of_its_own")
    def create_api(self) -> ActionResult:
        """CreateApi: an HTTP API; with a Target, one that is whole at once (quick create)."""
        if self.given("ProtocolType") != "HTTP":
            raise outside("WebSocket APIs")
        name, identity = self.given("Name"), self.new_id(10)
        made = Api(
            identity,
            name,
            f"https://{identity}.execute-api.{self.region}.amazonaws.com",
            self.now,
            description=self.given("Description"),
            version=self.given("Version"),
            disable_execute_api_endpoint=bool(self.given("DisableExecuteApiEndpoint", False)),
            cors_configuration=self.given("CorsConfiguration"),
            tags=dict(self.given("Tags", {})),
        )
        target = self.given("Target")
        if target:
            self._quick(made, target, self.given("RouteKey", DEFAULT))
        self.gateway.apis[identity] = made
        self.changed(made, "CreateApi")
        return ActionResult(made)

    def _quick(self, api: Api, target: str, key: str) -> None:
        """An integration with the target, a route to it, and a stage that deploys by itself."""
        if target.startswith("arn:"):
            raise outside("integrations of an API with Lambda or other services (AWS_PROXY)")
        check_connection("INTERNET", target, None)
        check_route(key, (), "NONE")
        one = Integration(self.new_id(7), "HTTP_PROXY", "ANY", target, api_gateway_managed=True)
        route = Route(
            self.new_id(7), key, f"integrations/{one.integration_id}", api_gateway_managed=True
        )
        stage = Stage(DEFAULT, self.now, self.now, auto_deploy=True, api_gateway_managed=True)
        api.integrations[one.integration_id] = one
        api.routes[route.route_id] = route
        api.stages[DEFAULT] = stage

    @behaves(f"{TESTS}test_an_api_has_an_address_of_its_own")
    def get_api(self) -> ActionResult:
        """GetApi."""
        return ActionResult(self.api())

    @behaves(f"{TESTS}test_an_api_has_an_address_of_its_own")
    def get_apis(self) -> ActionResult:
        """GetApis: all of the Region."""
        return self.page(self.gateway.apis.values())

    @behaves(f"{TESTS}test_an_api_is_changed_and_its_address_closed")
    def update_api(self) -> ActionResult:
        """UpdateApi: what is given changes; a closed address is so once that is deployed."""
        api = self.api()
        if self.given("Target") or self.given("RouteKey"):
            raise bad_request("Target and RouteKey are for CreateApi here")  # our words
        for name, attribute in CHANGED:
            value = self.given(name)
            if value is not None:
                setattr(api, attribute, value)
        self.changed(api, "UpdateApi")
        return ActionResult(api)

    @behaves(f"{TESTS}test_a_deleted_api_answers_no_more")
    def delete_api(self) -> ActionResult:
        """DeleteApi: with its routes, integrations, stages and deployments."""
        api = self.api()
        del self.gateway.apis[api.api_id]
        self.plane.world.record("you", f"DeleteApi {api.name}")
        return EmptyResult()
