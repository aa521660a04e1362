"""Proofs on images and Amazon ECR: what a tag names, what goes, what a scan does."""

import io
import tarfile

from course.exercises.ecr import put_lifecycle_policy
from course.exercises.images import push_image
from course.proofs.account import Account
from course.proofs.proof import observed, tried
from course.proofs.worlds import register, repository, role, run

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
