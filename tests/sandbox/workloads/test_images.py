"""The catalogue of images."""

from dataclasses import Field, fields

import pytest

from course.sandbox.workloads.images import (
    UNKNOWN,
    Image,
    catalogue,
    find_image,
    repository_of,
)
from course.sandbox.workloads.program import program_of


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
def test_an_image_serves_or_works_or_ends(image: Image) -> None:
    ends = image.exits is not None
    assert not (ends and image.sigterm is not None)
    assert [bool(image.paths), image.works, ends].count(True) == 1


@pytest.mark.parametrize("image", catalogue().values(), ids=lambda image: image.name)
def test_what_an_image_asks_of_aws_is_said_by_variables_it_needs(image: Image) -> None:
    values = [value for action in image.actions for _, value in action.given]
    assert {value.removeprefix("$") for value in values} <= {*image.requires}
    assert all(value.startswith("$") for value in values)
    assert all(action.name.count(":") == 1 for action in image.actions)


@pytest.mark.parametrize("name", ["httpd:2.4", "nginx", "public.ecr.aws/docker/library/nginx:1.27"])
def test_a_public_web_server_has_its_start_page_and_nothing_else(name: str) -> None:
    server = program_of(find_image(name), []).server
    assert server
    asked = ("/", "/index.html", "/health", "/nothing")
    assert [server.status(path) for path in asked] == [200, 200, 404, 404]


@pytest.mark.parametrize(
    ("twin", "differs_in"),
    [
        ("web-leaks", {"memory"}),
        ("web-deaf", {"sigterm"}),
        ("web-drops", {"sigterm", "stops"}),
        ("web-slow", {"starts"}),
        ("web-sick", {"paths"}),
        ("web-elsewhere", {"port"}),
        ("web-loopback", {"loopback"}),
        ("web-needs", {"requires"}),
        ("web-arm", {"architectures"}),
        ("web-crashes", {"exits", "after", "sigterm", "paths"}),
        ("web-heavy", {"gib"}),
        ("worker-greedy", {"actions"}),
        ("worker-stuck", {"refused"}),
        ("worker-secret", {"secrets"}),
        ("worker-fetches", {"actions", "requires"}),
    ],
)
def test_a_twin_differs_from_the_honest_one_in_one_way(twin: str, differs_in: set[str]) -> None:
    names = twin.partition("-")[0], twin
    honest, broken = (find_image(f"registry.example.com/{name}") for name in names)
    different = {one.name for one in fields(Image) if _of(honest, one) != _of(broken, one)}
    assert different == {"name"} | differs_in


def _of(image: Image, field: Field[object]) -> object:
    return getattr(image, field.name)
