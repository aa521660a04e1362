"""What others ask of the network of a Region: who reaches whom, now, and which element decides.

``between`` answers for a load balancer's health checks and for a task that
calls another, ``to_service`` and ``to_internet`` for pulls, secrets and logs,
``from_internet`` for whoever comes from outside. The rules are in
``reachability``; the picture they look at is read once per API call, since
nothing else changes it.
"""

from collections.abc import Iterable, Sequence

from course.sandbox.authorize.policy import Request
from course.sandbox.network.endpoints import HTTPS, reach_internet, reach_service
from course.sandbox.network.picture import ANY_CLIENT, INTERNET, Network, Place
from course.sandbox.network.reachability import reach
from course.sandbox.network.verdict import Step, Verdict
from course.sandbox.network.vpc_picture import (
    first_address,
    instance_place,
    interface_place,
    network_of,
    place_at,
)
from course.sandbox.world import ACCOUNT_ID, World


class Ways:
    """The ways of one Region, in one world."""

    def __init__(self, world: World, region: str) -> None:
        self._world = world
        self._region = region
        self._read: tuple[int, Network] | None = None

    @property
    def network(self) -> Network:
        """The picture as it is now."""
        calls = self._world.history.total
        if self._read is None or self._read[0] != calls:
            self._read = calls, network_of(ACCOUNT_ID, self._region)
        return self._read[1]

    # --- Where ways begin and end

    def interface(self, interface_id: str) -> Place | None:
        """A network interface by its id; None for one that is not there."""
        return interface_place(ACCOUNT_ID, self._region, interface_id)

    def instance(self, instance_id: str) -> Place | None:
        """An EC2 instance's primary network interface, through which its agent and bridge mode go."""
        return instance_place(ACCOUNT_ID, self._region, instance_id)

    def nodes(
        self,
        name: str,
        subnet_ids: Iterable[str],
        group_ids: Iterable[str] = (),
        *,
        internet_facing: bool = False,
    ) -> tuple[Place, ...]:
        """A load balancer's nodes, one in each subnet; it has no network interface in moto.

        *name* is what verdicts call it; subnets that are gone are left out.
        """
        subnets = self.network.subnets
        address = {one: first_address(subnets[one].cidr) for one in subnet_ids if one in subnets}
        groups, public = tuple(group_ids), name if internet_facing else ""
        return tuple(Place(name, one, address[one], groups, public, ANY_CLIENT) for one in address)

    # --- Verdicts

    def between(
        self,
        source: Place | Sequence[Place],
        target: Place | str,
        port: int,
        protocol: str = "tcp",
    ) -> Verdict:
        """Whether *source* reaches a port of *target*: a place, or a private address in the same VPC.

        Several places, a load balancer's nodes, all have to; the first that does not
        decides. Raises ValueError without any source.
        """
        sources = [source] if isinstance(source, Place) else list(source)
        if not sources:
            raise ValueError("there is no source: none of its subnets is there")
        verdicts = [self._between(one, target, port, protocol) for one in sources]
        return next((one for one in verdicts if not one.reached), verdicts[0])

    def _between(self, source: Place, target: Place | str, port: int, protocol: str) -> Verdict:
        network = self.network
        if isinstance(target, Place):
            return reach(network, source, target, port, protocol)
        vpc = network.vpc_of(source).id
        found = place_at(ACCOUNT_ID, self._region, vpc, target)
        if found is None:
            step = Step("address", target, False, f"no network interface of {vpc} has {target}")
            return Verdict(False, target, step.says, (step,))
        return reach(network, source, found, port, protocol)

    def to_service(
        self,
        source: Place,
        service: str,
        asks: Iterable[Request] = (),
        *,
        region: str | None = None,
    ) -> Verdict:
        """Whether a place reaches a service of AWS such as ``ecr.api``, and an endpoint's policy lets *asks* through."""
        return reach_service(self.network, source, service, asks, region)

    def to_internet(self, source: Place, port: int = HTTPS) -> Verdict:
        """Whether a place reaches a host on the internet."""
        return reach_internet(self.network, source, port)

    def from_internet(self, target: Place, port: int) -> Verdict:
        """Whether somebody on the internet reaches a port of a place."""
        return reach(self.network, INTERNET, target, port)
