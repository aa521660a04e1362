"""What ECS refuses of a service's load balancers and roles, before it creates anything.

Pure: the rules look at parameters and ask what is there, and raise Refused with
AWS's code, and with AWS's text where a user copied one.

AWS: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-load-balancing.html
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from course.sandbox.ecs.errors import invalid_parameter
from course.sandbox.ecs.resources import TaskDefinition

Parameters = Mapping[str, Any]
Assumable = Callable[[str], bool]

TYPES = {"awsvpc": "ip", "bridge": "instance", "host": "instance"}
"""The target type that goes with each network mode."""


class Balancers(Protocol):
    """What the rules ask of Elastic Load Balancing."""

    def target_type(self, target_group_arn: str) -> str | None: ...
    def has_load_balancer(self, target_group_arn: str) -> bool: ...
    def classic_exists(self, name: str) -> bool: ...


def check_load_balancers(
    definition: TaskDefinition, given: Sequence[Parameters], balancers: Balancers
) -> None:
    """Refuse a load balancer that is not there or does not go with the tasks."""
    for one in given:
        if one.get("targetGroupArn"):
            _check_target_group(definition, one["targetGroupArn"], balancers)
        elif one.get("loadBalancerName") and not balancers.classic_exists(one["loadBalancerName"]):
            raise invalid_parameter(  # amazon-ecs-agent#647
                f"The load balancer {one['loadBalancerName']} does not exist."
            )
        check_container(definition, one)


def _check_target_group(definition: TaskDefinition, arn: str, balancers: Balancers) -> None:
    kind, mode = balancers.target_type(arn), definition.network_mode
    if kind is None:
        raise invalid_parameter(f"The target group {arn} does not exist.")  # our words
    if kind != TYPES.get(mode, kind):
        raise invalid_parameter(  # terraform-aws-ecs-gitlab#5, 2020-02
            f"The provided target group {arn} has target type {kind}, which is incompatible with "
            f"the {mode} network mode specified in the task definition."
        )
    if not balancers.has_load_balancer(arn):
        raise invalid_parameter(  # terraform-aws-ecs-web-app#226, 2023-03
            f"The target group with targetGroupArn {arn} does not have an associated load balancer."
        )


def check_container(definition: TaskDefinition, given: Parameters) -> None:
    """The container and its port are those of the task definition; AWS's words are only remembered."""
    name, port = given.get("containerName"), given.get("containerPort")
    named = [one for one in definition.container_definitions if one["name"] == name]
    if not named:
        raise invalid_parameter(f"The container {name} does not exist in the task definition.")
    ports = [one.get("containerPort") for one in named[0].get("portMappings") or []]
    if port not in ports:
        raise invalid_parameter(  # only remembered
            f"The container {name} did not have a container port {port} defined."
        )


def check_service_role(given: Parameters, assumable: Assumable) -> None:
    """Refuse a role of the service's own that ECS cannot assume to look at its target groups."""
    groups = [one for one in given.get("loadBalancers") or [] if one.get("targetGroupArn")]
    if given.get("role") and groups and not assumable(given["role"]):
        raise invalid_parameter(  # amazon-ecs-cli#21, 2017
            "Unable to assume role and validate the specified targetGroupArn. Please verify that "
            "the ECS service role being passed has the proper permissions."
        )


def check_infrastructure_roles(given: Parameters, assumable: Assumable) -> None:
    """Refuse a volume whose ECS infrastructure role does not trust ECS."""
    for volume in given.get("volumeConfigurations") or []:
        role = (volume.get("managedEBSVolume") or {}).get("roleArn")
        if role and not assumable(role):
            raise invalid_parameter(  # terraform-provider-aws#38538, 2024-07
                f"ECS was unable to assume the configured ECS Infrastructure Role '{role}'. Please "
                "verify that the role being passed has the proper trust relationship with Amazon ECS."
            )
