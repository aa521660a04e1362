"""Requests from outside to a name that only a VPC knows: refused, and it is said who would resolve it."""

from course.sandbox.discovery.cloud_map import CloudMap
from course.sandbox.discovery.names import is_private
from course.sandbox.ecs.resources import Task
from course.sandbox.traffic.address import Address
from course.sandbox.traffic.lead import Lead
from course.sandbox.traffic.way import Refusal
from course.sandbox.world import ACCOUNT_ID, World


class PrivateName:
    """The names of Cloud Map's private namespaces, in one world."""

    def __init__(self, world: World) -> None:
        self.world = world

    def lead(self, address: Address) -> Lead | None:
        """Nowhere: nobody outside the VPC resolves it; None for a name of another kind."""
        for region in sorted({self.world.region, *self.world.regions}):
            found = is_private(address.host, CloudMap(ACCOUNT_ID, region).registries())
            if found:
                space = found.namespace
                why = (
                    f"could not resolve host: {address.host} is a name of the private namespace "
                    f"{space.name}, which only {space.vpc_id} knows; ask from a task in it, by ECS Exec"
                )
                return Lead(refusal=Refusal(None, why))
        return None

    def lets_go(self, task: Task, port: int) -> str:
        """Nobody stands between."""
        return ""
