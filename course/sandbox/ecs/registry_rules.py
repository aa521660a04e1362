"""What ECS refuses of a service's registries in Cloud Map, before it creates anything. Pure.

AWS: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceRegistry.html
     https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-discovery.html
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from course.sandbox.discovery.resources import Registry
from course.sandbox.ecs.balancer_rules import check_container
from course.sandbox.ecs.errors import invalid_parameter
from course.sandbox.ecs.resources import TaskDefinition

Parameters = Mapping[str, Any]
Find = Callable[[str], Registry | None]


def check_registries(definition: TaskDefinition, given: Sequence[Parameters], find: Find) -> None:
    """Refuse a service registry that is not there or does not go with the tasks."""
    if len(given) > 1:
        raise invalid_parameter("A service has one service registry at most.")  # our words
    for one in given:
        arn = one.get("registryArn") or ""
        registry = find(arn)
        if registry is None:
            raise invalid_parameter(f"The service registry {arn} does not exist.")  # our words
        if definition.network_mode == "none":
            raise invalid_parameter(
                "Service discovery needs the network mode awsvpc, bridge or host, not none."
            )  # our words
        if definition.network_mode == "awsvpc":
            _check_own_address(one, registry)
        else:
            _check_instance_port(one, registry)
        if one.get("containerName") and one.get("containerPort") is not None:
            check_container(definition, one)


def _check_instance_port(given: Parameters, registry: Registry) -> None:
    """Under bridge and host the port is the instance's, which only an SRV record tells."""
    if not given.get("containerName") or given.get("containerPort") is None:
        raise invalid_parameter(  # terraform-aws-ecs-service#16, 2018-11; aws-cdk#29245, 2024-02
            "When specifying 'host' or 'bridge' for networkMode, values for 'containerName' and "
            "'containerPort' must be specified from the task definition. "
            f"Registry: {registry.arn}"
        )
    if registry.records and "SRV" not in registry.records:
        raise invalid_parameter(
            "Under the network modes host and bridge the service registry has to make SRV records, "
            f"and it makes {' and '.join(registry.records)} records. Registry: {registry.arn}"
        )  # our words


def _check_own_address(given: Parameters, registry: Registry) -> None:
    """Under awsvpc an SRV record needs a port, said in one way; an A record takes none."""
    container = given.get("containerName"), given.get("containerPort")
    if registry.records and "SRV" not in registry.records:
        for name in ("containerPort", "port"):
            if given.get(name) is not None:
                raise invalid_parameter(  # terraform-aws-ecs-fargate#25, 2020-12
                    f"The values specified for serviceRegistries do not require a value for "
                    f"'{name}'. Remove the value and retry. Registry: {registry.arn}"
                )
        return
    if given.get("port") is not None and any(one is not None for one in container):
        raise invalid_parameter(
            "Give a port, or containerName and containerPort, but not both. "
            f"Registry: {registry.arn}"
        )  # our words
    if "SRV" in registry.records and given.get("port") is None and None in container:
        raise invalid_parameter(
            "The service registry makes SRV records: a port, or containerName and containerPort, "
            f"is required. Registry: {registry.arn}"
        )  # our words
