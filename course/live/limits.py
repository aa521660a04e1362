"""What a creating or changing call may ask for: kinds of parameters, sizes, what is open to everybody.

Pure: a call's parameters in, a sentence out, or nothing. How many there may be and
what they may cost is for ``reckoning``, which needs the ledger.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from course.live.allowed import Operation, table

Given = Mapping[str, Any]

CONTAINER = {
    *("name", "image", "portMappings", "essential", "command", "entryPoint", "environment"),
    *("cpu", "memory", "memoryReservation", "stopTimeout", "healthCheck"),
}
"""What a container may say in LIVE: nothing that needs a role, a secret or a volume."""


def beyond(operation: Operation, given: Given) -> str:
    """Why this call may not be made, in one sentence; empty when it may."""
    unknown = sorted(given.keys() - (operation.parameters or given.keys()))
    if unknown:
        may = ", ".join(sorted(operation.parameters or ()))
        return f"{operation.name} with {', '.join(unknown)} is not for LIVE; it may have {may}."
    found = RULES.get(operation.name, _nothing)(given)
    return next(found, "")


def _nothing(given: Given) -> Iterator[str]:
    yield from ()


def _definition(given: Given) -> Iterator[str]:
    if given.get("requiresCompatibilities") != ["FARGATE"]:
        yield "A task definition in LIVE says requiresCompatibilities=['FARGATE'], and no other."
    for member, unit in (("cpu", "CPU units"), ("memory", "MiB")):
        if (size := _number(given.get(member))) is None:
            yield f"{member} is needed in LIVE, as a text with a number in it, of {unit}."
        elif size > (most := table()["sizes"][member]):
            yield f"{member} is {size} {unit}; LIVE allows {most}."
    for one in given.get("containerDefinitions") or ():
        yield from _container(one)


def _container(one: Given) -> Iterator[str]:
    name = one.get("name", "a container")
    if unknown := sorted(one.keys() - CONTAINER):
        yield f"{name} with {', '.join(unknown)} is not for LIVE."
    registry = table()["public"]["registry"]
    if not str(one.get("image", "")).startswith(registry):
        yield f"The image of {name} has to come from {registry} in LIVE, which needs no role."


def _service(given: Given) -> Iterator[str]:
    yield from _on_fargate(given)
    yield from _rollout(given)


def _on_fargate(given: Given) -> Iterator[str]:
    if given.get("launchType") != "FARGATE":
        yield "In LIVE a launchType is given, and it is FARGATE."


def _rollout(given: Given) -> Iterator[str]:
    rollout = given.get("deploymentConfiguration") or {}
    may = {"minimumHealthyPercent", "maximumPercent", "deploymentCircuitBreaker"}
    if unknown := sorted(rollout.keys() - may):
        yield f"deploymentConfiguration with {', '.join(unknown)} is not for LIVE."
    most = table()["sizes"]["maximumPercent"]
    if rollout.get("maximumPercent", most) > most:
        yield f"maximumPercent is {rollout['maximumPercent']}; LIVE allows {most}."


def _ingress(given: Given) -> Iterator[str]:
    public = table()["public"]
    wanted = (public["protocol"], public["port"], public["port"])
    if (given.get("IpProtocol"), given.get("FromPort"), given.get("ToPort")) != wanted:
        yield f"LIVE opens {public['protocol']} port {public['port']}, and nothing else."


RULES: Mapping[str, Callable[[Given], Iterator[str]]] = {
    "RegisterTaskDefinition": _definition,
    "CreateService": _service,
    "RunTask": _on_fargate,
    "UpdateService": _rollout,
    "AuthorizeSecurityGroupIngress": _ingress,
}


def _number(text: object) -> int | None:
    """A size as ECS takes it in plain digits; ``1 vCPU`` is not read here."""
    return int(text) if isinstance(text, str) and text.isdecimal() else None
