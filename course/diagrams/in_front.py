"""What stands in front of a cluster's services, read from state and drawn as the patterns are.

From a service back to its visitors: the load balancers that lead to its target groups,
and the HTTP APIs that come to one of their listeners through a VPC link. Reads only.
"""

from collections.abc import Iterator

from course.diagrams.doors import Balancer, Doors, groups_of, read_doors
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


def to_graph(session: Session, cluster: str) -> Graph:
    """What is drawn of a cluster."""
    account = read(session, cluster)
    services = account.clusters[0].services
    doors = read_doors(session, services)
    pieces = [*_gateways(doors)]
    pieces += [piece for one in doors.balancers for piece in _balancer(one, services)]
    pieces += [piece for service in services for piece in _service(service, account)]
    nodes = {one.id: one for one in pieces if isinstance(one, Node)}
    edges = dict.fromkeys(one for one in pieces if isinstance(one, Edge))
    return Graph(nodes=tuple(nodes.values()), edges=tuple(edges))


def _service(service: Shape, account: Account) -> Iterator[Node | Edge]:
    """The service, and the images of its newest task definition."""
    arn = service["serviceArn"]
    tasks = f"{service['runningCount']} of {service['desiredCount']} running"
    for container in account.definitions[service["taskDefinition"]]["containerDefinitions"]:
        host, _, image = container["image"].rpartition("/")
        yield Node(container["image"], "image", image, facts=(Fact(host or "Docker Hub"),))
        yield Edge(container["image"], arn, "pulled")
    yield Node(arn, "service", service["serviceName"], facts=(Fact(tasks),))


def _balancer(balancer: Balancer, services: list[Shape]) -> Iterator[Node | Edge]:
    public = balancer.shape["Scheme"] == "internet-facing"
    for listener in balancer.listeners:
        spoken = Fact(f"{listener['Protocol']} {listener['Port']}")
        facts = (spoken,) if public else (spoken, Fact("internal"))
        if public:
            yield VISITORS
            yield Edge(VISITORS.id, balancer.arn, listener["Protocol"])
        title = balancer.shape["LoadBalancerName"]
        yield Node(balancer.arn, "load-balancer", title, facts=facts)
    for service in services:
        if set(groups_of(service)) & set(balancer.groups):
            yield Edge(balancer.arn, service["serviceArn"], "to a task")


def _gateways(doors: Doors) -> Iterator[Node | Edge]:
    """Each API, and the link by which it comes to a load balancer."""
    leads = {
        one["ListenerArn"]: (balancer, one)
        for balancer in doors.balancers
        for one in balancer.listeners
    }
    for api in doors.apis:
        for made in api.integrations:
            link = doors.links.get(made.get("ConnectionId", ""))
            if link and made["IntegrationUri"] in leads:
                balancer, listener = leads[made["IntegrationUri"]]
                yield from _through(api.shape, link)
                yield Edge(link["VpcLinkId"], balancer.arn, listener["Protocol"])


def _through(api: Shape, link: Shape) -> Iterator[Node | Edge]:
    yield VISITORS
    yield Node(api["ApiId"], "api", api["Name"], facts=(Fact(f"{api['ProtocolType']} API"),))
    yield Node(link["VpcLinkId"], "vpc-link", link["Name"], facts=(Fact(link["VpcLinkStatus"]),))
    yield Edge(VISITORS.id, api["ApiId"], "HTTPS")
    yield Edge(api["ApiId"], link["VpcLinkId"], "private")
