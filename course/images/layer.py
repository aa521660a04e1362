"""A layer: an archive of the files that one instruction added or changed.

The archive holds no times and no owner, so that the same files give the same
bytes, and the same bytes the same digest.

The format: https://github.com/opencontainers/image-spec/blob/main/layer.md
"""

import io
import tarfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256

END = 1024
"""Bytes of zeros that end an archive; what Python pads beyond them is left out."""


@dataclass(frozen=True, slots=True)
class Blob:
    """Bytes as a registry keeps them: under their digest."""

    content: bytes = field(repr=False)

    @property
    def digest(self) -> str:
        return digest_of(self.content)

    @property
    def size(self) -> int:
        return len(self.content)


def digest_of(content: bytes) -> str:
    """``sha256:`` and the SHA-256 of these bytes."""
    return f"sha256:{sha256(content).hexdigest()}"


def layer(files: Mapping[str, str]) -> Blob:
    """The archive of these files, by path, in the order of their paths."""
    held = io.BytesIO()
    with tarfile.open(fileobj=held, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for path, text in sorted(files.items()):
            entry = tarfile.TarInfo(path)
            entry.size = len(text.encode())
            archive.addfile(entry, io.BytesIO(text.encode()))
        end = archive.offset
    return Blob(held.getvalue()[: end + END])
