"""Whether a tag may be moved."""

import pytest

from course.sandbox.registry.tag_mutability import is_immutable

EXCLUDED = ("latest", "dev-*")


@pytest.mark.parametrize(
    ("setting", "tag", "immutable"),
    [
        ("MUTABLE", "1.0", False),
        ("IMMUTABLE", "1.0", True),
        ("IMMUTABLE", "latest", True),
        ("IMMUTABLE_WITH_EXCLUSION", "1.0", True),
        ("IMMUTABLE_WITH_EXCLUSION", "latest", False),
        ("IMMUTABLE_WITH_EXCLUSION", "latest-2", True),
        ("IMMUTABLE_WITH_EXCLUSION", "dev-7", False),
        ("MUTABLE_WITH_EXCLUSION", "1.0", False),
        ("MUTABLE_WITH_EXCLUSION", "dev-7", True),
    ],
)
def test_a_filter_turns_the_setting_round(setting: str, tag: str, immutable: bool) -> None:
    assert is_immutable(setting, EXCLUDED, tag) is immutable
