"""Which image a service's tasks take: the digest that the first task of their deployment found.

A tag is looked up once per deployment, and every later task of it asks for that
digest; tasks of RunTask look it up each time, and so does a container with
``versionConsistency`` disabled. What DescribeTasks shows as *image* stays as the
task definition has it (since 2024-09); *imageDigest* is what was pulled.

AWS: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-ecs.html
     (of 2026; for services since 2024-06, versionConsistency since 2024-11)
"""

from collections.abc import Mapping, Sequence
from typing import Any

from course.sandbox.ecs.resources import Container, Deployment, Task

ATTEMPTS = 3
"""After so many tasks that failed to find digests a deployment goes on without."""


def reference(container: Container) -> str:
    """What is asked of the registry: the image as it is named, or with the digest established for it."""
    return f"{container.image}@{container.pinned}" if container.pinned else container.image


def pinned(deployment: Deployment | None, definition: Mapping[str, Any]) -> str | None:
    """The digest that a deployment has established for a container, where the tag is not asked for anew."""
    if deployment is None or deployment.revision is None or not _is_resolved(definition):
        return None
    images = {one["containerName"]: one for one in deployment.revision.container_images}
    return images.get(definition["name"], {}).get("imageDigest")


def establish(task: Task) -> None:
    """A task has pulled its images: if it is the first of its deployment, their digests count from now on."""
    deployment = task.deployment
    if deployment is None or deployment.revision is None or deployment.unresolved >= ATTEMPTS:
        return
    found = {one.name: one.image_digest for one in task.containers if one.consistent}
    for image in deployment.revision.container_images:
        digest = found.get(image["containerName"])
        if digest:
            image.setdefault("imageDigest", digest)


def note_failed(task: Task) -> None:
    """A task has not found its images; that is one attempt at their digests."""
    if task.deployment:
        task.deployment.unresolved += 1


def carried_over(
    definitions: Sequence[Mapping[str, Any]], before: Deployment | None
) -> list[dict[str, str]]:
    """The images of a new revision, with the digests of the deployment *before*, if that had the same ones."""
    images = list[dict[str, str]]()
    for one in definitions:
        image, digest = {"containerName": one["name"], "image": one["image"]}, pinned(before, one)
        images.append(image | {"imageDigest": digest} if digest else image)
    return images


def _is_resolved(definition: Mapping[str, Any]) -> bool:
    return definition.get("versionConsistency") != "disabled" and "@" not in definition["image"]
