"""Tag mutability: whether a tag that an image holds may be moved to another one.

A repository is MUTABLE or IMMUTABLE, and either may have exclusion filters: tags
that match one are treated the other way round.

AWS: https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-tag-mutability.html
"""

from collections.abc import Iterable

from course.sandbox.registry.wildcards import matches


def is_immutable(setting: str, filters: Iterable[str], tag: str) -> bool:
    """Whether *tag* stays where it is, under this setting and the patterns of its filters."""
    excluded = setting.endswith("_WITH_EXCLUSION") and any(matches(one, tag) for one in filters)
    return setting.startswith("IMMUTABLE") is not excluded
