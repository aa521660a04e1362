"""Lifecycle policies through boto3: what expires, when, and what a preview says beforehand."""

from datetime import timedelta
from typing import Any

import pytest

from course.exercises.images import push_image
from course.sandbox.clock import START
from tests.sandbox.registry.api.conftest import policy

HERE: dict[str, Any] = {"repositoryName": "web"}
KEEP_TWO = policy({"tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": 2})
A_DAY = policy(
    {
        "tagStatus": "tagged",
        "tagPrefixList": ["dev-"],
        "countType": "sinceImagePushed",
        "countUnit": "days",
        "countNumber": 1,
    },
)


def tags(ecr: Any) -> list[str]:
    held = ecr.describe_images(**HERE)["imageDetails"]
    return [tag for one in held for tag in one.get("imageTags", [])]


@pytest.fixture
def three(aws: Any, ecr: Any) -> None:
    for tag in ("dev-1", "dev-2", "1.0"):
        push_image(ecr, "web", tag)
        aws.clock.advance(minutes=1)


def test_what_meets_a_rule_expires_within_24_hours(aws: Any, ecr: Any, three: None) -> None:
    ecr.put_lifecycle_policy(**HERE, lifecyclePolicyText=KEEP_TWO)
    assert tags(ecr) == ["dev-1", "dev-2", "1.0"]
    assert "lastEvaluatedAt" not in ecr.get_lifecycle_policy(**HERE)
    aws.clock.advance(hours=24)
    assert tags(ecr) == ["dev-2", "1.0"]
    evaluated = ecr.get_lifecycle_policy(**HERE)["lastEvaluatedAt"]
    assert START < evaluated < START + timedelta(hours=24)
    push_image(ecr, "web", "2.0")
    aws.clock.advance(hours=24)
    assert tags(ecr) == ["1.0", "2.0"]


def test_age_is_counted_in_virtual_days(aws: Any, ecr: Any, three: None) -> None:
    ecr.put_lifecycle_policy(**HERE, lifecyclePolicyText=A_DAY)
    aws.clock.advance(hours=13)
    assert tags(ecr) == ["dev-1", "dev-2", "1.0"]
    aws.clock.advance(hours=24)
    assert tags(ecr) == ["1.0"]


@pytest.mark.parametrize("end", ["delete_lifecycle_policy", "delete_repository"])
def test_a_policy_that_is_gone_expires_nothing(
    aws: Any, ecr: Any, refused: Any, three: None, end: str
) -> None:
    ecr.put_lifecycle_policy(**HERE, lifecyclePolicyText=KEEP_TWO)
    if end == "delete_lifecycle_policy":
        ecr.delete_lifecycle_policy(**HERE)
    else:
        assert refused(ecr.delete_repository, **HERE)[0] == "RepositoryNotEmptyException"
        ecr.delete_repository(**HERE, force=True)
        ecr.create_repository(**HERE)
        for tag in ("dev-1", "dev-2", "1.0"):
            push_image(ecr, "web", tag)
    aws.clock.advance(days=3)
    assert tags(ecr) == ["dev-1", "dev-2", "1.0"]
    assert refused(ecr.get_lifecycle_policy, **HERE)[0] == "LifecyclePolicyNotFoundException"
    assert refused(ecr.delete_lifecycle_policy, **HERE)[0] == "LifecyclePolicyNotFoundException"


def test_another_policy_takes_the_place_of_the_first(aws: Any, ecr: Any, three: None) -> None:
    ecr.put_lifecycle_policy(**HERE, lifecyclePolicyText=KEEP_TWO)
    aws.clock.advance(hours=11)
    ecr.put_lifecycle_policy(**HERE, lifecyclePolicyText=A_DAY)
    aws.clock.advance(hours=12.5)
    assert tags(ecr) == ["dev-1", "dev-2", "1.0"]


def test_a_preview_says_what_would_expire_and_expires_nothing(
    aws: Any, ecr: Any, refused: Any, three: None
) -> None:
    assert refused(ecr.get_lifecycle_policy_preview, **HERE)[0] == (
        "LifecyclePolicyPreviewNotFoundException"
    )
    assert refused(ecr.start_lifecycle_policy_preview, **HERE)[0] == (
        "LifecyclePolicyNotFoundException"
    )
    begun = ecr.start_lifecycle_policy_preview(**HERE, lifecyclePolicyText=KEEP_TWO)
    assert begun["status"] == "IN_PROGRESS"
    assert refused(ecr.start_lifecycle_policy_preview, **HERE, lifecyclePolicyText=A_DAY)[0] == (
        "LifecyclePolicyPreviewInProgressException"
    )
    ecr.get_waiter("lifecycle_policy_preview_complete").wait(**HERE)
    shown = ecr.get_lifecycle_policy_preview(**HERE)
    (result,) = shown["previewResults"]
    assert (result["imageTags"], result["action"], result["appliedRulePriority"]) == (
        ["dev-1"],
        {"type": "EXPIRE"},
        1,
    )
    assert shown["summary"]["expiringImageTotalCount"] == 1
    assert tags(ecr) == ["dev-1", "dev-2", "1.0"]
    asked = {"imageIds": [{"imageTag": "1.0"}]}
    assert ecr.get_lifecycle_policy_preview(**HERE, **asked)["previewResults"] == []
    untagged = {"filter": {"tagStatus": "UNTAGGED"}}
    assert ecr.get_lifecycle_policy_preview(**HERE, **untagged)["previewResults"] == []


def test_a_policy_that_makes_no_sense_is_refused_and_changes_nothing(
    ecr: Any, refused: Any, three: None
) -> None:
    ecr.put_lifecycle_policy(**HERE, lifecyclePolicyText=KEEP_TWO)
    wrong = KEEP_TWO.replace('"any"', '"everything"')
    assert refused(ecr.put_lifecycle_policy, **HERE, lifecyclePolicyText=wrong)[0] == (
        "InvalidParameterException"
    )
    assert ecr.get_lifecycle_policy(**HERE)["lifecyclePolicyText"] == KEEP_TWO


def test_a_snapshot_keeps_a_policy_at_work(aws: Any, ecr: Any, three: None) -> None:
    """The alarm of the copy is about the copy's repository, not about the one that was left."""
    ecr.put_lifecycle_policy(**HERE, lifecyclePolicyText=KEEP_TWO)
    before = aws.snapshot()
    aws.clock.advance(hours=24)
    assert tags(ecr) == ["dev-2", "1.0"]
    before.restore()
    assert tags(ecr) == ["dev-1", "dev-2", "1.0"]
    aws.clock.advance(hours=24)
    assert tags(ecr) == ["dev-2", "1.0"]
