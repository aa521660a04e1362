"""Build a lifecycle policy: what nobody uses goes, and no release ever does."""

import json
from typing import Any

from course.exercises.ecr import (
    delete_repository,
    images,
    lifecycle_policy,
    put_lifecycle_policy,
    repository,
    tags,
)
from course.exercises.exercise import (
    MET,
    Criterion,
    Exercise,
    Finding,
    Session,
    WrongSolution,
    missing,
)
from course.exercises.images import push_image

BUILDS = "builds"
DEV = [f"dev-{number}" for number in range(1, 6)]
RELEASES = ["v1.0", "v1.1"]
LOOK = f"describe_images(repositoryName={BUILDS!r})"


def _set_up(session: Session) -> None:
    """Two releases, then five dev images, of which the last was pushed twice."""
    ecr = session.client("ecr")
    if repository(session, BUILDS):
        return
    ecr.create_repository(repositoryName=BUILDS)
    for tag in (*RELEASES, *DEV):
        push_image(ecr, BUILDS, tag)
    push_image(ecr, BUILDS, DEV[-1], "built once more")


def _attempted(session: Session) -> bool:
    untouched = tags(session, BUILDS) == sorted((*RELEASES, *DEV)) and len(_untagged(session)) == 1
    return not untouched or lifecycle_policy(session, BUILDS) is not None


def _untagged(session: Session) -> list[dict[str, Any]]:
    return [one for one in images(session, BUILDS) if "imageTags" not in one]


def _has_policy(session: Session) -> Finding:
    if lifecycle_policy(session, BUILDS) is None:
        look = f"get_lifecycle_policy(repositoryName={BUILDS!r})"
        return missing("a lifecycle policy", "none", look)
    return MET


def _releases_stay(session: Session) -> Finding:
    held = [tag for tag in tags(session, BUILDS) if tag in RELEASES]
    return MET if held == RELEASES else missing(f"the releases {RELEASES}", held, LOOK)


def _three_dev_images(session: Session) -> Finding:
    held = [tag for tag in tags(session, BUILDS) if tag in DEV]
    return MET if held == DEV[-3:] else missing(f"{DEV[-3:]}", held, f"{LOOK}, a day later")


def _nothing_untagged(session: Session) -> Finding:
    count = len(_untagged(session))
    look = f"{LOOK}, a day later"
    return missing("no untagged image", f"{count} untagged", look) if count else MET


def _solve(session: Session) -> None:
    ecr = session.client("ecr")
    dev = {"tagStatus": "tagged", "tagPatternList": ["dev-*"], "countType": "imageCountMoreThan"}
    bare = {"tagStatus": "untagged", "countType": "sinceImagePushed", "countUnit": "days"}
    rules = [
        {
            "rulePriority": priority,
            "selection": {**selection, "countNumber": number},
            "action": {"type": "expire"},
        }
        for priority, selection, number in ((1, dev, 3), (2, bare, 1))
    ]
    ecr.put_lifecycle_policy(
        repositoryName="builds", lifecyclePolicyText=json.dumps({"rules": rules})
    )
    ecr.start_lifecycle_policy_preview(repositoryName="builds")
    two_days = {"Delay": 48 * 60 * 60}
    ecr.get_waiter("lifecycle_policy_preview_complete").wait(
        repositoryName="builds", WaiterConfig=two_days
    )


def _clean_up(session: Session) -> None:
    delete_repository(session, BUILDS)


def _put(session: Session, *selections: dict[str, Any], days: float = 2) -> None:
    """Put a policy of these selections, and let days pass."""
    ecr = session.client("ecr")
    put_lifecycle_policy(ecr, BUILDS, *selections)
    if days:
        ecr.start_lifecycle_policy_preview(repositoryName=BUILDS)
        waiter = ecr.get_waiter("lifecycle_policy_preview_complete")
        waiter.wait(repositoryName=BUILDS, WaiterConfig={"Delay": int(days * 86400)})


def _count(keep: int, **more: Any) -> dict[str, Any]:
    return {"tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": keep, **more}


OLD_BARE = {
    "tagStatus": "untagged",
    "countType": "sinceImagePushed",
    "countUnit": "days",
    "countNumber": 1,
}
DEV_ONLY = {"tagStatus": "tagged", "tagPatternList": ["dev-*"]}


def _any_three(session: Session) -> None:
    _put(session, _count(3))


def _dev_alone(session: Session) -> None:
    _put(session, _count(3, **DEV_ONLY))


def _did_not_wait(session: Session) -> None:
    _put(session, _count(3, **DEV_ONLY), OLD_BARE, days=0)


def _keeps_four(session: Session) -> None:
    _put(session, _count(4, **DEV_ONLY), OLD_BARE)


def _deleted_by_hand(session: Session) -> None:
    ids = [{"imageDigest": one["imageDigest"]} for one in _untagged(session)]
    ids += [{"imageTag": tag} for tag in DEV[:2]]
    session.client("ecr").batch_delete_image(repositoryName=BUILDS, imageIds=ids)


CLEAR_AWAY_BUILDS = Exercise(
    id="ecr-lifecycle-101",
    lesson="containers-in-brief",
    goal=(
        f"The repository {BUILDS!r} grows with every build. Give it a lifecycle policy that keeps "
        "the three youngest images whose tag begins with dev-, lets untagged images go when they "
        "are more than a day old, and never touches a release (v1.0, v1.1, and those to come). "
        "Then let two days pass."
    ),
    criteria=(
        Criterion("policy", "there is a lifecycle policy", _has_policy),
        Criterion("releases", "both releases are there", _releases_stay, after="policy"),
        Criterion("dev", "of dev-* the three youngest are left", _three_dev_images, after="policy"),
        Criterion("untagged", "no untagged image is left", _nothing_untagged, after="policy"),
    ),
    hints=(
        "Two rules: one for tags that begin with dev-, one for images without any tag.",
        "A rule with tagStatus any would judge the releases, too: it is not needed.",
        (
            'First tagStatus "tagged", tagPatternList ["dev-*"], countType "imageCountMoreThan", '
            'countNumber 3. Then tagStatus "untagged", "sinceImagePushed", countUnit "days", 1.'
        ),
    ),
    setup=_set_up,
    attempted=_attempted,
    solve=_solve,
    cleanup=_clean_up,
    wrong_solutions=(
        WrongSolution("the three youngest of any", _any_three, "releases", "[]"),
        WrongSolution("a rule for dev images alone", _dev_alone, "untagged", "1 untagged"),
        WrongSolution("no time has passed", _did_not_wait, "dev", "'dev-1', 'dev-2'"),
        WrongSolution("four dev images", _keeps_four, "dev", "['dev-2'"),
        WrongSolution("deleted by hand", _deleted_by_hand, "policy", "none"),
    ),
    rationale=(
        "A rule judges only what its tagStatus and patterns select, so releases are safe when no "
        "rule selects them. Expiry comes within 24 hours after an image meets a rule, not at once."
    ),
    objective="containers-in-brief/lifecycle",
    sources=("Amazon ECR User Guide, lifecycle policies and their properties, checked 2026-11-26",),
)
