"""The condition keys of ECS's own that a call has: ``ecs:cluster``, ``ecs:task-definition`` ...

AWS: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerservice.html
"""

from collections.abc import Callable, Mapping
from typing import Any

from course.sandbox.ecs.resources import Region
from course.sandbox.identity.asked import Call
from course.sandbox.identity.ecs_resources import (
    actions_table,
    cluster_of,
    definition_arn,
    short,
)


def keys_of(operation: str) -> list[str]:
    """The condition keys an operation has, beside those of tags."""
    return [key for key, operations in actions_table()["keys"].items() if operation in operations]


def keys(call: Call, region: Region) -> dict[str, object]:
    """The condition keys of a call with their values; a key without a value is not there."""
    found = {name: _KEYS[name](call, region) for name in keys_of(call.operation)}
    return {name: value for name, value in found.items() if value not in (None, [], "")}


def _cluster_arn(call: Call, region: Region) -> object:
    return call.arn("ecs", f"cluster/{cluster_of(call)}")


def _providers(call: Call, region: Region) -> object:
    strategy = call.given.get("capacityProviderStrategy") or call.given.get(
        "defaultCapacityProviderStrategy"
    )
    named = [one.get("capacityProvider", "") for one in strategy or []]
    return [
        *named,
        *(one for one in call.given.get("capacityProviders") or [] if isinstance(one, str)),
    ]


def _awsvpc(call: Call) -> Mapping[str, Any]:
    return (call.given.get("networkConfiguration") or {}).get("awsvpcConfiguration") or {}


def _subnets(call: Call, region: Region) -> object:
    return [call.arn("ec2", f"subnet/{one}") for one in _awsvpc(call).get("subnets") or []]


def _service_arn(call: Call, region: Region) -> object:
    named = call.given.get("service") or call.given.get("serviceName")
    return call.arn("ecs", f"service/{cluster_of(call)}/{short(named)}") if named else None


def _definition_key(call: Call, region: Region) -> object:
    named = call.given.get("taskDefinition")
    return definition_arn(short(named), call, region) if named else None


def _instances(call: Call, region: Region) -> object:
    named = call.given.get("containerInstances") or []
    return [call.arn("ecs", f"container-instance/{cluster_of(call)}/{short(one)}") for one in named]


def _tasks(call: Call, region: Region) -> object:
    named = call.given.get("task")
    return call.arn("ecs", f"task/{cluster_of(call)}/{short(named)}") if named else None


def _given(name: str) -> Callable[[Call, Region], object]:
    return lambda call, region: call.given.get(name)


def _privileged(call: Call, region: Region) -> object:
    return any(one.get("privileged") for one in call.given.get("containerDefinitions") or [])


def _connect(call: Call) -> Mapping[str, Any]:
    return call.given.get("serviceConnectConfiguration") or {}


def _is_given(name: str) -> Callable[[Call, Region], object]:
    return lambda call, region: bool(call.given.get(name))


_KEYS: dict[str, Callable[[Call, Region], object]] = {
    "ecs:account-setting": _given("name"),
    "ecs:auto-assign-public-ip": lambda call, _: _awsvpc(call).get("assignPublicIp"),
    "ecs:capacity-provider": _providers,
    "ecs:cluster": _cluster_arn,
    "ecs:compute-compatibility": _given("requiresCompatibilities"),
    "ecs:container-instances": _instances,
    "ecs:container-name": _given("container"),
    "ecs:enable-ebs-volumes": _is_given("volumeConfigurations"),
    "ecs:enable-ecs-managed-tags": _given("enableECSManagedTags"),
    "ecs:enable-execute-command": _given("enableExecuteCommand"),
    "ecs:enable-service-connect": lambda call, _: bool(_connect(call).get("enabled")),
    "ecs:enable-vpc-lattice": _is_given("vpcLatticeConfigurations"),
    "ecs:namespace": lambda call, _: _connect(call).get("namespace") or call.given.get("namespace"),
    "ecs:privileged": _privileged,
    "ecs:propagate-tags": _given("propagateTags"),
    "ecs:service": _service_arn,
    "ecs:subnet": _subnets,
    "ecs:task": _tasks,
    "ecs:task-cpu": _given("cpu"),
    "ecs:task-definition": _definition_key,
    "ecs:task-memory": _given("memory"),
}
