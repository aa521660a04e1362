"""An image manifest: what an image is made of, by digest, and what the digest of the whole is.

A manifest is a small JSON text that names the image's configuration and its
layers, each by digest and size. The image's own digest is the SHA-256 of that
text. An image index names other manifests instead, one for each platform.

AWS: https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-manifest-formats.html
"""

import json
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from course.sandbox.ecs.errors import Refused, invalid_parameter


@dataclass(frozen=True, slots=True)
class Manifest:
    """A manifest as it was read. *blobs* are the digests of configuration and layers, in order.

    *size* is the sum of their sizes in bytes; *references* are the digests of the
    images that an index names, and then there are no blobs.
    """

    digest: str
    media_type: str
    blobs: tuple[str, ...]
    references: tuple[str, ...]
    size: int


def digest_of(content: bytes) -> str:
    """The digest that a registry gives this content."""
    return f"sha256:{sha256(content).hexdigest()}"


def read_manifest(text: str, media_type: str | None = None) -> Manifest:
    """Read a manifest; *media_type* stands in for the one that the text may lack.

    Raises Refused (InvalidParameterException) for a text that is no manifest.
    """
    try:
        held = json.loads(text)
    except (ValueError, RecursionError):
        raise _invalid("Invalid JSON syntax") from None
    if not isinstance(held, dict):
        raise _invalid("the manifest is not a JSON object")  # our words
    kind = media_type or held.get("mediaType")
    if not isinstance(kind, str):
        raise invalid_parameter("image manifest mediatype not provided in manifest or parameter")
    if "manifests" in held:
        references = tuple(digest for digest, _ in _descriptors(held["manifests"]))
        return Manifest(digest_of(text.encode()), kind, (), references, 0)
    blobs = _descriptors([held.get("config"), *_list(held.get("layers"))])
    digests = tuple(digest for digest, _ in blobs)
    return Manifest(digest_of(text.encode()), kind, digests, (), sum(size for _, size in blobs))


def _descriptors(held: Any) -> list[tuple[str, int]]:
    """Digest and size of each entry; a size that is not given counts as 0."""
    found = []
    for one in _list(held):
        digest = one.get("digest") if isinstance(one, dict) else None
        if not isinstance(digest, str):
            raise _invalid("configuration and layers are named by their digests")  # our words
        size = one.get("size")
        found.append((digest, size if isinstance(size, int) and size > 0 else 0))
    return found


def _list(held: Any) -> list[Any]:
    if not isinstance(held, list):
        raise _invalid("the manifest has no list of layers")  # our words
    return held


def _invalid(why: str) -> Refused:
    return invalid_parameter(
        f"Invalid parameter at 'ImageManifest' failed to satisfy constraint: '{why}'"
    )
