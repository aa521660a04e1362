"""What ECS's events tell of tasks, container instances, services and deployments. Pure.

Times are text here, unlike in DescribeTasks; an interface is called ``eni``; whether
a task is healthy is not told.

AWS: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_cwe_events.html
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from course.sandbox.ecs.resources import Attachment, Container, ContainerInstance, Deployment, Task

TASK, INSTANCE = "ECS Task State Change", "ECS Container Instance State Change"
ACTION, DEPLOYMENT = "ECS Service Action", "ECS Deployment State Change"

INFO, WARN, ERROR = "INFO", "WARN", "ERROR"
EVENT_TYPES = {
    "SERVICE_STEADY_STATE": INFO,
    "TASKSET_STEADY_STATE": INFO,
    "CAPACITY_PROVIDER_STEADY_STATE": INFO,
    "SERVICE_DESIRED_COUNT_UPDATED": INFO,
    "TASKS_STOPPED": INFO,
    "SERVICE_DEPLOYMENT_IN_PROGRESS": INFO,
    "SERVICE_DEPLOYMENT_COMPLETED": INFO,
    "SERVICE_TASK_START_IMPAIRED": WARN,
    "SERVICE_TASK_PLACEMENT_FAILURE": ERROR,
    "SERVICE_TASK_CONFIGURATION_FAILURE": ERROR,
    "SERVICE_DEPLOYMENT_FAILED": ERROR,
}
"""How grave each is; those that the sandbox never sends are left out."""


def task_detail(task: Task, now: datetime) -> dict[str, Any]:
    """The detail of a task's state change."""
    told = {
        "attachments": [_attachment(one) for one in task.attachments],
        "attributes": [dict(one) for one in task.attributes],
        "availabilityZone": task.availability_zone,
        "capacityProviderName": task.capacity_provider_name,
        "clusterArn": task.cluster_arn,
        "connectivity": task.connectivity,
        "connectivityAt": iso(task.connectivity_at),
        "containerInstanceArn": task.container_instance_arn,
        "containers": [_container(one) for one in task.containers],
        "cpu": task.cpu,
        "createdAt": iso(task.created_at),
        "desiredStatus": task.desired_status,
        "enableExecuteCommand": task.enable_execute_command,
        "ephemeralStorage": task.ephemeral_storage,
        "executionStoppedAt": iso(task.execution_stopped_at),
        "group": task.group,
        "launchType": task.launch_type,
        "lastStatus": task.last_status,
        "memory": task.memory,
        "overrides": {"containerOverrides": [], **task.overrides},
        "platformVersion": task.platform_version,
        "pullStartedAt": iso(task.pull_started_at),
        "pullStoppedAt": iso(task.pull_stopped_at),
        "startedAt": iso(task.started_at),
        "startedBy": task.started_by,
        "stoppingAt": iso(task.stopping_at),
        "stoppedAt": iso(task.stopped_at),
        "stoppedReason": task.stopped_reason,
        "stopCode": task.stop_code,
        "taskArn": task.task_arn,
        "taskDefinitionArn": task.task_definition_arn,
        "updatedAt": iso(now),
        "version": task.version,
    }
    return _known(told)


def instance_detail(instance: ContainerInstance, now: datetime) -> dict[str, Any]:
    """The detail of a container instance's state change."""
    return _known(
        {
            "agentConnected": instance.agent_connected,
            "attributes": [
                _known({"name": name, "value": value})
                for name, value in instance.attributes.items()
            ],
            "clusterArn": instance.cluster_arn,
            "containerInstanceArn": instance.container_instance_arn,
            "ec2InstanceId": instance.ec2_instance_id,
            "registeredResources": _resources(instance.registered_resources),
            "remainingResources": _resources(instance.remaining_resources),
            "status": instance.status,
            "version": instance.version,
            "versionInfo": dict(instance.version_info),
            "updatedAt": iso(now),
        }
    )


def action_detail(
    cluster_arn: str, name: str, now: datetime, more: Mapping[str, Any]
) -> dict[str, Any]:
    """The detail of a service action; *more* are a reason, and what it is about."""
    return {
        "eventType": EVENT_TYPES[name],
        "eventName": name,
        "clusterArn": cluster_arn,
        "createdAt": iso(now),
        **more,
    }


def deployment_detail(
    deployment: Deployment, name: str, now: datetime, reason: str
) -> dict[str, Any]:
    """The detail of a deployment's state change."""
    return {
        "eventType": EVENT_TYPES[name],
        "eventName": name,
        "deploymentId": deployment.id,
        "updatedAt": iso(now),
        "reason": reason,
    }


def iso(when: datetime | None) -> str | None:
    """A time as events write it: ``2026-11-02T09:00:00.000Z``."""
    return f"{when:%Y-%m-%dT%H:%M:%S}.{when.microsecond // 1000:03}Z" if when else None


def _attachment(one: Attachment) -> dict[str, Any]:
    kind = "eni" if one.type == "ElasticNetworkInterface" else one.type
    details = [dict(each) for each in one.details]
    return {"id": one.id, "type": kind, "status": one.status, "details": details}


def _container(one: Container) -> dict[str, Any]:
    return _known(
        {
            "containerArn": one.container_arn,
            "exitCode": one.exit_code,
            "lastStatus": one.last_status,
            "name": one.name,
            "image": one.image,
            "imageDigest": one.image_digest,
            "runtimeId": one.runtime_id,
            "reason": one.reason,
            "taskArn": one.task_arn,
            "networkInterfaces": [dict(each) for each in one.network_interfaces],
            "networkBindings": [dict(each) for each in one.network_bindings] or None,
            "cpu": one.cpu,
            "memory": one.memory,
        }
    )


def _resources(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Only the value that counts of each resource stands in an event."""
    members = {"INTEGER": "integerValue", "STRINGSET": "stringSetValue"}
    return [{name: one[name] for name in ("name", "type", members[one["type"]])} for one in found]


def _known(told: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in told.items() if value is not None}
