"""What API Gateway keeps in a Region: HTTP APIs with all that is in them, and VPC links.

Their attributes are the API's members in snake case, so that an answer needs no
rendering.

AWS: https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/resources.html
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

DEFAULT = "$default"
"""The name of the stage at the root of an API's address, and the key of the route that catches all."""

VPC_LINK = "VPC_LINK"
"""The connection type of a private integration."""

LONGEST = 30_000
"""Milliseconds that an integration of an HTTP API may take; so many unless fewer are given."""


@dataclass
class Integration:
    """Where requests of a route go: a URL, or through a VPC link a listener or a Cloud Map service."""

    integration_id: str
    integration_type: str
    integration_method: str
    integration_uri: str
    connection_type: str = "INTERNET"
    connection_id: str | None = None
    payload_format_version: str = "1.0"
    timeout_in_millis: int = LONGEST
    description: str | None = None
    request_parameters: dict[str, str] = field(default_factory=dict)
    response_parameters: dict[str, Any] = field(default_factory=dict)
    tls_config: dict[str, str] | None = None
    api_gateway_managed: bool | None = None


@dataclass
class Route:
    """Which requests go to an integration: a method and a path, or all others."""

    route_id: str
    route_key: str
    target: str | None = None
    operation_name: str | None = None
    api_key_required: bool = False
    authorization_type: str = "NONE"
    api_gateway_managed: bool | None = None

    @property
    def integration_id(self) -> str:
        """The integration that its target names; empty where it has none."""
        return (self.target or "").removeprefix("integrations/")


@dataclass
class Deployment:
    """An API's routes and integrations as they were at one moment; *closed* says that its own address was."""

    deployment_id: str
    created_date: datetime
    routes: tuple[Route, ...]
    integrations: dict[str, Integration]
    closed: bool = False
    auto_deployed: bool = False
    description: str | None = None
    deployment_status: str = "DEPLOYED"


@dataclass
class Stage:
    """A name under which one deployment of an API is called."""

    stage_name: str
    created_date: datetime
    last_updated_date: datetime
    auto_deploy: bool = False
    deployment_id: str | None = None
    description: str | None = None
    last_deployment_status_message: str | None = None
    stage_variables: dict[str, str] = field(default_factory=dict)
    default_route_settings: dict[str, Any] = field(
        default_factory=lambda: {"DetailedMetricsEnabled": False}
    )
    route_settings: dict[str, Any] = field(default_factory=dict)
    access_log_settings: dict[str, str] | None = None
    tags: dict[str, str] = field(default_factory=dict)
    api_gateway_managed: bool | None = None


@dataclass
class Api:
    """An HTTP API."""

    api_id: str
    name: str
    api_endpoint: str
    created_date: datetime
    protocol_type: str = "HTTP"
    description: str | None = None
    version: str | None = None
    route_selection_expression: str = "$request.method $request.path"
    api_key_selection_expression: str = "$request.header.x-api-key"
    disable_execute_api_endpoint: bool = False
    ip_address_type: str = "ipv4"
    cors_configuration: dict[str, Any] | None = None
    tags: dict[str, str] = field(default_factory=dict)
    routes: dict[str, Route] = field(default_factory=dict)
    integrations: dict[str, Integration] = field(default_factory=dict)
    stages: dict[str, Stage] = field(default_factory=dict)
    deployments: dict[str, Deployment] = field(default_factory=dict)

    def deployed(self, stage: Stage) -> Deployment | None:
        """What is called under a stage's name; None while nothing was deployed there."""
        return self.deployments.get(stage.deployment_id or "")


@dataclass
class VpcLink:
    """Network interfaces of API Gateway in one's own subnets; *interfaces* are their ids."""

    vpc_link_id: str
    name: str
    created_date: datetime
    subnet_ids: list[str]
    security_group_ids: list[str]
    vpc_link_status: str = "PENDING"
    vpc_link_status_message: str = ""
    vpc_link_version: str = "V2"
    tags: dict[str, str] = field(default_factory=dict)
    interfaces: list[str] = field(default_factory=list)


@dataclass
class Gateway:
    """All of one Region, by id."""

    apis: dict[str, Api] = field(default_factory=dict)
    vpc_links: dict[str, VpcLink] = field(default_factory=dict)
