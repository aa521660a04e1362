"""The cards of what stands in front of services, and the arrows between them: a request's way from the left."""

from collections import Counter
from collections.abc import Iterator

from course.diagrams.doors import Api, Balancer, Doors, host_of, sent_to
from course.diagrams.graph import Edge, Fact, Node
from course.diagrams.reading import Shape

SHOWN = 4
"""How many routes or rules a card names before it counts the rest."""

CONDITIONS = ("PathPatternConfig", "HostHeaderConfig", "HttpRequestMethodConfig")
"""Of a rule's conditions those whose values say enough by themselves."""


def cards(doors: Doors) -> Iterator[Node]:
    """A card for each API, VPC link, load balancer and target group, in the order of a request."""
    yield from (_api(one) for one in doors.apis)
    yield from (_link(one) for one in doors.links.values())
    yield from (_balancer(one, doors) for one in doors.balancers)
    yield from (_group(one, doors) for one in doors.groups.values())


def arrows(doors: Doors) -> Iterator[Edge]:
    """From APIs over links to balancers, and on to target groups, each arrow once."""
    found = [edge for api in doors.apis for edge in _from_api(api, doors)]
    for balancer in doors.balancers:
        found += [Edge(balancer.arn, arn) for arn in balancer.groups if arn in doors.groups]
    yield from dict.fromkeys(found)


def ways_in(doors: Doors) -> list[str]:
    """The names of what stands in front, for the alt text."""
    return [
        *(f"API {one.shape['Name']}" for one in doors.apis),
        *(f"VPC link {one['Name']}" for one in doors.links.values()),
        *(f"load balancer {one.shape['LoadBalancerName']}" for one in doors.balancers),
        *(f"target group {one['TargetGroupName']}" for one in doors.groups.values()),
    ]


def from_cloud_map(doors: Doors, registry: str) -> Iterator[str]:
    """Of a Cloud Map service, by its ARN, the cards from which requests come to its instances."""
    for api in doors.apis:
        for one in api.integrations:
            if one["IntegrationUri"] == registry:
                link = one.get("ConnectionId")
                yield link if link in doors.links else api.shape["ApiId"]


def _from_api(api: Api, doors: Doors) -> Iterator[Edge]:
    of_listener = {
        one["ListenerArn"]: each.arn for each in doors.balancers for one in each.listeners
    }
    by_name = {each.shape["DNSName"].lower(): each.arn for each in doors.balancers}
    for one in api.integrations:
        link = one.get("ConnectionId")
        behind = of_listener.get(one["IntegrationUri"]) or by_name.get(host_of(one))
        if link in doors.links:
            yield Edge(api.shape["ApiId"], link)
        if behind:
            yield Edge(link if link in doors.links else api.shape["ApiId"], behind)


def _api(api: Api) -> Node:
    stages = [Fact(f"stage {one['StageName']}") for one in api.stages]
    routes = [Fact(f"route {one['RouteKey']}") for one in api.routes]
    facts = (*stages, *_first(routes, "route"))
    return Node(api.shape["ApiId"], "api", f"API {api.shape['Name']}", "", facts)


def _link(link: Shape) -> Node:
    count = len(link["SubnetIds"])
    facts = (Fact(f"in {count} subnet{'' if count == 1 else 's'}", "subnet"),)
    title = f"VPC link {link['Name']}"
    return Node(link["VpcLinkId"], "vpc-link", title, link["VpcLinkStatus"], facts)


def _balancer(balancer: Balancer, doors: Doors) -> Node:
    shape = balancer.shape
    facts = [Fact(f"{shape['Type']}, {shape['Scheme']}")]
    for listener in balancer.listeners:
        facts.append(Fact(f"listener {listener['Protocol']}:{listener['Port']}"))
        rules = balancer.rules[listener["ListenerArn"]]
        facts += _first([Fact(_rule(one, doors)) for one in rules], "rule")
    state = shape["State"]["Code"]
    title = f"load balancer {shape['LoadBalancerName']}"
    return Node(balancer.arn, "load-balancer", title, state, tuple(facts))


def _rule(rule: Shape, doors: Doors) -> str:
    """``rule 10 /api/* to api``; what sends to nobody is named by its action."""
    values = (
        str(value)
        for condition in rule["Conditions"]
        for config in CONDITIONS
        for value in condition.get(config, {}).get("Values", ())
    )
    named = "default" if rule["Priority"] == "default" else f"rule {rule['Priority']}"
    when = " ".join((named, *values))
    groups = [doors.groups[arn]["TargetGroupName"] for arn in sent_to(rule) if arn in doors.groups]
    return f"{when} to {', '.join(groups)}" if groups else f"{when}: {rule['Actions'][-1]['Type']}"


def _group(group: Shape, doors: Doors) -> Node:
    states = Counter(doors.health[group["TargetGroupArn"]])
    counted = ", ".join(f"{count} {state}" for state, count in sorted(states.items()))
    facts = (
        Fact(f"{group['Protocol']} {group['Port']}, targets by {group['TargetType']}"),
        Fact(counted or "no target"),
    )
    title = f"target group {group['TargetGroupName']}"
    return Node(group["TargetGroupArn"], "target-group", title, "", facts)


def _first(facts: list[Fact], what: str) -> list[Fact]:
    """The first few, and how many more there are."""
    if len(facts) <= SHOWN:
        return facts
    return [*facts[: SHOWN - 1], Fact(f"and {len(facts) - SHOWN + 1} more {what}s")]
