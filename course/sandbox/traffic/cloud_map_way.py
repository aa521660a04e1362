"""From a VPC link to the instances of a Cloud Map service: to their addresses and ports, without a balancer.

Both have to be known, so the service has SRV records, or is Service Connect's. Requests are shared evenly
(our model); an instance that is UNHEALTHY gets none.

AWS: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-private.html
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from course.sandbox.network.picture import Place
from course.sandbox.network.ways import Ways
from course.sandbox.traffic.lead import Lead, Server
from course.sandbox.traffic.task_address import TaskAddress
from course.sandbox.traffic.way import Refusal

Instances = Callable[[str], Iterable[tuple[str, int | None]]]
"""Address and port of each instance of a service, by its ARN, that may be sent requests."""


class CloudMapWay:
    """Leads to the tasks behind the instances of Cloud Map's services, in one world."""

    def __init__(
        self, instances: Instances, tasks: TaskAddress, ways: Callable[[str], Ways]
    ) -> None:
        self._instances = instances
        self._tasks = tasks
        self._ways = ways
        self._led: dict[str, None] = {}

    def changes(self) -> tuple[object, ...]:
        """What differs once requests that were led to a service would go to other instances."""
        return tuple(tuple(self._instances(arn)) for arn in self._led)

    def lead(self, arn: str, places: Sequence[Place]) -> Lead:
        """From a link's network interfaces to whoever is registered, each with its share."""
        self._led[arn] = None
        name = f"Cloud Map service {arn.rsplit('/', 1)[-1]}"
        found = list(self._instances(arn))
        known = [(address, port) for address, port in found if port is not None]
        if not known:
            why = (
                "says no port: it needs SRV records, or Service Connect"
                if found
                else "has no healthy instance"
            )
            return Lead(refusal=Refusal(None, f"{name} {why}"))
        region = arn.split(":")[3]
        servers, nobody = list[Server](), ""
        for address, port in known:
            server = self._server(region, places, address, port)
            if server is None:
                nobody = f"connection refused: no task has {address}:{port}"
            else:
                servers.append(replace(server, by=(f"instance {address}:{port}",)))
        missing = 1 - len(servers) / len(known)
        refusal = Refusal(None, nobody, missing) if nobody else None
        shared = tuple(replace(one, share=1 / len(servers)) for one in servers)
        return Lead(shared, refusal, by=(name,))

    def _server(
        self, region: str, places: Sequence[Place], address: str, port: int
    ) -> Server | None:
        ways = self._ways(region)
        verdict = ways.between(places, address, port)
        server = self._tasks.behind(region, ways.network.vpc_of(places[0]).id, address, port)
        if server is None or verdict.reached:
            return server
        return replace(server, blocked=f"timed out: {verdict.why}")
