"""An image: layers in order, a configuration, and a manifest that names both by digest.

The format: https://github.com/opencontainers/image-spec/blob/main/manifest.md
"""

import json
from dataclasses import dataclass
from typing import Any

from course.images.dockerfile import Instruction
from course.images.layer import Blob, digest_of

LAYER = "application/vnd.oci.image.layer.v1.tar"
CONFIG = "application/vnd.oci.image.config.v1+json"
MANIFEST = "application/vnd.oci.image.manifest.v1+json"


@dataclass(frozen=True)
class Image:
    """One image. *made_by* says for each layer which instruction made it."""

    layers: tuple[Blob, ...]
    made_by: tuple[str, ...]
    config: dict[str, Any]

    def __repr__(self) -> str:
        rows = zip(self.layers, self.made_by, strict=True)
        lines = [f"  layer {short(one.digest)} {one.size:>7,} bytes  {by}" for one, by in rows]
        return "\n".join((f"image {short(self.digest)}", *lines, f"  config {self.settings}"))

    @property
    def settings(self) -> dict[str, Any]:
        """What a container gets from the image when nobody says otherwise."""
        return dict(self.config["config"])

    @property
    def blobs(self) -> tuple[Blob, ...]:
        """What is uploaded before the manifest: the configuration, then the layers."""
        return Blob(json.dumps(self.config).encode()), *self.layers

    @property
    def manifest(self) -> str:
        """The manifest's text; its SHA-256 is the image's digest."""
        config, *layers = ({"digest": one.digest, "size": one.size} for one in self.blobs)
        return json.dumps(
            {
                "schemaVersion": 2,
                "mediaType": MANIFEST,
                "config": {"mediaType": CONFIG, **config},
                "layers": [{"mediaType": LAYER, **one} for one in layers],
            },
            indent=1,
        )

    @property
    def digest(self) -> str:
        """The digest under which a registry keeps this image."""
        return digest_of(self.manifest.encode())


def short(digest: str) -> str:
    """As much of a digest as people say."""
    return digest[:19]


def configured(before: dict[str, Any], step: Instruction) -> dict[str, Any]:
    """The settings after one more instruction; those that change none return the same."""
    match step.name:
        case "CMD":
            return before | {"Cmd": step.words}
        case "ENTRYPOINT":  # an entry point of one's own does not take over the base's command
            return {name: held for name, held in before.items() if name != "Cmd"} | {
                "Entrypoint": step.words
            }
        case "ENV":
            return before | {"Env": [*before.get("Env", []), step.arguments]}
        case "EXPOSE":
            return before | {"ExposedPorts": {f"{step.arguments}/tcp": {}}}
        case "USER":
            return before | {"User": step.arguments}
        case "WORKDIR":
            return before | {"WorkingDir": step.arguments}
    return before
