"""What stands in front of a cluster's services, read from state and drawn as the patterns are.

From a service back to its visitors: the target groups it registers in, the listeners
that lead there, and their load balancers. Reads only.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from course.diagrams.graph import Edge, Fact, Graph, Node, name
from course.diagrams.patterns import drawn
from course.diagrams.picture import Picture
from course.diagrams.reading import Account, Session, Shape, read

VISITORS = Node("visitors", "visitors", "Visitors")


def in_front(session: Session, cluster: str) -> Picture:
    """The picture of a cluster's services with what leads to them. Raises LookupError for no cluster."""
    graph = to_graph(session, cluster)
    names = {node.id: name(node) for node in graph.all_nodes()}
    ways = [f"{names[edge.tail]} to {names[edge.head]}" for edge in graph.edges]
    return drawn(graph, f"In front of cluster {cluster}: {', '.join(ways)}.", f"cluster {cluster}")


@dataclass(frozen=True)
class Door:
    """A listener of a load balancer, and the target groups that its rules lead to."""

    balancer: Shape
    listener: Shape
    groups: frozenset[str]


def to_graph(session: Session, cluster: str) -> Graph:
    """What is drawn of a cluster."""
    account = read(session, cluster)
    pieces: list[Node | Edge] = []
    doors = list(_doors(session.client("elbv2")))
    for service in account.clusters[0].services:
        behind = {one["targetGroupArn"] for one in service["loadBalancers"]}
        leading = [door for door in doors if door.groups & behind]
        pieces += _service(service, account)
        for door in leading:
            pieces += _balanced(door, service)
    nodes = {one.id: one for one in pieces if isinstance(one, Node)}
    edges = dict.fromkeys(one for one in pieces if isinstance(one, Edge))
    return Graph(nodes=tuple(nodes.values()), edges=tuple(edges))


def _doors(elb: Any) -> Iterator[Door]:
    for balancer in elb.describe_load_balancers()["LoadBalancers"]:
        arn = balancer["LoadBalancerArn"]
        for listener in elb.describe_listeners(LoadBalancerArn=arn)["Listeners"]:
            rules = elb.describe_rules(ListenerArn=listener["ListenerArn"])["Rules"]
            yield Door(balancer, listener, frozenset(_led_to([listener, *rules])))


def _led_to(rules: list[Shape]) -> Iterator[str]:
    for rule in rules:
        actions: list[Shape] = rule.get("DefaultActions") or rule.get("Actions") or []
        for action in actions:
            named = action.get("ForwardConfig", {}).get("TargetGroups", [])
            yield from (one["TargetGroupArn"] for one in named)
            yield from filter(None, [action.get("TargetGroupArn")])


def _service(service: Shape, account: Account) -> Iterator[Node | Edge]:
    """The service, and the images of its newest task definition."""
    arn = service["serviceArn"]
    tasks = f"{service['runningCount']} of {service['desiredCount']} running"
    for container in account.definitions[service["taskDefinition"]]["containerDefinitions"]:
        host, _, image = container["image"].rpartition("/")
        yield Node(container["image"], "image", image, facts=(Fact(host or "Docker Hub"),))
        yield Edge(container["image"], arn, "pulled")
    yield Node(arn, "service", service["serviceName"], facts=(Fact(tasks),))


def _balanced(door: Door, service: Shape) -> Iterator[Node | Edge]:
    arn, listener = door.balancer["LoadBalancerArn"], door.listener
    spoken = f"{listener['Protocol']} {listener['Port']}"
    public = door.balancer["Scheme"] == "internet-facing"
    if public:
        yield VISITORS
        yield Edge(VISITORS.id, arn, listener["Protocol"])
    facts = (Fact(spoken), *(() if public else (Fact("internal"),)))
    yield Node(arn, "load-balancer", door.balancer["LoadBalancerName"], facts=facts)
    yield Edge(arn, service["serviceArn"], "to a task")
