"""What an image is made of, read from its manifest."""

import json
from hashlib import sha256
from typing import Any

import pytest

from course.sandbox.ecs.errors import Refused
from course.sandbox.registry.image_manifest import read_manifest

IMAGE = {
    "mediaType": "application/vnd.oci.image.manifest.v1+json",
    "config": {"digest": "sha256:c", "size": 2},
    "layers": [{"digest": "sha256:a", "size": 10}, {"digest": "sha256:b", "size": 30}],
}


def test_its_digest_is_that_of_its_text() -> None:
    text = json.dumps(IMAGE)
    manifest = read_manifest(text)
    assert manifest.digest == f"sha256:{sha256(text.encode()).hexdigest()}"
    assert manifest.blobs == ("sha256:c", "sha256:a", "sha256:b")
    assert (manifest.size, manifest.references) == (42, ())
    assert read_manifest(text + " ").digest != manifest.digest


def test_an_index_names_images_and_has_no_layers() -> None:
    manifest = read_manifest(json.dumps({"manifests": [{"digest": "sha256:i"}]}), "an index")
    assert (manifest.references, manifest.blobs) == (("sha256:i",), ())


@pytest.mark.parametrize(
    "held",
    [
        1,
        [],
        {},
        {"mediaType": 1},
        {"mediaType": "m"},
        {"mediaType": "m", "layers": []},
        {"mediaType": "m", "config": {"digest": "d"}},
        {"mediaType": "m", "config": {}, "layers": []},
        {"mediaType": "m", "config": {"digest": "d"}, "layers": [1]},
        {"mediaType": "m", "manifests": [{"digest": None}]},
    ],
)
def test_what_is_no_manifest_is_refused(held: Any) -> None:
    with pytest.raises(Refused) as refused:
        read_manifest(json.dumps(held))
    assert refused.value.code == "InvalidParameterException"


def test_what_is_no_json_is_refused() -> None:
    with pytest.raises(Refused, match="Invalid JSON syntax"):
        read_manifest("{")
