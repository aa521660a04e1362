"""What a boto3 session sees of ECS, and of the network and definitions its tasks use.

Reads only, in the pages and batches the API has: a hundred clusters or tasks, ten
services a call. What no task and no service uses is not asked for.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

Shape = dict[str, Any]
"""One of AWS's structures, as boto3 returns it."""

CLUSTERS, SERVICES, TASKS = 100, 10, 100
"""How many one Describe call takes; container instances as many as tasks."""


class Session(Protocol):
    """A boto3 session, as far as it is used here."""

    @property
    def region_name(self) -> str: ...
    def client(self, service_name: Any, /) -> Any: ...


@dataclass
class Cluster:
    """A cluster, its services, its tasks that are not yet STOPPED, its container instances."""

    shape: Shape
    services: list[Shape]
    tasks: list[Shape]
    instances: list[Shape] = field(default_factory=list)

    @property
    def name(self) -> str:
        return str(self.shape["clusterName"])


@dataclass
class Account:
    """One Region of an account. Dictionaries go from an id to what has it."""

    region: str
    clusters: list[Cluster]
    definitions: dict[str, Shape] = field(default_factory=dict)
    subnets: dict[str, Shape] = field(default_factory=dict)
    vpcs: dict[str, Shape] = field(default_factory=dict)
    interfaces: dict[str, Shape] = field(default_factory=dict)
    security_groups: dict[str, Shape] = field(default_factory=dict)
    gateways: dict[str, Shape] = field(default_factory=dict)

    @property
    def instances(self) -> list[Shape]:
        """The container instances of all clusters."""
        return [one for cluster in self.clusters for one in cluster.instances]


def read(session: Session, cluster: str | None = None) -> Account:
    """All clusters of the session's Region, or the one named *cluster*, and what they use.

    Raises LookupError for a cluster that was never there; one that was deleted
    is read, and INACTIVE. What AWS refuses is botocore's ClientError.
    """
    ecs = session.client("ecs")
    wanted = [cluster] if cluster else _listed(ecs, "list_clusters", "clusterArns")
    found = [one for batch in _batches(wanted, CLUSTERS) for one in _clusters(ecs, batch)]
    if cluster and not found:
        names = ", ".join(_short(arn) for arn in _listed(ecs, "list_clusters", "clusterArns"))
        raise LookupError(f"there is no cluster {cluster!r} here; there is {names or 'none'}")
    found.sort(key=lambda shape: str(shape["clusterName"]))
    account = Account(session.region_name, [_cluster(ecs, shape) for shape in found])
    account.definitions = {arn: _definition(ecs, arn) for arn in dict.fromkeys(_used(account))}
    _read_network(session.client("ec2"), account)
    return account


def _clusters(ecs: Any, names: list[str]) -> list[Shape]:
    clusters: list[Shape] = ecs.describe_clusters(clusters=names)["clusters"]
    return clusters


def _cluster(ecs: Any, shape: Shape) -> Cluster:
    if shape["status"] == "INACTIVE":
        return Cluster(shape, [], [])
    name = shape["clusterName"]
    tasks = list(_tasks(ecs, name))
    services = list(_services(ecs, name, tasks))
    services.sort(key=lambda one: str(one["serviceName"]))
    tasks.sort(key=lambda one: (one["createdAt"], one["taskArn"]))
    count = shape.get("registeredContainerInstancesCount", 0)
    return Cluster(shape, services, tasks, list(_instances(ecs, name)) if count else [])


def _instances(ecs: Any, cluster: str) -> Iterator[Shape]:
    """In the order they registered, whatever the order of the list."""
    listed = _listed(ecs, "list_container_instances", "containerInstanceArns", cluster=cluster)
    found: list[Shape] = []
    for batch in _batches(listed, TASKS):
        given = {"cluster": cluster, "containerInstances": batch}
        found += ecs.describe_container_instances(**given)["containerInstances"]
    yield from sorted(found, key=lambda one: (one["registeredAt"], one["containerInstanceArn"]))


def _services(ecs: Any, cluster: str, tasks: list[Shape]) -> Iterator[Shape]:
    """A service that is DRAINING is on no list: only its last tasks still name it."""
    listed = _listed(ecs, "list_services", "serviceArns", cluster=cluster)
    groups = [str(task.get("group", "")) for task in tasks]
    named = {one.removeprefix("service:") for one in groups if one.startswith("service:")}
    unlisted = sorted(named - {arn.rpartition("/")[2] for arn in listed})
    for batch in _batches([*listed, *unlisted], SERVICES):
        yield from ecs.describe_services(cluster=cluster, services=batch)["services"]


def _tasks(ecs: Any, cluster: str) -> Iterator[Shape]:
    """A task asked to stop is on the list of the stopped while it still shows RUNNING."""
    arns: dict[str, None] = {}
    for status in ("RUNNING", "STOPPED"):
        listed = _listed(ecs, "list_tasks", "taskArns", cluster=cluster, desiredStatus=status)
        arns.update(dict.fromkeys(listed))
    for batch in _batches(list(arns), TASKS):
        for task in ecs.describe_tasks(cluster=cluster, tasks=batch)["tasks"]:
            if task["lastStatus"] != "STOPPED":
                yield task


def _used(account: Account) -> Iterator[str]:
    """The task definitions that a deployment or a task has, newest deployments first."""
    for cluster in account.clusters:
        for service in cluster.services:
            yield from (one["taskDefinition"] for one in service["deployments"])
        yield from (task["taskDefinitionArn"] for task in cluster.tasks)


def _definition(ecs: Any, arn: str) -> Shape:
    definition: Shape = ecs.describe_task_definition(taskDefinition=arn)["taskDefinition"]
    return definition


def _read_network(ec2: Any, account: Account) -> None:
    tasks = [task for cluster in account.clusters for task in cluster.tasks]
    subnets = {interface_detail(task, "subnetId") for task in tasks}
    subnets |= {instance_attribute(one, "ecs.subnet-id") for one in account.instances}
    interfaces = {interface_detail(task, "networkInterfaceId") for task in tasks}
    account.subnets = _described(ec2, "subnets", "SubnetId", "subnet-id", subnets)
    vpcs = {one["VpcId"] for one in account.subnets.values()}
    account.vpcs = _described(ec2, "vpcs", "VpcId", "vpc-id", vpcs)
    account.gateways = _gateways(ec2, vpcs)
    account.interfaces = _described(
        ec2, "network_interfaces", "NetworkInterfaceId", "network-interface-id", interfaces
    )
    groups = set(_groups(account))
    account.security_groups = _described(ec2, "security_groups", "GroupId", "group-id", groups)


def _gateways(ec2: Any, vpcs: set[str]) -> dict[str, Shape]:
    """The internet gateway of each VPC that has one."""
    found = _described(
        ec2, "internet_gateways", "InternetGatewayId", "attachment.vpc-id", vpcs
    ).values()
    return {to["VpcId"]: one for one in found for to in one["Attachments"]}


def _groups(account: Account) -> Iterator[str]:
    for cluster in account.clusters:
        for service in cluster.services:
            for deployment in service["deployments"]:
                yield from awsvpc(deployment).get("securityGroups", [])


def awsvpc(shape: Shape) -> Shape:
    """The awsvpcConfiguration of a service or a deployment; empty for other network modes."""
    configuration: Shape = shape.get("networkConfiguration", {}).get("awsvpcConfiguration", {})
    return configuration


def interface_detail(task: Shape, name: str) -> str:
    """A detail of a task's network interface, such as ``privateIPv4Address``; empty without one."""
    details = (
        (detail["name"], detail["value"])
        for attachment in task.get("attachments", ())
        if attachment["type"] in ("ElasticNetworkInterface", "eni")
        for detail in attachment["details"]
    )
    return str(dict(details).get(name, ""))


def instance_attribute(instance: Shape, name: str) -> str:
    """The value of an attribute such as ``ecs.subnet-id``; empty without one."""
    found = (one.get("value", "") for one in instance["attributes"] if one["name"] == name)
    return str(next(found, ""))


def _described(
    ec2: Any, what: str, key: str, filter_name: str, ids: Iterable[str]
) -> dict[str, Shape]:
    """What has one of these ids. A filter leaves out what is gone, where asking by id would fail."""
    wanted = sorted(filter(None, ids))
    member = "".join(word.title() for word in what.split("_"))
    found: dict[str, Shape] = {}
    for batch in _batches(wanted, 200):
        pages = ec2.get_paginator(f"describe_{what}").paginate(
            Filters=[{"Name": filter_name, "Values": batch}]
        )
        found |= {one[key]: one for page in pages for one in page[member]}
    return found


def _listed(client: Any, operation: str, member: str, **asked: str) -> list[str]:
    pages = client.get_paginator(operation).paginate(**asked)
    return [arn for page in pages for arn in page[member]]


def _batches(ids: Sequence[str], size: int) -> Iterator[list[str]]:
    for start in range(0, len(ids), size):
        yield list(ids[start : start + size])


def _short(arn: str) -> str:
    return arn.rpartition("/")[2]
