"""Services of Cloud Map: what an instance is registered under, with which records and checks.

AWS: https://docs.aws.amazon.com/cloud-map/latest/dg/working-with-services.html
"""

import json
from typing import Any

from course.sandbox.discovery.api.base import CloudMapBase, in_use
from course.sandbox.discovery.api.namespaces import nothing
from course.sandbox.discovery.cloud_map import new_service
from course.sandbox.discovery.rules import check_service, invalid, matching
from course.sandbox.ecs.errors import Refused


class ServiceOperations(CloudMapBase):
    """The operations on services."""

    def create_service(self) -> str:
        """CreateService: what a service registry of ECS is made of."""
        given = self.given
        config = given.get("DnsConfig") or {}
        namespace = self.namespace(given.get("NamespaceId") or config.get("NamespaceId"))
        space = next(one for one in self.cloud_map.namespaces() if one.id == namespace.id)
        check_service(given, space)
        self._refuse_twice(given["Name"], namespace)
        made = new_service(self.held, namespace, given)
        self.held.tagger.tag_resource(made.arn, given.get("Tags") or [])
        self.told(f"CreateService {made.name} in {namespace.name}")
        return json.dumps({"Service": self._shown(made)})

    def _refuse_twice(self, name: str, namespace: Any) -> None:
        """In a DNS namespace names that differ by case only are the same name."""
        folded = namespace.type != "HTTP"
        for one in self.held.services.values():
            same = one.name == name or (folded and one.name.lower() == name.lower())
            if same and one.namespace_id == namespace.id:
                raise Refused(
                    "ServiceAlreadyExists",
                    "Service already exists.",  # so remembered; seen of an emulator only
                    ServiceId=one.id,
                    ServiceArn=one.arn,
                    CreatorRequestId=one.creator_request_id,
                )

    def get_service(self) -> str:
        """GetService, by id or ARN."""
        return json.dumps({"Service": self._shown(self.service(self.given.get("Id")))})

    def list_services(self) -> str:
        """ListServices, filtered by namespace or owner."""
        ids = {one.arn: one.id for one in self.held.namespaces.values()}
        filters = [
            {**one, "Values": [ids.get(value, value) for value in one["Values"]]}
            for one in self.given.get("Filters") or []
        ]
        passes = matching(
            filters,
            {
                "NAMESPACE_ID": lambda one: one.namespace_id,
                "RESOURCE_OWNER": lambda one: "SELF",
            },
        )
        found = [self._shown(one) for one in self.held.services.values() if passes(one)]
        return self.page("Services", found)

    def update_service(self) -> str:
        """UpdateService: another TTL or description; what is left out of the records is gone."""
        service, change = self.service(self.given.get("Id")), self.given["Service"]
        namespace = self.held.namespaces[service.namespace_id]
        if namespace.type == "HTTP":
            raise invalid("A service in an HTTP namespace cannot be updated.")  # our words
        new = (change.get("DnsConfig") or {}).get("DnsRecords") or []
        old = (service.dns_config or {}).get("DnsRecords") or []
        if new and {one["Type"] for one in new} - {one["Type"] for one in old}:
            raise invalid("The type of a record cannot be changed.")  # our words
        service.update(details={**change, "DnsConfig": {"DnsRecords": new}})
        begun = self.operation("UPDATE_SERVICE", SERVICE=service.id)
        done = self.plane.cloud_map_operations.submit(begun, "instance", nothing)
        return json.dumps({"OperationId": done})

    def delete_service(self) -> str:
        """DeleteService: one that has no instance any more."""
        service = self.service(self.given.get("Id"))
        if service.instances:
            raise in_use(  # terraform#18264, 2018-06
                "Service contains registered instances; delete the instances before deleting the "
                "service"
            )
        del self.held.services[service.id]
        self.told(f"DeleteService {service.name}")
        return "{}"

    def get_service_attributes(self) -> str:
        """GetServiceAttributes, by id or ARN."""
        return json.dumps(
            {"ServiceAttributes": self.service(self.given.get("ServiceId")).attributes_to_json()}
        )

    def update_service_attributes(self) -> str:
        """UpdateServiceAttributes, by id or ARN."""
        service = self.service(self.given.get("ServiceId"))
        self.held.update_service_attributes(service.id, self.given["Attributes"])
        return "{}"

    def delete_service_attributes(self) -> str:
        """DeleteServiceAttributes, by id or ARN; what is not there is no error."""
        service = self.service(self.given.get("ServiceId"))
        self.held.delete_service_attributes(service.id, self.given["Attributes"])
        return "{}"

    def _shown(self, service: Any) -> dict[str, Any]:
        shown = service.to_json() | {"ResourceOwner": self.current_account}
        shown["InstanceCount"] = len(service.instances)
        shown["CreatedByAccount"] = self.current_account
        return {name: value for name, value in shown.items() if value is not None}
