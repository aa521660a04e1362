"""Which way a name of AWS leads: to an endpoint in the VPC, or to a public address. Pure.

An interface endpoint with private DNS takes the service's name over, if the VPC
has both DNS settings; a gateway endpoint is a route to the service's addresses.
What comes by an endpoint has to be allowed by its policy too.

AWS: https://docs.aws.amazon.com/vpc/latest/privatelink/privatelink-access-aws-services.html
     https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html
     https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html
"""

from collections.abc import Iterable, Iterator

from course.sandbox.authorize.decision import Decision
from course.sandbox.authorize.policy import Request, read_policy
from course.sandbox.network.picture import ANY_CLIENT, INTERNET, Endpoint, Network, Place, Vpc
from course.sandbox.network.reachability import steps
from course.sandbox.network.verdict import Step, Verdict, walk

HTTPS = 443
POLICY = "VPC endpoint policy"
"""What AWS's denials call it."""

PUBLIC = "198.51.100.10"
"""One address of those kept for documentation stands for every service whose addresses no list gives."""


def reach_service(
    network: Network,
    source: Place,
    service: str,
    asks: Iterable[Request] = (),
    region: str | None = None,
) -> Verdict:
    """Whether a place reaches a service of AWS, ``ecr.api`` or ``s3`` for example, by HTTPS.

    *asks* are the requests that an endpoint's policy has to allow; *region* is the
    service's, by default the network's own, whose endpoints alone can serve it.
    """
    name = f"com.amazonaws.{region or network.region}.{service}"
    return walk(_steps(network, source, name, tuple(asks)))


def reach_internet(network: Network, source: Place, port: int = HTTPS) -> Verdict:
    """Whether a place reaches a host on the internet by its name, a public registry for example."""
    return walk(_by_name(network, source, INTERNET, port))


def _by_name(network: Network, source: Place, host: Place, port: int) -> Iterator[Step]:
    yield _resolves(network.vpc_of(source))
    yield from steps(network, source, host, port)


def _resolves(vpc: Vpc) -> Step:
    """AWS's DNS server answers only where enableDnsSupport is on; others are not modelled."""
    state = "on: names resolve" if vpc.dns_support else "off: no name resolves"
    return Step("VPC", vpc.id, vpc.dns_support, f"enableDnsSupport of {vpc.id} is {state}")


def _steps(network: Network, source: Place, name: str, asks: tuple[Request, ...]) -> Iterator[Step]:
    vpc = network.vpc_of(source)
    yield _resolves(vpc)
    taken, why_not = _taking_over(network, vpc, name)
    if taken:
        yield Step("endpoint", taken.id, True, f"the name leads to {taken.id}, by private DNS")
        yield from steps(network, source, _node(network, taken, source), HTTPS)
        yield from _allowed(taken, asks)
        return
    passed: list[Step] = []
    for step in steps(network, source, _public_place(network, name), HTTPS):
        yield step if step.passes else _blamed(step, why_not)
        passed.append(step)
    by = next((network.endpoints[one.element] for one in passed if one.kind == "endpoint"), None)
    if by:
        yield from _allowed(by, asks)


def _taking_over(network: Network, vpc: Vpc, name: str) -> tuple[Endpoint | None, Step | None]:
    """The interface endpoint to which a name leads; or the reason why one that is there gets nothing."""
    why_not = None
    for one in network.endpoints.values():
        if one.vpc != vpc.id or one.service != name:
            continue
        why_not = _unused(one, vpc)
        if why_not is None and not one.gateway:
            return one, None
    return None, why_not


def _unused(endpoint: Endpoint, vpc: Vpc) -> Step | None:
    """What keeps an endpoint from being used, if anything does that is not a route."""
    if not endpoint.available:
        return Step("endpoint", endpoint.id, False, f"{endpoint.id} is deleted")
    if endpoint.gateway:
        return None
    if not endpoint.private_dns:
        says = f"{endpoint.id} has no private DNS: the name leads past it"
        return Step("endpoint", endpoint.id, False, says)
    if not vpc.dns_hostnames:
        says = f"enableDnsHostnames of {vpc.id} is off: the name leads past {endpoint.id}"
        return Step("VPC", vpc.id, False, says)
    if not endpoint.nodes:
        return Step("endpoint", endpoint.id, False, f"{endpoint.id} has no subnet")
    return None


def _blamed(step: Step, why_not: Step | None) -> Step:
    """Where the public way fails, an endpoint that could have served is what decides."""
    if why_not is None or step.kind not in ("route table", "public address", "NAT gateway"):
        return step
    says = f"{why_not.says}, and {step.says}"
    return Step(why_not.kind, why_not.element, False, says)


def _node(network: Network, endpoint: Endpoint, source: Place) -> Place:
    """The endpoint's node in the source's own subnet or zone, if it has one there."""
    zone = network.subnets[source.subnet].zone
    subnet, address = min(
        endpoint.nodes,
        key=lambda one: (one[0] != source.subnet, network.subnets[one[0]].zone != zone),
    )
    return Place(endpoint.id, subnet, address, endpoint.groups)


def _public_place(network: Network, name: str) -> Place:
    """A service's public address; where a prefix list has its addresses, the first of them."""
    held = network.prefix_lists.get(network.service_lists.get(name, ""), ())
    address = held[0].partition("/")[0] if held else PUBLIC
    return Place(name, "", address, asks_from=ANY_CLIENT)


def _allowed(endpoint: Endpoint, asks: tuple[Request, ...]) -> Iterator[Step]:
    """What an endpoint's policy says to each request: a deny wins, and something has to allow."""
    for asked in asks:
        decision = _decide(endpoint, asked)
        verb = "allows" if decision.allowed else "does not allow"
        says = f"the policy of {endpoint.id} {verb} {asked.action}"
        denial = "" if decision.allowed else decision.denial
        yield Step("endpoint policy", endpoint.id, decision.allowed, says, denial)


def _decide(endpoint: Endpoint, asked: Request) -> Decision:
    speaking = [
        one
        for one in read_policy(endpoint.id, endpoint.policy).statements
        if one.names(asked.principal) and one.speaks_of(asked)
    ]
    denies = next((one for one in speaking if not one.allows), None)
    if denies:
        return Decision(asked, False, POLICY, endpoint.id, denies)
    return Decision(asked, bool(speaking), POLICY, endpoint.id)
