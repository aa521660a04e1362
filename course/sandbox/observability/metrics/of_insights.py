"""ECS/ContainerInsights: counts and sums of clusters, services and task families that asked for them.

A cluster publishes them whose setting containerInsights is ``enabled`` or ``enhanced``; what
enhanced adds, and what is measured of networks and disks, is not modelled. Memory is MiB,
although the unit says Megabytes, as on AWS.

AWS: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Container-Insights-metrics-ECS.html
"""

from collections.abc import Iterable, Mapping, Sequence

from course.sandbox.ecs.resources import Cluster, Region, Service
from course.sandbox.observability.metrics.of_tasks import Use
from course.sandbox.observability.metrics.publishing import Minutes
from course.sandbox.observability.metrics.series import Metric
from course.sandbox.world import World

NAMESPACE = "ECS/ContainerInsights"


def publish(world: World, uses: Mapping[str, Sequence[Use]], minutes: Minutes) -> None:
    """The metrics of every cluster that is watched."""
    for name, region in world.regions.items():
        for cluster in region.clusters.values():
            if cluster.status == "ACTIVE" and _watched(cluster):
                own = [one for one in uses[name] if one.task.cluster_arn == cluster.cluster_arn]
                _cluster(region, cluster, own, minutes)


def _watched(cluster: Cluster) -> bool:
    return any(
        one["name"] == "containerInsights" and one["value"] in ("enabled", "enhanced")
        for one in cluster.settings
    )


def _cluster(region: Region, cluster: Cluster, uses: list[Use], minutes: Minutes) -> None:
    name = cluster.cluster_name
    services = [
        one
        for one in region.services.values()
        if one.cluster_arn == cluster.cluster_arn and one.status != "INACTIVE"
    ]
    counts = {
        "ContainerInstanceCount": len(region.instances_of(name)),
        "TaskCount": len(uses),
        "ServiceCount": len(services),
    }
    _counted(region.name, counts, {"ClusterName": name}, minutes)
    _summed(region.name, uses, {"ClusterName": name}, minutes)
    for service in services:
        dimensions = {"ClusterName": name, "ServiceName": service.service_name}
        _counted(region.name, _of_service(service), dimensions, minutes)
        group = f"service:{service.service_name}"
        own = [one for one in uses if one.task.group == group]
        _summed(region.name, own, dimensions, minutes)
    for family in sorted({one.task.family for one in uses}):
        own = [one for one in uses if one.task.family == family]
        dimensions = {"ClusterName": name, "TaskDefinitionFamily": family}
        _summed(region.name, own, dimensions, minutes)


def _of_service(service: Service) -> dict[str, int]:
    return {
        "DesiredTaskCount": service.desired_count,
        "RunningTaskCount": service.running_count,
        "PendingTaskCount": service.pending_count,
        "DeploymentCount": len(service.deployments),
        "TaskSetCount": len(service.task_sets),
    }


def _counted(
    region: str, counts: Mapping[str, int], dimensions: Mapping[str, str], minutes: Minutes
) -> None:
    for name, count in counts.items():
        minutes.value(region, Metric.of(NAMESPACE, name, **dimensions), count)


def _summed(
    region: str, uses: Iterable[Use], dimensions: Mapping[str, str], minutes: Minutes
) -> None:
    """CPU units and MiB, used and reserved; nothing of what does not run."""
    own = list(uses)
    if not own:
        return
    for name, value, unit in (
        ("CpuUtilized", sum(one.cpu for one in own), "None"),
        ("CpuReserved", sum(one.reserved_cpu for one in own), "None"),
        ("MemoryUtilized", sum(one.memory for one in own), "Megabytes"),
        ("MemoryReserved", sum(one.reserved_memory for one in own), "Megabytes"),
    ):
        minutes.value(region, Metric.of(NAMESPACE, name, **dimensions), value, unit)
