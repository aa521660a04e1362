"""On which resources an ECS operation is asked: their ARNs, from what the call gives.

AWS: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerservice.html
"""

import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from course.sandbox.ecs.resources import Region
from course.sandbox.identity.asked import Call

GIVEN_AS = {
    "cluster": ("cluster", "clusters", "clusterName"),
    "service": ("service", "services", "serviceName"),
    "task": ("task", "tasks"),
    "task-definition": ("taskDefinition", "taskDefinitions", "family"),
    "container-instance": ("containerInstance", "containerInstances"),
    "capacity-provider": ("capacityProvider", "capacityProviders", "name"),
    "task-set": ("taskSet", "taskSets", "primaryTaskSet"),
    "service-deployment": ("serviceDeploymentArn", "serviceDeploymentArns"),
    "service-revision": ("serviceRevisionArns",),
    "tagged": ("resourceArn",),
}
"""The parameters that name a resource of each kind; the first that is there counts."""

IN_CLUSTER = ("service", "task", "container-instance", "task-set")


@cache
def actions_table() -> dict[str, dict[str, list[str]]]:
    """``ecs_actions.toml``: operations by kind of resource, and by condition key."""
    text = (files("course.sandbox.identity") / "ecs_actions.toml").read_text("utf-8")
    return tomllib.loads(text)


def kinds_of(operation: str) -> list[str]:
    """The kinds of resource an operation is asked on; none means ``*``."""
    return [kind for kind, operations in actions_table()["on"].items() if operation in operations]


def resources(call: Call, region: Region) -> Iterator[str]:
    """The ARNs of all that a call is asked on."""
    kinds = kinds_of(call.operation)
    for kind in kinds:
        yield from _named(kind, call, region)
    if not kinds:
        yield "*"


def _named(kind: str, call: Call, region: Region) -> Iterator[str]:
    """The ARNs of a kind that a call names; where it names none, the kind's pattern in the cluster."""
    given = next((call.given[name] for name in GIVEN_AS[kind] if call.given.get(name)), None)
    if given is None and kind in ("service", "cluster"):
        given = _from_longer_arns(kind, call)
    if given is None:
        given = "default" if kind == "cluster" else "*"
    for value in given if isinstance(given, list) else [given]:
        yield str(value) if str(value).startswith("arn:") else _arn(kind, str(value), call, region)


def _from_longer_arns(kind: str, call: Call) -> list[str] | None:
    """The service in the ARNs of its deployments and revisions, which is all such a call names."""
    longer = (*GIVEN_AS["service-deployment"], *GIVEN_AS["service-revision"])
    arns = next((call.given[name] for name in longer if call.given.get(name)), None)
    if arns is None or kind != "service":
        return None
    parts = [one.split("/") for one in (arns if isinstance(arns, list) else [arns])]
    return [call.arn("ecs", "/".join(["service", *one[1:3]])) for one in parts if len(one) > 2]


def _arn(kind: str, value: str, call: Call, region: Region) -> str:
    if kind == "task-definition":
        return definition_arn(value, call, region)
    if kind in IN_CLUSTER:
        service = f"{short(call.given.get('service') or '*')}/" if kind == "task-set" else ""
        return call.arn("ecs", f"{kind}/{cluster_of(call)}/{service}{value}")
    return call.arn("ecs", f"{kind}/{value}")


def cluster_of(call: Call) -> str:
    """The short name of the cluster that a call is about."""
    return short(str(call.given.get("cluster") or "default"))


def short(name_or_arn: str) -> str:
    """The last part of an ARN."""
    return name_or_arn.rsplit("/", 1)[-1]


def definition_arn(value: str, call: Call, region: Region) -> str:
    """A family alone means its latest ACTIVE revision, and any where a new one is registered."""
    if call.operation != "RegisterTaskDefinition" and ":" not in value:
        found = region.find_definition(value)
        if found:
            return found.arn
    return call.arn("ecs", f"task-definition/{value}" + ("" if ":" in value else ":*"))
