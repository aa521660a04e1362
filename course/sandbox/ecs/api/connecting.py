"""Service Connect of a service: its namespace found, its endpoints made, and what its tasks will know.

AWS: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-connect-concepts-deploy.html
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from course.sandbox.discovery.cloud_map import CloudMap
from course.sandbox.discovery.resources import Namespace
from course.sandbox.ecs.api.base import EcsOperations
from course.sandbox.ecs.connect_rules import (
    Offer,
    already_used,
    check_connect,
    check_free,
    namespace_not_found,
    offers,
)
from course.sandbox.ecs.errors import invalid_parameter
from course.sandbox.ecs.resources import Cluster, Connection, Endpoint, Service, TaskDefinition


@dataclass(frozen=True)
class Plan:
    """A Service Connect configuration that nothing speaks against."""

    namespace: Namespace
    offers: list[Offer]


class Connecting(EcsOperations):
    """What CreateService, UpdateService and clusters have in common about Service Connect."""

    def _connect_config(self, cluster: Cluster) -> dict[str, Any] | None:
        """The call's configuration as the service keeps it: with the cluster's namespace where it names none."""
        config = self.given("serviceConnectConfiguration")
        default = (cluster.service_connect_defaults or {}).get("namespace")
        if not config or not config.get("enabled") or config.get("namespace") or not default:
            return config  # type: ignore[no-any-return]
        return {**config, "namespace": default}

    def _default_namespace(self, cluster: Cluster, *, new: bool = False) -> None:
        """The default that the call gives a cluster: a namespace by its ARN, made if its name is new.

        Meanwhile a *new* cluster is PROVISIONING (guide of 2023). An empty name takes the default away.
        """
        given = self.given("serviceConnectDefaults")
        if given is None:
            return
        name = given.get("namespace") or ""
        found = self.cloud_map.namespace(name) if name else None
        if name.startswith("arn:") and found is None:
            raise namespace_not_found(name)
        cluster.service_connect_defaults = {"namespace": found.arn} if found else None
        if name and found is None:
            cluster.status = "PROVISIONING" if new else cluster.status
            operation, made = self.cloud_map.begin_namespace(name)
            cluster.service_connect_defaults = {"namespace": made.arn}
            submit = self.plane.cloud_map_operations.submit
            submit(operation, "http", provision, self.cloud_map, made, cluster)

    def _plan(
        self,
        config: dict[str, Any] | None,
        definition: TaskDefinition,
        launch_type: str,
        service_arn: str,
    ) -> Plan | None:
        """What Service Connect will make of it. Raises Refused before anything is changed."""
        if not config or not config.get("enabled"):
            return None
        name = config.get("namespace")
        if not name:
            raise invalid_parameter(
                "Service Connect needs a namespace: the service names none, and its cluster has no default."
            )  # our words
        namespace = self.cloud_map.namespace(name)
        if namespace is None:
            raise namespace_not_found(name)
        check_connect(config, definition, launch_type)
        made = offers(config, definition, namespace)
        for one in self.cloud_map.registries():
            offered = one.name in [offer.discovery_name for offer in made]
            if offered and one.namespace == namespace and one.made_for != service_arn:
                raise already_used(namespace.arn)
        check_free(made, self._endpoints(namespace.arn, service_arn))
        return Plan(namespace, made)

    def _connection(self, plan: Plan | None, service_arn: str) -> Connection | None:
        """The connection of a new deployment: its tasks know the endpoints that exist by now."""
        if plan is None:
            return None
        namespace, own, registries = plan.namespace, list[Endpoint](), list[dict[str, Any]]()
        for offer in plan.offers:
            made = self.cloud_map.make_registry(namespace, offer.discovery_name, service_arn)
            assert made is not None, "the plan has seen that the name is free"
            own.append(
                Endpoint(offer.dns_name, offer.port, offer.discovery_name, made.arn, offer.protocol)
            )
            registries.append(_registration(offer, made.arn))
        return Connection(
            namespace.arn,
            namespace.name,
            tuple(own),
            (*own, *self._endpoints(namespace.arn, service_arn)),
            tuple(registries),
            {one.ingress: one.container_port for one in plan.offers if one.ingress is not None},
        )

    def _endpoints(self, namespace_arn: str, but_of: str) -> Iterator[Endpoint]:
        """The endpoints of a namespace's other services, in all clusters."""
        for service in self.ecs.services.values():
            connection = _connection_of(service)
            if connection and connection.namespace_arn == namespace_arn:
                yield from connection.own if service.service_arn != but_of else ()


def provision(cloud_map: CloudMap, namespace: Any, cluster: Cluster) -> None:
    """The namespace is there, and so is the cluster that waited for it."""
    cloud_map.finish_namespace(namespace)
    if cluster.status == "PROVISIONING":
        cluster.status = "ACTIVE"


def _connection_of(service: Service) -> Connection | None:
    there = service.status == "ACTIVE" and service.deployments
    return service.primary.connection if there else None


def _registration(offer: Offer, arn: str) -> dict[str, Any]:
    """What a task registers as: where its proxy listens."""
    if offer.ingress is not None:
        return {"registryArn": arn, "port": offer.ingress}
    return {
        "registryArn": arn,
        "containerName": offer.container,
        "containerPort": offer.container_port,
    }
