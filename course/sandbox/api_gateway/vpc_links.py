"""VPC links through their lives: PENDING until their network interfaces serve, DELETING until they are gone.

AWS: https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-vpc-links-v2.html
     AWS says of the time that it is a few minutes; how many is our model (``stages.toml``). The
     two messages are those of the CLI's examples, of 2020.
"""

from collections.abc import Callable

from course.sandbox.api_gateway.resources import VpcLink
from course.sandbox.ecs.task_lifecycle import seconds
from course.sandbox.network.interfaces import Interfaces, NoFreeAddress
from course.sandbox.world import World

MESSAGES = {
    "PENDING": "VPC link is provisioning ENIs",
    "AVAILABLE": "VPC link is ready to route traffic",
}


class VpcLinks:
    """Brings the VPC links of one world up, and takes them away."""

    def __init__(self, world: World, interfaces: Callable[[str], Interfaces]) -> None:
        self.world = world
        self._interfaces = interfaces

    def begin(self, region: str, link: VpcLink) -> None:
        """A link was created: it gets an interface in each of its subnets, and becomes AVAILABLE.

        It becomes FAILED where a subnet has no address left.
        """
        self.world.gateway(region).vpc_links[link.vpc_link_id] = link
        link.vpc_link_status_message = MESSAGES["PENDING"]
        self._say(link, "PENDING")
        try:
            for one in link.subnet_ids:
                link.interfaces.append(self._attach(region, link, one))
        except NoFreeAddress:
            self._release(region, link)
        self.world.clock.after(self._lasts("provisioning"), self._finish, link)

    def delete(self, region: str, link: VpcLink) -> None:
        """A link is asked to go: DELETING, and then its interfaces give their addresses back."""
        self._set(link, "DELETING")
        self.world.clock.after(self._lasts("deleting"), self._remove, region, link)

    def _attach(self, region: str, link: VpcLink, subnet: str) -> str:
        name, groups = f"VPC link {link.vpc_link_id}", list(link.security_group_ids)
        return self._interfaces(region).attach_balancer(subnet, groups, name, public=False)

    def _finish(self, link: VpcLink) -> None:
        if link.vpc_link_status == "PENDING":
            self._set(link, "AVAILABLE" if link.interfaces else "FAILED")

    def _remove(self, region: str, link: VpcLink) -> None:
        self._release(region, link)
        self.world.gateway(region).vpc_links.pop(link.vpc_link_id, None)
        self._say(link, f"{link.vpc_link_status} -> gone")

    def _release(self, region: str, link: VpcLink) -> None:
        for one in link.interfaces:
            self._interfaces(region).detach_balancer(one)
        link.interfaces = []

    def _set(self, link: VpcLink, status: str) -> None:
        before, link.vpc_link_status = link.vpc_link_status, status
        failed = "a subnet has no address left" if status == "FAILED" else ""  # our words
        link.vpc_link_status_message = MESSAGES.get(status, failed)
        self._say(link, f"{before} -> {status}", failed)

    def _say(self, link: VpcLink, what: str, why: str = "") -> None:
        self.world.record("gateway", f"VPC link {link.name} {what}", why=why)

    def _lasts(self, stage: str) -> float:
        return seconds(stage, profile=self.world.profile, launch_type="VPC_LINK")
