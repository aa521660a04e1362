"""The pictures of an image's layers and of a build's steps."""

from xml.etree import ElementTree

import pytest

from course.diagrams.build_steps import build_steps
from course.diagrams.image_layers import image_layers
from course.diagrams.picture import Picture
from course.images.build_cache import Build, Builder

DOCKERFILE = """
FROM registry.example.com/python:2026
COPY app.py /app/
RUN pip install --no-cache-dir -r a-very-long-name-of-a-file-of-requirements.txt && echo done
CMD ["python3", "app.py"]
"""


@pytest.fixture
def build() -> Build:
    builder = Builder()
    builder.build(DOCKERFILE, {"app.py": "1"})
    return builder.build(DOCKERFILE, {"app.py": "2"})


def drawn(picture: Picture) -> str:
    assert picture.svg
    ElementTree.fromstring(picture.svg)
    return picture.svg


def test_a_build_shows_what_was_reused(build: Build) -> None:
    picture = build_steps(build)
    assert drawn(picture).count(">CACHED<") == 1
    assert drawn(picture).count(">built<") == 3
    assert repr(picture) == repr(build)
    assert picture.alt.startswith("A build of 4 steps, 3 of them carried out: CACHED FROM")


def test_an_image_shows_its_layers_from_the_top(build: Build) -> None:
    picture = image_layers(build.image)
    text = drawn(picture)
    places = [text.index(by[:12]) for by in build.image.made_by]
    assert places[1:] == sorted(places[1:], reverse=True)
    assert picture.alt.startswith("An image of 3 layers: RUN pip")
    assert build.image.digest[:19] in repr(picture)


def test_both_are_as_narrow_as_a_phone(build: Build) -> None:
    for picture in (build_steps(build), image_layers(build.image)):
        width = float(ElementTree.fromstring(drawn(picture)).attrib["width"])
        assert width <= 360
