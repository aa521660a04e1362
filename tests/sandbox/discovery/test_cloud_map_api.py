"""Cloud Map through boto3: namespaces by operations, services, instances by hand, what is refused."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

IPV4 = {"AWS_INSTANCE_IPV4": "10.0.0.1"}


def operation(discovery: Any, id: str) -> dict[str, Any]:
    return dict(discovery.api.get_operation(OperationId=id)["Operation"])


# --- Namespaces


def test_a_private_namespace_takes_its_time(lab: Any, discovery: Any) -> None:
    begun = discovery.api.create_private_dns_namespace(Name="shop.local", Vpc=lab.vpc)
    seen = []
    for seconds in (0, 1, 39, 1):
        lab.clock.advance(seconds)
        found = operation(discovery, begun["OperationId"])
        there = discovery.api.list_namespaces()["Namespaces"]
        seen.append((found["Status"], len(there)))
    assert seen == [("SUBMITTED", 0), ("PENDING", 0), ("PENDING", 0), ("SUCCESS", 1)]
    assert found["Type"] == "CREATE_NAMESPACE"
    assert found["UpdateDate"] - found["CreateDate"] == timedelta(seconds=41)
    shown = discovery.api.get_namespace(Id=found["Targets"]["NAMESPACE"])["Namespace"]
    assert (shown["Name"], shown["Type"]) == ("shop.local", "DNS_PRIVATE")
    assert shown["Properties"]["HttpProperties"] == {"HttpName": "shop.local"}
    zone = shown["Properties"]["DnsProperties"]["HostedZoneId"]
    (held,) = lab.aws.client("route53").list_hosted_zones()["HostedZones"]
    assert (held["Id"], held["Name"]) == (f"/hostedzone/{zone}", "shop.local.")
    assert held["Config"]["PrivateZone"]


def test_an_http_namespace_is_there_sooner_and_has_no_zone(lab: Any, discovery: Any) -> None:
    begun = discovery.api.create_http_namespace(Name="shop", Description="all of it")
    lab.clock.advance(4)
    found = operation(discovery, begun["OperationId"])
    assert found["Status"] == "SUCCESS"
    (shown,) = discovery.api.list_namespaces()["Namespaces"]
    assert (shown["Type"], shown["Description"], shown["ServiceCount"]) == ("HTTP", "all of it", 0)
    assert lab.aws.client("route53").list_hosted_zones()["HostedZones"] == []


def test_a_vpc_that_is_not_there_fails_the_operation(lab: Any, discovery: Any) -> None:
    begun = discovery.api.create_private_dns_namespace(Name="shop.local", Vpc="vpc-0")
    lab.clock.advance(60)
    found = operation(discovery, begun["OperationId"])
    assert (found["Status"], found["ErrorCode"]) == ("FAIL", "CANNOT_CREATE_HOSTED_ZONE")
    assert "vpc-0" in found["ErrorMessage"]
    assert discovery.api.list_namespaces()["Namespaces"] == []
    assert lab.aws.timeline.entries[-1].why == found["ErrorMessage"]


def test_the_same_call_again_is_the_same_operation(discovery: Any) -> None:
    given = {"Name": "shop", "CreatorRequestId": "once"}
    first = discovery.api.create_http_namespace(**given)["OperationId"]
    assert discovery.api.create_http_namespace(**given)["OperationId"] == first


def test_a_name_is_taken_before_its_namespace_is_there(discovery: Any, refused: Any) -> None:
    discovery.api.create_http_namespace(Name="shop")
    found = refused(discovery.api.create_http_namespace, Name="shop")
    assert found.code == "NamespaceAlreadyExists"


def test_a_vpc_has_as_many_namespaces_as_wanted(discovery: Any) -> None:
    assert discovery.namespace("one.local") != discovery.namespace("two.local")


def test_another_vpc_may_have_the_same_name_and_discovers_it_by_another(
    lab: Any, discovery: Any
) -> None:
    discovery.namespace("shop.local")
    other = lab.ec2.create_vpc(CidrBlock="10.1.0.0/16")["Vpc"]["VpcId"]
    second = discovery.namespace("shop.local", Vpc=other)
    shown = discovery.api.get_namespace(Id=second)["Namespace"]
    name = shown["Properties"]["HttpProperties"]["HttpName"]
    assert shown["Name"] == "shop.local" and name.startswith("shop.local-")
    discovery.service(second)
    answer = discovery.api.discover_instances(NamespaceName=name, ServiceName="api")
    assert answer["Instances"] == []


def test_a_namespace_with_services_is_not_deleted(lab: Any, discovery: Any, refused: Any) -> None:
    space = discovery.namespace()
    service = discovery.service(space)
    found = refused(discovery.api.delete_namespace, Id=space)
    assert (found.code, found.message) == (
        "ResourceInUse",
        "Namespace has associated services; delete the services before deleting the namespace",
    )
    discovery.api.delete_service(Id=service["Id"])
    begun = discovery.api.delete_namespace(Id=space)["OperationId"]
    assert discovery.api.get_namespace(Id=space)["Namespace"]["Id"] == space
    lab.clock.advance(60)
    assert operation(discovery, begun)["Status"] == "SUCCESS"
    assert refused(discovery.api.get_namespace, Id=space).code == "NamespaceNotFound"
    assert lab.aws.client("route53").list_hosted_zones()["HostedZones"] == []


def test_lists_are_filtered_and_come_in_pages(discovery: Any, refused: Any) -> None:
    ids = [discovery.namespace(name, "http") for name in ("one", "two", "three")]
    private = discovery.namespace("shop.local")
    api = discovery.api

    def named(**given: Any) -> list[str]:
        return [one["Name"] for one in api.list_namespaces(**given)["Namespaces"]]

    assert named(Filters=[{"Name": "TYPE", "Values": ["HTTP"]}]) == ["one", "two", "three"]
    assert named(Filters=[{"Name": "NAME", "Values": ["shop.local"]}]) == ["shop.local"]
    pages = api.get_paginator("list_namespaces").paginate(PaginationConfig={"PageSize": 3})
    assert [len(one["Namespaces"]) for one in pages] == [3, 1]
    assert refused(api.list_namespaces, NextToken="none of ours").code == "InvalidInput"
    discovery.service(ids[0], "web", record=None)
    made = discovery.service(private)
    arn = api.get_namespace(Id=private)["Namespace"]["Arn"]
    for value in (private, arn):
        mine = [{"Name": "NAMESPACE_ID", "Values": [value]}]
        assert [one["Id"] for one in api.list_services(Filters=mine)["Services"]] == [made["Id"]]
    kind = [{"Name": "TYPE", "Values": ["CREATE_NAMESPACE"]}]
    assert len(api.list_operations(Filters=kind)["Operations"]) == 4
    pending = [{"Name": "STATUS", "Values": ["PENDING", "SUBMITTED"], "Condition": "IN"}]
    assert api.list_operations(Filters=pending)["Operations"] == []


def test_another_description(lab: Any, discovery: Any) -> None:
    space = discovery.namespace("shop", "http")
    change = {"Description": "new"}
    begun = discovery.api.update_http_namespace(Id=space, Namespace=change)["OperationId"]
    lab.clock.advance(5)
    assert operation(discovery, begun)["Type"] == "UPDATE_NAMESPACE"
    assert discovery.api.get_namespace(Id=space)["Namespace"]["Description"] == "new"
    space = discovery.namespace()
    change = {"Properties": {"DnsProperties": {"SOA": {"TTL": 60}}}}  # type: ignore[dict-item]
    discovery.api.update_private_dns_namespace(Id=space, Namespace=change)
    shown = discovery.api.get_namespace(Id=space)["Namespace"]["Properties"]["DnsProperties"]
    assert shown["SOA"] == {"TTL": 60} and shown["HostedZoneId"]


@pytest.mark.parametrize(
    ("call", "given", "code"),
    [
        ("get_namespace", {"Id": "ns-0"}, "NamespaceNotFound"),
        ("delete_namespace", {"Id": "ns-0"}, "NamespaceNotFound"),
        ("create_service", {"Name": "api", "NamespaceId": "ns-0"}, "NamespaceNotFound"),
        ("create_service", {"Name": "api"}, "NamespaceNotFound"),
        ("get_service", {"Id": "srv-0"}, "ServiceNotFound"),
        ("delete_service", {"Id": "srv-0"}, "ServiceNotFound"),
        ("list_instances", {"ServiceId": "srv-0"}, "ServiceNotFound"),
        ("get_operation", {"OperationId": "0"}, "OperationNotFound"),
        ("discover_instances", {"NamespaceName": "x", "ServiceName": "y"}, "NamespaceNotFound"),
        (
            "register_instance",
            {"ServiceId": "srv-0", "InstanceId": "x", "Attributes": IPV4},
            "ServiceNotFound",
        ),
    ],
)
def test_what_is_not_there(
    discovery: Any, refused: Any, call: str, given: dict[str, Any], code: str
) -> None:
    assert refused(getattr(discovery.api, call), **given).code == code


# --- Services


def test_a_service_is_found_by_id_and_arn(discovery: Any) -> None:
    space = discovery.namespace()
    made = discovery.service(space)
    assert made["Id"].startswith("srv-") and len(made["Id"]) == 20
    assert made["DnsConfig"]["RoutingPolicy"] == "MULTIVALUE"
    for name in (made["Id"], made["Arn"]):
        assert discovery.api.get_service(Id=name)["Service"]["Name"] == "api"
    arn = discovery.api.get_namespace(Id=space)["Namespace"]["Arn"]
    assert discovery.service(arn, "web")["NamespaceId"] == space


def test_a_name_is_there_once_in_a_namespace(discovery: Any, refused: Any) -> None:
    space, http = discovery.namespace(), discovery.namespace("shop", "http")
    discovery.service(space)
    assert refused(discovery.service, space).code == "ServiceAlreadyExists"
    assert refused(discovery.service, space, "API").code == "ServiceAlreadyExists"
    discovery.service(http, "api", record=None)
    discovery.service(http, "API", record=None)


def test_the_ttl_may_change_and_the_type_may_not(discovery: Any, refused: Any) -> None:
    made = discovery.registry()
    records = [{"Type": "A", "TTL": 60}]
    change = {"DnsConfig": {"DnsRecords": records}}
    discovery.api.update_service(Id=made["Id"], Service=change)
    shown = discovery.api.get_service(Id=made["Id"])["Service"]
    assert shown["DnsConfig"]["DnsRecords"] == records
    assert shown["HealthCheckCustomConfig"] == {"FailureThreshold": 1}
    change = {"DnsConfig": {"DnsRecords": [{"Type": "SRV", "TTL": 60}]}}
    assert refused(discovery.api.update_service, Id=made["Id"], Service=change).code == (
        "InvalidInput"
    )


def test_service_attributes_and_tags(discovery: Any) -> None:
    made = discovery.registry(Tags=[{"Key": "team", "Value": "blue"}])
    discovery.api.update_service_attributes(ServiceId=made["Id"], Attributes={"Port": "80"})
    shown = discovery.api.get_service_attributes(ServiceId=made["Arn"])["ServiceAttributes"]
    assert shown["Attributes"] == {"Port": "80"}
    discovery.api.delete_service_attributes(ServiceId=made["Arn"], Attributes=["Port"])
    shown = discovery.api.get_service_attributes(ServiceId=made["Id"])["ServiceAttributes"]
    assert shown["Attributes"] == {}
    tags = discovery.api.list_tags_for_resource(ResourceARN=made["Arn"])["Tags"]
    assert tags == [{"Key": "team", "Value": "blue"}]


# --- Instances by hand


def registered(lab: Any, discovery: Any, service: dict[str, Any], *ids: str, **more: Any) -> None:
    for id in ids:
        given = {"ServiceId": service["Id"], "InstanceId": id, "Attributes": IPV4 | more}
        discovery.api.register_instance(**given)
    lab.clock.advance(5)


def test_an_instance_comes_and_goes_by_operations(lab: Any, discovery: Any, refused: Any) -> None:
    made = discovery.registry()
    given = {"ServiceId": made["Id"], "InstanceId": "one"}
    begun = discovery.api.register_instance(**given, Attributes=IPV4)["OperationId"]
    assert discovery.instances(made) == {}
    lab.clock.advance(3)
    assert operation(discovery, begun)["Targets"] == {"INSTANCE": "one", "SERVICE": made["Id"]}
    assert discovery.instances(made) == {"one": IPV4}
    assert discovery.api.get_instance(**given)["Instance"]["Attributes"] == IPV4
    assert discovery.health(made) == {"one": "HEALTHY"}
    found = refused(discovery.api.delete_service, Id=made["Id"])
    assert (found.code, found.message) == (
        "ResourceInUse",
        "Service contains registered instances; delete the instances before deleting the service",
    )
    discovery.api.deregister_instance(**given)
    lab.clock.advance(3)
    assert discovery.instances(made) == {}
    assert refused(discovery.api.deregister_instance, **given).code == "InstanceNotFound"
    discovery.api.delete_service(Id=made["Id"])
    assert discovery.api.list_services()["Services"] == []


def test_the_same_id_again_is_the_same_instance_changed(lab: Any, discovery: Any) -> None:
    made = discovery.registry()
    registered(lab, discovery, made, "one")
    registered(lab, discovery, made, "one", color="green")
    assert discovery.instances(made) == {"one": IPV4 | {"color": "green"}}


def test_a_custom_health_holds_after_half_a_minute(lab: Any, discovery: Any) -> None:
    made = discovery.registry()
    registered(lab, discovery, made, "one", "two")
    api, asked = discovery.api, {"ServiceId": made["Id"], "InstanceId": "one"}
    api.update_instance_custom_health_status(**asked, Status="UNHEALTHY")
    lab.clock.advance(29)
    api.update_instance_custom_health_status(
        **asked, Status="UNHEALTHY"
    )  # no reason to wait longer
    assert discovery.health(made) == {"one": "HEALTHY", "two": "HEALTHY"}
    lab.clock.advance(1)
    assert discovery.health(made) == {"one": "UNHEALTHY", "two": "HEALTHY"}

    def found(**given: Any) -> list[str]:
        answer = api.discover_instances(NamespaceName="api.internal", ServiceName="api", **given)
        return [one["InstanceId"] for one in answer["Instances"]]

    assert found() == ["two"] and found(HealthStatus="ALL") == ["one", "two"]
    assert found(HealthStatus="UNHEALTHY") == ["one"]
    assert found(HealthStatus="ALL", MaxResults=1) == ["one"]


def test_a_health_taken_back_in_time_never_held(lab: Any, discovery: Any) -> None:
    made = discovery.registry()
    registered(lab, discovery, made, "one")
    for status in ("UNHEALTHY", "HEALTHY"):
        discovery.api.update_instance_custom_health_status(
            ServiceId=made["Id"], InstanceId="one", Status=status
        )
        lab.clock.advance(20)
    lab.clock.advance(60)
    assert discovery.health(made) == {"one": "HEALTHY"}
    assert not [e for e in lab.aws.timeline.entries if "UNHEALTHY in" in e.text]


def test_half_a_minute_counts_from_the_last_change_of_mind(lab: Any, discovery: Any) -> None:
    made = discovery.registry()
    registered(lab, discovery, made, "one")
    for status in ("UNHEALTHY", "HEALTHY", "UNHEALTHY"):
        discovery.api.update_instance_custom_health_status(
            ServiceId=made["Id"], InstanceId="one", Status=status
        )
        lab.clock.advance(10)
    lab.clock.advance(19)
    assert discovery.health(made) == {"one": "HEALTHY"}
    lab.clock.advance(1)
    assert discovery.health(made) == {"one": "UNHEALTHY"}


def test_without_a_custom_health_check_the_health_is_unknown(
    lab: Any, discovery: Any, refused: Any
) -> None:
    made = discovery.registry(HealthCheckCustomConfig=None)
    registered(lab, discovery, made, "one")
    assert discovery.health(made) == {"one": "UNKNOWN"}
    call = discovery.api.update_instance_custom_health_status
    found = refused(call, ServiceId=made["Id"], InstanceId="one", Status="HEALTHY")
    assert found.code == "CustomHealthNotFound"


def test_the_revision_grows_with_every_change(lab: Any, discovery: Any) -> None:
    made = discovery.registry()
    seen = []
    names = {"NamespaceName": "api.internal", "ServiceName": "api"}
    for change in (
        lambda: None,
        lambda: registered(lab, discovery, made, "one"),
        lambda: registered(lab, discovery, made, "two"),
        lambda: discovery.api.deregister_instance(ServiceId=made["Id"], InstanceId="one"),
    ):
        change()
        lab.clock.advance(5)
        seen.append(discovery.api.discover_instances_revision(**names)["InstancesRevision"])
    assert seen == sorted(set(seen))
    assert discovery.api.discover_instances(**names)["InstancesRevision"] == seen[-1]


def test_a_service_takes_a_thousand_instances(
    lab: Any, discovery: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("course.sandbox.discovery.cloud_map.MOST_INSTANCES", 2)
    made = discovery.registry()
    registered(lab, discovery, made, "one", "two", "three")
    assert list(discovery.instances(made)) == ["one", "two"]
    failed = [{"Name": "STATUS", "Values": ["FAIL"]}]
    (found,) = discovery.api.list_operations(Filters=failed)["Operations"]
    assert "takes no more" in operation(discovery, found["Id"])["ErrorMessage"]


def test_an_instant_world_waits_for_nothing(make_lab: Any) -> None:
    api = make_lab(profile="instant").aws.client("servicediscovery")
    api.create_http_namespace(Name="shop")
    assert [one["Name"] for one in api.list_namespaces()["Namespaces"]] == ["shop"]


def test_a_snapshot_brings_an_operation_under_way_back(lab: Any, discovery: Any) -> None:
    made = discovery.registry()
    begun = discovery.api.create_http_namespace(Name="shop")["OperationId"]
    registered(lab, discovery, made, "one")
    lab.clock.advance(1)
    kept = lab.aws.snapshot()
    discovery.api.deregister_instance(ServiceId=made["Id"], InstanceId="one")
    lab.clock.advance(60)
    assert discovery.instances(made) == {}
    kept.restore()
    assert list(discovery.instances(made)) == ["one"]
    lab.clock.advance(60)
    assert operation(discovery, begun)["Status"] == "SUCCESS"
    assert [one["Name"] for one in discovery.api.list_namespaces()["Namespaces"]] == [
        "api.internal",
        "shop",
    ]
