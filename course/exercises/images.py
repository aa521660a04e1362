"""A container image as a registry takes it: configuration and layers uploaded, then the manifest.

AWS: https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_PutImage.html
"""

import json
from hashlib import sha256
from typing import Any

LAYER = "application/vnd.oci.image.layer.v1.tar"
CONFIG = "application/vnd.oci.image.config.v1+json"
MANIFEST = "application/vnd.oci.image.manifest.v1+json"


def push_image(ecr: Any, repository: str, tag: str, content: str = "") -> str:
    """Push an image of one layer that holds *content*, or its tag's name; returns its digest."""
    config = _upload(ecr, repository, b'{"architecture": "amd64", "os": "linux"}', CONFIG)
    layer = _upload(ecr, repository, (content or tag).encode(), LAYER)
    manifest = {"schemaVersion": 2, "mediaType": MANIFEST, "config": config, "layers": [layer]}
    image = ecr.put_image(
        repositoryName=repository, imageManifest=json.dumps(manifest), imageTag=tag
    )
    return str(image["image"]["imageId"]["imageDigest"])


def _upload(ecr: Any, repository: str, content: bytes, media_type: str) -> dict[str, Any]:
    """Upload what is not there yet; returns the line of the manifest that names it."""
    named = {"repositoryName": repository}
    digest = f"sha256:{sha256(content).hexdigest()}"
    there = ecr.batch_check_layer_availability(**named, layerDigests=[digest])["layers"]
    if there[0]["layerAvailability"] != "AVAILABLE":
        upload = {**named, "uploadId": ecr.initiate_layer_upload(**named)["uploadId"]}
        last = len(content) - 1
        ecr.upload_layer_part(**upload, partFirstByte=0, partLastByte=last, layerPartBlob=content)
        ecr.complete_layer_upload(**upload, layerDigests=[digest])
    return {"mediaType": media_type, "digest": digest, "size": len(content)}
