"""The lab with namespaces and service registries, in one line each."""

from __future__ import annotations

from typing import Any

import pytest

CURL_CHECK = {"command": ["CMD-SHELL", "curl -f http://localhost:8080/ || exit 1"], "interval": 10}
CONTAINER = {
    "name": "app",
    "image": "registry.example.com/web:1",
    "portMappings": [{"containerPort": 8080, "name": "http"}],
}
EXEC_ACTIONS = [
    "CreateControlChannel",
    "CreateDataChannel",
    "OpenControlChannel",
    "OpenDataChannel",
]


class Discovery:
    """What a test says to Cloud Map, beside the lab."""

    def __init__(self, lab: Any) -> None:
        self.lab = lab
        self.api: Any = lab.aws.client("servicediscovery")

    def namespace(self, name: str = "shop.local", kind: str = "private", **more: Any) -> str:
        """The id of a namespace that is there."""
        if kind == "private":
            more = {"Vpc": self.lab.vpc} | more
        create = "create_http_namespace" if kind == "http" else f"create_{kind}_dns_namespace"
        begun = getattr(self.api, create)(Name=name, **more)["OperationId"]
        self.lab.clock.advance(60)
        operation = self.api.get_operation(OperationId=begun)["Operation"]
        assert operation["Status"] == "SUCCESS", operation
        return str(operation["Targets"]["NAMESPACE"])

    def service(
        self, namespace: str, name: str = "api", record: str | None = "A", **more: Any
    ) -> dict[str, Any]:
        """A service with a custom health check."""
        given = {"HealthCheckCustomConfig": {}} | more
        if record:
            given["DnsConfig"] = {"DnsRecords": [{"Type": record, "TTL": 10}]}
        given = {key: value for key, value in given.items() if value is not None}
        made = self.api.create_service(Name=name, NamespaceId=namespace, **given)["Service"]
        return dict(made)

    def registry(self, name: str = "api", record: str = "A", **more: Any) -> dict[str, Any]:
        """A service in a private namespace of its own."""
        return self.service(self.namespace(f"{name}.internal"), name, record, **more)

    def instances(self, service: dict[str, Any]) -> dict[str, dict[str, str]]:
        """The attributes of each instance, by its id."""
        held = self.api.list_instances(ServiceId=service["Id"])["Instances"]
        return {one["Id"]: one["Attributes"] for one in held}

    def health(self, service: dict[str, Any]) -> dict[str, str]:
        """The health of each instance, by its id."""
        return dict(self.api.get_instances_health_status(ServiceId=service["Id"])["Status"])

    def define(self, family: str = "api", **changes: Any) -> None:
        """A web app on port 8080, a port with the name http."""
        container = CONTAINER | changes.pop("container", {})
        self.lab.define(family, containerDefinitions=[container], **changes)

    def running(self, name: str = "web") -> list[str]:
        """The ids of a service's tasks that are RUNNING, and meant to be."""
        tasks = [self.lab.task(arn) for arn in self.lab.arns(serviceName=name)]
        return [one["taskArn"][-32:] for one in tasks if one["lastStatus"] == "RUNNING"]


@pytest.fixture
def discovery(lab: Any) -> Discovery:
    made = Discovery(lab)
    made.define()
    return made
