"""A layer's upload, part by part."""

from hashlib import sha256
from typing import Any

import pytest

HERE = {"repositoryName": "web"}
CONTENT = b"a layer's content"
DIGEST = f"sha256:{sha256(CONTENT).hexdigest()}"


@pytest.fixture
def upload(ecr: Any) -> dict[str, str]:
    return {**HERE, "uploadId": ecr.initiate_layer_upload(**HERE)["uploadId"]}


def part(first: int, content: bytes) -> dict[str, Any]:
    last = first + len(content) - 1
    return {"partFirstByte": first, "partLastByte": last, "layerPartBlob": content}


def available(ecr: Any, digest: str = DIGEST) -> str:
    (layer,) = ecr.batch_check_layer_availability(**HERE, layerDigests=[digest])["layers"]
    return str(layer["layerAvailability"])


def test_parts_in_order_make_a_layer(ecr: Any, upload: dict[str, str]) -> None:
    assert available(ecr) == "UNAVAILABLE"
    ecr.upload_layer_part(**upload, **part(0, CONTENT[:5]))
    answer = ecr.upload_layer_part(**upload, **part(5, CONTENT[5:]))
    assert answer["lastByteReceived"] == len(CONTENT) - 1
    done = ecr.complete_layer_upload(**upload, layerDigests=[DIGEST])
    assert done["layerDigest"] == DIGEST
    assert available(ecr) == "AVAILABLE"


@pytest.mark.parametrize("given", [part(1, CONTENT), part(0, CONTENT) | {"partLastByte": 3}])
def test_a_part_out_of_place_is_refused(
    ecr: Any, refused: Any, upload: dict[str, str], given: dict[str, Any]
) -> None:
    assert refused(ecr.upload_layer_part, **upload, **given)[0] == "InvalidLayerPartException"


def test_a_layer_is_what_its_digest_says(ecr: Any, refused: Any, upload: dict[str, str]) -> None:
    complete = {**upload, "layerDigests": [f"sha256:{'0' * 64}"]}
    assert refused(ecr.complete_layer_upload, **complete)[0] == "EmptyUploadException"
    ecr.upload_layer_part(**upload, **part(0, CONTENT))
    code, message = refused(ecr.complete_layer_upload, **complete)
    assert code == "InvalidLayerException" and DIGEST in message


def test_a_layer_is_uploaded_once(ecr: Any, refused: Any, upload: dict[str, str]) -> None:
    ecr.upload_layer_part(**upload, **part(0, CONTENT))
    ecr.complete_layer_upload(**upload, layerDigests=[DIGEST])
    again = {**HERE, "uploadId": ecr.initiate_layer_upload(**HERE)["uploadId"]}
    assert again["uploadId"] != upload["uploadId"]
    ecr.upload_layer_part(**again, **part(0, CONTENT))
    refusal = refused(ecr.complete_layer_upload, **again, layerDigests=[DIGEST])
    assert refusal[0] == "LayerAlreadyExistsException"


def test_an_upload_that_nobody_began_is_refused(ecr: Any, refused: Any) -> None:
    nobodys = {**HERE, "uploadId": "00000000-0000-0000-0000-000000000000"}
    assert refused(ecr.upload_layer_part, **nobodys, **part(0, CONTENT))[0] == (
        "UploadNotFoundException"
    )


def test_a_digest_that_is_none_is_a_failure(ecr: Any) -> None:
    answer = ecr.batch_check_layer_availability(**HERE, layerDigests=["1.0"])
    assert answer["layers"] == []
    assert answer["failures"][0]["failureCode"] == "InvalidLayerDigest"


def test_the_registry_draws_no_chance(aws: Any, ecr: Any, upload: dict[str, str]) -> None:
    """Pushing changes no id of what comes after it, or a picture of a lesson would."""
    before = aws.world.random.getstate()
    ecr.upload_layer_part(**upload, **part(0, CONTENT))
    ecr.complete_layer_upload(**upload, layerDigests=[DIGEST])
    assert aws.world.random.getstate() == before
