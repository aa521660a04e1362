"""A load balancer's own life: provisioning until it has its network interfaces, then active.

AWS: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_LoadBalancerState.html
"""

from collections.abc import Callable

from course.sandbox.balancing.balancers import Balancers
from course.sandbox.ecs.task_lifecycle import seconds
from course.sandbox.network.interfaces import Interfaces
from course.sandbox.world import ACCOUNT_ID, World


class Provisioning:
    """Brings load balancers up and takes them away, in one world; *look* hears of a changed Region."""

    def __init__(
        self,
        world: World,
        interfaces: Callable[[str], Interfaces],
        look: Callable[[str], None],
    ) -> None:
        self.world = world
        self._interfaces = interfaces
        self._look = look
        self._held: dict[str, list[str]] = {}

    def begin(self, region: str, arn: str) -> None:
        """A load balancer was created: it gets an interface in each of its subnets, and becomes active."""
        self.place(region, arn)
        wait = seconds("provisioning", profile=self.world.profile, launch_type="BALANCER")
        self.world.record("elb", f"{arn.split('/')[-2]} provisioning")
        self.world.clock.after(wait, self._finish, region, arn)

    def place(self, region: str, arn: str) -> None:
        """Give a load balancer an interface in each of its subnets, and nowhere else."""
        front = Balancers(ACCOUNT_ID, region).front(arn)
        self.remove(region, arn)
        if front is None:
            return
        interfaces = self._interfaces(region)
        name = f"ELB {arn.partition('loadbalancer/')[2]}"
        self._held[arn] = [
            interfaces.attach_balancer(
                one,
                list(front.security_groups),
                name,
                public=front.scheme == "internet-facing",
            )
            for one in front.subnets
        ]

    def remove(self, region: str, arn: str) -> None:
        """The load balancer's interfaces go."""
        for one in self._held.pop(arn, []):
            self._interfaces(region).detach_balancer(one)

    def _finish(self, region: str, arn: str) -> None:
        if Balancers(ACCOUNT_ID, region).activate(arn):
            self.world.record("elb", f"{arn.split('/')[-2]} active")
            self._look(region)
