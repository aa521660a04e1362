"""What several exercises look at in ECR, and clear away."""

import json
from typing import Any

from botocore.exceptions import ClientError

from course.exercises.exercise import Session


def repository(session: Session, name: str) -> dict[str, Any] | None:
    """The repository of this name, if there is one."""
    try:
        found = session.client("ecr").describe_repositories(repositoryNames=[name])
    except ClientError:
        return None
    held: dict[str, Any] = found["repositories"][0]
    return held


def images(session: Session, name: str) -> list[dict[str, Any]]:
    """The images of a repository, in the order of their pushes."""
    pages = session.client("ecr").get_paginator("describe_images").paginate(repositoryName=name)
    return [image for page in pages for image in page["imageDetails"]]


def tags(session: Session, name: str) -> list[str]:
    """The tags in a repository, in order."""
    return sorted(tag for one in images(session, name) for tag in one.get("imageTags", []))


def lifecycle_policy(session: Session, name: str) -> str | None:
    """The text of a repository's lifecycle policy, if it has one."""
    try:
        found = session.client("ecr").get_lifecycle_policy(repositoryName=name)
    except ClientError:
        return None
    return str(found["lifecyclePolicyText"])


def put_lifecycle_policy(ecr: Any, name: str, *selections: dict[str, Any]) -> None:
    """Put a policy of these selections, each a rule, with priorities 1, 2, ..."""
    rules = [
        {"rulePriority": n, "selection": one, "action": {"type": "expire"}}
        for n, one in enumerate(selections, 1)
    ]
    text = json.dumps({"rules": rules})
    ecr.put_lifecycle_policy(repositoryName=name, lifecyclePolicyText=text)


def delete_repository(session: Session, name: str) -> None:
    """Delete a repository with its images; one that is not there is no error."""
    if repository(session, name):
        session.client("ecr").delete_repository(repositoryName=name, force=True)
