"""What ECS refuses in container definitions: names, order, ports, and what Fargate cannot do.

Pure rules over the parameters of RegisterTaskDefinition; they raise Refused
with AWS's code, and with AWS's text where one was found.

AWS: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from course.sandbox.ecs.errors import client_exception

Parameters = Mapping[str, Any]

NAME = re.compile(r"[A-Za-z0-9_-]{1,255}")
AT_MOST = 10
ENDS = ("SUCCESS", "COMPLETE")
"""dependsOn conditions that wait for a container's end; an essential one may not end."""

NOT_ON_FARGATE = (
    "disableNetworking",
    "dnsSearchDomains",
    "dnsServers",
    "dockerSecurityOptions",
    "extraHosts",
    "links",
    "privileged",
)
"""Container parameters that the Fargate launch type does not take."""

NOT_IN_LINUX_PARAMETERS = ("devices", "maxSwap", "sharedMemorySize", "swappiness", "tmpfs")


def check_containers(given: Parameters) -> None:
    """Refuse a list of container definitions that AWS refuses. Raises Refused (ClientException)."""
    containers = given.get("containerDefinitions") or []
    if not containers:
        raise client_exception("Container list cannot be empty.")  # our words
    if len(containers) > AT_MOST:
        raise client_exception(
            f"A task definition holds at most {AT_MOST} containers."
        )  # our words
    for container in containers:
        _check_members(container)
    _check_names(containers)
    if not any(container.get("essential", True) for container in containers):
        raise client_exception("At least one container must be essential.")  # our words
    _check_order(containers)
    for container in containers:
        _check_network(container, given.get("networkMode"))


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
                raise client_exception(  # our words
                    f"Container {target['name']!r} is essential, so nothing can depend on its "
                    f"{wait['condition']}."
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


def _check_network(container: Parameters, mode: str | None) -> None:
    if mode != "awsvpc":
        return
    if container.get("hostname"):
        raise client_exception("hostname is not supported on container when networkMode=awsvpc.")
    for port in container.get("portMappings") or []:
        if port.get("hostPort") not in (None, 0, port.get("containerPort")):
            raise client_exception(  # our words
                f"Container {container['name']!r}: under networkMode awsvpc the host port is the "
                f"container port, {port.get('containerPort')}, not {port['hostPort']}."
            )


def check_fargate_containers(given: Parameters) -> None:
    """Refuse what Fargate cannot do. Raises Refused (ClientException)."""
    if given.get("ipcMode"):
        raise client_exception("Tasks using the Fargate launch type do not support ipcMode.")
    if given.get("pidMode") == "host":
        raise client_exception(
            "Tasks using the Fargate launch type do not support pidMode 'host'. "
            "The supported value for pidMode is 'task'."
        )
    if given.get("placementConstraints"):
        raise client_exception(  # our words
            "Tasks using the Fargate launch type do not support placementConstraints."
        )
    for container in given.get("containerDefinitions") or []:
        linux = container.get("linuxParameters") or {}
        unfit = [name for name in NOT_ON_FARGATE if container.get(name)]
        unfit += [f"linuxParameters.{name}" for name in NOT_IN_LINUX_PARAMETERS if linux.get(name)]
        if unfit:
            raise client_exception(  # our words
                f"Container {container['name']!r}: tasks using the Fargate launch type do not "
                f"support {unfit[0]}."
            )
