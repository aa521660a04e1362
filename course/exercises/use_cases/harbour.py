"""The harbour: an empty cluster, a launch template for its instances, two apps in two forms each."""

import base64
from typing import Any

from course.costs.model import Size
from course.exercises.ecs import delete_cluster, deregister
from course.exercises.exercise import Session
from course.exercises.instances import (
    AMI,
    create_agent_role,
    delete_agent_role,
    running,
    terminate,
    told,
)
from course.exercises.roles import role_names

HARBOUR = "harbour"
ROLE = "harbour-agent"
COPIES = {"catalogue": 6, "kiosk": 1}
SIZE = Size(256, 512)
MACHINE = "t3.small"
IMAGE = "public.ecr.aws/docker/library/nginx:latest"
FORMS: dict[str, dict[str, Any]] = {
    "fargate": {"requiresCompatibilities": ["FARGATE"], "networkMode": "awsvpc"},
    "ec2": {"requiresCompatibilities": ["EC2"], "networkMode": "bridge"},
}


def setup(session: Session) -> None:
    """An empty cluster, a launch template for its instances, each app in both forms."""
    ecs, ec2, ssm = (session.client(name) for name in ("ecs", "ec2", "ssm"))
    if ROLE in role_names(session.client("iam")):
        return
    create_agent_role(session, ROLE)
    ecs.create_cluster(clusterName=HARBOUR)
    script = f"#!/bin/bash\necho ECS_CLUSTER={HARBOUR} >> /etc/ecs/ecs.config"
    like = {
        "ImageId": ssm.get_parameter(Name=AMI)["Parameter"]["Value"],
        "InstanceType": MACHINE,
        "IamInstanceProfile": {"Name": ROLE},
        "UserData": base64.b64encode(script.encode()).decode(),
    }
    ec2.create_launch_template(LaunchTemplateName=HARBOUR, LaunchTemplateData=like)
    for app in COPIES:
        for form, given in FORMS.items():
            port = {"containerPort": 80, "hostPort": 0 if form == "ec2" else 80}
            web = {"name": "web", "image": IMAGE, "portMappings": [port], "memory": SIZE.memory}
            ecs.register_task_definition(
                family=f"{app}-{form}",
                cpu=str(SIZE.cpu),
                memory=str(SIZE.memory),
                containerDefinitions=[web],
                **given,
            )


def machines(session: Session) -> dict[str, str]:
    """The type of each instance that is told this cluster, whether its agent has registered or not."""
    types = {one["InstanceId"]: one["InstanceType"] for one in running(session)}
    return {id: type for id, type in types.items() if told(session, id) == HARBOUR}


def cleanup(session: Session) -> None:
    """Takes the definitions, the cluster, its instances, the template and the role away."""
    ec2 = session.client("ec2")
    for app in COPIES:
        for form in FORMS:
            deregister(session, f"{app}-{form}")
    delete_cluster(session, HARBOUR)
    terminate(session, list(machines(session)))
    for one in ec2.describe_launch_templates()["LaunchTemplates"]:
        if one["LaunchTemplateName"] == HARBOUR:
            ec2.delete_launch_template(LaunchTemplateName=HARBOUR)
    delete_agent_role(session, ROLE)
