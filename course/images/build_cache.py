"""The build cache: which instructions of a Dockerfile are carried out, and which are reused.

A step is reused when the same instruction was carried out before on the same
step before it; COPY and ADD also look at the files they name. After the first
step that is not reused, none is. What RUN would do in the world outside is not
looked at: the words of its command decide.

Docker: https://docs.docker.com/build/cache/invalidation/
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.resources import files as resources
from typing import Any

from course.images.dockerfile import LAYERS, DockerfileError, Instruction, read_dockerfile
from course.images.image import Image, configured, short
from course.images.layer import Blob, digest_of, layer

PACKAGES = "var/lib/dpkg/status"


@dataclass(frozen=True, slots=True)
class Step:
    """One instruction in one build. *layer* is None where it only changed the configuration."""

    instruction: Instruction
    key: str
    reused: bool
    layer: Blob | None

    def __str__(self) -> str:
        made = f"layer {short(self.layer.digest)}" if self.layer else ""
        return f"{'CACHED' if self.reused else 'built':8}{str(self.instruction)[:52]:54}{made}".rstrip()


@dataclass(frozen=True)
class Build:
    """One build of a Dockerfile: its steps, and the image that came of them."""

    steps: tuple[Step, ...]
    image: Image

    def __repr__(self) -> str:
        return "\n".join(f"{number:>2} {step}" for number, step in enumerate(self.steps, 1))

    @property
    def built(self) -> int:
        """How many steps were carried out anew."""
        return sum(not step.reused for step in self.steps)


class Builder:
    """Builds Dockerfiles, and remembers every step that it has carried out."""

    def __init__(self) -> None:
        self._known: dict[str, Blob | None] = {}

    def build(self, dockerfile: str, files: Mapping[str, str]) -> Build:
        """Build *dockerfile* with these *files* (text by path) beside it.

        Raises DockerfileError for an instruction or a file that is not there.
        """
        steps: list[Step] = []
        for instruction in read_dockerfile(dockerfile):
            before = steps[-1].key if steps else ""
            copied = _copied(instruction, files)
            key = _key(before, instruction, copied)
            reused = key in self._known
            if not reused:
                self._known[key] = _carried_out(before, instruction, copied)
            steps.append(Step(instruction, key, reused, self._known[key]))
        return Build(tuple(steps), _image(steps))


def _key(before: str, instruction: Instruction, copied: Mapping[str, str]) -> str:
    """What decides: the step before, the instruction's words, the content of the files it copies."""
    content = [f"{path} {digest_of(text.encode())}" for path, text in sorted(copied.items())]
    return sha256("\n".join((before, str(instruction), *content)).encode()).hexdigest()


def _copied(instruction: Instruction, files: Mapping[str, str]) -> dict[str, str]:
    """The files that COPY or ADD means, by path: named ones, a folder's, or all by ``.``."""
    if instruction.name not in ("ADD", "COPY"):
        return {}
    *sources, target = instruction.arguments.split()
    found: dict[str, str] = {}
    for source in sources:
        folder = "" if source in (".", "./") else f"{source.rstrip('/')}/"
        named = {p: text for p, text in files.items() if p == source or p.startswith(folder)}
        if not named:
            raise DockerfileError(f"{instruction}: there is no {source} beside the Dockerfile.")
        found |= named
    if not sources:
        raise DockerfileError(
            f"{instruction}: it takes what to copy, and where to: {target} is one."
        )
    return found


def _carried_out(before: str, step: Instruction, copied: Mapping[str, str]) -> Blob | None:
    """The layer that the instruction makes; a RUN leaves a note of what it ran, and on what."""
    if step.name == "FROM":
        packages = _base(step.arguments)["packages"].items()
        listed = (f"Package: {name}\nVersion: {version}\n" for name, version in packages)
        return layer({PACKAGES: "\n".join(listed)})
    if step.name == "RUN":
        return layer({f"ran/{before[:12]}": step.arguments})
    return layer(copied) if step.name in LAYERS else None


def _image(steps: list[Step]) -> Image:
    base = _base(steps[0].instruction.arguments)
    settings: dict[str, Any] = {"Env": list(base["env"]), "Cmd": list(base["cmd"])}
    for step in steps[1:]:
        settings = configured(settings, step.instruction)
    made = [(step.layer, str(step.instruction)) for step in steps if step.layer]
    layers = tuple(blob for blob, _ in made)
    config = {
        "architecture": "amd64",
        "os": "linux",
        "config": settings,
        "rootfs": {"type": "layers", "diff_ids": [blob.digest for blob in layers]},
    }
    return Image(layers, tuple(by for _, by in made), config)


def _base(name: str) -> dict[str, Any]:
    if name not in _bases():
        raise DockerfileError(f"FROM {name}: the model has {' and '.join(_bases())}.")
    return _bases()[name]


@cache
def _bases() -> dict[str, dict[str, Any]]:
    text = (resources("course.images") / "bases.toml").read_text("utf-8")
    return {one["name"]: one for one in tomllib.loads(text)["base"]}
