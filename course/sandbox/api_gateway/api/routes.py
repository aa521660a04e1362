"""Routes of an API, each with the integration it goes to.

AWS: https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid-routes.html
"""

from moto.core.responses import ActionResult, EmptyResult

from course.sandbox.api_gateway.api.base import ApiGatewayOperations
from course.sandbox.api_gateway.api_rules import check_route, check_target
from course.sandbox.api_gateway.resources import Route
from course.sandbox.ecs.api.treatment import behaves

TESTS = "tests/sandbox/api_gateway/api/test_apis.py::"


class Routes(ApiGatewayOperations):
    """The operations on routes."""

    @behaves(f"{TESTS}test_a_route_goes_to_an_integration")
    def create_route(self) -> ActionResult:
        """CreateRoute: a key that no other route has, to an integration of the same API."""
        api, key = self.api(), self.given("RouteKey")
        check_route(key, api.routes.values(), self.given("AuthorizationType", "NONE"))
        check_target(self.given("Target"), api.integrations)
        made = Route(
            self.new_id(7), key, self.given("Target"), operation_name=self.given("OperationName")
        )
        api.routes[made.route_id] = made
        self.changed(api, f"CreateRoute {key}")
        return ActionResult(made)

    @behaves(f"{TESTS}test_a_route_goes_to_an_integration")
    def get_route(self) -> ActionResult:
        """GetRoute."""
        return ActionResult(self.route(self.api()))

    @behaves(f"{TESTS}test_a_route_goes_to_an_integration")
    def get_routes(self) -> ActionResult:
        """GetRoutes: all of an API."""
        return self.page(self.api().routes.values())

    @behaves(f"{TESTS}test_a_route_is_changed")
    def update_route(self) -> ActionResult:
        """UpdateRoute: another key, or another integration."""
        api = self.api()
        held = self.route(api)
        key, target = self.given("RouteKey", held.route_key), self.given("Target", held.target)
        others = [one for one in api.routes.values() if one is not held]
        check_route(key, others, self.given("AuthorizationType", "NONE"))
        check_target(target, api.integrations)
        held.route_key, held.target = key, target
        held.operation_name = self.given("OperationName", held.operation_name)
        self.changed(api, f"UpdateRoute {key}")
        return ActionResult(held)

    @behaves(f"{TESTS}test_what_others_need_is_not_deleted")
    def delete_route(self) -> ActionResult:
        """DeleteRoute: requests for it find another, or none."""
        api = self.api()
        held = self.route(api)
        del api.routes[held.route_id]
        self.changed(api, f"DeleteRoute {held.route_key}")
        return EmptyResult()
