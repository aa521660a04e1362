"""Whether a load balancer's requests reach a target: by its subnets, routes and security groups."""

from typing import Protocol

from course.sandbox.balancing.balancers import Group
from course.sandbox.balancing.targets import Target


class Ways(Protocol):
    """What health checks ask of the network."""

    def reach(self, group: Group, target: Target, port: int) -> bool:
        """Whether a request of the group's load balancers comes to this port of the target."""
        ...


class EveryWay:
    """A network in which nothing is in the way."""

    def reach(self, group: Group, target: Target, port: int) -> bool:
        """True."""
        return True
