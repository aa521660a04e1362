"""Capacity provider strategies: which provider the next task goes to.

Base first, then the ratio of the weights. FARGATE and FARGATE_SPOT exist in
every account; Auto Scaling group providers come with ECS on EC2.

AWS: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CapacityProviderStrategyItem.html
"""

from collections import Counter
from collections.abc import Sequence
from typing import Any

FARGATE_PROVIDERS = ("FARGATE", "FARGATE_SPOT")


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
