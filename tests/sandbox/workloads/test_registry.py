"""Whether an image is there to be pulled."""

from typing import Any

import pytest

from course.exercises.images import push_image
from course.sandbox.workloads.images import catalogue
from course.sandbox.workloads.registry import digest_of

REGISTRY = "123456789012.dkr.ecr.us-east-1.amazonaws.com"


@pytest.fixture
def pushed(lab: Any) -> str:
    """The digest of web:1.0 in the learner's own ECR."""
    ecr = lab.aws.client("ecr")
    ecr.create_repository(repositoryName="web")
    return push_image(ecr, "web", "1.0")


def test_what_was_pushed_has_its_digest(pushed: str) -> None:
    assert digest_of(f"{REGISTRY}/web:1.0") == pushed
    assert digest_of(f"{REGISTRY}/web@{pushed}") == pushed


@pytest.mark.parametrize("image", ["web:1.1", "web", "wep:1.0", "web@sha256:" + "b" * 64])
def test_what_was_not_pushed_is_not_there(pushed: str, image: str) -> None:
    assert digest_of(f"{REGISTRY}/{image}") is None


def test_another_region_holds_other_images(pushed: str) -> None:
    assert digest_of(f"{REGISTRY}/web:1.0".replace("us-east-1", "eu-west-1")) is None


def test_registries_out_of_reach_hold_what_is_asked_for() -> None:
    digest = digest_of("public.ecr.aws/docker/library/httpd:2.4")
    assert digest and digest == digest_of("public.ecr.aws/docker/library/httpd:2.4")
    assert digest != digest_of("public.ecr.aws/docker/library/httpd:2.2")


@pytest.mark.parametrize(
    ("image", "there"),
    [
        ("postgres:17", True),
        ("docker.io/library/redis:8", True),
        ("public.ecr.aws/docker/library/nginx", True),
        ("ngnix", False),
        ("postgress:17", False),
        ("docker.io/shop:1.0", False),
        ("public.ecr.aws/docker/library/pyhton:3.13", False),
        ("somebody/anything:1", True),
        ("public.ecr.aws/somebody/anything:1", True),
        ("quay.io/library/anything", True),
        ("localhost:5000/app", True),
    ],
)
def test_dockers_official_images_are_known_by_name_and_nothing_else_is(
    image: str, there: bool
) -> None:
    assert (digest_of(image) is not None) == there


def test_what_the_course_runs_of_public_images_is_there() -> None:
    assert [name for name in catalogue() if name != "*" and digest_of(name) is None] == []


def test_a_public_image_by_digest_is_that_digest() -> None:
    digest = f"sha256:{'c' * 64}"
    assert digest_of(f"nginx@{digest}") == digest_of(f"nginx:1.29@{digest}") == digest


def needs(lab: Any, image: str, **more: Any) -> str:
    """A task definition of this image, run once; returns the task's ARN."""
    role = lab.role()
    container = {"name": "app", "image": image, **more}
    lab.define("images", containerDefinitions=[container], executionRoleArn=role)
    return str(lab.run(taskDefinition="images")[0])


def test_a_tag_that_was_never_pushed_fails_the_task(lab: Any, pushed: str) -> None:
    arn = needs(lab, f"{REGISTRY}/web:1.1")
    lab.clock.advance(minutes=2)
    task = lab.task(arn)
    assert (task["lastStatus"], task["stopCode"]) == ("STOPPED", "TaskFailedToStart")
    head = "CannotPullContainerError: pull image manifest has been retried 5 time(s): "
    assert task["stoppedReason"].startswith(f"{head}failed to resolve ref {REGISTRY}/web:1.1")
    assert task["containers"][0]["reason"] == task["stoppedReason"]
    assert "exitCode" not in task["containers"][0]
    assert "pullStartedAt" in task
    assert not {"pullStoppedAt", "startedAt", "executionStoppedAt"} & set(task)


def test_once_it_is_pushed_the_next_task_runs(lab: Any, pushed: str) -> None:
    arn = needs(lab, f"{REGISTRY}/web:1.0")
    lab.clock.advance(minutes=2)
    task = lab.task(arn)
    assert (task["lastStatus"], task["containers"][0]["imageDigest"]) == ("RUNNING", pushed)


@pytest.mark.parametrize(
    ("command", "code", "seconds"),
    [(["sh", "-c", "exit 3"], 3, 1), (["sleep", "60"], 0, 60), (["false"], 1, 1)],
)
def test_an_essential_container_takes_the_task_with_it(
    lab: Any, command: list[str], code: int, seconds: int
) -> None:
    arn = needs(lab, "httpd", command=command)
    lab.clock.advance(minutes=3)
    task = lab.task(arn)
    assert task["stopCode"] == "EssentialContainerExited"
    assert task["stoppedReason"] == "Essential container in task exited"
    assert task["containers"][0]["exitCode"] == code
    assert (task["executionStoppedAt"] - task["startedAt"]).total_seconds() == seconds


def test_a_sidecar_may_end_without_the_task(lab: Any) -> None:
    two = [
        {"name": "app", "image": "httpd"},
        {"name": "init", "image": "busybox", "essential": False},
    ]
    lab.define("pair", containerDefinitions=two)
    arn = lab.run(taskDefinition="pair")[0]
    lab.clock.advance(minutes=2)
    app, init = lab.task(arn)["containers"]
    assert (app["lastStatus"], init["lastStatus"], init["exitCode"]) == ("RUNNING", "STOPPED", 0)


def test_stop_timeout_is_the_learners_own(lab: Any) -> None:
    arn = needs(lab, "httpd", command=["sleep", "3600"], stopTimeout=5)
    lab.clock.advance(minutes=1)
    lab.stop(arn)
    lab.clock.advance(minutes=2)
    task = lab.task(arn)
    assert task["containers"][0]["exitCode"] == 137
    assert (task["executionStoppedAt"] - task["stoppingAt"]).total_seconds() == 5


def test_an_override_of_the_command_counts(lab: Any) -> None:
    lab.define("job", containerDefinitions=[{"name": "app", "image": "httpd"}])
    overrides = {"containerOverrides": [{"name": "app", "command": ["sh", "-c", "exit 9"]}]}
    arn = lab.run(taskDefinition="job", overrides=overrides)[0]
    lab.clock.advance(minutes=2)
    assert lab.task(arn)["containers"][0]["exitCode"] == 9
