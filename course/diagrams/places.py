"""Where the cards of tasks stand: in their subnets, there on their container instances.

All of it stands in what ECS and EC2 answer; where an instance is, its attributes say.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from course.diagrams.graph import Group, Node
from course.diagrams.reading import Account, Shape, instance_attribute, interface_detail

TASKS = 2
"""The column of what runs."""


class Placed(NamedTuple):
    """A card for one task or for many, where it stands, and the id of what started it.

    *instance* is the ARN of the container instance, empty on Fargate.
    """

    node: Node
    zone: str
    subnet: str
    vpc: str
    start: str
    instance: str = ""


def placed(node: Node, task: Shape, start: str, account: Account) -> Placed:
    """Where the card of a task stands: on its instance, or in its own interface's subnet."""
    subnet = account.subnets.get(_subnet_of(task, account), {})
    zone = subnet.get("AvailabilityZone", "")
    where = zone, subnet.get("SubnetId", ""), subnet.get("VpcId", "")
    return Placed(node, *where, start, task.get("containerInstanceArn", ""))


def _subnet_of(task: Shape, account: Account) -> str:
    """Its instance's, where it has one; otherwise that of its own network interface."""
    arn = task.get("containerInstanceArn")
    own = next((one for one in account.instances if one["containerInstanceArn"] == arn), None)
    if own is not None:
        return instance_attribute(own, "ecs.subnet-id")
    return interface_detail(task, "subnetId")


def vpcs(tasks: list[Placed], account: Account) -> Iterator[Group]:
    """The VPCs that tasks and instances are in, each with its subnets."""
    used = {account.subnets[one]["VpcId"] for one in _subnets_of_instances(account)}
    for vpc in sorted(({card.vpc for card in tasks} | used) - {""}):
        inside = [card for card in tasks if card.vpc == vpc]
        gateway = account.gateways.get(vpc, {}).get("InternetGatewayId")
        note = account.vpcs[vpc]["CidrBlock"] + (f", {gateway}" if gateway else "")
        counted = tuple(card.node for card in inside if not card.subnet)
        yield Group("vpc", vpc, note, "", tuple(_subnets(vpc, inside, account)), counted)


def _subnets_of_instances(account: Account) -> set[str]:
    named = {instance_attribute(one, "ecs.subnet-id") for one in account.instances}
    return named & account.subnets.keys()


def _subnets(vpc: str, tasks: list[Placed], account: Account) -> Iterator[Group]:
    of_instances = _subnets_of_instances(account)
    used = {card.subnet for card in tasks} - {""}
    used |= {one for one in of_instances if account.subnets[one]["VpcId"] == vpc}
    for subnet in sorted(used, key=lambda one: (account.subnets[one]["AvailabilityZone"], one)):
        shape = account.subnets[subnet]
        own = [card for card in tasks if card.subnet == subnet]
        nodes = tuple(card.node for card in own if not card.instance)
        cidr = shape["CidrBlock"]
        zone = shape["AvailabilityZone"]
        held = tuple(instances(subnet, own, account))
        yield Group("subnet", zone, f"{cidr}, {subnet}", cidr, groups=held, nodes=nodes)


def instances(subnet: str, tasks: list[Placed], account: Account) -> Iterator[Group]:
    """The container instances in a subnet with their tasks; "" for those whose subnet nobody knows."""
    for one in account.instances:
        if _known(instance_attribute(one, "ecs.subnet-id"), account) == subnet:
            arn = one["containerInstanceArn"]
            yield _frame(one, [card.node for card in tasks if card.instance == arn])


def _known(subnet: str, account: Account) -> str:
    return subnet if subnet in account.subnets else ""


def _frame(instance: Shape, tasks: Sequence[Node]) -> Group:
    """An instance's frame around the cards of its tasks, or one that says there is none."""
    arn = str(instance["containerInstanceArn"])
    title = str(instance.get("ec2InstanceId") or arn.rpartition("/")[2][:8])
    kind = instance_attribute(instance, "ecs.instance-type")
    state = ", ".join(_unusual(instance))
    short = state or _left(instance)
    note = ", ".join(filter(None, [kind, state, _left(instance)]))
    none = Node(f"{arn} none", "task", "No task", column=TASKS)
    return Group("container-instance", title, note, short, nodes=tuple(tasks) or (none,))


def _unusual(instance: Shape) -> Iterator[str]:
    if instance["status"] != "ACTIVE":
        yield instance["status"]
    if not instance["agentConnected"]:
        yield "agent disconnected"


def _left(instance: Shape) -> str:
    left = {one["name"]: one.get("integerValue") for one in instance["remainingResources"]}
    return f"{left['CPU']} CPU units, {left['MEMORY']} MiB left"
