"""What manifests mean: whom a selector finds, how many may be missing, how large a container is.

The schema knows form; this is the sense of it, as far as the lesson asks for it. All of
these take manifests that are valid by the schema.
"""

from collections.abc import Mapping
from math import ceil, floor
from typing import Any

from course.portable.quantities import mebibytes, units

Manifest = dict[str, Any]

NAMESPACE = "default"


def each(listed: Any) -> list[Manifest]:
    """The entries of a list in a manifest; the schema lets a list be null, and its entries, too."""
    return [one for one in listed or [] if one]


def namespace(manifest: Manifest) -> str:
    """Where an object is; those of two namespaces do not find each other by name or label."""
    return str((manifest.get("metadata") or {}).get("namespace") or NAMESPACE)


def labels(deployment: Manifest) -> dict[str, str]:
    """The labels that every Pod of a Deployment gets."""
    return dict((_template(deployment).get("metadata") or {}).get("labels") or {})


def _template(deployment: Manifest) -> Manifest:
    return dict(deployment["spec"].get("template") or {})


def pod(deployment: Manifest) -> Manifest:
    """The spec of every Pod of a Deployment."""
    return dict(_template(deployment).get("spec") or {})


def selects(selector: Mapping[str, Any], found: Mapping[str, str]) -> bool:
    """Whether a label selector (matchLabels, matchExpressions) takes these labels."""
    wanted: dict[str, str] = selector.get("matchLabels") or {}
    exact = all(found.get(key) == value for key, value in wanted.items())
    return exact and all(_holds(one, found) for one in each(selector.get("matchExpressions")))


def _holds(expression: Mapping[str, Any], found: Mapping[str, str]) -> bool:
    key, values = expression["key"], expression.get("values") or []
    match expression["operator"]:
        case "In":
            return found.get(key) in values
        case "NotIn":
            return found.get(key) not in values
        case "Exists":
            return key in found
    return key not in found


def bounds(deployment: Manifest) -> tuple[int, int]:
    """(how many copies may be missing, how many may come on top) in an update; Recreate has none on top.

    Percentages of the replicas: what may be missing is rounded down, what comes on top up.
    """
    spec = deployment["spec"]
    strategy = spec.get("strategy") or {}
    if strategy.get("type") == "Recreate":
        return copies(deployment), 0
    rolling = strategy.get("rollingUpdate") or {}
    missing = _share(rolling.get("maxUnavailable"), copies(deployment), floor)
    return missing, _share(rolling.get("maxSurge"), copies(deployment), ceil)


def copies(deployment: Manifest) -> int:
    """How many Pods it keeps; one where it does not say."""
    held = deployment["spec"].get("replicas")
    return 1 if held is None else int(held)


def _share(said: Any, of: int, rounded: Any) -> int:
    text = "25%" if said is None else str(said)
    percent = text.removesuffix("%")
    if not percent.isdecimal():
        return -1  # neither a number nor a percentage: Kubernetes refuses it
    return int(rounded(of * int(percent) / 100)) if text.endswith("%") else int(percent)


def size(container: Manifest) -> tuple[Any, Any]:
    """(CPU units, MiB) that a container may use: its limits. None where there is none, or no quantity."""
    limits = (container.get("resources") or {}).get("limits") or {}
    return units(limits.get("cpu")), mebibytes(limits.get("memory"))


def reserved(container: Manifest) -> tuple[Any, Any]:
    """(CPU units, MiB) that are kept for it: its requests, which are its limits where it says no other."""
    resources = container.get("resources") or {}
    asked = {**(resources.get("limits") or {}), **(resources.get("requests") or {})}
    return units(asked.get("cpu")), mebibytes(asked.get("memory"))


def port(said: Any, container: Manifest) -> Any:
    """The number of a port of a container that is given by its number or by its name."""
    named = {one.get("name"): one["containerPort"] for one in each(container.get("ports"))}
    return named.get(said) if isinstance(said, str) else said


def leads_to(service: Manifest, container: Manifest) -> list[Any]:
    """The ports of a container to which a Service leads: targetPort, or without one its own port."""
    return [
        port(one["port"] if one.get("targetPort") is None else one["targetPort"], container)
        for one in each((service.get("spec") or {}).get("ports"))
    ]
