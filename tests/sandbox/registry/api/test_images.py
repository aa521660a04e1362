"""Images pushed, found, listed and deleted through boto3."""

import json
from base64 import b64decode
from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest

from course.exercises.images import push_image
from course.sandbox.clock import START

HERE = {"repositoryName": "web"}
ABSENT = f"sha256:{'a' * 64}"


def tags(ecr: Any) -> dict[str, list[str]]:
    held = ecr.describe_images(**HERE)["imageDetails"]
    return {one["imageDigest"]: one.get("imageTags", []) for one in held}


def manifest_of(ecr: Any, tag: str) -> str:
    (image,) = ecr.batch_get_image(**HERE, imageIds=[{"imageTag": tag}])["images"]
    return str(image["imageManifest"])


def test_the_token_is_for_docker_login_and_lasts_twelve_hours(aws: Any, ecr: Any) -> None:
    (held,) = ecr.get_authorization_token()["authorizationData"]
    user, password = b64decode(held["authorizationToken"]).decode().split(":")
    assert user == "AWS" and password
    assert held["expiresAt"] == START + timedelta(hours=12)
    assert held["proxyEndpoint"] == "https://123456789012.dkr.ecr.us-east-1.amazonaws.com"
    aws.clock.advance(hours=1)
    (later,) = ecr.get_authorization_token()["authorizationData"]
    assert later["authorizationToken"] != held["authorizationToken"]
    assert later["expiresAt"] == START + timedelta(hours=13)


def test_an_image_has_the_digest_of_its_manifest_and_the_size_of_its_parts(ecr: Any) -> None:
    digest = push_image(ecr, "web", "1.0", "twelve bytes")
    text = manifest_of(ecr, "1.0")
    assert digest == f"sha256:{sha256(text.encode()).hexdigest()}"
    (image,) = ecr.describe_images(**HERE)["imageDetails"]
    config = json.loads(text)["config"]["size"]
    assert image["imageSizeInBytes"] == config + 12
    assert (image["imageTags"], image["imagePushedAt"]) == (["1.0"], START)


def test_a_manifest_whose_layers_are_not_there_is_refused(ecr: Any, refused: Any) -> None:
    push_image(ecr, "web", "1.0")
    manifest = json.loads(manifest_of(ecr, "1.0"))
    manifest["layers"] += [{"digest": ABSENT, "size": 1}]
    code, message = refused(ecr.put_image, **HERE, imageManifest=json.dumps(manifest))
    assert (code, message) == (
        "LayersNotFoundException",
        (
            f"Layers with digests '[{ABSENT}]' required for pushing image into repository with "
            "name 'web' in the registry with id '123456789012' do not exist"
        ),
    )
    assert len(tags(ecr)) == 1


def test_layers_belong_to_a_repository(ecr: Any, refused: Any) -> None:
    push_image(ecr, "web", "1.0")
    ecr.create_repository(repositoryName="other")
    manifest = manifest_of(ecr, "1.0")
    assert refused(ecr.put_image, repositoryName="other", imageManifest=manifest)[0] == (
        "LayersNotFoundException"
    )


def test_a_tag_moves_and_the_image_it_leaves_stays_untagged(ecr: Any) -> None:
    first = push_image(ecr, "web", "latest", "one")
    second = push_image(ecr, "web", "latest", "two")
    assert tags(ecr) == {first: [], second: ["latest"]}
    assert ecr.list_images(**HERE, filter={"tagStatus": "UNTAGGED"})["imageIds"] == [
        {"imageDigest": first}
    ]
    shown = ecr.describe_images(**HERE, filter={"tagStatus": "TAGGED"})["imageDetails"]
    assert [one["imageDigest"] for one in shown] == [second]


def test_a_second_tag_needs_no_second_image(ecr: Any, refused: Any) -> None:
    digest = push_image(ecr, "web", "1.0")
    again = {**HERE, "imageManifest": manifest_of(ecr, "1.0")}
    ecr.put_image(**again, imageTag="stable")
    assert tags(ecr) == {digest: ["1.0", "stable"]}
    code, message = refused(ecr.put_image, **again, imageTag="stable")
    assert code == "ImageAlreadyExistsException" and "tag 'stable' already exists" in message
    assert refused(ecr.put_image, **again)[0] == "ImageAlreadyExistsException"


def test_an_immutable_tag_stays(ecr: Any, refused: Any) -> None:
    kept = push_image(ecr, "web", "1.0", "one")
    other = push_image(ecr, "web", "2.0", "two")
    ecr.put_image_tag_mutability(**HERE, imageTagMutability="IMMUTABLE")
    given = {**HERE, "imageManifest": manifest_of(ecr, "2.0")}
    assert refused(ecr.put_image, **given, imageTag="1.0") == (
        "ImageTagAlreadyExistsException",
        (
            "The image tag '1.0' already exists in the 'web' repository and cannot be "
            "overwritten because the tag is immutable."
        ),
    )
    ecr.put_image(**given, imageTag="3.0")
    assert tags(ecr) == {kept: ["1.0"], other: ["2.0", "3.0"]}


def test_a_filter_excludes_tags_from_immutability(ecr: Any, refused: Any) -> None:
    filters = [{"filterType": "WILDCARD", "filter": "dev-*"}]
    given = {"imageTagMutability": "IMMUTABLE_WITH_EXCLUSION"}
    answer = ecr.put_image_tag_mutability(
        **HERE, **given, imageTagMutabilityExclusionFilters=filters
    )
    assert answer["imageTagMutabilityExclusionFilters"] == filters
    push_image(ecr, "web", "dev-1", "one")
    moved = push_image(ecr, "web", "dev-1", "two")
    assert tags(ecr)[moved] == ["dev-1"]
    push_image(ecr, "web", "1.0", "one")
    assert refused(ecr.put_image_tag_mutability, **HERE, **given)[0] == "InvalidParameterException"


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"imageManifest": "{"}, "InvalidParameterException"),
        ({"imageDigest": ABSENT}, "ImageDigestDoesNotMatchException"),
        ({"repositoryName": "gone"}, "RepositoryNotFoundException"),
        ({"registryId": "210987654321"}, "RepositoryNotFoundException"),
    ],
)
def test_a_push_that_cannot_be_is_refused(ecr: Any, refused: Any, more: Any, code: str) -> None:
    push_image(ecr, "web", "1.0")
    given = {**HERE, "imageManifest": manifest_of(ecr, "1.0"), "imageTag": "2.0"}
    assert refused(ecr.put_image, **given | more)[0] == code


def test_an_image_goes_with_its_last_tag_or_by_its_digest(ecr: Any) -> None:
    digest = push_image(ecr, "web", "1.0")
    ecr.put_image(**HERE, imageManifest=manifest_of(ecr, "1.0"), imageTag="stable")
    deleted = ecr.batch_delete_image(**HERE, imageIds=[{"imageTag": "1.0"}])["imageIds"]
    assert deleted == [{"imageDigest": digest, "imageTag": "1.0"}]
    assert tags(ecr) == {digest: ["stable"]}
    ecr.batch_delete_image(**HERE, imageIds=[{"imageTag": "stable"}])
    assert tags(ecr) == {}
    again = push_image(ecr, "web", "1.0")
    answer = ecr.batch_delete_image(**HERE, imageIds=[{"imageDigest": again}, {"imageTag": "no"}])
    assert [one["imageDigest"] for one in answer["imageIds"]] == [again]
    assert [one["failureCode"] for one in answer["failures"]] == ["ImageNotFound"]
    assert tags(ecr) == {}


def test_an_index_needs_its_images_and_holds_them(ecr: Any, refused: Any) -> None:
    part = push_image(ecr, "web", "amd64")
    media_type = "application/vnd.oci.image.index.v1+json"
    index = {"mediaType": media_type, "manifests": [{"digest": part}]}
    gone = {"mediaType": media_type, "manifests": [{"digest": ABSENT}]}
    assert refused(ecr.put_image, **HERE, imageManifest=json.dumps(gone))[0] == (
        "ReferencedImagesNotFoundException"
    )
    ecr.put_image(**HERE, imageManifest=json.dumps(index), imageTag="1.0")
    (failure,) = ecr.batch_delete_image(**HERE, imageIds=[{"imageDigest": part}])["failures"]
    assert failure["failureCode"] == "ImageReferencedByManifestList"
    sizes = {one["imageSizeInBytes"] for one in ecr.describe_images(**HERE)["imageDetails"]}
    assert len(sizes) == 1  # an index is as large as its largest image
    assert refused(ecr.start_image_scan, **HERE, imageId={"imageTag": "1.0"})[0] == (
        "UnsupportedImageTypeException"
    )


def test_images_come_in_pages(ecr: Any, refused: Any) -> None:
    pushed = [push_image(ecr, "web", f"1.{n}") for n in range(5)]
    pages = ecr.get_paginator("describe_images").paginate(**HERE, PaginationConfig={"PageSize": 2})
    shown = [[one["imageDigest"] for one in page["imageDetails"]] for page in pages]
    assert shown == [pushed[:2], pushed[2:4], pushed[4:]]
    first = ecr.list_images(**HERE, maxResults=2)
    assert len(first["imageIds"]) == 2 and first["nextToken"]
    code, _ = refused(ecr.describe_images, **HERE, nextToken=first["nextToken"])
    assert code == "InvalidParameterException"


def test_an_image_that_is_not_there_is_not_found(ecr: Any, refused: Any) -> None:
    code, message = refused(ecr.describe_images, **HERE, imageIds=[{"imageTag": "9"}])
    assert code == "ImageNotFoundException" and "imageTag:'9'" in message
    assert refused(ecr.describe_images, **HERE, imageIds=[{}])[0] == "InvalidParameterException"


def test_a_snapshot_keeps_a_registry_and_goes_back_to_it(aws: Any, ecr: Any) -> None:
    first = push_image(ecr, "web", "1.0")
    before = aws.snapshot()
    push_image(ecr, "web", "2.0")
    before.restore()
    assert tags(ecr) == {first: ["1.0"]}
    assert push_image(ecr, "web", "2.0") in tags(ecr)
