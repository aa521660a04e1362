"""What the sandbox keeps of a repository beside what moto keeps: scans, policy runs, a preview."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from course.sandbox.registry.image_manifest import read_manifest
from course.sandbox.registry.lifecycle_policy import Expiry, HeldImage, Rule
from course.sandbox.registry.scanning import Packages, Scan

Repository = Any
"""moto's repository; typed loosely, as moto is."""


@dataclass(slots=True)
class PolicyRun:
    """A lifecycle policy at work; another policy is another run. *evaluated* is when it last ran."""

    rules: list[Rule]
    evaluated: datetime | None = None


@dataclass(slots=True)
class Preview:
    """A dry run of a policy: what would expire."""

    text: str
    rules: list[Rule]
    status: str = "IN_PROGRESS"
    expiring: list[Expiry] = field(default_factory=list)


@dataclass(slots=True)
class Kept:
    """One repository's: *uploads* by id, *packages* of each layer, *scans* by an image's digest."""

    uploads: dict[str, bytearray] = field(default_factory=dict)
    uploads_begun: int = 0
    packages: dict[str, Packages | None] = field(default_factory=dict)
    scans: dict[str, Scan] = field(default_factory=dict)
    policy: PolicyRun | None = None
    preview: Preview | None = None


def kept(repository: Repository) -> Kept:
    """What is kept of this repository, empty at first; a snapshot copies it along."""
    if not hasattr(repository, "kept"):
        repository.kept = Kept()
    held: Kept = repository.kept
    return held


def held_images(repository: Repository) -> list[HeldImage]:
    """The repository's images as a lifecycle rule sees them, in the order of their pushes."""
    named = references(repository)
    return [
        HeldImage(
            digest=image.image_digest,
            tags=tuple(image.image_tags),
            pushed_at=datetime.fromtimestamp(image.image_pushed_at, UTC),
            referenced=image.image_digest in named,
        )
        for image in repository.images
    ]


def references(repository: Repository) -> set[str]:
    """The digests that the repository's indexes name."""
    manifests = (
        read_manifest(image.image_manifest, image.image_manifest_media_type)
        for image in repository.images
    )
    return {digest for manifest in manifests for digest in manifest.references}


def remove_image(repository: Repository, digest: str) -> None:
    """Take an image out of its repository, with its scan."""
    repository.images[:] = [one for one in repository.images if one.image_digest != digest]
    kept(repository).scans.pop(digest, None)
