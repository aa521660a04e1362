"""Container instances for exercises: the agent's role, a launch, and who names which cluster.

AWS: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/launch_container_instance.html
"""

import json
import re
from base64 import b64decode
from typing import Any

from course.exercises.exercise import Session
from course.exercises.roles import delete_role

TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": "ec2.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }
    ],
}
POLICY = "arn:aws:iam::aws:policy/service-role/AmazonEC2ContainerServiceforEC2Role"
AMI = "/aws/service/ecs/optimized-ami/amazon-linux-2023/recommended/image_id"


def create_agent_role(session: Session, name: str) -> None:
    """Make a role that the agent can work with, and an instance profile of the same name."""
    iam = session.client("iam")
    iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(TRUST))
    iam.attach_role_policy(RoleName=name, PolicyArn=POLICY)
    iam.create_instance_profile(InstanceProfileName=name)
    iam.add_role_to_instance_profile(InstanceProfileName=name, RoleName=name)


def delete_agent_role(session: Session, name: str) -> None:
    """Delete the profile and the role; what is not there is no error."""
    iam = session.client("iam")
    for profile in iam.list_instance_profiles()["InstanceProfiles"]:
        if profile["InstanceProfileName"] == name:
            for role in profile["Roles"]:
                given = {"InstanceProfileName": name, "RoleName": role["RoleName"]}
                iam.remove_role_from_instance_profile(**given)
            iam.delete_instance_profile(InstanceProfileName=name)
    delete_role(session, name)


def launch(session: Session, cluster: str, role: str, **changes: Any) -> str:
    """Launch an instance whose agent is told this cluster; the id of the EC2 instance."""
    ec2, ssm = session.client("ec2"), session.client("ssm")
    given = {
        "ImageId": ssm.get_parameter(Name=AMI)["Parameter"]["Value"],
        "InstanceType": "t3.small",
        "MinCount": 1,
        "MaxCount": 1,
        "UserData": f"#!/bin/bash\necho ECS_CLUSTER={cluster} >> /etc/ecs/ecs.config",
        "IamInstanceProfile": {"Name": role},
        "SubnetId": ec2.describe_subnets()["Subnets"][0]["SubnetId"],
    } | changes
    given = {name: value for name, value in given.items() if value is not None}
    return str(ec2.run_instances(**given)["Instances"][0]["InstanceId"])


def running(session: Session) -> list[dict[str, Any]]:
    """The EC2 instances that are not on their way out, in the order of their launch."""
    pages = session.client("ec2").get_paginator("describe_instances").paginate()
    held = [one for page in pages for some in page["Reservations"] for one in some["Instances"]]
    alive = [one for one in held if one["State"]["Name"] in ("pending", "running")]
    return sorted(alive, key=lambda one: one["LaunchTime"])


def told(session: Session, instance_id: str) -> str:
    """The cluster that an instance's user data names; empty where it names none."""
    asked = {"InstanceId": instance_id, "Attribute": "userData"}
    answer = session.client("ec2").describe_instance_attribute(**asked)
    text = b64decode(answer.get("UserData", {}).get("Value", "")).decode()
    named = re.search(r"^[^#]*\bECS_CLUSTER=['\"]?([\w-]+)", text, re.MULTILINE)
    return named[1] if named else ""


def container_instances(session: Session, cluster: str) -> list[dict[str, Any]]:
    """The container instances of a cluster, as ECS describes them."""
    ecs = session.client("ecs")
    arns = ecs.list_container_instances(cluster=cluster)["containerInstanceArns"]
    if not arns:
        return []
    given = {"cluster": cluster, "containerInstances": arns}
    found: list[dict[str, Any]] = ecs.describe_container_instances(**given)["containerInstances"]
    return found


def terminate(session: Session, ids: list[str]) -> None:
    """Terminate EC2 instances; none is no error."""
    if ids:
        session.client("ec2").terminate_instances(InstanceIds=ids)
