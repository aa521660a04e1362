"""Service Connect of one deployment: what its service offers in a namespace, and what its tasks know of it.

AWS: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-connect.html
"""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A name and port by which tasks of the namespace ask a service: a client alias.

    *discovery_arn* is the Cloud Map service whose instances answer; *protocol* is the
    appProtocol of the port, or tcp.
    """

    dns_name: str
    port: int
    discovery_name: str
    discovery_arn: str = ""
    protocol: str = "tcp"

    @property
    def speaks_http(self) -> bool:
        """Whether the proxies understand what is asked, and can answer themselves."""
        return self.protocol in ("http", "http2", "grpc")


@dataclass(frozen=True, slots=True)
class Connection:
    """*own* are the endpoints of the service itself, *known* those that existed at its deployment.

    *registries* are what each task registers as, in the shape of a service registry;
    *inside* is the container port behind each port that the proxy listens on.
    """

    namespace_arn: str
    namespace_name: str
    own: tuple[Endpoint, ...] = ()
    known: tuple[Endpoint, ...] = ()
    registries: tuple[dict[str, Any], ...] = ()
    inside: dict[int, int] = field(default_factory=dict)

    @property
    def resources(self) -> list[dict[str, str]]:
        """As DescribeServices lists them with a deployment."""
        names = {one.discovery_name: one.discovery_arn for one in self.own}
        return [{"discoveryName": name, "discoveryArn": arn} for name, arn in names.items()]
