"""Layers, uploaded in parts before the image that is made of them.

AWS: https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_InitiateLayerUpload.html
"""

from base64 import b64decode
from typing import Any

from moto.core.responses import ActionResult
from moto.ecr.exceptions import InvalidLayerPartException, UploadNotFoundException
from moto.ecr.models import DEFAULT_LAYER_PART_SIZE

from course.sandbox.registry.api.base import EcrOperations, refused
from course.sandbox.registry.image_manifest import digest_of
from course.sandbox.registry.kept import Repository, kept
from course.sandbox.registry.scanning import packages_in


class Layers(EcrOperations):
    """The four operations of a push that come before PutImage."""

    def initiate_layer_upload(self) -> ActionResult:
        """Begin an upload. Its id is made from the repository, not drawn by chance."""
        repository = self.repository()
        held = kept(repository)
        held.uploads_begun += 1
        name = digest_of(f"{repository.arn} {held.uploads_begun}".encode())[7:39]
        upload_id = "-".join((name[:8], name[8:12], name[12:16], name[16:20], name[20:]))
        held.uploads[upload_id] = bytearray()
        return ActionResult({"uploadId": upload_id, "partSize": DEFAULT_LAYER_PART_SIZE})

    def upload_layer_part(self) -> ActionResult:
        """Add a part; parts come in order, each where the last one ended."""
        repository, upload_id = self.repository(), self.given("uploadId")
        content, part = self._upload(repository), b64decode(self.given("layerPartBlob", ""))
        first, last = self.given("partFirstByte"), self.given("partLastByte")
        if first != len(content) or last != first + len(part) - 1:
            raise InvalidLayerPartException(
                repository.registry_id, repository.name, upload_id, len(content) - 1
            )
        content += part
        answer = {"uploadId": upload_id, "lastByteReceived": len(content) - 1}
        return ActionResult({**self.place(repository), **answer})

    def complete_layer_upload(self) -> ActionResult:
        """End an upload: the layer is there, if its content has the digest that was named."""
        repository, upload_id = self.repository(), self.given("uploadId")
        content = bytes(self._upload(repository))
        digest = digest_of(content)
        self._check(repository, content, digest)
        repository.layers[digest] = len(content)
        kept(repository).packages[digest] = packages_in(content)
        del kept(repository).uploads[upload_id]
        answer = {"uploadId": upload_id, "layerDigest": digest}
        return ActionResult({**self.place(repository), **answer})

    def _upload(self, repository: Repository) -> bytearray:
        upload_id, uploads = self.given("uploadId"), kept(repository).uploads
        if upload_id not in uploads:
            raise UploadNotFoundException(upload_id, repository.name, repository.registry_id)
        return uploads[upload_id]

    def _check(self, repository: Repository, content: bytes, digest: str) -> None:
        if not content:
            raise refused(
                "EmptyUploadException",
                "The specified layer upload does not contain any layer parts.",
            )
        if digest not in self.given("layerDigests"):
            raise refused(
                "InvalidLayerException",
                f"None of the provided layer digests match the calculated layer digest: {digest}",
            )
        if digest in repository.layers:
            raise refused(
                "LayerAlreadyExistsException",
                "The image layer already exists in the associated repository.",
            )

    def batch_check_layer_availability(self) -> ActionResult:
        """Which layers need no upload: AVAILABLE ones. A client asks before it uploads."""
        repository = self.repository()
        digests = self.given("layerDigests")
        named = [one for one in digests if one.startswith("sha256:") and len(one) == 71]
        failures = [
            {
                "layerDigest": one,
                "failureCode": "InvalidLayerDigest",
                "failureReason": f"Invalid layer digest '{one}'",
            }
            for one in digests
            if one not in named
        ]
        return ActionResult(
            {"layers": [_availability(repository, one) for one in named], "failures": failures}
        )


def _availability(repository: Repository, digest: str) -> dict[str, Any]:
    size = repository.layers.get(digest)
    if size is None:
        return {"layerDigest": digest, "layerAvailability": "UNAVAILABLE"}
    return {"layerDigest": digest, "layerAvailability": "AVAILABLE", "layerSize": size}
