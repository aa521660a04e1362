"""What the task metadata endpoint, version 4, answers about a task: documents made from the state. Pure.

The fields and their forms are those of AWS's pages and of outputs that users
published (Fargate, 2024-07, 2025-01 and 2025-03; the agent's source, 2026). ``ClockDrift`` and
``EphemeralStorageMetrics`` are left out, since nothing here drifts or fills up.

AWS: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-metadata-endpoint-v4-response.html
     https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-metadata-endpoint-v4-fargate-response.html
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from ipaddress import IPv4Network
from typing import Any

from course.sandbox.ecs.resources import Container, Task
from course.sandbox.workloads.images import find_image
from course.sandbox.workloads.program import memory_at

FEWEST_SHARES = 2
"""The CPU that a container without ``cpu`` is shown with: the least the kernel takes."""

KNOWN = ("NONE", "PULLED", "RUNNING", "STOPPED")
"""What the agent knows of a container, in this order; its task is as far as the one that is least far."""

BETWEEN_READS = timedelta(seconds=10)
MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a task's documents tell beside the task: its definition's containers, network and tags."""

    definitions: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    mode: str = "awsvpc"
    subnet: str = ""
    vpc: str = ""
    vpc_id: str = ""
    instance_tags: tuple[Mapping[str, str], ...] = ()


def task_document(task: Task, around: Surroundings, *, tags: bool = False) -> dict[str, Any]:
    """``/task``: the task and all its containers; with *tags* ``/taskWithTags``."""
    family, revision = task.task_definition_arn.rsplit("/", 1)[-1].rsplit(":", 1)
    service = task.group.removeprefix("service:") if task.group.startswith("service:") else None
    told = {
        "Cluster": task.cluster_arn if _on_fargate(task) else task.cluster_arn.rsplit("/", 1)[-1],
        "TaskARN": task.task_arn,
        "Family": family,
        "Revision": revision,
        "ServiceName": service,
        "DesiredStatus": task.desired_status,
        "KnownStatus": min((_known(one) for one in task.containers), key=KNOWN.index),
        "Limits": _limits(task),
        "PullStartedAt": _text(task.pull_started_at),
        "PullStoppedAt": _text(task.pull_stopped_at),
        "ExecutionStoppedAt": _text(task.execution_stopped_at),
        "AvailabilityZone": task.availability_zone,
        "LaunchType": task.launch_type,
        "VPCID": around.vpc_id if task.instance else None,
        "TaskTags": _tags(task.tags) if tags else None,
        "ContainerInstanceTags": _tags(around.instance_tags) if tags else None,
        "Containers": [container_document(task, one, around) for one in task.containers],
        "FaultInjectionEnabled": False,
    }
    return _without_none(told)


def container_document(task: Task, container: Container, around: Surroundings) -> dict[str, Any]:
    """The container itself: what the endpoint's own address answers."""
    definition = around.definitions.get(container.name, {})
    known = _known(container)
    told = {
        "DockerId": container.runtime_id or "",
        "Name": container.name,
        "DockerName": container.name if _on_fargate(task) else _docker_name(task, container),
        "Image": container.image,
        "ImageID": container.image_digest or "",
        "Ports": _ports(container) or None,
        "Labels": _labels(task, container, definition),
        "DesiredStatus": task.desired_status,
        "KnownStatus": known,
        "ExitCode": container.exit_code,
        "Limits": _without_none(
            {"CPU": int(container.cpu) or FEWEST_SHARES, "Memory": _number(container.memory)}
        ),
        "CreatedAt": _text(container.began),
        "StartedAt": _text(container.began),
        "FinishedAt": _text(container.ended) if known == "STOPPED" else None,
        "Type": "NORMAL",
        "LogDriver": (definition.get("logConfiguration") or {}).get("logDriver"),
        "LogOptions": _log_options(container, definition),
        "ContainerARN": container.container_arn,
        "Networks": _networks(task, around),
        "Snapshotter": "overlayfs",
        "RestartCount": max(0, container.run - 1) if container.restart_policy else None,
    }
    return _without_none(told)


def stats_document(container: Container, now: datetime) -> dict[str, Any] | None:
    """``/stats``: Docker's statistics, as far as the workload model has them; None while it does not run."""
    if container.last_status != "RUNNING" or container.began is None:
        return None
    used = memory_at(find_image(container.image), (now - container.began).total_seconds())
    memory = {"usage": round(used * MIB)} if used else {}
    limit = _number(container.memory)
    return {
        "read": _text(now),
        "preread": _text(max(container.began, now - BETWEEN_READS)),
        "memory_stats": memory | ({"limit": limit * MIB} if limit else {}),
        "name": container.name,
        "id": container.runtime_id,
    }


def _known(container: Container) -> str:
    if container.last_status in ("RUNNING", "STOPPED"):
        return container.last_status
    return "PULLED" if container.image_digest else "NONE"


def _on_fargate(task: Task) -> bool:
    return task.launch_type == "FARGATE"


def _limits(task: Task) -> dict[str, float] | None:
    """In vCPUs and MiB; none where the task has none of its own."""
    units = int(task.cpu) if task.cpu else 0
    cpu = (units / 1024 if units % 1024 else units // 1024) or None
    return _without_none({"CPU": cpu, "Memory": _number(task.memory)}) or None


def _labels(task: Task, container: Container, definition: Mapping[str, Any]) -> dict[str, str]:
    family, revision = task.task_definition_arn.rsplit("/", 1)[-1].rsplit(":", 1)
    cluster = task.cluster_arn if _on_fargate(task) else task.cluster_arn.rsplit("/", 1)[-1]
    ours = {
        "cluster": cluster,
        "container-name": container.name,
        "task-arn": task.task_arn,
        "task-definition-family": family,
        "task-definition-version": revision,
    }
    own = definition.get("dockerLabels") or {}
    return {**own, **{f"com.amazonaws.ecs.{name}": value for name, value in ours.items()}}


def _docker_name(task: Task, container: Container) -> str:
    """``ecs-family-revision-container-...``: the agent's name for it, with an ending of its own."""
    named = task.task_definition_arn.rsplit("/", 1)[-1].replace(":", "-")
    ending = sha256(container.container_arn.encode()).hexdigest()[:20]
    return f"ecs-{named}-{container.name}-{ending}"


def _ports(container: Container) -> list[dict[str, Any]]:
    return [
        {
            "ContainerPort": one["containerPort"],
            "Protocol": one["protocol"],
            "HostPort": one["hostPort"],
            "HostIp": one["bindIP"],
        }
        for one in container.network_bindings
    ]


def _log_options(container: Container, definition: Mapping[str, Any]) -> dict[str, str] | None:
    """The options as the driver got them: its stream in place of the prefix."""
    options = dict((definition.get("logConfiguration") or {}).get("options") or {})
    if options.pop("awslogs-stream-prefix", None) and container.log_stream:
        options["awslogs-stream"] = container.log_stream
    return options or None


def _networks(task: Task, around: Surroundings) -> list[dict[str, Any]]:
    """The task's own network interface under awsvpc; of other modes only the name."""
    interface = task.interface
    address = interface.detail("privateIPv4Address") if interface else None
    if interface is None or address is None:
        return [] if interface else [{"NetworkMode": around.mode}]
    region = task.task_arn.split(":")[3]
    domain = "ec2.internal" if region == "us-east-1" else f"{region}.compute.internal"
    subnet = IPv4Network(around.subnet, strict=False)
    resolver = IPv4Network(around.vpc, strict=False).network_address + 2
    return [
        {
            "NetworkMode": "awsvpc",
            "IPv4Addresses": [address],
            "AttachmentIndex": 0,
            "MACAddress": interface.detail("macAddress"),
            "IPv4SubnetCIDRBlock": around.subnet,
            "DomainNameServers": [str(resolver)],
            "DomainNameSearchList": [domain],
            "PrivateDNSName": f"ip-{address.replace('.', '-')}.{domain}",
            "SubnetGatewayIpv4Address": f"{subnet.network_address + 1}/{subnet.prefixlen}",
        }
    ]


def _tags(tags: Any) -> dict[str, str] | None:
    return {one["key"]: one["value"] for one in tags} or None


def _number(text: str | None) -> int | None:
    return int(text) if text else None


def _text(when: datetime | None) -> str | None:
    """A time as Go writes it, without the zeros at its end."""
    if when is None:
        return None
    parts = f"{when:%Y-%m-%dT%H:%M:%S.%f}".rstrip("0").rstrip(".")
    return f"{parts}Z"


def _without_none(told: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in told.items() if value is not None}
