"""A URL, taken apart as far as a request needs it."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from course.sandbox.errors import SandboxError

PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Address:
    """Where a request goes."""

    scheme: str
    host: str
    port: int
    path: str = "/"
    query: str = ""

    def __str__(self) -> str:
        usual = PORTS[self.scheme] == self.port
        query = f"?{self.query}" if self.query else ""
        return f"{self.scheme}://{self.host}{'' if usual else f':{self.port}'}{self.path}{query}"


def read_url(text: str) -> Address:
    """A URL's parts; a bare name means ``http://``. Raises SandboxError, which says what was expected."""
    try:
        parts = urlsplit(text if "//" in text else f"http://{text}")
        port = parts.port or PORTS[parts.scheme]
        if not parts.hostname:
            raise ValueError("no host")
    except (ValueError, KeyError) as error:
        raise SandboxError(
            f"{text!r} is no address to send requests to: give the URL of a load balancer, such as "
            "http://NAME/ with the DNSName that DescribeLoadBalancers shows, of an API (its ApiEndpoint), "
            "or of a task's public address, such as http://203.0.113.7:8080/"
        ) from error
    return Address(parts.scheme, parts.hostname, port, parts.path or "/", parts.query)
