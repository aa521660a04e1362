"""A service's tag is looked up once per deployment; who asks anew, and what a digest that is gone does."""

from __future__ import annotations

from typing import Any

import pytest

from course.exercises.images import push_image

URI = "123456789012.dkr.ecr.us-east-1.amazonaws.com/app"


class Release:
    """A repository whose tag ``stable`` moves, and a service of one task that names it."""

    def __init__(self, lab: Any, **container: Any) -> None:
        self.lab, self.ecr = lab, lab.aws.client("ecr")
        self.ecr.create_repository(repositoryName="app")
        self.first = self.push("one")
        self.role = lab.role()
        self.define(**container)
        lab.steady(desired=1, taskDefinition="app")

    def push(self, content: str) -> str:
        return push_image(self.ecr, "app", "stable", content)

    def define(self, **container: Any) -> None:
        given = {"name": "app", "image": f"{URI}:stable"} | container
        self.lab.define("app", executionRoleArn=self.role, containerDefinitions=[given])

    def update(self, **changes: Any) -> None:
        self.lab.update(**changes)
        self.lab.clock.advance(minutes=3)

    def digests(self) -> list[str]:
        """What the service's tasks have pulled, oldest first."""
        tasks = [self.lab.task(arn) for arn in self.lab.arns(serviceName="web")]
        tasks.sort(key=lambda task: task["createdAt"])
        return [one["imageDigest"] for task in tasks for one in task["containers"]]

    def revision(self) -> dict[str, str]:
        """The image of the service's newest revision."""
        (newest, *_) = self.lab.ecs.list_service_deployments(cluster="lab", service="web")[
            "serviceDeployments"
        ]
        arns = [newest["targetServiceRevisionArn"]]
        found = self.lab.ecs.describe_service_revisions(serviceRevisionArns=arns)
        return dict(found["serviceRevisions"][0]["containerImages"][0])

    def delete(self, digest: str) -> None:
        self.ecr.batch_delete_image(repositoryName="app", imageIds=[{"imageDigest": digest}])

    def lose(self) -> None:
        self.lab.stop(self.lab.arns(serviceName="web")[0])
        self.lab.clock.advance(minutes=3)

    def reasons(self) -> set[str]:
        stopped = self.lab.arns(serviceName="web", desiredStatus="STOPPED")
        return {self.lab.task(arn)["stoppedReason"] for arn in stopped}


@pytest.fixture
def release(lab: Any) -> Release:
    return Release(lab)


def test_a_task_by_itself_gets_what_the_tag_names_when_it_pulls(release: Release) -> None:
    lab, second = release.lab, release.push("two")
    (arn,) = lab.run(taskDefinition="app")
    lab.clock.advance(minutes=1)
    (container,) = lab.task(arn)["containers"]
    assert (container["image"], container["imageDigest"]) == (f"{URI}:stable", second)


def test_scaled_out_a_service_takes_the_digest_of_its_deployment(release: Release) -> None:
    second = release.push("two")
    release.update(desiredCount=2)
    assert release.digests() == [release.first] * 2
    (arn, *_) = release.lab.arns(serviceName="web")
    assert release.lab.task(arn)["containers"][0]["image"] == f"{URI}:stable"
    release.update(forceNewDeployment=True)
    assert release.digests() == [second] * 2


def test_the_same_revision_elsewhere_is_the_same_image(release: Release) -> None:
    release.push("two")
    release.update(networkConfiguration=release.lab.network(release.lab.subnets[0]))
    assert release.digests() == [release.first]


def test_another_revision_asks_what_the_tag_names_now(release: Release) -> None:
    second = release.push("two")
    release.define(environment=[{"name": "A", "value": "b"}])
    release.update(taskDefinition="app")
    assert release.digests() == [second]


def test_the_revision_shows_the_digest_once_a_task_has_pulled(release: Release) -> None:
    assert release.revision() == {
        "containerName": "app",
        "image": f"{URI}:stable",
        "imageDigest": release.first,
    }
    second = release.push("two")
    release.lab.update(forceNewDeployment=True)
    assert "imageDigest" not in release.revision()
    release.lab.clock.advance(seconds=30)
    assert release.revision()["imageDigest"] == second


def test_without_version_consistency_each_task_asks_anew(lab: Any) -> None:
    release = Release(lab, versionConsistency="disabled")
    second = release.push("two")
    release.update(desiredCount=2)
    assert release.digests() == [release.first, second]
    assert "imageDigest" not in release.revision()


def test_a_digest_in_the_name_is_the_image_wherever_the_tag_is(release: Release) -> None:
    release.push("two")
    for image in (f"{URI}@{release.first}", f"{URI}:stable@{release.first}"):
        release.define(image=image)
        release.update(taskDefinition="app")
        assert release.digests() == [release.first]


def test_a_digest_that_was_deleted_fails_the_next_task_until_it_is_asked_anew(
    release: Release,
) -> None:
    """The trap of a repository that is cleaned up: the tag is there, and nobody asks for it."""
    second = release.push("two")
    release.delete(release.first)
    assert release.digests() == [release.first], "what runs runs on"
    release.lose()
    gone = f"{URI}:stable@{release.first}"
    assert (
        "CannotPullContainerError: pull image manifest has been retried 5 time(s): failed to "
        f"resolve ref {gone}: {gone}: not found"
    ) in release.reasons()
    release.update(forceNewDeployment=True)
    assert release.digests() == [second]


def test_rolled_back_to_it_is_the_image_that_it_was(release: Release) -> None:
    release.push("two")
    breaker = {"enable": True, "rollback": True}
    release.define(image=f"{URI}:never")
    release.update(
        taskDefinition="app", deploymentConfiguration={"deploymentCircuitBreaker": breaker}
    )
    release.lab.clock.advance(minutes=30)
    release.lose()
    assert release.digests() == [release.first]


def test_after_three_failures_a_deployment_goes_on_without(release: Release) -> None:
    lab = release.lab
    release.define(image=f"{URI}:late")
    release.update(taskDefinition="app", desiredCount=1)
    lab.clock.advance(minutes=5)
    assert lab.held_service().primary.unresolved >= 3
    for content in ("late", "later"):
        push_image(release.ecr, "app", "late", content)
        lab.clock.advance(minutes=20)
        release.update(desiredCount=2 if content == "later" else 1)
    assert len(set(release.digests())) == 2
    assert "imageDigest" not in release.revision()


def test_a_task_set_asks_for_its_tag(lab: Any) -> None:
    """Nobody has said that the EXTERNAL controller's task sets keep digests."""
    ecr = lab.aws.client("ecr")
    ecr.create_repository(repositoryName="app")
    push_image(ecr, "app", "stable", "one")
    container = {"name": "app", "image": f"{URI}:stable"}
    lab.define("app", executionRoleArn=lab.role(), containerDefinitions=[container])
    lab.ecs.create_service(
        cluster="lab",
        serviceName="web",
        desiredCount=1,
        deploymentController={"type": "EXTERNAL"},
    )
    lab.ecs.create_task_set(
        cluster="lab",
        service="web",
        taskDefinition="app",
        launchType="FARGATE",
        networkConfiguration=lab.network(),
        scale={"value": 100, "unit": "PERCENT"},
    )
    lab.clock.advance(minutes=2)
    push_image(ecr, "app", "stable", "two")
    lab.update(desiredCount=2)
    lab.clock.advance(minutes=2)
    tasks = [lab.task(arn) for arn in lab.arns(serviceName="web")]
    assert len({one["imageDigest"] for task in tasks for one in task["containers"]}) == 2
