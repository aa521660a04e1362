"""Requests from outside to a name that only some tasks know: refused, and it is said who would resolve it."""

from course.sandbox.discovery.cloud_map import CloudMap
from course.sandbox.discovery.names import is_private
from course.sandbox.ecs.resources import Task
from course.sandbox.traffic.address import Address
from course.sandbox.traffic.lead import Lead
from course.sandbox.traffic.way import Refusal
from course.sandbox.world import ACCOUNT_ID, World


class PrivateName:
    """The names of Cloud Map's private namespaces and of Service Connect, in one world."""

    def __init__(self, world: World) -> None:
        self.world = world

    def lead(self, address: Address) -> Lead | None:
        """Nowhere: nobody outside resolves it; None for a name of another kind."""
        for region in sorted({self.world.region, *self.world.regions}):
            who = self._knows(region, address.host)
            if who:
                why = (
                    f"could not resolve host: {address.host} is {who}; ask from there, by ECS Exec"
                )
                return Lead(refusal=Refusal(None, why))
        return None

    def _knows(self, region: str, host: str) -> str:
        """What a name is, and who knows it; empty for one of another kind."""
        found = is_private(host, CloudMap(ACCOUNT_ID, region).registries())
        if found:
            space = found.namespace
            return f"a name of the private namespace {space.name}, which only {space.vpc_id} knows"
        for service in self.world.ecs(region).services.values():
            offered = service.primary.connection if service.deployments else None
            if offered and any(one.dns_name == host.lower() for one in offered.own):
                return (
                    f"an endpoint of Service Connect in {offered.namespace_name}, which only tasks "
                    "of services in that namespace know"
                )
        return ""

    def lets_go(self, task: Task, port: int) -> str:
        """Nobody stands between."""
        return ""
