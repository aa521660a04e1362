"""A Dockerfile taken apart, and what of it ends in an image's configuration."""

import json
from hashlib import sha256

import pytest

from course.images.build_cache import Builder
from course.images.dockerfile import read_dockerfile
from course.images.image import Image


def built(*lines: str) -> Image:
    return Builder().build("\n".join(("FROM registry.example.com/python:2026", *lines)), {}).image


def test_comments_and_continued_lines() -> None:
    text = "# a comment\nfrom base\n\nRUN one && \\\n    two\n"
    assert [str(one) for one in read_dockerfile(text)] == ["FROM base", "RUN one &&  two"]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('CMD ["python3", "app.py"]', ["python3", "app.py"]),
        ("CMD python3 app.py", ["/bin/sh", "-c", "python3 app.py"]),
        ("CMD ['python3']", ["/bin/sh", "-c", "['python3']"]),
    ],
)
def test_without_brackets_a_command_goes_to_a_shell(line: str, words: list[str]) -> None:
    assert built(line).settings["Cmd"] == words


def test_settings_are_those_of_the_base_and_what_is_added() -> None:
    image = built("ENV MODE=test", "EXPOSE 8080", "USER app", "WORKDIR /app", "LABEL a=b")
    assert image.settings == {
        "Env": ["PATH=/usr/local/bin:/usr/bin:/bin", "MODE=test"],
        "Cmd": ["python3"],
        "ExposedPorts": {"8080/tcp": {}},
        "User": "app",
        "WorkingDir": "/app",
    }


def test_an_entry_point_takes_the_bases_command_away() -> None:
    assert "Cmd" not in built('ENTRYPOINT ["serve"]').settings
    both = built('ENTRYPOINT ["serve"]', 'CMD ["--port", "80"]').settings
    assert (both["Entrypoint"], both["Cmd"]) == (["serve"], ["--port", "80"])


def test_the_manifest_names_configuration_and_layers_by_their_digests() -> None:
    image = built("RUN one")
    manifest = json.loads(image.manifest)
    named = [manifest["config"], *manifest["layers"]]
    for entry, blob in zip(named, image.blobs, strict=True):
        assert entry["digest"] == f"sha256:{sha256(blob.content).hexdigest()}"
        assert entry["size"] == len(blob.content)
    assert image.digest == f"sha256:{sha256(image.manifest.encode()).hexdigest()}"
