"""Container instances: who registers, what is shown of them, and how they end."""

from __future__ import annotations

import json
from base64 import b64encode
from typing import Any

import boto3
import pytest


def register(lab: Any, **more: Any) -> str:
    """The ARN of a container instance that the test registers in the agent's place."""
    (made,) = lab.launch(ImageId="ami-12c6146b", UserData=None, wait=False)
    document = json.dumps({"instanceId": made})
    answer = lab.ecs.register_container_instance(
        cluster="lab", instanceIdentityDocument=document, **more
    )
    return str(answer["containerInstance"]["containerInstanceArn"])


def test_a_cluster_with_an_instance_stays(lab: Any, refused: Any) -> None:
    arn, ecs = register(lab), lab.ecs
    assert lab.cluster()["registeredContainerInstancesCount"] == 1
    assert lab.instances() == [arn]
    found = refused(ecs.delete_cluster, cluster="lab")
    assert found.code == "ClusterContainsContainerInstancesException"
    ecs.deregister_container_instance(cluster="lab", containerInstance=arn)
    assert lab.instance(arn)["status"] == "INACTIVE"
    assert lab.cluster()["registeredContainerInstancesCount"] == 0
    assert ecs.delete_cluster(cluster="lab")["cluster"]["status"] == "INACTIVE"


def test_it_registers_by_itself_after_a_while(lab: Any) -> None:
    (instance,) = lab.launch(wait=False)
    lab.clock.advance(30)
    assert lab.instances() == []
    lab.clock.advance(60)
    (arn,) = lab.instances()
    shown = lab.instance(arn)
    assert (shown["ec2InstanceId"], shown["status"]) == (instance, "ACTIVE")
    assert shown["agentConnected"] is True
    assert shown["versionInfo"]["agentVersion"]
    assert lab.remaining(arn)["CPU"] == 2048
    assert 900 < lab.remaining(arn)["MEMORY"] < 1024
    assert lab.remaining(arn)["PORTS"] == ["22", "2375", "2376", "51678", "51679"]
    attributes = {one["name"]: one.get("value") for one in shown["attributes"]}
    assert attributes["ecs.instance-type"] == "t3.micro"
    assert attributes["ecs.availability-zone"] == "us-east-1a"
    assert attributes["ecs.subnet-id"] == lab.subnets[0]
    assert attributes["ecs.vpc-id"] == lab.vpc
    assert attributes["ecs.os-type"] == "linux"
    assert attributes["ecs.cpu-architecture"] == "x86_64"
    assert "ecs.capability.task-eni" in attributes


def test_several_of_one_call_share_its_profile(lab: Any) -> None:
    lab.launch(3)
    assert len(lab.instances()) == lab.cluster()["registeredContainerInstancesCount"] == 3


MISTYPED = "#!/bin/bash\necho ECS_CLUSTER=labb >> /etc/ecs/ecs.config"


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"UserData": MISTYPED}, "there is no cluster labb"),
        ({"IamInstanceProfile": None}, "the instance has no role"),
        ({"ImageId": "ami-12c6146b"}, ""),
    ],
    ids=["mistyped cluster", "no role", "another image"],
)
def test_it_never_registers(lab: Any, changes: dict[str, Any], why: str) -> None:
    lab.launch(**changes)
    lab.clock.advance(hours=1)
    for cluster in lab.ecs.list_clusters()["clusterArns"]:
        listed = lab.ecs.list_container_instances(cluster=cluster)
        assert listed["containerInstanceArns"] == []
    assert why in [one.why for one in lab.aws.timeline.entries]


@pytest.mark.parametrize(
    ("profile", "why"),
    [
        (
            {"policy": {"Effect": "Allow", "Action": "ecs:Poll", "Resource": "*"}},
            "weak may not ecs:RegisterContainerInstance",
        ),
        ({"trusts": "lambda.amazonaws.com"}, "weak does not trust ec2.amazonaws.com"),
    ],
)
def test_its_role_must_let_it(lab: Any, profile: dict[str, Any], why: str) -> None:
    policy = [profile.pop("policy")] if "policy" in profile else []
    name = lab.instance_profile("weak", *policy, **profile)
    lab.launch(IamInstanceProfile={"Name": name})
    assert lab.instances() == []
    assert why in [one.why for one in lab.aws.timeline.entries]


def test_user_data_runs_at_the_first_start_only(lab: Any) -> None:
    """Mended and started again, it still says what it said: a new instance is needed."""
    (made,) = lab.launch(UserData=MISTYPED)
    lab.ec2.stop_instances(InstanceIds=[made])
    mended = b64encode(MISTYPED.replace("labb", "lab").encode())  # moto wants it encoded twice
    lab.ec2.modify_instance_attribute(InstanceId=made, UserData={"Value": mended})
    lab.ec2.start_instances(InstanceIds=[made])
    lab.clock.advance(hours=1)
    assert lab.instances() == []


def test_an_instances_own_interface_goes_with_it(lab: Any) -> None:
    (made,) = lab.launch()
    (own,) = lab.interfaces()
    assert own["Attachment"]["DeleteOnTermination"] is True
    lab.ec2.terminate_instances(InstanceIds=[made])
    assert lab.interfaces() == []


def test_without_a_name_it_is_the_default_cluster_which_the_agent_makes(lab: Any) -> None:
    lab.launch(UserData=None)
    assert lab.instances() == []
    listed = lab.ecs.list_container_instances(cluster="default")["containerInstanceArns"]
    assert len(listed) == 1 and ":container-instance/default/" in listed[0]
    assert lab.cluster("default")["registeredContainerInstancesCount"] == 1


def test_listed_by_status_and_by_query(lab: Any, refused: Any) -> None:
    lab.launch()
    lab.launch(InstanceType="t3.small", SubnetId=lab.subnets[1])
    micro, small = lab.instances()
    assert lab.instances(filter="attribute:ecs.instance-type == t3.small") == [small]
    assert lab.instances(filter="attribute:ecs.availability-zone == us-east-1a") == [micro]
    state = lab.ecs.update_container_instances_state
    state(cluster="lab", containerInstances=[micro], status="DRAINING")
    assert lab.instances(status="DRAINING") == [micro]
    assert lab.instances(status="ACTIVE") == [small]
    found = refused(lab.instances, filter="attribute: is")
    assert found.code == "InvalidParameterException"


def test_deregistered_by_force_its_tasks_are_no_longer_watched(lab: Any, refused: Any) -> None:
    lab.launch()
    (arn,) = lab.instances()
    lab.define_ec2()
    (task,) = lab.run_ec2()["tasks"]
    lab.clock.advance(20)
    gone = lab.ecs.deregister_container_instance
    found = refused(gone, cluster="lab", containerInstance=arn)
    assert found.message == "Found running tasks on the instance."
    gone(cluster="lab", containerInstance=arn, force=True)
    shown = lab.task(task["taskArn"])
    assert shown["lastStatus"] == "STOPPED"
    assert shown["stoppedReason"] == "Container instance deregistration forced by user"


def test_an_older_agent_updates_itself(lab: Any, refused: Any) -> None:
    from course.sandbox.ecs.ec2_hosts import newest_agent

    update = lab.ecs.update_container_agent
    older = register(lab, versionInfo={"agentVersion": "1.90.0"})
    assert (
        update(cluster="lab", containerInstance=older)["containerInstance"]["agentUpdateStatus"]
        == "PENDING"
    )
    found = refused(update, cluster="lab", containerInstance=older)
    assert found.code == "UpdateInProgressException"
    lab.clock.advance(minutes=2)
    shown = lab.instance(older)
    assert shown["agentUpdateStatus"] == "UPDATED"
    assert shown["versionInfo"]["agentVersion"] == newest_agent("us-east-1") != "1.90.0"
    assert refused(update, cluster="lab", containerInstance=older).code == (
        "NoUpdateAvailableException"
    )


def test_an_ec2_instance_that_stops_takes_its_tasks_with_it(lab: Any) -> None:
    (instance,) = lab.launch()
    (arn,) = lab.instances()
    lab.define_ec2()
    (task,) = lab.run_ec2()["tasks"]
    lab.clock.advance(20)
    lab.ec2.stop_instances(InstanceIds=[instance])
    assert lab.task(task["taskArn"])["stoppedReason"] == f"Host EC2 (instance {instance}) stopped."
    assert (lab.instance(arn)["agentConnected"], lab.remaining(arn)["CPU"]) == (False, 2048)
    lab.ec2.start_instances(InstanceIds=[instance])
    lab.clock.advance(90)
    assert lab.instances() == [arn]
    assert lab.instance(arn)["agentConnected"] is True


@pytest.mark.parametrize("connected", [True, False])
def test_a_terminated_one_is_deregistered_if_its_agent_was_there(lab: Any, connected: bool) -> None:
    (instance,) = lab.launch()
    (arn,) = lab.instances()
    if not connected:
        lab.aws.set_agent(arn, connected=False)
    lab.ec2.terminate_instances(InstanceIds=[instance])
    assert lab.instance(arn)["status"] == ("INACTIVE" if connected else "ACTIVE")
    assert lab.cluster()["registeredContainerInstancesCount"] == (0 if connected else 1)


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


def test_the_json_parameter_of_the_newest_image_is_json(lab: Any) -> None:
    ssm: Any = boto3.client("ssm")
    name = "/aws/service/ecs/optimized-ami/amazon-linux-2023/recommended"
    whole = json.loads(ssm.get_parameter(Name=name)["Parameter"]["Value"])
    image = ssm.get_parameter(Name=f"{name}/image_id")["Parameter"]["Value"]
    lab.launch(ImageId=whole["image_id"])
    assert (whole["image_id"], len(lab.instances())) == (image, 1)
