"""What in ECS is what in Kubernetes: both writings of a description, place beside place.

The rows are data (``counterparts.toml``). They cover every leaf of both writings once,
so that the comparison leaves nothing out; what only one side has says why.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Literal

import msgspec

from course.portable import ecs, kubernetes
from course.portable.description import Description

Leaves = dict[str, Any]

STAND_IN = "(yours)"
"""For what only an account has: a cluster's name, subnets, security groups, a target group."""


class Row(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One thing that is said: in words, how the two compare and why, and at which places."""

    what: str
    how: Literal["same", "converted", "ECS", "Kubernetes"]
    ecs: tuple[str, ...] = ()
    kubernetes: tuple[str, ...] = ()
    why: str = ""


class _Rows(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    row: list[Row]


@cache
def rows() -> tuple[Row, ...]:
    """Every row, in the order in which they are shown."""
    text = (files("course.portable") / "counterparts.toml").read_bytes()
    return tuple(msgspec.toml.decode(text, type=_Rows).row)


def ecs_leaves(described: Description) -> Leaves:
    """Everything that ECS is told, by place: ``TaskDefinition.cpu``."""
    target, policy = ecs.scaling(described, STAND_IN)
    place = (STAND_IN, [STAND_IN], [STAND_IN], STAND_IN)
    objects = {
        "TaskDefinition": ecs.task_definition(described),
        "Service": ecs.service(described, *place),
        "TargetGroup": ecs.target_group(described, STAND_IN),
        "ScalableTarget": target,
        "ScalingPolicy": policy,
    }
    return dict(leaf for name, held in objects.items() for leaf in leaves(held, name))


def kubernetes_leaves(described: Description) -> Leaves:
    """Everything that Kubernetes is told, by place: ``Deployment.spec.replicas``."""
    held = kubernetes.manifests(described)
    return dict(leaf for one in held for leaf in leaves(one, one["kind"]))


def leaves(value: Any, place: str) -> Iterator[tuple[str, Any]]:
    """(place, value) of everything in it that holds nothing further."""
    if isinstance(value, Mapping) and value:
        for key, inner in value.items():
            yield from leaves(inner, f"{place}.{key}")
    elif isinstance(value, (list, tuple)) and value:
        for number, inner in enumerate(value):
            yield from leaves(inner, f"{place}[{number}]")
    else:
        yield place, value


def at(place: str, held: Leaves) -> Leaves:
    """The leaves at a place and below it."""
    return {leaf: value for leaf, value in held.items() if belongs(leaf, place)}


def belongs(leaf: str, place: str) -> bool:
    """Whether a leaf stands at a place, or below it."""
    return leaf == place or leaf.startswith((f"{place}.", f"{place}["))
