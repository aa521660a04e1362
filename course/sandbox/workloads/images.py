"""The catalogue of images: what each does when it runs, as data (``images.toml``)."""

import tomllib
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any

UNKNOWN = "*"


@dataclass(frozen=True, slots=True)
class Action:
    """What a program asks of AWS: an IAM action, and the parameters that name its resource.

    A value ``$NAME`` is that of an environment variable.
    """

    name: str
    given: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Image:
    """One image's behaviour; durations are virtual seconds. See ``images.toml`` for each member."""

    name: str
    port: int | None = None
    loopback: bool = False
    starts: float = 0
    carries: float = 200
    latency: float = 0.1
    says: str = ""
    logs: str = ""
    paths: tuple[tuple[str, int], ...] = ()
    sigterm: int | None = None
    stops: float = 0
    exits: int | None = None
    after: float = 0
    works: bool = False
    requires: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ()
    lacking: int = 1
    actions: tuple[Action, ...] = ()
    refused: int | None = 1
    instrumented: bool = False
    forwards: str = ""
    programs: tuple[str, ...] = ()
    tools: tuple[str, ...] = ()
    entry_script: bool = False
    memory: tuple[tuple[float, float], ...] = ()
    architectures: tuple[str, ...] = ("X86_64", "ARM64")
    gib: float = 0


@cache
def catalogue() -> dict[str, Image]:
    """All described images by name; ``*`` stands for every other."""
    text = (files("course.sandbox.workloads") / "images.toml").read_text("utf-8")
    images = dict[str, Image]()
    for row in tomllib.loads(text)["image"]:
        like = images[row.pop("like")] if "like" in row else Image(row["name"])
        images[row["name"]] = replace(like, **_members(row))
    return images


def _members(row: dict[str, Any]) -> dict[str, Any]:
    """What a row says, in the types of Image; rows say as little as they can."""
    said = dict(row)
    for name in ("programs", "tools", "architectures", "requires", "secrets"):
        if name in row:
            said[name] = tuple(row[name])
    if "memory" in row:
        said["memory"] = tuple((float(second), float(mib)) for second, mib in row["memory"])
    if "paths" in row:
        said["paths"] = tuple(row["paths"].items())
    if "actions" in row:
        said["actions"] = tuple(_action(dict(one)) for one in row["actions"])
    said |= {name: None for name in ("sigterm", "refused") if row.get(name) is False}
    return said


def _action(row: dict[str, str]) -> Action:
    return Action(row.pop("action"), tuple(row.items()))


def repository_of(image: str) -> str:
    """The name of an image without tag and digest."""
    name = image.partition("@")[0]
    head, _, last = name.rpartition("/")
    last = last.partition(":")[0]
    return f"{head}/{last}" if head else last


def find_image(image: str) -> Image:
    """What is known of an image, whatever its tag; the unknown one is a server that behaves."""
    return catalogue().get(repository_of(image), catalogue()[UNKNOWN])
