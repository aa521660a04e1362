"""The catalogue of images."""

import pytest

from course.sandbox.workloads.images import (
    UNKNOWN,
    Image,
    catalogue,
    find_image,
    repository_of,
)


@pytest.mark.parametrize(
    ("image", "repository"),
    [
        ("httpd", "httpd"),
        ("httpd:2.4", "httpd"),
        ("public.ecr.aws/docker/library/httpd:latest", "public.ecr.aws/docker/library/httpd"),
        ("localhost:5000/team/app:1", "localhost:5000/team/app"),
        ("app@sha256:" + "0" * 64, "app"),
        ("team/app:1@sha256:" + "0" * 64, "team/app"),
    ],
)
def test_a_name_without_tag_and_digest(image: str, repository: str) -> None:
    assert repository_of(image) == repository


def test_an_image_nobody_has_described_is_a_server_that_behaves() -> None:
    image = find_image("team/app:1")
    assert (image.name, image.sigterm, image.exits) == (UNKNOWN, 143, None)


@pytest.mark.parametrize("image", catalogue().values(), ids=lambda image: image.name)
def test_an_image_either_serves_or_ends(image: Image) -> None:
    ends = image.exits is not None
    assert not (ends and image.sigterm is not None)
    assert bool(image.paths) != ends
