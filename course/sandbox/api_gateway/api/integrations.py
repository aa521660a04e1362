"""Integrations: where an API's requests go, checked before anything is stored.

AWS: https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid-integrations.html
"""

from copy import deepcopy
from typing import Any

from moto.core.responses import ActionResult, EmptyResult

from course.sandbox.api_gateway.api.base import ApiGatewayOperations
from course.sandbox.api_gateway.api_rules import (
    DISCOVERY,
    check_connection,
    check_format,
    check_kind,
    check_link,
    check_mappings,
    check_method,
    check_timeout,
    check_unrouted,
    discovery_missing,
    listener_missing,
)
from course.sandbox.api_gateway.resources import LONGEST, VPC_LINK, Integration
from course.sandbox.discovery.cloud_map import CloudMap
from course.sandbox.ecs.api.treatment import behaves

TESTS = "tests/sandbox/api_gateway/api/test_apis.py::"

CHANGED = (
    ("ConnectionType", "connection_type"),
    ("ConnectionId", "connection_id"),
    ("Description", "description"),
    ("IntegrationMethod", "integration_method"),
    ("IntegrationType", "integration_type"),
    ("IntegrationUri", "integration_uri"),
    ("PayloadFormatVersion", "payload_format_version"),
    ("RequestParameters", "request_parameters"),
    ("ResponseParameters", "response_parameters"),
    ("TimeoutInMillis", "timeout_in_millis"),
    ("TlsConfig", "tls_config"),
)
"""What UpdateIntegration may change: the parameter, and where it is kept."""


class Integrations(ApiGatewayOperations):
    """The operations on integrations."""

    @behaves(f"{TESTS}test_an_integration_is_what_it_was_given")
    def create_integration(self) -> ActionResult:
        """CreateIntegration: HTTP_PROXY, to a URL or through a VPC link."""
        api = self.api()
        kind, method = self.given("IntegrationType"), self.given("IntegrationMethod")
        check_kind(kind)
        check_format(self.given("PayloadFormatVersion"))
        check_method(method)
        made = Integration(
            self.new_id(7),
            kind,
            method,
            self.given("IntegrationUri", ""),
            self.given("ConnectionType", "INTERNET"),
            self.given("ConnectionId"),
            timeout_in_millis=int(self.given("TimeoutInMillis", LONGEST)),
            description=self.given("Description"),
            request_parameters=dict(self.given("RequestParameters", {})),
            response_parameters=dict(self.given("ResponseParameters", {})),
            tls_config=self.given("TlsConfig"),
        )
        self._check(made)
        api.integrations[made.integration_id] = made
        self.changed(api, f"CreateIntegration {made.integration_id}")
        return ActionResult(made)

    @behaves(f"{TESTS}test_an_integration_is_what_it_was_given")
    def get_integration(self) -> ActionResult:
        """GetIntegration."""
        return ActionResult(self.integration(self.api()))

    @behaves(f"{TESTS}test_an_integration_is_what_it_was_given")
    def get_integrations(self) -> ActionResult:
        """GetIntegrations: all of an API."""
        return self.page(self.api().integrations.values())

    @behaves(f"{TESTS}test_an_integration_is_changed_and_checked_again")
    def update_integration(self) -> ActionResult:
        """UpdateIntegration: what is given changes, and the whole is checked as a new one is."""
        api = self.api()
        held = self.integration(api)
        changed = deepcopy(held)
        for name, attribute in CHANGED:
            value = self.given(name)
            if value is not None:
                setattr(changed, attribute, _without_empty(value) if "Request" in name else value)
        check_kind(changed.integration_type)
        check_format(changed.payload_format_version)
        check_method(changed.integration_method)
        self._check(changed)
        api.integrations[held.integration_id] = changed
        self.changed(api, f"UpdateIntegration {held.integration_id}")
        return ActionResult(changed)

    @behaves(f"{TESTS}test_what_others_need_is_not_deleted")
    def delete_integration(self) -> ActionResult:
        """DeleteIntegration: not while a route goes to it."""
        api = self.api()
        held = self.integration(api)
        name = held.integration_id
        check_unrouted([one for one in api.routes.values() if one.integration_id == name])
        del api.integrations[name]
        self.changed(api, f"DeleteIntegration {name}")
        return EmptyResult()

    def _check(self, one: Integration) -> None:
        """Raises Refused unless the integration leads somewhere."""
        check_connection(one.connection_type, one.integration_uri, one.connection_id)
        check_timeout(one.timeout_in_millis)
        check_mappings(one.request_parameters)
        if one.connection_type == VPC_LINK:
            link = str(one.connection_id)
            check_link(link, self.gateway.vpc_links.get(link))
            self._check_backend(one.integration_uri)

    def _check_backend(self, arn: str) -> None:
        if DISCOVERY.fullmatch(arn):
            if CloudMap(self.current_account, self.region).registry(arn) is None:
                raise discovery_missing(arn)
        elif self.balancers.with_listener(arn) is None:
            raise listener_missing(arn)


def _without_empty(given: dict[str, Any]) -> dict[str, Any]:
    """A mapping that is given as empty text is taken away."""
    return {name: value for name, value in given.items() if value}
