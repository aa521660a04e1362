"""Lifecycle policies: which images of a repository expire, by which rule.

All rules look at all images as if none had expired. Then they are applied by
priority, lowest number first: an image that fits the tags of one rule is that
rule's alone, whether it marks it or not. Images that an index still names stay.

AWS: https://docs.aws.amazon.com/AmazonECR/latest/userguide/LifecyclePolicies.html
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from course.sandbox.registry.wildcards import matches


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: *patterns* are wildcards over tags, *prefixes* their beginnings; one of both.

    ``imageCountMoreThan`` keeps the youngest *count_number* images,
    ``sinceImagePushed`` those pushed within *count_number* days.
    """

    priority: int
    tag_status: str
    count_type: str
    count_number: int
    patterns: tuple[str, ...] = ()
    prefixes: tuple[str, ...] = ()

    def selects(self, tags: Sequence[str]) -> bool:
        """Whether an image with these tags is this rule's to judge."""
        if self.tag_status == "any":
            return True
        if self.tag_status == "untagged":
            return not tags
        by_pattern = all(any(matches(one, tag) for tag in tags) for one in self.patterns)
        by_prefix = all(any(tag.startswith(one) for tag in tags) for one in self.prefixes)
        return by_pattern and by_prefix


@dataclass(frozen=True, slots=True)
class HeldImage:
    """An image as a rule sees it; *referenced* when an index in its repository names it."""

    digest: str
    tags: tuple[str, ...]
    pushed_at: datetime
    referenced: bool = False


@dataclass(frozen=True, slots=True)
class Expiry:
    """An image that expires, and the priority of the rule by which it does."""

    image: HeldImage
    rule_priority: int


def expiring(rules: Iterable[Rule], images: Sequence[HeldImage], now: datetime) -> list[Expiry]:
    """What expires at this moment, oldest first."""
    judged: set[str] = set()
    marked = []
    for rule in sorted(rules, key=lambda one: one.priority):
        selected = [image for image in images if rule.selects(image.tags)]
        marked += [
            Expiry(image, rule.priority)
            for image in _beyond(rule, selected, now)
            if image.digest not in judged and not image.referenced
        ]
        judged.update(image.digest for image in selected)
    return sorted(marked, key=lambda one: one.image.pushed_at)


def _beyond(rule: Rule, selected: list[HeldImage], now: datetime) -> list[HeldImage]:
    """Those of its images that are too many, or too old."""
    if rule.count_type == "imageCountMoreThan":
        # of two pushed in one second the one that came later is the younger
        placed = sorted(enumerate(selected), key=lambda one: (one[1].pushed_at, one[0]))
        return [image for _, image in placed[: max(0, len(placed) - rule.count_number)]]
    oldest = now - timedelta(days=rule.count_number)
    return [image for image in selected if image.pushed_at < oldest]
