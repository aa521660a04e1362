"""Instances of Cloud Map, by hand; and what is discovered.

AWS: https://docs.aws.amazon.com/cloud-map/latest/dg/working-with-instances.html
"""

import json
from typing import Any

from course.sandbox.discovery.api.base import CloudMapBase
from course.sandbox.discovery.cloud_map import CloudMap, TooManyInstances
from course.sandbox.discovery.operations import Failed
from course.sandbox.discovery.resources import Instance, Registry
from course.sandbox.discovery.rules import check_attributes, discovered, missing
from course.sandbox.ecs.errors import Refused

DISCOVERED = 100
"""Instances that DiscoverInstances returns unless asked for another number."""


class InstanceOperations(CloudMapBase):
    """The operations on instances."""

    def register_instance(self) -> str:
        """RegisterInstance: a new one, or other attributes for one that is there."""
        given, registry = self.given, self.registry(self.given.get("ServiceId"))
        attributes = given.get("Attributes") or {}
        check_attributes(attributes, registry.records)
        instance = Instance(
            registry.id,
            registry.arn,
            given["InstanceId"],
            attributes,
            registry.checked,
            given.get("CreatorRequestId") or "",
        )
        begun = self.operation("REGISTER_INSTANCE", INSTANCE=instance.instance_id)
        begun.targets["SERVICE"] = registry.id
        self.told(f"RegisterInstance {instance.instance_id} in {registry.dns_name}")
        submit = self.plane.cloud_map_operations.submit
        return json.dumps(
            {"OperationId": submit(begun, "instance", register, self.cloud_map, instance)}
        )

    def deregister_instance(self) -> str:
        """DeregisterInstance, whoever registered it."""
        registry = self.registry(self.given.get("ServiceId"))
        instance = self.instance(self.service(registry.id), self.given["InstanceId"])
        begun = self.operation("DEREGISTER_INSTANCE", INSTANCE=instance.instance_id)
        begun.targets["SERVICE"] = registry.id
        self.told(f"DeregisterInstance {instance.instance_id} from {registry.dns_name}")
        submit = self.plane.cloud_map_operations.submit
        return json.dumps(
            {"OperationId": submit(begun, "instance", deregister, self.cloud_map, instance)}
        )

    def get_instance(self) -> str:
        """GetInstance: its attributes."""
        service = self.service(self.given.get("ServiceId"))
        found = self.instance(service, self.given["InstanceId"])
        shown = found.to_json() | {"CreatedByAccount": self.current_account}
        return json.dumps({"Instance": shown, "ResourceOwner": self.current_account})

    def list_instances(self) -> str:
        """ListInstances, of one service."""
        service = self.service(self.given.get("ServiceId"))
        shown = [
            {**one.to_json(), "CreatedByAccount": self.current_account} for one in service.instances
        ]
        for one in shown:
            one.pop("CreatorRequestId", None)
        return self.page("Instances", shown, ResourceOwner=self.current_account)

    def get_instances_health_status(self) -> str:
        """GetInstancesHealthStatus, of those named or of all."""
        service, named = self.service(self.given.get("ServiceId")), self.given.get("Instances")
        held = (
            [self.instance(service, one) for one in named]
            if named is not None
            else service.instances
        )
        page = json.loads(self.page("Held", [[one.instance_id, one.health_status] for one in held]))
        return json.dumps({**page, "Status": dict(page.pop("Held"))})

    def update_instance_custom_health_status(self) -> str:
        """UpdateInstanceCustomHealthStatus: it holds after about half a minute.

        Raises CustomHealthNotFound for a service without a custom health check.
        """
        service = self.service(self.given.get("ServiceId"))
        instance = self.instance(service, self.given["InstanceId"])
        if not instance.checked:
            raise Refused(  # our words
                "CustomHealthNotFound", f"The service {service.name} has no custom health check."
            )
        status = self.given["Status"]
        self.told(f"UpdateInstanceCustomHealthStatus {instance.instance_id} {status}")
        self.plane.tasks.registries.ask(instance, status)
        return "{}"

    def discover_instances(self) -> str:
        """DiscoverInstances: by the names of namespace and service, filtered by health and attributes.

        In the order of registration; AWS shuffles them.
        """
        given, registry = self.given, self._named()
        service = self.service(registry.id)
        found = discovered(
            service.instances,
            given.get("HealthStatus"),
            given.get("QueryParameters") or {},
            given.get("OptionalParameters") or {},
        )
        shown = [
            {
                "InstanceId": one.instance_id,
                "NamespaceName": registry.namespace.http_name,
                "ServiceName": registry.name,
                "HealthStatus": one.health_status,
                "Attributes": one.attributes,
            }
            for one in found[: given.get("MaxResults") or DISCOVERED]
        ]
        return json.dumps({"Instances": shown, "InstancesRevision": _revision(service)})

    def discover_instances_revision(self) -> str:
        """DiscoverInstancesRevision: a number that grows with every change of the instances."""
        return json.dumps({"InstancesRevision": _revision(self.service(self._named().id))})

    def _named(self) -> Registry:
        """The service of the call's two names. Raises NamespaceNotFound or ServiceNotFound."""
        space, name = self.given["NamespaceName"], self.given["ServiceName"]
        if space not in [one.http_name for one in self.cloud_map.namespaces()]:
            raise missing("Namespace", space)
        for one in self.cloud_map.registries():
            if (one.namespace.http_name, one.name) == (space, name):
                return one
        raise missing("Service", name)


def _revision(service: Any) -> int:
    return int(sum(service.instances_revision.values()))


def register(cloud_map: CloudMap, instance: Instance) -> None:
    """The instance is there; one that ECS registered stays its task's. Raises Failed."""
    held = cloud_map.instances(instance.service_arn)
    before = next((one for one in held if one.instance_id == instance.instance_id), None)
    if before and before.task:
        before.attributes = instance.attributes
        cloud_map.note_health(before)
        return
    try:
        cloud_map.register(instance)
    except (LookupError, TooManyInstances) as error:
        raise Failed("INTERNAL_FAILURE", str(error)) from error  # our words


def deregister(cloud_map: CloudMap, instance: Instance) -> None:
    """The instance is no more."""
    cloud_map.deregister(instance.service_arn, instance.instance_id)
