"""What ECS refuses in container definitions: names, order, ports, limits and what they refer to.

Pure rules over the parameters of RegisterTaskDefinition; they raise Refused
with AWS's code, and with AWS's text where one was found.

AWS: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from course.sandbox.ecs.errors import client_exception, invalid_parameter

Parameters = Mapping[str, Any]

NAME = re.compile(r"[A-Za-z0-9_-]{1,255}")
PARAMETER = re.compile(r"[A-Za-z0-9_./-]{1,2048}")
AT_MOST = 10
ENDS = ("SUCCESS", "COMPLETE")
"""dependsOn conditions that wait for a container's end; an essential one may not end."""

LIMITS = {
    "healthCheck.interval": (5, 300),
    "healthCheck.timeout": (2, 60),
    "healthCheck.retries": (1, 10),
    "healthCheck.startPeriod": (0, 300),
    "restartPolicy.restartAttemptPeriod": (60, 1800),
}
"""Members of a container definition and the least and most they take, in seconds or times."""

IGNORED_EXIT_CODES = 50
HEALTH_COMMANDS = ("CMD", "CMD-SHELL", "NONE")


def check_containers(given: Parameters) -> None:
    """Refuse a list of container definitions that AWS refuses. Raises Refused (ClientException)."""
    containers = given.get("containerDefinitions") or []
    if not containers:
        raise client_exception("Container list cannot be empty.")  # our words
    if len(containers) > AT_MOST:
        raise client_exception("Too many containers.")
    for container in containers:
        _check_members(container)
    _check_names(containers)
    if not any(container.get("essential", True) for container in containers):
        raise client_exception("At least one container must be essential.")  # our words
    _check_order(containers)
    for container in containers:
        _check_limits(container)
        _check_variables(container)
        _check_volumes(container, given.get("volumes") or [], containers)
        _check_network(container, given.get("networkMode"))
    if given.get("networkMode") == "awsvpc":
        _check_ports_apart(containers)
    if not given.get("executionRoleArn") and any(one.get("secrets") for one in containers):
        raise client_exception(
            "When you are specifying container secrets, you must also specify a value for "
            "'executionRoleArn'."
        )


def _check_members(container: Parameters) -> None:
    for member in ("name", "image"):
        if not container.get(member):
            raise client_exception(f"Container.{member} should not be null or empty.")
    if not NAME.fullmatch(container["name"]):
        raise client_exception(  # our words
            f"Container name {container['name']!r}: use up to 255 letters, digits, hyphens and "
            "underscores."
        )


def _check_names(containers: Sequence[Parameters]) -> None:
    names = [container["name"] for container in containers]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice:
        raise client_exception(f"Container name {twice!r} is used twice.")  # our words


def _check_order(containers: Sequence[Parameters]) -> None:
    """dependsOn must name containers, must not go round, and must not wait for an essential end."""
    by_name = {container["name"]: container for container in containers}
    for container in containers:
        for wait in container.get("dependsOn") or []:
            target = by_name.get(wait["containerName"])
            if target is None:
                raise client_exception(  # our words
                    f"Container {container['name']!r} depends on {wait['containerName']!r}, "
                    "which is not in this task definition."
                )
            if wait["condition"] in ENDS and target.get("essential", True):
                raise client_exception(
                    "A dependency container with SUCCESS or COMPLETE condition cannot be an "
                    "essential container"
                )
            if wait["condition"] == "HEALTHY" and not target.get("healthCheck"):
                raise client_exception(  # our words
                    f"Container {target['name']!r} has no health check, so nothing can depend on "
                    "its being HEALTHY."
                )
    if _goes_round(by_name):
        raise client_exception("The containers' dependsOn goes round in a circle.")  # our words


def _goes_round(by_name: Mapping[str, Parameters]) -> bool:
    """Whether following dependsOn ever comes back; containers without any are taken off, again and again."""
    waits = {
        name: {wait["containerName"] for wait in container.get("dependsOn") or []}
        for name, container in by_name.items()
    }
    while free := [name for name, needed in waits.items() if not needed & waits.keys()]:
        for name in free:
            del waits[name]
    return bool(waits)


def _check_limits(container: Parameters) -> None:
    """Health check, restart policy and timeouts stay within their bounds."""
    for path, (least, most) in LIMITS.items():
        group, _, member = path.partition(".")
        value = (container.get(group) or {}).get(member)
        if value is not None and not least <= value <= most:
            raise _wrong(container, f"{path} must be between {least} and {most}, not {value}.")
    for member in ("startTimeout", "stopTimeout", "cpu"):
        if (container.get(member) or 0) < 0:
            raise _wrong(container, f"{member} cannot be negative.")
    check = container.get("healthCheck")
    if check is not None and (check.get("command") or [""])[0] not in HEALTH_COMMANDS:
        raise _wrong(container, "healthCheck.command begins with CMD or CMD-SHELL.")
    codes = (container.get("restartPolicy") or {}).get("ignoredExitCodes") or []
    if len(codes) > IGNORED_EXIT_CODES:
        raise _wrong(container, f"restartPolicy ignores at most {IGNORED_EXIT_CODES} exit codes.")


def _check_variables(container: Parameters) -> None:
    """Environment variables and secrets have names, and a secret's name is its own."""
    variables = [one.get("name") for one in container.get("environment") or []]
    secrets = [one.get("name") for one in container.get("secrets") or []]
    if not all([*variables, *secrets]):
        raise _wrong(container, "every environment variable and secret needs a name.")
    shared = [name for name, times in Counter(secrets).items() if times > 1 or name in variables]
    if shared:
        raise _wrong(container, f"the secret name {shared[0]!r} is used more than once.")
    logger = container.get("logConfiguration") or {}
    for one in [*(container.get("secrets") or []), *(logger.get("secretOptions") or [])]:
        source = one.get("valueFrom") or ""
        if not source:
            raise _wrong(container, f"the secret {one['name']!r} needs valueFrom.")
        if not source.startswith("arn:") and not PARAMETER.fullmatch(source):
            raise client_exception(  # copilot-cli#3446 (2022)
                f"The Systems Manager parameter name specified for secret {one['name']} is "
                "invalid. The parameter name can be up to 2048 characters and include the "
                "following letters and symbols: a-zA-Z0-9_.-"
            )


def _check_volumes(
    container: Parameters, volumes: Sequence[Parameters], containers: Sequence[Parameters]
) -> None:
    """Mount points name volumes of the task definition, volumesFrom names its containers."""
    names = [volume.get("name") for volume in volumes]
    for mount in container.get("mountPoints") or []:
        if mount.get("sourceVolume") not in names:
            raise client_exception(f"Unknown volume '{mount.get('sourceVolume')}'.")
        if not mount.get("containerPath"):
            raise _wrong(container, "every mount point needs a containerPath.")
    others = {other["name"] for other in containers} - {container["name"]}
    for source in container.get("volumesFrom") or []:
        if source.get("sourceContainer") not in others:
            raise _wrong(
                container,
                f"volumesFrom names no other container: {source.get('sourceContainer')!r}.",
            )


def _check_network(container: Parameters, mode: str | None) -> None:
    if container.get("hostname") and mode == "awsvpc":
        raise client_exception("hostname is not supported on container when networkMode=awsvpc.")
    mapped = [(one.get("containerPort"), one.get("protocol", "tcp")) for one in _ports(container)]
    twice = next((port for port in mapped if mapped.count(port) > 1), None)
    if twice and mode in ("awsvpc", "host"):
        raise invalid_parameter(
            f"Container port {twice[0]} is used in more than one port mapping for container "
            f"{container['name']}"
        )
    for port in _ports(container):
        own = port.get("containerPort")
        if own is not None and not 0 <= own <= 65535:
            raise _wrong(container, f"there is no port {own}.")
        if mode in ("awsvpc", "host") and port.get("hostPort") not in (None, 0, own):
            raise _wrong(
                container,
                f"under networkMode {mode} the host port is the container port, {own}, not "
                f"{port['hostPort']}.",
            )


def _check_ports_apart(containers: Sequence[Parameters]) -> None:
    """Containers of an awsvpc task share one network interface, so two cannot listen on one port."""
    mine: dict[tuple[Any, str], str] = {}
    for container in containers:
        for port in _ports(container):
            key = port.get("containerPort"), port.get("protocol", "tcp")
            other = mine.setdefault(key, container["name"])
            if key[0] is not None and other != container["name"]:
                raise _wrong(container, f"port {key[0]} is container {other!r}'s already.")


def _ports(container: Parameters) -> Sequence[Parameters]:
    ports: Sequence[Parameters] = container.get("portMappings") or []
    return ports


def _wrong(container: Parameters, what: str) -> Exception:
    """A refusal in our words."""
    return client_exception(f"Container {container['name']!r}: {what}")
