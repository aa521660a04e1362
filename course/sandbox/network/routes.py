"""Route tables: the most specific route that fits an address decides. Pure.

AWS: https://docs.aws.amazon.com/vpc/latest/userguide/route-tables-priority.html
"""

from course.sandbox.network.picture import Network, Route, RouteTable, block, is_in


def route_for(network: Network, table: RouteTable, address: str) -> Route | None:
    """The route with the longest prefix around an address; None where no route fits."""
    best: tuple[int, Route] | None = None
    for route in table.routes:
        for cidr in blocks(network, route.destination):
            if is_in(address, cidr) and (best is None or block(cidr).prefixlen > best[0]):
                best = (block(cidr).prefixlen, route)
    return best[1] if best else None


def blocks(network: Network, destination: str) -> tuple[str, ...]:
    """A destination's CIDR blocks: those of a prefix list, or the one it is."""
    if destination.startswith("pl-"):
        return network.prefix_lists.get(destination, ())
    return (destination,)
