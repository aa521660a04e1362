"""Namespaces of Cloud Map, each made and deleted by an operation that takes its time.

A namespace is there once its operation has succeeded, and not before (our model).

AWS: https://docs.aws.amazon.com/cloud-map/latest/dg/working-with-namespaces.html
"""

import json
from typing import Any

from moto.ec2.models import ec2_backends
from moto.route53.models import route53_backends
from moto.servicediscovery.models import random_id

from course.sandbox.discovery.api.base import CloudMapBase, in_use
from course.sandbox.discovery.cloud_map import ID_LENGTH, new_namespace
from course.sandbox.discovery.operations import Failed
from course.sandbox.discovery.resources import Namespace as Space
from course.sandbox.discovery.rules import check_namespace, matching, missing


class NamespaceOperations(CloudMapBase):
    """The operations on namespaces, and on operations."""

    def create_http_namespace(self) -> str:
        """CreateHttpNamespace: for services that are found by DiscoverInstances only."""
        return self._create("HTTP", "CreateHttpNamespace")

    def create_private_dns_namespace(self) -> str:
        """CreatePrivateDnsNamespace: with a private hosted zone, for one VPC."""
        return self._create("DNS_PRIVATE", "CreatePrivateDnsNamespace")

    def create_public_dns_namespace(self) -> str:
        """CreatePublicDnsNamespace: its names are found by nobody who has not registered the domain."""
        return self._create("DNS_PUBLIC", "CreatePublicDnsNamespace")

    def _create(self, kind: str, operation: str) -> str:
        given = self.given
        name, token, vpc = given["Name"], given.get("CreatorRequestId"), given.get("Vpc") or ""
        again = self._asked_before(token, name)
        if again:
            return json.dumps({"OperationId": again})
        check_namespace(name, kind, vpc, [*self.cloud_map.namespaces(), *self._on_the_way()])
        made = new_namespace(
            self.held,
            name,
            kind,
            token=str(token or ""),
            description=given.get("Description"),
            dns_properties=_soa(given),
            http_name=self._http_name(name),
            vpc=vpc or None,
        )
        self.held.tagger.tag_resource(made.arn, given.get("Tags") or [])
        self.told(f"{operation} {name}")
        begun = self.operation("CREATE_NAMESPACE", NAMESPACE=made.id)
        begun.makes = made
        what = "http" if kind == "HTTP" else "dns"
        done = self.plane.cloud_map_operations.submit(begun, what, make, self.held, made)
        return json.dumps({"OperationId": done})

    def _asked_before(self, token: str | None, name: str) -> str:
        """The operation that a call repeated with its token has begun already."""
        for one in self.held.operations.values():
            made = getattr(one, "makes", None)
            if token and made and (made.creator_request_id, made.name) == (token, name):
                return str(one.id)
        return ""

    def _on_the_way(self) -> list[Space]:
        """The namespaces that operations under way will bring."""
        ways = [one for one in self.held.operations.values() if one.status in UNDER_WAY]
        coming = [one.makes for one in ways if hasattr(one, "makes")]
        return [Space(one.arn, one.id, one.name, "", one.type, one.vpc or "") for one in coming]

    def _http_name(self, name: str) -> str:
        """The name itself, with a suffix where another namespace has it (aws-cdk#25616, 2023-05)."""
        taken = {one.http_name for one in self.cloud_map.namespaces()}
        return f"{name}-{random_id(ID_LENGTH)}" if name in taken else name

    def delete_namespace(self) -> str:
        """DeleteNamespace: one that holds no service any more."""
        namespace = self.namespace(self.given.get("Id"))
        if any(one.namespace_id == namespace.id for one in self.held.services.values()):
            raise in_use(  # sst#5931, 2025-06
                "Namespace has associated services; delete the services before deleting the "
                "namespace"
            )
        self.told(f"DeleteNamespace {namespace.name}")
        begun = self.operation("DELETE_NAMESPACE", NAMESPACE=namespace.id)
        what = "http" if namespace.type == "HTTP" else "dns"
        done = self.plane.cloud_map_operations.submit(begun, what, unmake, self.held, namespace)
        return json.dumps({"OperationId": done})

    def get_namespace(self) -> str:
        """GetNamespace, by id or ARN."""
        return json.dumps({"Namespace": self._shown(self.namespace(self.given.get("Id")))})

    def list_namespaces(self) -> str:  # type: ignore[override]
        """ListNamespaces, filtered by type, name, HTTP name or owner."""
        passes = matching(
            self.given.get("Filters") or [],
            {
                "TYPE": lambda one: one.type,
                "NAME": lambda one: one.name,
                "HTTP_NAME": lambda one: one.http_properties["HttpName"],
                "RESOURCE_OWNER": lambda one: "SELF",
            },
        )
        held = [one for one in self.held.namespaces.values() if passes(one)]
        return self.page("Namespaces", [self._shown(one) for one in held])

    def _shown(self, namespace: Any) -> dict[str, Any]:
        services = [one for one in self.held.services.values() if one.namespace_id == namespace.id]
        shown = namespace.to_json() | {"ResourceOwner": self.current_account}
        shown["ServiceCount"] = len(services)
        return {name: value for name, value in shown.items() if value is not None}

    def _update(self, properties: str) -> str:
        namespace, change = self.namespace(self.given.get("Id")), self.given["Namespace"]
        if change.get("Description") is not None:
            namespace.description = change["Description"]
        soa = ((change.get("Properties") or {}).get(properties) or {}).get("SOA")
        if soa:
            namespace.dns_properties["SOA"] = soa
        begun = self.operation("UPDATE_NAMESPACE", NAMESPACE=namespace.id)
        done = self.plane.cloud_map_operations.submit(begun, "instance", nothing)
        return json.dumps({"OperationId": done})

    def update_http_namespace(self) -> str:
        """UpdateHttpNamespace: another description."""
        return self._update("HttpProperties")

    def update_private_dns_namespace(self) -> str:
        """UpdatePrivateDnsNamespace: another description, another TTL of the zone."""
        return self._update("DnsProperties")

    def update_public_dns_namespace(self) -> str:
        """UpdatePublicDnsNamespace: another description, another TTL of the zone."""
        return self._update("DnsProperties")

    # --- Operations

    def get_operation(self) -> str:
        """GetOperation: how far it is, and what it is about."""
        found = self.held.operations.get(self.given.get("OperationId"))
        if found is None:
            raise missing("Operation", str(self.given.get("OperationId")))
        shown = found.to_json() | {"OwnerAccount": self.current_account}
        if found.status == "FAIL":
            shown |= {"ErrorCode": found.error_code, "ErrorMessage": found.error_message}
        return json.dumps({"Operation": shown})

    def list_operations(self) -> str:  # type: ignore[override]
        """ListOperations, filtered by namespace, service, status or type."""
        passes = matching(
            self.given.get("Filters") or [],
            {
                "NAMESPACE_ID": lambda one: one.targets.get("NAMESPACE"),
                "SERVICE_ID": lambda one: one.targets.get("SERVICE"),
                "STATUS": lambda one: one.status,
                "TYPE": lambda one: one.operation_type,
            },
        )
        found = [one.to_json(short=True) for one in self.held.operations.values() if passes(one)]
        return self.page("Operations", found)


UNDER_WAY = ("SUBMITTED", "PENDING")


def _soa(given: dict[str, Any]) -> dict[str, Any]:
    properties = (given.get("Properties") or {}).get("DnsProperties") or {}
    return {"SOA": properties.get("SOA") or {}}


def make(backend: Any, namespace: Any) -> None:
    """The namespace is there, with its hosted zone. Raises Failed where its VPC is not."""
    if namespace.type != "HTTP":
        zones = route53_backends[backend.account_id]["aws"]
        private = namespace.type == "DNS_PRIVATE"
        if (
            private
            and namespace.vpc not in ec2_backends[backend.account_id][backend.region_name].vpcs
        ):
            raise Failed(  # our words
                "CANNOT_CREATE_HOSTED_ZONE", f"The VPC {namespace.vpc} does not exist."
            )
        zone = zones.create_hosted_zone(
            f"{namespace.name}.",
            private_zone=private,
            vpcid=namespace.vpc,
            vpcregion=backend.region_name if private else None,
            comment="Created by AWS Cloud Map",
        )
        namespace.dns_properties["HostedZoneId"] = zone.resource_id
    backend.namespaces[namespace.id] = namespace


def unmake(backend: Any, namespace: Any) -> None:
    """The namespace is no more, nor is its hosted zone."""
    backend.namespaces.pop(namespace.id, None)
    zone = namespace.dns_properties.get("HostedZoneId")
    if zone:
        route53_backends[backend.account_id]["aws"].zones.pop(zone, None)


def nothing() -> None:
    """What an operation does that has been done already."""
