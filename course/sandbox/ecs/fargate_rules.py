"""What Fargate asks of a task definition, and what it cannot do.

Pure rules over the parameters of RegisterTaskDefinition; they raise Refused
with AWS's code, and with AWS's text where one was found.

AWS: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html
"""

import re
from collections.abc import Mapping
from typing import Any

from course.sandbox.ecs.errors import client_exception
from course.sandbox.ecs.fargate_sizes import amount, exists, is_windows

Parameters = Mapping[str, Any]

ECR_IMAGE = re.compile(r"^\d{12}\.dkr\.ecr(-fips)?\.[a-z0-9-]+\.amazonaws\.com")
STORAGE_GIB = (21, 200)
STOP_TIMEOUT = 120
LOG_DRIVERS = ("awslogs", "splunk", "awsfirelens")
CAPABILITY = "SYS_PTRACE"
"""The one Linux capability that may be added."""

CONTAINER_MEMBERS = (
    "disableNetworking",
    "dnsSearchDomains",
    "dnsServers",
    "dockerSecurityOptions",
    "extraHosts",
    "links",
    "privileged",
)
"""Container parameters that the Fargate launch type does not take."""

LINUX_PARAMETERS = ("devices", "maxSwap", "sharedMemorySize", "swappiness", "tmpfs")
NO = "Tasks using the Fargate launch type do not support"


def check_fargate(given: Parameters) -> None:
    """Refuse a task definition that Fargate cannot run. Raises Refused (ClientException)."""
    _check_network_mode_and_size(given)
    _check_task(given)
    for container in given["containerDefinitions"]:
        _check_container(container)
    _check_execution_role(given)


def _check_network_mode_and_size(given: Parameters) -> None:
    if given.get("networkMode") != "awsvpc":
        raise client_exception("Fargate only supports network mode ‘awsvpc’.")  # noqa: RUF001
    for member in ("cpu", "memory"):
        if not given.get(member):
            raise client_exception(
                f"Fargate requires that '{member}' be defined at the task level."
            )
    cpu, memory = amount(given["cpu"]), amount(given["memory"])
    windows = is_windows(given.get("runtimePlatform"))
    if cpu is None or memory is None or not exists(cpu, memory, windows=windows):
        raise client_exception(
            f"No Fargate configuration exists for given values: {cpu or given['cpu']} CPU, "
            f"{memory or given['memory']} memory. See the Amazon ECS documentation for the valid values."
        )


def _check_task(given: Parameters) -> None:
    if given.get("ipcMode"):
        raise client_exception(f"{NO} ipcMode.")
    if given.get("pidMode") == "host":
        raise client_exception(f"{NO} pidMode 'host'. The supported value for pidMode is 'task'.")
    if given.get("placementConstraints"):
        raise client_exception(f"{NO} placementConstraints.")  # our words
    for volume in given.get("volumes") or []:
        if (volume.get("host") or {}).get("sourcePath"):
            raise client_exception(f"{NO} a sourcePath on the host for volumes.")  # our words
        if volume.get("dockerVolumeConfiguration"):
            raise client_exception(f"{NO} dockerVolumeConfiguration.")  # our words
    platform = given.get("runtimePlatform") or {}
    if is_windows(platform) and platform.get("cpuArchitecture") == "ARM64":
        raise client_exception(f"{NO} Windows on ARM64.")  # our words
    _check_storage(given)


def _check_storage(given: Parameters) -> None:
    size, (least, most) = (given.get("ephemeralStorage") or {}).get("sizeInGiB"), STORAGE_GIB
    if size is not None and not least <= size <= most:
        raise client_exception(  # our words
            f"ephemeralStorage.sizeInGiB must be between {least} and {most}, not {size}."
        )


def _check_container(container: Parameters) -> None:
    unfit = next(_unfit(container), None)
    if unfit:
        raise client_exception(f"Container {container['name']!r}: {NO[0].lower()}{NO[1:]} {unfit}.")


def _unfit(container: Parameters) -> Any:
    """What this container asks for and Fargate has not, in words for the refusal. # our words"""
    linux = container.get("linuxParameters") or {}
    yield from (name for name in CONTAINER_MEMBERS if container.get(name))
    yield from (f"linuxParameters.{name}" for name in LINUX_PARAMETERS if linux.get(name))
    for added in (linux.get("capabilities") or {}).get("add") or []:
        if added != CAPABILITY:
            yield f"adding the capability {added}; only {CAPABILITY} can be added"
    if any(one.get("type") == "GPU" for one in container.get("resourceRequirements") or []):
        yield "GPUs"
    driver = (container.get("logConfiguration") or {}).get("logDriver")
    if driver not in (None, *LOG_DRIVERS):
        yield f"the log driver {driver}; use {', '.join(LOG_DRIVERS)}"
    if (container.get("stopTimeout") or 0) > STOP_TIMEOUT:
        yield f"a stopTimeout above {STOP_TIMEOUT} seconds"


def _check_execution_role(given: Parameters) -> None:
    if given.get("executionRoleArn"):
        return
    needs = "Fargate requires task definition to have execution role ARN to support"
    for container in given["containerDefinitions"]:
        if (container.get("logConfiguration") or {}).get("logDriver") == "awslogs":
            raise client_exception(f"{needs} log driver awslogs.")
        if ECR_IMAGE.match(container["image"]):
            raise client_exception(f"{needs} ECR images.")
        if container.get("repositoryCredentials"):
            raise client_exception(f"{needs} repositoryCredentials.")  # our words
