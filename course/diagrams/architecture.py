"""The architecture as it stands: clusters, services, deployments, tasks, and where they run.

From the left: what stands in front of services (APIs, VPC links, load balancers, target
groups); task definitions; what ECS keeps (cluster, service, deployment); and the tasks,
each in its subnet, or there on its container instance. Stopped tasks
are left out: they run nowhere. More than eight tasks of one deployment are counted,
one card a state (on instances: a state and an instance).
"""

from collections import Counter
from collections.abc import Iterator
from functools import partial

from course.diagrams.door_cards import arrows, cards, from_cloud_map, ways_in
from course.diagrams.doors import NO_DOORS, Doors, groups_of, read_doors, registries_of
from course.diagrams.drawing import draw
from course.diagrams.graph import Edge, Fact, Graph, Group, Node
from course.diagrams.picture import Picture
from course.diagrams.places import TASKS, Placed, instances, placed, vpcs
from course.diagrams.reading import (
    Account,
    Cluster,
    Session,
    Shape,
    awsvpc,
    interface_detail,
    read,
)
from course.diagrams.stack import draw_stacked

SHOWN = 8
"""How many tasks of one deployment, or started on their own from one definition, have cards."""


SHRINKS_TO = 0.72
"""How far a picture with doors shrinks before it scrolls; it has up to four columns more."""

DEFINITIONS, KEPT = 0, 1
"""The columns of what is run and of what ECS keeps; to their right stands what runs."""


def architecture(session: Session, cluster: str | None = None) -> Picture:
    """The picture of all clusters in the session's Region, or of one; see ``reading.read``."""
    account = read(session, cluster)
    doors = read_doors(session, [one for each in account.clusters for one in each.services])
    graph = to_graph(account, doors)
    wide = partial(draw, graph, shrinks_to=SHRINKS_TO if doors.groups or doors.apis else 1)
    return Picture(graph.text(), sentence(account, doors), wide, partial(draw_stacked, graph))


def to_graph(account: Account, doors: Doors = NO_DOORS) -> Graph:
    """What is drawn of an account, and of the doors to its services."""
    tasks = [card for cluster in account.clusters for card in _task_cards(cluster, account)]
    clusters = [_cluster(cluster, account) for cluster in account.clusters]
    definitions = [_definition(one) for one in account.definitions.values()]
    nowhere = [card.node for card in tasks if not card.vpc and not card.instance]
    none = [] if clusters else [Node("none", "cluster", f"No cluster in {account.region}")]
    return Graph(
        groups=(*clusters, *vpcs(tasks, account), *instances("", tasks, account)),
        nodes=(*none, *cards(doors), *definitions, *nowhere),
        edges=(
            *arrows(doors),
            *_uses(account),
            *_come_in(account, doors),
            *(Edge(card.start, card.node.id) for card in tasks),
        ),
    )


def _come_in(account: Account, doors: Doors) -> Iterator[Edge]:
    """From the last door to each deployment of the services behind it."""
    for cluster in account.clusters:
        for service in cluster.services:
            tails = [arn for arn in groups_of(service) if arn in doors.groups]
            for registry in registries_of(service):
                tails += from_cloud_map(doors, registry)
            for deployment in service["deployments"]:
                yield from (Edge(tail, deployment["id"]) for tail in dict.fromkeys(tails))


def _cluster(cluster: Cluster, account: Account) -> Group:
    status = cluster.shape["status"]
    note = status if status != "ACTIVE" else ""
    services = tuple(_service(one, account) for one in cluster.services)
    nodes = [_alone(start, tasks) for start, tasks in _by_start(cluster).items() if " " in start]
    if not services and not nodes:
        nodes = [Node(cluster.name, "service", "No service, no task", column=KEPT)]
    return Group("cluster", cluster.name, note, groups=services, nodes=tuple(nodes))


def _by_start(cluster: Cluster) -> dict[str, list[Shape]]:
    """The tasks of a cluster by what started them: a deployment, or a call with a definition."""
    deployments = {one["id"] for service in cluster.services for one in service["deployments"]}
    found: dict[str, list[Shape]] = {}
    for task in cluster.tasks:
        by = task.get("startedBy", "")
        own = f"{cluster.name} {task['taskDefinitionArn']}"
        found.setdefault(by if by in deployments else own, []).append(task)
    return found


def _alone(start: str, tasks: list[Shape]) -> Node:
    """The card of tasks that no service keeps."""
    family = short(start)
    running = sum(task["lastStatus"] == "RUNNING" for task in tasks)
    facts = (
        Fact(f"task definition {family}", "task-definition", family),
        Fact(f"{running} of {len(tasks)} running"),
    )
    return Node(start, "task", "Tasks on their own", "", facts, KEPT)


def _service(service: Shape, account: Account) -> Group:
    counts = f"desired {service['desiredCount']}, running {service['runningCount']}"
    counts += f", pending {service['pendingCount']}" if service["pendingCount"] else ""
    note = counts if service["status"] == "ACTIVE" else f"{service['status']}, {counts}"
    deployments = tuple(_deployment(one, account) for one in service["deployments"])
    gone = Node(service["serviceArn"], "deployment", "No deployment", column=KEPT)
    return Group("service", service["serviceName"], note, nodes=deployments or (gone,))


def _deployment(deployment: Shape, account: Account) -> Node:
    family = short(deployment["taskDefinition"])
    facts = [
        Fact(f"task definition {family}", "task-definition", family),
        Fact(_counts(deployment)),
    ]
    if deployment["failedTasks"]:
        facts.append(Fact(f"{deployment['failedTasks']} failed tasks"))
    for group in awsvpc(deployment).get("securityGroups", []):
        known = account.security_groups.get(group, {})
        named = known.get("GroupName", group)
        facts.append(Fact(f"security group {named}", "security-group", named))
    title = f"{deployment['status']} deployment"
    state = deployment.get("rolloutState", "")
    return Node(deployment["id"], "deployment", title, state, tuple(facts), KEPT)


def _counts(deployment: Shape) -> str:
    pending = f", {deployment['pendingCount']} pending" if deployment["pendingCount"] else ""
    return f"{deployment['runningCount']} of {deployment['desiredCount']} running{pending}"


def _task_cards(cluster: Cluster, account: Account) -> list[Placed]:
    """The tasks of one cluster, by Availability Zone; many of one start are counted."""
    cards: list[Placed] = []
    for start, tasks in _by_start(cluster).items():
        if len(tasks) > SHOWN:
            cards += _counted(tasks, start, account)
        else:
            cards += [placed(_task(task, account), task, start, account) for task in tasks]
    return sorted(cards, key=lambda card: (card.vpc, not card.subnet, card.zone, card.subnet))


def _task(task: Shape, account: Account) -> Node:
    private, public = interface_detail(task, "privateIPv4Address"), public_address(task, account)
    facts = [Fact(f"network interface {private}", "network-interface", private)] if private else []
    facts += [Fact(f"public {public}", "internet-gateway")] if public else []
    facts += _host_ports(task)
    if task["desiredStatus"] == "STOPPED":
        facts.append(Fact("desiredStatus STOPPED"))
    title = f"task {short(task['taskArn'])[:8]}"
    return Node(task["taskArn"], "task", title, task["lastStatus"], tuple(facts), TASKS)


def _host_ports(task: Shape) -> Iterator[Fact]:
    """Ports of its instance by which a task in bridge or host mode is reached."""
    for container in task.get("containers", ()):
        for port in container.get("networkBindings", ()):
            yield Fact(
                f"host port {port['hostPort']} to {port['containerPort']}", "network-interface"
            )


def _counted(tasks: list[Shape], start: str, account: Account) -> Iterator[Placed]:
    """One card for all tasks in one state, with how many are in each Availability Zone."""
    kinds = {(task["lastStatus"], task.get("containerInstanceArn", "")) for task in tasks}
    for status, instance in sorted(kinds):
        same = [
            task
            for task in tasks
            if (task["lastStatus"], task.get("containerInstanceArn", "")) == (status, instance)
        ]
        zones = Counter(task.get("availabilityZone", "no zone yet") for task in same)
        facts = tuple(Fact(f"{count} in {zone}") for zone, count in sorted(zones.items()))
        id = f"{start} {status} {instance}".rstrip()
        node = Node(id, "task", f"{len(same)} {_plural(len(same), 'task')}", status, facts, TASKS)
        where = placed(node, same[0], start, account)
        yield where if instance else where._replace(subnet="")


def public_address(task: Shape, account: Account) -> str:
    """The public IPv4 address of a task's interface, which only EC2 knows; empty without one."""
    interface = account.interfaces.get(interface_detail(task, "networkInterfaceId"), {})
    return str(interface.get("Association", {}).get("PublicIp", ""))


def _definition(definition: Shape) -> Node:
    units, mebibytes = (_asked(definition, member) for member in ("cpu", "memory"))
    size = [f"{units} CPU units"] if units else []
    size += [f"{mebibytes} MiB"] if mebibytes else []
    facts = [Fact(", ".join(size))] if size else []
    for container in definition["containerDefinitions"]:
        image = container["image"]
        facts.append(Fact(f"image {image}", "image", short(image)))
        log = container.get("logConfiguration", {}).get("options", {}).get("awslogs-group")
        facts += [Fact(f"logs in {log}", "log-stream", log)] if log else []
    for member, word in (("executionRoleArn", "execution role"), ("taskRoleArn", "task role")):
        if member in definition:
            role = short(definition[member])
            facts.append(Fact(f"{word} {role}", "role", role))
    arn = definition["taskDefinitionArn"]
    state = "" if definition["status"] == "ACTIVE" else str(definition["status"])
    return Node(arn, "task-definition", short(arn), state, tuple(facts), DEFINITIONS)


def _asked(definition: Shape, member: str) -> int:
    """The task's size, or what its containers add up to: on instances the task may have none."""
    if member in definition:
        return int(definition[member])
    return sum(one.get(member) or 0 for one in definition["containerDefinitions"])


def _uses(account: Account) -> Iterator[Edge]:
    """Which task definition each deployment, and each start without a service, has."""
    for cluster in account.clusters:
        for service in cluster.services:
            for deployment in service["deployments"]:
                yield Edge(deployment["taskDefinition"], deployment["id"])
        for start in _by_start(cluster):
            if " " in start:
                yield Edge(start.partition(" ")[2], start)


def sentence(account: Account, doors: Doors) -> str:
    """The alt text: what the picture shows, in one sentence."""
    if not account.clusters:
        return f"Architecture of {account.region}: no cluster."
    told = "; ".join(_told(cluster) for cluster in account.clusters)
    front = ", ".join(ways_in(doors))
    return f"Architecture of {account.region}: {told}{f'; in front {front}' if front else ''}."


def _told(cluster: Cluster) -> str:
    if cluster.shape["status"] == "INACTIVE":
        return f"cluster {cluster.name}, which is deleted (INACTIVE)"
    services = [_told_service(one, cluster) for one in cluster.services]
    alone = sum(not task.get("startedBy", "").startswith("ecs-svc/") for task in cluster.tasks)
    services += [f"{alone} {_plural(alone, 'task')} without a service"] if alone else []
    count = len(cluster.instances)
    services += [f"{count} {_plural(count, 'container instance')}"] if count else []
    return f"cluster {cluster.name} with {', '.join(services) or 'no service and no task'}"


def _told_service(service: Shape, cluster: Cluster) -> str:
    running, desired = service["runningCount"], service["desiredCount"]
    own = {one["id"] for one in service["deployments"]}
    zones = {
        task["availabilityZone"]
        for task in cluster.tasks
        if task.get("startedBy") in own and task["lastStatus"] == "RUNNING"
    }
    where = f" in {', '.join(sorted(zones))}" if zones else ""
    rolling = f", with {len(own)} deployments" if len(own) > 1 else ""
    tasks = _plural(desired, "task")
    return (
        f"service {service['serviceName']} ({running} of {desired} {tasks} running{where}{rolling})"
    )


def _plural(count: int, word: str) -> str:
    return word if count == 1 else f"{word}s"


def short(arn: str) -> str:
    """The last part of an ARN or an image name."""
    return arn.rpartition("/")[2]
