"""Proofs on images and Amazon ECR: what a tag names, what goes, what a scan does."""

import io
import json
import tarfile
from typing import Any

from course.exercises.ecr import put_lifecycle_policy
from course.exercises.images import push_image
from course.proofs.account import Account
from course.proofs.proof import observed, tried
from course.proofs.worlds import refused, register, repository, role, run, runs

ANY = {"tagStatus": "any", "countType": "imageCountMoreThan"}


@observed(
    "ecr-scanning-001",
    says={
        "report": "listed",
        "patch": "another digest",
        "block": "not pulled",
        "expire": "gone",
    },
    mutated={"expires": True},
)
def a_finding_and_a_day(aws: Account, expires: bool = False) -> str:
    """Scan an image that has a CRITICAL finding, let 25 hours pass, and look what has become of it."""
    ecr = aws.client("ecr")
    uri = repository(aws, "app")
    push_image(ecr, "app", "1.0", _packages("Package: zlib\nVersion: 1.2.11\n\n"))
    named = {"repositoryName": "app", "imageId": {"imageTag": "1.0"}}
    (before,) = ecr.describe_images(repositoryName="app")["imageDetails"]
    ecr.start_image_scan(**named)
    if expires:
        put_lifecycle_policy(ecr, "app", {**ANY, "countNumber": 1})
        push_image(ecr, "app", "1.1")
    aws.clock.advance(hours=25)
    kept = ecr.describe_images(repositoryName="app")["imageDetails"]
    left = [one for one in kept if "1.0" in one["imageTags"]]
    if not left:
        return "gone"
    found = ecr.describe_image_scan_findings(**named)["imageScanFindings"]["findingSeverityCounts"]
    if left[0]["imageDigest"] != before["imageDigest"]:
        return "another digest"
    pulled = run(aws, _of_private(aws, f"{uri}:1.0"))
    if pulled["lastStatus"] != "RUNNING":
        return "not pulled"
    return "listed" if found.get("CRITICAL") else "nothing found"


def _packages(text: str) -> str:
    """A layer with Debian's list of packages, as a text: an archive of plain letters is one."""
    held = io.BytesIO()
    with tarfile.open(fileobj=held, mode="w") as archive:
        entry = tarfile.TarInfo("var/lib/dpkg/status")
        entry.size = len(text)
        archive.addfile(entry, io.BytesIO(text.encode()))
    return held.getvalue().decode("ascii")


def _of_private(aws: Account, image: str, family: str = "web") -> str:
    """A revision whose execution role may pull from ECR."""
    arn = role(aws, f"{family}-execution", managed=True)
    return register(aws, {"image": image}, family=family, executionRoleArn=arn)


@tried("ecr-tags-001", mutated={"pushes": False})
def the_same_bytes_after_a_push(aws: Account, option: str, pushes: bool = True) -> bool:
    """Run a release, push another one as the team does, run again, and compare the digests."""
    ecr = aws.client("ecr")
    tag = "latest" if option == "latest" else "stable"
    uri = repository(aws, "app")
    digest = push_image(ecr, "app", tag, "first")
    if option == "scan":
        setting = {"scanOnPush": True}
        ecr.put_image_scanning_configuration(
            repositoryName="app", imageScanningConfiguration=setting
        )
    if option == "lifecycle":
        chosen = {"tagStatus": "tagged", "tagPrefixList": ["stable"]}
        put_lifecycle_policy(ecr, "app", {**ANY, **chosen, "countNumber": 1})
    named = {"latest": ":latest", "digest": f"@{digest}", "scan": ":stable", "lifecycle": ":stable"}
    definition = _of_private(aws, uri + named[option])
    before = run(aws, definition)["containers"][0]["imageDigest"]
    if pushes:
        push_image(ecr, "app", tag, "second")
    aws.clock.advance(hours=25)
    return bool(run(aws, definition)["containers"][0]["imageDigest"] == before == digest)


@tried("ecr-lifecycle-001", mutated={"builds": 3})
def the_release_is_there_for_the_next_task(aws: Account, option: str, builds: int = 31) -> bool:
    """Repair as the option says, push builds (a tenth of the stem's numbers), and pull the release a day later."""
    ecr = aws.client("ecr")
    uri = repository(aws, "app", "release-3.2")
    keep = {"number": 30}.get(option, 3)
    rule = {**ANY, "countNumber": keep}
    if option == "select":
        rule |= {"tagStatus": "tagged", "tagPrefixList": ["build-"]}
    if option == "immutable":
        ecr.put_image_tag_mutability(repositoryName="app", imageTagMutability="IMMUTABLE")
    definition = _of_private(aws, f"{uri}:release-3.2")  # with AWS's policy, as `role` has it
    put_lifecycle_policy(ecr, "app", rule)
    for number in range(builds):
        push_image(ecr, "app", f"build-{number}")
    aws.clock.advance(hours=25)
    return bool(run(aws, definition)["lastStatus"] == "RUNNING")


@tried("exam-images-002", mutated={"second_push": "v2.5"})
def a_version_is_pushed_once(aws: Account, option: str, second_push: str = "v2.4") -> bool:
    """Set the repository as the option says; v2.4 must not be pushed again, and dev must move."""
    ecr = aws.client("ecr")
    repository(aws, "app")
    if option == "immutable":
        ecr.put_image_tag_mutability(repositoryName="app", imageTagMutability="IMMUTABLE")
    if option == "exclusion":
        free = [{"filterType": "WILDCARD", "filter": "dev"}]
        ecr.put_image_tag_mutability(
            repositoryName="app",
            imageTagMutability="IMMUTABLE_WITH_EXCLUSION",
            imageTagMutabilityExclusionFilters=free,
        )
    if option == "lifecycle":
        put_lifecycle_policy(ecr, "app", {**ANY, "countNumber": 1})
    if option == "scan":
        setting = {"scanOnPush": True}
        ecr.put_image_scanning_configuration(
            repositoryName="app", imageScanningConfiguration=setting
        )
    for tag in ("v2.4", "dev"):
        push_image(ecr, "app", tag, f"{tag} first")
    again = _pushed(aws, second_push, "v2.4 second")
    moves = _pushed(aws, "dev", "dev second")
    return moves and not again


def _pushed(aws: Account, tag: str, content: str) -> bool:
    """Whether a push is taken."""
    return not refused(
        push_image, ecr=aws.client("ecr"), repository="app", tag=tag, content=content
    )


@tried("exam-images-003", mutated={"tagged": "1.0"})
def untagged_images_go(aws: Account, option: str, tagged: str = "release-1") -> bool:
    """Put the option's policy, and see two days later that untagged images went and releases stayed."""
    ecr = aws.client("ecr")
    repository(aws, "app")
    digests = [push_image(ecr, "app", tag, tag) for tag in (tagged, "release-2")]
    for number in range(4):
        push_image(ecr, "app", "dev", f"build {number}")
    days = {"countType": "sinceImagePushed", "countUnit": "days", "countNumber": 1}
    prefix = {"tagStatus": "tagged", "tagPrefixList": ["release-"]}
    rules = {
        "untagged": [{"tagStatus": "untagged", **days}],
        "any": [{"tagStatus": "any", **days}],
        "prefix": [{**prefix, "countType": "imageCountMoreThan", "countNumber": 40}],
    }
    if option == "two":
        keep = {"rulePriority": 1, "selection": {**prefix, **days}, "action": {"type": "keep"}}
        rest = {
            "rulePriority": 2,
            "selection": {"tagStatus": "any", **days},
            "action": {"type": "expire"},
        }
        text = json.dumps({"rules": [keep, rest]})
        if refused(ecr.put_lifecycle_policy, repositoryName="app", lifecyclePolicyText=text):
            return False
    else:
        put_lifecycle_policy(ecr, "app", *rules[option])
    aws.clock.advance(hours=50)
    left = ecr.describe_images(repositoryName="app")["imageDetails"]
    untagged = [one for one in left if not one.get("imageTags")]
    kept = {one["imageDigest"] for one in left} >= set(digests)
    return kept and not untagged and "release-1" in str(left)


@tried("exam-images-004", mutated={"built_for": "registry.example.com/web:1"})
def built_for_another_processor(
    aws: Account, option: str, built_for: str = "registry.example.com/web-arm:1"
) -> bool:
    """Change what the option says, and see whether the task comes to run."""
    image = "registry.example.com/web:1" if option == "build" else built_for
    more: dict[str, Any] = {}
    given: dict[str, Any] = {"image": image}
    if option == "arm":
        more = {"runtimePlatform": {"cpuArchitecture": "ARM64", "operatingSystemFamily": "LINUX"}}
    if option == "size":
        more = {"cpu": "512", "memory": "1024"}
    if option == "entry":
        given["entryPoint"] = ["sh", "-c", "exec web"]
    if option == "privileged":
        given["privileged"] = True
    if refused(lambda: register(aws, given, **more)):
        return False
    return runs(run(aws, register(aws, given, **more)))
