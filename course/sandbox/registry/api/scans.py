"""Scans of images, asked for by hand.

AWS: https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_StartImageScan.html
"""

from moto.core.responses import ActionResult

from course.sandbox.registry.api.base import refused
from course.sandbox.registry.api.images import Images
from course.sandbox.registry.image_manifest import read_manifest
from course.sandbox.registry.kept import kept


class Scans(Images):
    """StartImageScan, and what a scan found."""

    def start_image_scan(self) -> ActionResult:
        """Scan one image, once in 24 hours, a scan on push included."""
        repository = self.repository()
        image = self.image(repository, self.given("imageId"))
        manifest = read_manifest(image.image_manifest, image.image_manifest_media_type)
        if manifest.references:
            raise refused(
                "UnsupportedImageTypeException", "The image is of a type that cannot be scanned."
            )
        before = kept(repository).scans.get(image.image_digest)
        if before is not None and not before.may_be_repeated(self.plane.world.clock.now()):
            raise refused(
                "LimitExceededException",
                "The scan quota per image has been exceeded. Wait and try again.",
            )
        self.scan(repository, manifest)
        status = {"status": kept(repository).scans[image.image_digest].status}
        image_id = {**self.given("imageId"), "imageDigest": image.image_digest}
        return ActionResult(
            {**self.place(repository), "imageId": image_id, "imageScanStatus": status}
        )

    def describe_image_scan_findings(self) -> ActionResult:
        """What the last scan of an image found; nothing while it is IN_PROGRESS."""
        repository, asked = self.repository(), self.given("imageId")
        image = self.image(repository, asked)
        scan = kept(repository).scans.get(image.image_digest)
        if scan is None:
            digest, tag = (asked.get(one) or "null" for one in ("imageDigest", "imageTag"))
            raise refused(
                "ScanNotFoundException",
                f"Image scan does not exist for the image with "
                f"'{{imageDigest:'{digest}', imageTag:'{tag}'}}' in the repository with name "
                f"'{repository.name}' in the registry with id '{repository.registry_id}'",
            )
        status = {"status": scan.status} | (
            {"description": scan.description} if scan.description else {}
        )
        answer = {
            **self.place(repository),
            "imageId": {**asked, "imageDigest": image.image_digest},
            "imageScanStatus": status,
        }
        if scan.status == "COMPLETE":
            answer["imageScanFindings"] = {
                "imageScanCompletedAt": scan.completed,
                "vulnerabilitySourceUpdatedAt": scan.completed,
                "findings": scan.findings,
                "findingSeverityCounts": scan.counts(),
            }
        return ActionResult(answer)
