"""Capacity provider strategies: which provider the next task goes to.

Base first, then the ratio of the weights. FARGATE and FARGATE_SPOT exist in
every account; Auto Scaling group providers come with ECS on EC2.

AWS: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CapacityProviderStrategyItem.html
"""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from course.sandbox.ecs.errors import invalid_parameter
from course.sandbox.ecs.resources import Region

FARGATE_PROVIDERS = ("FARGATE", "FARGATE_SPOT")

MOST_WEIGHT, MOST_BASE = 1000, 100_000


def check_associated(strategy: Sequence[dict[str, Any]], associated: Sequence[str]) -> None:
    """Refuse a strategy that names a capacity provider which the cluster has not been given.

    The text is that of a real answer of 2021 (dask/dask-cloudprovider#328).
    """
    for item in strategy:
        if item["capacityProvider"] not in associated:
            raise invalid_parameter(
                "The specified capacity provider strategy cannot contain a capacity provider that "
                "is not associated with the cluster. Associate the capacity provider with the "
                "cluster or specify a valid capacity provider and try again."
            )
        weight, base = item.get("weight") or 0, item.get("base") or 0
        if not 0 <= weight <= MOST_WEIGHT or not 0 <= base <= MOST_BASE:
            raise invalid_parameter(  # our words
                f"A weight is 0 to {MOST_WEIGHT} and a base 0 to {MOST_BASE}, not {weight} and {base}."
            )


def scales_itself(region: Region, provider: str | None) -> bool:
    """Whether this capacity provider has managed scaling: then its tasks may wait for an instance."""
    found = region.capacity_providers.get(provider or "")
    group = (found.auto_scaling_group_provider if found else None) or {}
    return bool(group.get("managedScaling", {}).get("status") == "ENABLED")


def choose_provider(strategy: Sequence[dict[str, Any]], placed: Counter[str]) -> str:
    """The provider for the next task, given how many tasks each provider has already.

    *strategy* has at least one item with a base still open or a weight above 0.
    """
    for item in strategy:
        if placed[item["capacityProvider"]] < item.get("base", 0):
            return str(item["capacityProvider"])
    weighted = [item for item in strategy if item.get("weight", 0) > 0]
    return str(min(weighted, key=lambda item: _fill(item, placed))["capacityProvider"])


def _fill(item: dict[str, Any], placed: Counter[str]) -> float:
    """How far a provider is into its share; the emptiest one is next."""
    above_base = placed[item["capacityProvider"]] - item.get("base", 0)
    return float(above_base / item["weight"])
