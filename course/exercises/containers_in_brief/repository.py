"""Complete a repository: tags that stay where they are, and images that are scanned."""

from typing import Any

from course.exercises.ecr import delete_repository, repository
from course.exercises.exercise import (
    MET,
    Criterion,
    Exercise,
    Finding,
    Session,
    WrongSolution,
    missing,
)

ORDERS = "orders"
NAME = "imageTagMutability"
LOOK = f"describe_repositories(repositoryNames=[{ORDERS!r}])"


def _nothing_to_set_up(session: Session) -> None:
    """A repository needs nothing before it."""


def _attempted(session: Session) -> bool:
    return repository(session, ORDERS) is not None


def _tags_stay(session: Session) -> Finding:
    held = repository(session, ORDERS)
    if held is None:
        return missing(f"a repository {ORDERS}", "none", LOOK)
    setting = held["imageTagMutability"]
    return (
        MET if setting == "IMMUTABLE" else missing(f"{NAME} IMMUTABLE", f"{NAME} {setting}", LOOK)
    )


def _is_scanned(session: Session) -> Finding:
    held = repository(session, ORDERS) or {}
    setting = held.get("imageScanningConfiguration", {}).get("scanOnPush", False)
    return MET if setting else missing("scanOnPush True", f"scanOnPush {setting}", LOOK)


def _solve(session: Session) -> None:
    ecr = session.client("ecr")
    ecr.create_repository(
        repositoryName="orders",
        imageTagMutability="IMMUTABLE",
        imageScanningConfiguration={"scanOnPush": True},
    )


def _clean_up(session: Session) -> None:
    delete_repository(session, ORDERS)


def _made(session: Session, **settings: Any) -> None:
    session.client("ecr").create_repository(repositoryName=ORDERS, **settings)


def _by_default(session: Session) -> None:
    _made(session)


def _not_scanned(session: Session) -> None:
    _made(session, imageTagMutability="IMMUTABLE")


def _some_tags_move(session: Session) -> None:
    filters = [{"filterType": "WILDCARD", "filter": "latest"}]
    _made(
        session,
        imageTagMutability="IMMUTABLE_WITH_EXCLUSION",
        imageTagMutabilityExclusionFilters=filters,
        imageScanningConfiguration={"scanOnPush": True},
    )


FILL_IN_A_REPOSITORY = Exercise(
    id="ecr-repository-101",
    lesson="containers-in-brief",
    goal=(
        f"Complete the repository {ORDERS!r}: no tag in it may ever be moved to another image, "
        "and each image is scanned when it is pushed."
    ),
    criteria=(
        Criterion("tags", "no tag can be moved", _tags_stay),
        Criterion("scan", "images are scanned on push", _is_scanned, after="tags"),
    ),
    hints=(
        "Both are settings of the repository; each has a default that is not what is wanted.",
        "A tag that cannot be moved is immutable; ECR says it in capitals.",
        'imageTagMutability is "IMMUTABLE", and scanOnPush is True.',
    ),
    setup=_nothing_to_set_up,
    attempted=_attempted,
    solve=_solve,
    cleanup=_clean_up,
    wrong_solutions=(
        WrongSolution("everything by default", _by_default, "tags", f"{NAME} MUTABLE"),
        WrongSolution("not scanned", _not_scanned, "scan", "scanOnPush False"),
        WrongSolution("some tags move", _some_tags_move, "tags", "IMMUTABLE_WITH_EXCLUSION"),
    ),
    rationale=(
        "With immutable tags 1.0 is the same image today and in a year. A scan on push tells of "
        "known vulnerabilities at once; it changes nothing in the image."
    ),
    objective="containers-in-brief/registry",
    sources=(
        "Amazon ECR User Guide, image tag mutability, checked 2026-11-26",
        "Amazon ECR API Reference, CreateRepository (botocore 1.44.5), checked 2026-11-26",
    ),
)
