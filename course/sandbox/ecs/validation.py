"""What ECS refuses before it does anything: rules over the parameters of a call.

Pure: the rules look at parameters (and at answers to "does this subnet
exist?") and raise Refused with AWS's code and text.

AWS: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from course.sandbox.ecs.capacity import FARGATE_PROVIDERS
from course.sandbox.ecs.cluster_query import BadExpression, parse
from course.sandbox.ecs.container_rules import check_containers
from course.sandbox.ecs.errors import Refused, client_exception, invalid_parameter
from course.sandbox.ecs.fargate_rules import check_fargate
from course.sandbox.ecs.fargate_sizes import amount, is_windows
from course.sandbox.ecs.log_rules import check_logs
from course.sandbox.ecs.resources import TaskDefinition

RUN_TASK_LIMIT = 10
TAGS_LIMIT = 50
TAG = re.compile(r"[\w\s.:/=+\-@]*")
CPU_UNITS = (128, 196608)
SUBNETS, SECURITY_GROUPS = 16, 5
STRATEGIES, CONSTRAINTS = 5, 10
PLATFORM_VERSIONS = ("LATEST", "1.4.0", "1.3.0", "1.0.0")
NEWEST_LINUX, OLDER_LINUX = ("LATEST", "1.4.0"), ("1.3.0",)
WINDOWS = ("LATEST", "1.0.0")
LARGE_CPU = 8192
"""CPU units from which a task needs the newest platform version."""

Parameters = Mapping[str, Any]


class Network(Protocol):
    """What validation asks of the learner's VPC."""

    def availability_zone(self, subnet_id: str) -> str | None: ...
    def security_group_exists(self, group_id: str) -> bool: ...
    def vpc_of_subnet(self, subnet_id: str) -> str | None: ...
    def vpc_of_security_group(self, group_id: str) -> str | None: ...


def check_task_definition(given: Parameters) -> None:
    """Refuse a RegisterTaskDefinition call that AWS refuses; ClientException mostly."""
    check_name(given.get("family") or "", "family", client_exception)
    check_containers(given)
    if "FARGATE" in (given.get("requiresCompatibilities") or []):
        check_fargate(given)
    elif given.get("cpu"):
        _check_cpu(given["cpu"])
    for container in given["containerDefinitions"]:
        check_logs(container, fargate="FARGATE" in (given.get("requiresCompatibilities") or []))
    check_tags(given.get("tags") or [])
    _check_memory(given)
    _check_sums(given)


def check_name(
    name: str, member: str, refusal: Callable[[str], Refused] = invalid_parameter
) -> None:
    """Refuse a name that is not 1 to 255 letters, digits, hyphens and underscores."""
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,255}", name):
        raise refusal(  # our words
            f"{member} takes 1 to 255 letters, digits, hyphens and underscores, not {name!r}."
        )


def _check_memory(given: Parameters) -> None:
    total = amount(given["memory"]) if given.get("memory") else None
    for container in given["containerDefinitions"]:
        name, own = container["name"], container.get("memory")
        if total is None and own is None and container.get("memoryReservation") is None:
            raise client_exception(
                f"Invalid setting for container '{name}'. "
                "At least one of 'memory' or 'memoryReservation' must be specified."
            )
        if total is not None and own is not None and own > total:
            raise client_exception(
                f"The 'memory' setting for container '{name}' is greater than for the task."
            )


def _check_cpu(text: str) -> None:
    """On instances a task may ask for anything between an eighth of a vCPU and 192."""
    cpu, (least, most) = amount(text), CPU_UNITS
    if cpu is None or not least <= cpu <= most:
        raise client_exception(  # our words after the first sentence
            f"Invalid 'cpu' setting for task. It must be between {least} and {most} CPU units, not {text}."
        )


def _check_sums(given: Parameters) -> None:
    """What the containers of a task reserve fits into the task."""
    containers = given["containerDefinitions"]
    reserved = {
        "cpu": sum(one.get("cpu") or 0 for one in containers),
        "memory": sum(one.get("memoryReservation") or one.get("memory") or 0 for one in containers),
    }
    for member, sum_of in reserved.items():
        total = amount(given.get(member) or "")
        if total is not None and sum_of > total:
            raise client_exception(  # our words
                f"The containers reserve {sum_of} {member} together, which is more than the task's {total}."
            )
    for one in containers:
        if one.get("memory") is not None and one["memory"] < (one.get("memoryReservation") or 0):
            raise client_exception(  # our words
                f"Container {one['name']!r}: memory must be greater than memoryReservation."
            )


def launch_type_of(given: Parameters, default_strategy: Sequence[Parameters]) -> str:
    """FARGATE or EC2: what a call asks for by launch type, strategy or the cluster's default.

    Raises InvalidParameterException when it names both.
    """
    strategy = given.get("capacityProviderStrategy")
    if given.get("launchType") and strategy:
        raise invalid_parameter(
            "Specify either Launch Type or Capacity Provider Strategy, but not both."
        )
    if given.get("launchType"):
        return str(given["launchType"])
    strategy = strategy or default_strategy
    if not strategy:
        return "EC2"
    check_strategy(strategy)
    return "FARGATE" if strategy[0]["capacityProvider"] in FARGATE_PROVIDERS else "EC2"


def check_strategy(strategy: Sequence[Parameters]) -> None:
    """Refuse a capacity provider strategy that makes no sense in itself."""
    fargate = [item["capacityProvider"] in FARGATE_PROVIDERS for item in strategy]
    if any(fargate) and not all(fargate):
        raise invalid_parameter(  # our words
            "A capacity provider strategy cannot mix Fargate and Auto Scaling group capacity providers."
        )
    if len([item for item in strategy if item.get("base")]) > 1:
        raise invalid_parameter("Only one capacity provider can have a base value.")  # our words
    if all(item.get("weight", 0) == 0 for item in strategy):
        raise invalid_parameter(  # our words
            "At least one capacity provider of the strategy must have a weight above 0."
        )


def check_launch(definition: TaskDefinition, launch_type: str, given: Parameters) -> None:
    """Refuse a task definition that cannot run where the call wants to run it."""
    if launch_type not in definition.compatibilities:
        raise invalid_parameter(
            "The selected task definition is not compatible with the selected compute strategy"
        )
    version = given.get("platformVersion")
    if version and launch_type == "EC2":
        raise invalid_parameter(
            "The platform version must be null when specifying an EC2 launch type."
        )
    if launch_type == "FARGATE" and (
        given.get("placementConstraints") or given.get("placementStrategy")
    ):
        raise invalid_parameter(
            "Placement constraints and strategies are not supported for FARGATE launch type."
        )  # our words
    check_placement(given.get("placementStrategy") or [], given.get("placementConstraints") or [])
    if version and launch_type == "FARGATE":
        _check_platform_version(definition, version)


def _check_platform_version(definition: TaskDefinition, version: str) -> None:
    if version not in PLATFORM_VERSIONS:
        raise Refused("PlatformUnknownException", "The specified platform version doesn't exist.")
    if is_windows(definition.runtime_platform):
        fits = version in WINDOWS
    else:
        large = (amount(definition.cpu or "") or 0) >= LARGE_CPU
        older = version in OLDER_LINUX and not (large or definition.ephemeral_storage)
        fits = version in NEWEST_LINUX or older
    if not fits:
        raise Refused(
            "PlatformTaskDefinitionIncompatibilityException",
            "The specified platform version doesn't satisfy the required capabilities of the task "
            "definition.",
        )


def check_network(definition: TaskDefinition, config: Parameters | None, network: Network) -> None:
    """Refuse a network configuration that does not fit the network mode or names what is not there."""
    awsvpc = (config or {}).get("awsvpcConfiguration")
    if definition.network_mode != "awsvpc":
        if awsvpc:
            raise invalid_parameter(
                "Network Configuration is not valid for the given networkMode of this task definition."
            )
        return
    if not awsvpc:
        raise invalid_parameter(
            "Network Configuration must be provided when networkMode 'awsvpc' is specified."
        )
    if not awsvpc.get("subnets"):
        raise invalid_parameter("subnets can not be empty.")
    _check_how_many(awsvpc)
    _check_exist(awsvpc, network)
    _check_one_vpc(awsvpc, network)


def check_public_address(config: Parameters | None, launch_type: str) -> None:
    """Refuse a public address for a task's interface on an instance: only Fargate's can have one."""
    awsvpc = (config or {}).get("awsvpcConfiguration") or {}
    if launch_type == "EC2" and awsvpc.get("assignPublicIp") == "ENABLED":
        raise invalid_parameter(  # aws/aws-cdk#13348 (2021), hashicorp/waypoint#643 (2020)
            "Assign public IP is not supported for this launch type."
        )


def _check_how_many(awsvpc: Parameters) -> None:
    for member, most in (("subnets", SUBNETS), ("securityGroups", SECURITY_GROUPS)):
        if len(awsvpc.get(member) or []) > most:
            raise invalid_parameter(f"{member} can have at most {most} items.")  # our words


def _check_exist(awsvpc: Parameters, network: Network) -> None:
    for subnet in awsvpc["subnets"]:
        if network.availability_zone(subnet) is None:
            raise invalid_parameter(
                f"Error retrieving subnet information for [{subnet}]: The subnet ID '{subnet}' "
                "does not exist (ErrorCode: InvalidSubnetID.NotFound)"
            )
    for group in awsvpc.get("securityGroups") or []:
        if not network.security_group_exists(group):
            raise invalid_parameter(
                f"Error retrieving security group information for [{group}]: The security group "
                f"'{group}' does not exist (ErrorCode: InvalidGroup.NotFound)"
            )


def _check_one_vpc(awsvpc: Parameters, network: Network) -> None:
    vpcs = {network.vpc_of_subnet(subnet) for subnet in awsvpc["subnets"]}
    if len(vpcs) > 1:
        raise invalid_parameter("The subnets do not all belong to the same VPC.")  # our words
    for group in awsvpc.get("securityGroups") or []:
        if network.vpc_of_security_group(group) not in vpcs:
            raise invalid_parameter(
                f"Security group {group} does not appear to belong to the same VPC as the input "
                "subnets."
            )


def check_placement(strategy: Sequence[Parameters], constraints: Sequence[Parameters]) -> None:
    """Refuse placement strategies and constraints that no call can have."""
    if len(strategy) > STRATEGIES or len(constraints) > CONSTRAINTS:
        raise invalid_parameter(  # our words
            f"A call has at most {STRATEGIES} placement strategies and {CONSTRAINTS} constraints."
        )
    for one in strategy:
        _check_strategy_field(one.get("type") or "", one.get("field") or "")
    for one in constraints:
        check_constraint(one)


def _check_strategy_field(kind: str, field: str) -> None:
    fits = {
        "random": True,
        "binpack": field.lower() in ("cpu", "memory"),
        "spread": field in ("instanceId", "host") or field.startswith("attribute:"),
    }
    if not fits.get(kind):
        raise invalid_parameter(f"There is no placement strategy {kind} by {field!r}.")  # our words


def check_constraint(constraint: Parameters) -> None:
    """Refuse a placement constraint without a type that AWS has, or whose expression cannot be read."""
    kind, expression = constraint.get("type"), constraint.get("expression")
    if kind == "distinctInstance" and not expression:
        return
    if kind != "memberOf" or not expression:
        raise invalid_parameter(  # our words
            "A placement constraint is distinctInstance, or memberOf with an expression."
        )
    try:
        parse(expression)
    except BadExpression as wrong:
        raise invalid_parameter(f"The expression cannot be read: {wrong}") from wrong  # our words


def check_count(count: int) -> None:
    """RunTask starts 1 to 10 tasks a call."""
    if not 1 <= count <= RUN_TASK_LIMIT:
        raise invalid_parameter(
            f"count must be between 1 and {RUN_TASK_LIMIT}, not {count}."
        )  # ours


def check_tags(tags: Sequence[Parameters]) -> None:
    """Refuse tags that no resource can carry: too many, too long, twice, or AWS's own."""
    keys = [tag.get("key") or "" for tag in tags]
    if len(keys) > TAGS_LIMIT:
        raise invalid_parameter(
            f"A resource carries at most {TAGS_LIMIT} tags, not {len(keys)}."
        )  # our words
    for tag, key in zip(tags, keys, strict=True):
        value = tag.get("value") or ""
        if not 1 <= len(key) <= 128 or len(value) > 256:
            raise invalid_parameter(  # our words
                f"Tag {key[:40]!r}: a key has 1 to 128 characters and a value at most 256."
            )
        if is_aws_own(key):
            raise invalid_parameter(
                f"Tag {key!r}: keys that begin with aws: are AWS's own."
            )  # ours
        if not TAG.fullmatch(key) or not TAG.fullmatch(value):
            raise invalid_parameter(  # our words
                f"Tag {key!r}: use letters, digits, spaces and the characters _ . : / = + - @"
            )
    if len(set(keys)) < len(keys):
        raise invalid_parameter("Each tag key may stand once.")  # our words


def is_aws_own(key: str) -> bool:
    """Whether a tag key is of those that AWS sets; they count towards no limit."""
    return key.lower().startswith("aws:")
