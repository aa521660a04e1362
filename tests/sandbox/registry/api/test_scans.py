"""Scans through boto3, on the virtual clock."""

from datetime import timedelta
from typing import Any

import pytest

from course.exercises.images import push_image
from course.sandbox.clock import START
from tests.sandbox.registry.api.conftest import archive

IMAGE: dict[str, Any] = {"repositoryName": "web", "imageId": {"imageTag": "1.0"}}


@pytest.fixture
def old(ecr: Any) -> str:
    """The digest of an image with two packages that the catalogue knows."""
    return push_image(ecr, "web", "1.0", archive(zlib="1.2.11", openssl="3.0.2").decode())


def summary(ecr: Any) -> dict[str, Any]:
    return dict(ecr.describe_images(repositoryName="web")["imageDetails"][0])


def test_a_scan_takes_a_while_and_finds_what_the_catalogue_knows(
    aws: Any, ecr: Any, old: str
) -> None:
    answer = ecr.start_image_scan(**IMAGE)
    assert (answer["imageScanStatus"]["status"], answer["imageId"]["imageDigest"]) == (
        "IN_PROGRESS",
        old,
    )
    shown = ecr.describe_image_scan_findings(**IMAGE)
    assert shown["imageScanStatus"]["status"] == "IN_PROGRESS" and "imageScanFindings" not in shown
    ecr.get_waiter("image_scan_complete").wait(**IMAGE)
    shown = ecr.describe_image_scan_findings(**IMAGE)
    assert shown["imageScanStatus"]["status"] == "COMPLETE"
    found = shown["imageScanFindings"]
    assert found["findingSeverityCounts"] == {"CRITICAL": 1, "HIGH": 1}
    assert [one["severity"] for one in found["findings"]] == ["CRITICAL", "HIGH"]
    assert found["imageScanCompletedAt"] == START + timedelta(seconds=10)
    assert summary(ecr)["imageScanFindingsSummary"]["findingSeverityCounts"]["HIGH"] == 1


def test_an_image_without_a_list_of_packages_cannot_be_scanned(aws: Any, ecr: Any) -> None:
    push_image(ecr, "web", "1.0")
    ecr.start_image_scan(**IMAGE)
    aws.clock.advance(minutes=1)
    status = ecr.describe_image_scan_findings(**IMAGE)["imageScanStatus"]
    assert status["status"] == "UNSUPPORTED_IMAGE"
    assert status["description"].startswith("UnsupportedImageError")


def test_an_image_is_scanned_once_in_24_hours(aws: Any, ecr: Any, refused: Any, old: str) -> None:
    ecr.start_image_scan(**IMAGE)
    aws.clock.advance(hours=23)
    assert refused(ecr.start_image_scan, **IMAGE)[0] == "LimitExceededException"
    aws.clock.advance(hours=1)
    assert ecr.start_image_scan(**IMAGE)["imageScanStatus"]["status"] == "IN_PROGRESS"


@pytest.mark.parametrize("registry", [False, True])
def test_scan_on_push_scans_what_is_pushed_from_then_on(
    aws: Any, ecr: Any, refused: Any, registry: bool
) -> None:
    """By the repository's own setting, and by the registry's."""
    push_image(ecr, "web", "1.0", archive(zlib="1.2.11").decode())
    if registry:
        rule = {
            "scanFrequency": "SCAN_ON_PUSH",
            "repositoryFilters": [{"filter": "web", "filterType": "WILDCARD"}],
        }
        ecr.put_registry_scanning_configuration(scanType="BASIC", rules=[rule])
    else:
        on_push = {"scanOnPush": True}
        ecr.put_image_scanning_configuration(
            repositoryName="web", imageScanningConfiguration=on_push
        )
    assert refused(ecr.describe_image_scan_findings, **IMAGE)[0] == "ScanNotFoundException"
    push_image(ecr, "web", "2.0", archive(zlib="1.3").decode())
    second = {"repositoryName": "web", "imageId": {"imageTag": "2.0"}}
    assert refused(ecr.start_image_scan, **second)[0] == "LimitExceededException"
    aws.clock.advance(minutes=1)
    found = ecr.describe_image_scan_findings(**second)["imageScanFindings"]
    assert (found["findings"], found.get("findingSeverityCounts", {})) == ([], {})


def test_a_deleted_image_takes_its_scan_along(aws: Any, ecr: Any, refused: Any, old: str) -> None:
    ecr.start_image_scan(**IMAGE)
    ecr.batch_delete_image(repositoryName="web", imageIds=[IMAGE["imageId"]])
    assert refused(ecr.describe_image_scan_findings, **IMAGE)[0] == "ImageNotFoundException"
    (held,) = ecr.batch_get_image(repositoryName="web", imageIds=[IMAGE["imageId"]])["failures"]
    assert held["failureCode"] == "ImageNotFound"
    push_image(ecr, "web", "1.0", archive(zlib="1.2.11", openssl="3.0.2").decode())
    assert refused(ecr.describe_image_scan_findings, **IMAGE)[0] == "ScanNotFoundException"
