"""What is built again, after which change."""

from typing import Any

import pytest

from course.images.build_cache import Builder
from course.images.dockerfile import DockerfileError

CARELESS = """
FROM registry.example.com/python:2026
WORKDIR /app
COPY . .
RUN pip install -r requirements.txt
EXPOSE 8080
CMD ["python3", "app.py"]
"""
CAREFUL = """
FROM registry.example.com/python:2026
WORKDIR /app
COPY requirements.txt .
RUN pip install -r requirements.txt
COPY . .
CMD ["python3", "app.py"]
"""
FILES = {"app.py": "print(1)", "requirements.txt": "flask", "pages/index.html": "hello"}


def states(dockerfile: str, **changed: str) -> list[bool]:
    """Which steps of the second build are reused, after one build and a change of files."""
    builder = Builder()
    builder.build(dockerfile, FILES)
    again = builder.build(
        dockerfile, FILES | {name.replace("__", "."): c for name, c in changed.items()}
    )
    return [step.reused for step in again.steps]


@pytest.mark.parametrize(
    ("dockerfile", "changed", "reused"),
    [
        (CARELESS, {}, 6),
        (CARELESS, {"app__py": "print(2)"}, 2),
        (CAREFUL, {"app__py": "print(2)"}, 4),
        (CAREFUL, {"requirements__txt": "django"}, 2),
        (CAREFUL, {"app__py": "print(1)"}, 6),  # written anew with the same content
    ],
)
def test_a_change_rebuilds_its_step_and_all_after_it(
    dockerfile: str, changed: dict[str, str], reused: int
) -> None:
    assert states(dockerfile, **changed) == [True] * reused + [False] * (6 - reused)


@pytest.mark.parametrize(
    ("before", "after", "built"),
    [
        ("python:2026", "python:2022", 6),
        ("flask", "flask", 0),
        ("/app", "/srv", 5),
        ('CMD ["python3"', 'CMD ["python"', 1),
        ("RUN pip", "RUN pip3", 3),
    ],
)
def test_the_words_of_an_instruction_decide(before: str, after: str, built: int) -> None:
    builder = Builder()
    builder.build(CAREFUL, FILES)
    assert builder.build(CAREFUL.replace(before, after), FILES).built == built


def test_what_was_built_once_is_known_for_good() -> None:
    builder = Builder()
    first = builder.build(CAREFUL, FILES)
    builder.build(CAREFUL, FILES | {"app.py": "print(2)"})
    back = builder.build(CAREFUL, FILES)
    assert (first.built, back.built) == (6, 0)
    assert back.image.digest == first.image.digest


def test_another_builder_makes_the_same_image() -> None:
    made = {Builder().build(CAREFUL, FILES).image.digest for _ in range(2)}
    assert len(made) == 1
    assert Builder().build(CARELESS, FILES).image.digest not in made


def test_layers_come_of_instructions_that_change_files() -> None:
    image = Builder().build(CAREFUL, FILES).image
    assert [by.split()[0] for by in image.made_by] == ["FROM", "COPY", "RUN", "COPY"]
    assert image.config["rootfs"]["diff_ids"] == [one.digest for one in image.layers]


@pytest.mark.parametrize(
    ("copied", "digest_changes"),
    [("pages /app/", True), ("pages/ /app/", True), ("app.py /app/", False)],
)
def test_copy_looks_at_what_it_names(copied: str, digest_changes: bool) -> None:
    dockerfile = f"FROM registry.example.com/python:2026\nCOPY {copied}"
    builder = Builder()
    builder.build(dockerfile, FILES)
    again = builder.build(dockerfile, FILES | {"pages/index.html": "bye"})
    assert again.steps[1].reused is not digest_changes


@pytest.mark.parametrize(
    ("dockerfile", "words"),
    [
        ("", "begins with FROM"),
        ("RUN ls", "begins with FROM"),
        ("FROM ubuntu", "the model has registry.example.com/python:2022 and"),
        ("FROM registry.example.com/python:2026\nHEALTHCHECK NONE", "the model knows"),
        ("FROM registry.example.com/python:2026\nRUN", "something after it"),
        ("FROM registry.example.com/python:2026\nCOPY gone.py .", "no gone.py"),
        ("FROM registry.example.com/python:2026\nCOPY app.py", "where to"),
    ],
)
def test_what_cannot_be_built_is_said(dockerfile: str, words: str) -> None:
    with pytest.raises(DockerfileError, match=words):
        Builder().build(dockerfile, FILES)


def test_a_build_says_its_steps() -> None:
    told: Any = repr(Builder().build(CAREFUL, FILES)).splitlines()
    assert len(told) == 6
    assert told[0].startswith(" 1 built   FROM registry.example.com/python:2026")
    assert "layer sha256:" in told[2] and "layer" not in told[1]
