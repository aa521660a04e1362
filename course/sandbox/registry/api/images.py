"""Images: pushed by manifest, found by tag or digest, deleted.

AWS: https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_PutImage.html
"""

from typing import Any

from moto.core.responses import ActionResult
from moto.ecr.exceptions import ImageNotFoundException
from moto.ecr.models import Image as MotoImage
from moto.ecr.models import RepoTagMutability

from course.sandbox.registry import scanning
from course.sandbox.registry.api.base import EcrOperations, Image, refused, with_tag_status
from course.sandbox.registry.image_manifest import Manifest, read_manifest
from course.sandbox.registry.kept import Repository, kept, references, remove_image
from course.sandbox.registry.tag_mutability import is_immutable

NOT_FOUND = ("ImageNotFound", "Requested image not found")


class Images(EcrOperations):
    """PutImage, and what finds, lists and deletes images."""

    def put_image(self) -> ActionResult:
        """Push: the manifest last, when all it names is there; its tag is moved if it may be."""
        repository, tag = self.repository(), self.given("imageTag")
        text, media_type = self.given("imageManifest"), self.given("imageManifestMediaType")
        manifest = read_manifest(text, media_type)
        if self.given("imageDigest", manifest.digest) != manifest.digest:
            raise refused(
                "ImageDigestDoesNotMatchException",
                "The specified image digest does not match the digest that Amazon ECR "
                "calculated for the image.",
            )
        _check_parts(repository, manifest)
        held = _by_digest(repository, manifest.digest)
        _check_tag(repository, manifest.digest, tag, held)
        for other in repository.images:
            other.remove_tag(tag)
        if held is None:
            held = MotoImage(
                repository.registry_id,
                tag,
                text,
                repository.name,
                manifest.media_type,
                manifest.digest,
            )
            repository.images.append(held)
            self._scan_on_push(repository, manifest)
        elif tag:
            held.update_tag(tag)
        image_id = {"imageDigest": manifest.digest} | ({"imageTag": tag} if tag else {})
        return ActionResult({"image": self._shown(repository, held, image_id)})

    def _scan_on_push(self, repository: Repository, manifest: Manifest) -> None:
        wanted = repository.image_scanning_configuration.get("scanOnPush")
        registry = repository.scanning_config["scanFrequency"] == "SCAN_ON_PUSH"
        if (wanted or registry) and not manifest.references:
            self.scan(repository, manifest)

    def scan(self, repository: Repository, manifest: Manifest) -> None:
        """Begin to scan an image: what is installed in it is looked up in the catalogue."""
        held = kept(repository)
        packages = scanning.newest(held.packages.get(one) for one in manifest.blobs)
        self.plane.registries.scan(repository, manifest.digest, packages)

    def _shown(self, repository: Repository, image: Image, image_id: dict[str, str]) -> Any:
        return {
            **self.place(repository),
            "imageId": image_id,
            "imageManifest": image.image_manifest,
            "imageManifestMediaType": image.image_manifest_media_type,
        }

    def batch_get_image(self) -> ActionResult:
        """The manifests of images, as a pull asks for them."""
        repository = self.repository()
        images, failures = [], []
        for image_id in self.given("imageIds"):
            try:
                found = self.image(repository, image_id)
            except ImageNotFoundException:
                failures.append(_failure(image_id, *NOT_FOUND))
                continue
            asked = {**image_id, "imageDigest": found.image_digest}
            images.append(self._shown(repository, found, asked))
        return ActionResult({"images": images, "failures": failures})

    def batch_delete_image(self) -> ActionResult:
        """Delete by digest, or one tag; an image goes with its last tag."""
        repository = self.repository()
        deleted: list[dict[str, str]] = []
        failures = []
        for image_id in self.given("imageIds"):
            try:
                found = self.image(repository, image_id)
            except ImageNotFoundException:
                failures.append(_failure(image_id, *NOT_FOUND))
                continue
            tag, goes = image_id.get("imageTag"), "imageDigest" in image_id
            goes = goes or found.image_tags == [tag]
            if goes and found.image_digest in references(repository):
                why = "Requested image referenced by manifest list"  # our words
                failures.append(_failure(image_id, "ImageReferencedByManifestList", why))
                continue
            deleted += _ids(found.image_digest, found.image_tags if goes else [tag])
            if goes:
                remove_image(repository, found.image_digest)
            else:
                found.remove_tag(tag)
        return ActionResult({"imageIds": deleted, "failures": failures})

    def list_images(self) -> ActionResult:
        """The ids of images, one for each tag."""
        status = self.given("filter", {}).get("tagStatus", "ANY")
        images = with_tag_status(self.repository().images, status)
        ids = [one for image in images for one in _ids(image.image_digest, image.image_tags)]
        return self.page("imageIds", ids, {})

    def describe_images(self) -> ActionResult:
        """Each image with its tags, size, time of push, and what its scan found."""
        repository = self.repository()
        asked, status = self.given("imageIds"), self.given("filter", {}).get("tagStatus", "ANY")
        images = [self.image(repository, one) for one in asked] if asked else repository.images
        once = {one.image_digest: one for one in with_tag_status(images, status)}
        return self.page("imageDetails", [self._detail(repository, i) for i in once.values()], {})

    def _detail(self, repository: Repository, image: Image) -> dict[str, Any]:
        manifest = read_manifest(image.image_manifest, image.image_manifest_media_type)
        size = manifest.size or max(
            (_size(repository, digest) for digest in manifest.references), default=0
        )
        detail = {
            **self.place(repository),
            "imageDigest": image.image_digest,
            "imageSizeInBytes": size,
            "imagePushedAt": image.image_pushed_at,
            "imageManifestMediaType": image.image_manifest_media_type,
            "imageStatus": "ACTIVE",
        }
        if image.image_tags:
            detail["imageTags"] = list(image.image_tags)
        scan = kept(repository).scans.get(image.image_digest)
        if scan is not None:
            detail["imageScanStatus"] = {"status": scan.status, "description": scan.description}
        if scan is not None and scan.status == "COMPLETE":
            detail["imageScanFindingsSummary"] = {
                "imageScanCompletedAt": scan.completed,
                "vulnerabilitySourceUpdatedAt": scan.completed,
                "findingSeverityCounts": scan.counts(),
            }
        return detail


def _check_parts(repository: Repository, manifest: Manifest) -> None:
    """All that a manifest names has to be in the repository before it."""
    absent = [digest for digest in manifest.blobs if digest not in repository.layers]
    if absent:
        raise refused(
            "LayersNotFoundException",
            f"Layers with digests '[{', '.join(absent)}]' required for pushing image into "
            f"repository with name '{repository.name}' in the registry with id "
            f"'{repository.registry_id}' do not exist",
        )
    if not all(_by_digest(repository, digest) for digest in manifest.references):
        raise refused(
            "ReferencedImagesNotFoundException",
            "The manifest list is referencing an image that does not exist.",
        )


def _check_tag(repository: Repository, digest: str, tag: str | None, held: Image | None) -> None:
    """Whether this digest may get this tag; no tag stands for a push by digest alone."""
    if held is not None and (tag is None or tag in held.image_tags):
        named = f" and tag '{tag}'" if tag else ""
        raise refused(
            "ImageAlreadyExistsException",
            f"Image with digest '{digest}'{named} already exists in the repository with name "
            f"'{repository.name}' in registry with id '{repository.registry_id}'",
        )
    filters = [one["filter"] for one in repository.image_tag_mutability_exclusion_filters or ()]
    setting = RepoTagMutability(repository.image_tag_mutability).value
    taken = any(tag in one.image_tags for one in repository.images)
    if taken and is_immutable(setting, filters, str(tag)):
        raise refused(
            "ImageTagAlreadyExistsException",
            f"The image tag '{tag}' already exists in the '{repository.name}' repository and "
            "cannot be overwritten because the tag is immutable.",
        )


def _by_digest(repository: Repository, digest: str) -> Image | None:
    return next((one for one in repository.images if one.image_digest == digest), None)


def _size(repository: Repository, digest: str) -> int:
    image = _by_digest(repository, digest)
    return read_manifest(image.image_manifest, image.image_manifest_media_type).size if image else 0


def _ids(digest: str, tags: list[Any]) -> list[dict[str, str]]:
    """An id for each tag; the digest alone for an image without any."""
    return [{"imageDigest": digest, "imageTag": tag} for tag in tags] or [{"imageDigest": digest}]


def _failure(image_id: dict[str, str], code: str, reason: str) -> dict[str, Any]:
    return {"imageId": image_id, "failureCode": code, "failureReason": reason}
