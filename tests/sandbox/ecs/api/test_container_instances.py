"""Container instances and their attributes: kept and returned; no task is placed on one yet."""

from __future__ import annotations

import json
from typing import Any

import pytest


def register(lab: Any) -> str:
    """The ARN of a container instance of the lab's cluster."""
    ec2 = lab.aws.client("ec2")
    made = ec2.run_instances(ImageId="ami-12c6146b", MinCount=1, MaxCount=1)["Instances"][0]
    document = json.dumps({"instanceId": made["InstanceId"]})
    answer = lab.ecs.register_container_instance(cluster="lab", instanceIdentityDocument=document)
    return str(answer["containerInstance"]["containerInstanceArn"])


def test_a_cluster_with_an_instance_stays(lab: Any, refused: Any) -> None:
    arn, ecs = register(lab), lab.ecs
    assert lab.cluster()["registeredContainerInstancesCount"] == 1
    assert ecs.list_container_instances(cluster="lab")["containerInstanceArns"] == [arn]
    found = refused(ecs.delete_cluster, cluster="lab")
    assert found.code == "ClusterContainsContainerInstancesException"
    ecs.deregister_container_instance(cluster="lab", containerInstance=arn)
    gone = ecs.describe_container_instances(cluster="lab", containerInstances=[arn])
    assert [one["reason"] for one in gone["failures"]] == ["MISSING"]
    assert lab.cluster()["registeredContainerInstancesCount"] == 0
    assert ecs.list_container_instances(cluster="lab")["containerInstanceArns"] == []
    assert ecs.delete_cluster(cluster="lab")["cluster"]["status"] == "INACTIVE"


def test_the_state_of_an_instance_is_kept(lab: Any) -> None:
    arn, ecs = register(lab), lab.ecs
    ecs.update_container_instances_state(cluster="lab", containerInstances=[arn], status="DRAINING")
    listed = ecs.list_container_instances
    assert listed(cluster="lab", status="DRAINING")["containerInstanceArns"] == [arn]
    assert listed(cluster="lab", status="ACTIVE")["containerInstanceArns"] == []
    (shown,) = ecs.describe_container_instances(cluster="lab", containerInstances=[arn])[
        "containerInstances"
    ]
    assert (shown["status"], shown["containerInstanceArn"]) == ("DRAINING", arn)


def test_no_task_is_placed_on_an_instance_yet_and_run_task_says_so(lab: Any, refused: Any) -> None:
    one = {"name": "app", "image": "nginx", "memory": 128}
    lab.define(
        "old",
        requiresCompatibilities=None,
        networkMode=None,
        cpu=None,
        memory=None,
        containerDefinitions=[one],
    )
    run = {"taskDefinition": "old", "launchType": "EC2", "networkConfiguration": None}
    found = refused(lab.run, **run)
    assert (found.code, found.message) == (
        "InvalidParameterException",
        "No Container Instances were found in your cluster.",
    )
    register(lab)
    assert refused(lab.run, **run).code == "UnsupportedFeatureException"


def test_attributes_are_kept(lab: Any) -> None:
    arn, ecs = register(lab), lab.ecs

    def listed(**asked: Any) -> list[dict[str, Any]]:
        answer = ecs.list_attributes(cluster="lab", targetType="container-instance", **asked)
        return list(answer["attributes"])

    color = {"name": "color", "value": "blue", "targetId": arn}
    ecs.put_attributes(cluster="lab", attributes=[color, {"name": "bare", "targetId": arn}])
    assert listed(attributeName="color") == [color]
    assert listed(attributeName="color", attributeValue="red") == []
    assert listed(attributeName="bare") == [{"name": "bare", "targetId": arn}]
    ecs.delete_attributes(cluster="lab", attributes=[color])
    assert listed(attributeName="color") == []


def test_attributes_of_what_is_not_there(lab: Any, refused: Any) -> None:
    arn = register(lab)
    given = [{"name": "color", "targetId": arn}, {"name": "color", "targetId": "nope"}]
    for call in (lab.ecs.put_attributes, lab.ecs.delete_attributes):
        assert refused(call, cluster="lab", attributes=given).code == "TargetNotFoundException"
    left = lab.ecs.list_attributes(
        cluster="lab", targetType="container-instance", attributeName="color"
    )
    assert left["attributes"] == []


def test_a_cluster_without_instances(lab: Any, refused: Any) -> None:
    assert lab.ecs.list_container_instances(cluster="lab")["containerInstanceArns"] == []
    answer = lab.ecs.describe_container_instances(cluster="lab", containerInstances=["nope"])
    assert [one["reason"] for one in answer["failures"]] == ["MISSING"]
    found = refused(lab.ecs.deregister_container_instance, cluster="lab", containerInstance="nope")
    assert found.code == "InvalidParameterException"


@pytest.mark.parametrize("operation", ["list_container_instances", "register_container_instance"])
def test_an_unknown_cluster(lab: Any, refused: Any, operation: str) -> None:
    assert refused(getattr(lab.ecs, operation), cluster="no").code == "ClusterNotFoundException"


@pytest.mark.parametrize("document", ["", "many", "{}", "[]", '{"instanceId": "i-0"}', "7"])
def test_a_document_of_no_instance(lab: Any, refused: Any, document: str) -> None:
    found = refused(
        lab.ecs.register_container_instance, cluster="lab", instanceIdentityDocument=document
    )
    assert found.code == "InvalidParameterException"
    assert lab.cluster()["registeredContainerInstancesCount"] == 0
