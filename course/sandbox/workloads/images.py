"""The catalogue of images: what each does when it runs, as data (``images.toml``)."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

UNKNOWN = "*"


@dataclass(frozen=True, slots=True)
class Image:
    """One image's behaviour; durations are virtual seconds. See ``images.toml`` for each member."""

    name: str
    port: int | None = None
    starts: float = 0
    paths: tuple[tuple[str, int], ...] = ()
    sigterm: int | None = None
    stops: float = 0
    exits: int | None = None
    after: float = 0
    programs: tuple[str, ...] = ()
    tools: tuple[str, ...] = ()
    entry_script: bool = False
    memory: tuple[tuple[float, float], ...] = ()
    architectures: tuple[str, ...] = ("X86_64", "ARM64")


@cache
def catalogue() -> dict[str, Image]:
    """All described images by name; ``*`` stands for every other."""
    text = (files("course.sandbox.workloads") / "images.toml").read_text("utf-8")
    return {row["name"]: _image(row) for row in tomllib.loads(text)["image"]}


def _image(row: dict[str, Any]) -> Image:
    lists: dict[str, Any] = {name: tuple(row.get(name, ())) for name in ("programs", "tools")}
    if "architectures" in row:
        lists["architectures"] = tuple(row["architectures"])
    lists["memory"] = tuple((float(second), float(mib)) for second, mib in row.get("memory", ()))
    lists["paths"] = tuple(row.get("paths", {}).items())
    return Image(**{**row, **lists})


def repository_of(image: str) -> str:
    """The name of an image without tag and digest."""
    name = image.partition("@")[0]
    head, _, last = name.rpartition("/")
    last = last.partition(":")[0]
    return f"{head}/{last}" if head else last


def find_image(image: str) -> Image:
    """What is known of an image, whatever its tag; the unknown one is a server that behaves."""
    return catalogue().get(repository_of(image), catalogue()[UNKNOWN])
