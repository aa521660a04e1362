"""What several exercises look at in ECS, ask for, and clear away."""

from typing import Any

from botocore.exceptions import ClientError

from course.exercises.exercise import MET, Finding, Session, missing
from course.exercises.instances import container_instances, terminate


def latest(session: Session, family: str) -> dict[str, Any] | None:
    """The newest ACTIVE revision of a family."""
    try:
        answer = session.client("ecs").describe_task_definition(taskDefinition=family)
    except ClientError:
        return None
    definition: dict[str, Any] = answer["taskDefinition"]
    return definition


def sized(definition: dict[str, Any], *, cpu: str, memory: str, look: str) -> Finding:
    """Whether a task definition asks for this many CPU units and MiB."""
    wanted = f"{cpu} CPU units, {memory} MiB"
    size = f"{definition.get('cpu')} CPU units, {definition.get('memory')} MiB"
    return MET if size == wanted else missing(wanted, size, look)


def short(arn: Any) -> str:
    """``family:revision`` of a task definition's ARN."""
    return str(arn).rpartition("/")[2]


def network(session: Session, count: int = 2) -> dict[str, Any]:
    """A networkConfiguration with the first subnets of the default VPC, each in a zone of its own."""
    subnets = session.client("ec2").describe_subnets()["Subnets"][:count]
    return {"awsvpcConfiguration": {"subnets": [one["SubnetId"] for one in subnets]}}


def public_network(session: Session, count: int = 2) -> dict[str, Any]:
    """The same with public addresses, the only way from the default VPC to a registry."""
    place = network(session, count)
    place["awsvpcConfiguration"]["assignPublicIp"] = "ENABLED"
    return place


def active_service(session: Session, cluster: str, name: str) -> dict[str, Any] | None:
    """A service as DescribeServices has it; None when it is not there, or on its way out."""
    found = session.client("ecs").describe_services(cluster=cluster, services=[name])["services"]
    return next((one for one in found if one["status"] == "ACTIVE"), None)


def register_fargate(ecs: Any, family: str, image: str, role: str) -> None:
    """Register a revision of the smallest size, of one container named after its family."""
    ecs.register_task_definition(
        family=family,
        requiresCompatibilities=["FARGATE"],
        networkMode="awsvpc",
        cpu="256",
        memory="512",
        executionRoleArn=role,
        containerDefinitions=[{"name": family, "image": image}],
    )


def deregister(session: Session, family: str) -> None:
    """Deregister every ACTIVE revision of a family."""
    ecs = session.client("ecs")
    for arn in ecs.list_task_definitions(familyPrefix=family)["taskDefinitionArns"]:
        ecs.deregister_task_definition(taskDefinition=arn)


AT_ONCE = 100
"""DescribeTasks takes as many tasks in one call."""


def delete_cluster(session: Session, name: str) -> None:
    """Delete a cluster with all that is in it, instances too; one that is not there is no error."""
    ecs = session.client("ecs")
    found = ecs.describe_clusters(clusters=[name])["clusters"]
    if any(one["status"] == "ACTIVE" for one in found):
        machines = [one["ec2InstanceId"] for one in container_instances(session, name)]
        _empty_cluster(ecs, name)
        terminate(session, machines)
        _deregister_instances(ecs, name)
        ecs.delete_cluster(cluster=name)


def _empty_cluster(ecs: Any, name: str) -> None:
    """No services and no tasks; a task's network interface goes when the task has STOPPED."""
    services = ecs.get_paginator("list_services").paginate(cluster=name)
    for arn in [arn for page in services for arn in page["serviceArns"]]:
        ecs.delete_service(cluster=name, service=arn, force=True)
    for arn in _tasks(ecs, name, "RUNNING"):
        ecs.stop_task(cluster=name, task=arn)
    stopping = _tasks(ecs, name, "STOPPED")  # those of a service that failed for an hour are many
    for start in range(0, len(stopping), AT_ONCE):
        some = stopping[start : start + AT_ONCE]
        ecs.get_waiter("tasks_stopped").wait(cluster=name, tasks=some)


def _tasks(ecs: Any, cluster: str, desired: str) -> list[str]:
    pages = ecs.get_paginator("list_tasks").paginate(cluster=cluster, desiredStatus=desired)
    return [arn for page in pages for arn in page["taskArns"]]


def _deregister_instances(ecs: Any, name: str) -> None:
    """A terminated instance leaves by itself, unless its agent was cut off before."""
    for arn in ecs.list_container_instances(cluster=name)["containerInstanceArns"]:
        ecs.deregister_container_instance(cluster=name, containerInstance=arn, force=True)
