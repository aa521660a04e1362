"""What API Gateway asks of Cloud Map: whether a service is there, and where its instances are.

An adapter: it looks into moto's Cloud Map.

AWS: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-private.html
"""

from collections.abc import Iterator
from typing import Any

from moto.servicediscovery.models import servicediscovery_backends


def service_exists(arn: str) -> bool:
    """Whether there is a Cloud Map service of this ARN."""
    return _service(arn) is not None


def healthy_instances(arn: str) -> Iterator[tuple[str, int | None]]:
    """Address and port of each instance that may be sent requests; a port that nobody said is None."""
    found = _service(arn)
    for one in found.instances if found else ():
        port = one.attributes.get("AWS_INSTANCE_PORT", "")
        if one.health_status != "UNHEALTHY" and one.attributes.get("AWS_INSTANCE_IPV4"):
            yield one.attributes["AWS_INSTANCE_IPV4"], int(port) if port.isdecimal() else None


def _service(arn: str) -> Any:
    _, _, _, region, account_id, _ = arn.split(":", 5)
    found = servicediscovery_backends[account_id][region].services.get(arn.rsplit("/", 1)[-1])
    return found if found and found.arn == arn else None
