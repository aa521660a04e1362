"""Any history of pushes and deployments: a deployment's tasks all have the image that its first one found.

Hypothesis makes the histories up: the tag moves, digests are cleaned up, tasks are
lost, the service is scaled, moved, redefined and deployed again. All is asked through
boto3.
"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from course.exercises.images import push_image

URI = "123456789012.dkr.ecr.us-east-1.amazonaws.com/app"
STEPS = st.one_of(
    st.tuples(st.sampled_from(["push", "clean", "lose", "force", "move", "redefine"]), st.just(0)),
    st.tuples(st.just("scale"), st.integers(0, 4)),
    st.tuples(st.just("advance"), st.sampled_from([5, 20, 60, 240])),
)


class Story:
    """One history of a service whose task definition names the tag ``stable``."""

    def __init__(self, lab: Any) -> None:
        self.lab, self.ecr = lab, lab.aws.client("ecr")
        self.ecr.create_repository(repositoryName="app")
        self.pushed, self.defined, self.moved = 0, 0, 0
        self.role, self.known = lab.role(), dict[str, str]()
        self.do("push", 0)
        self._define()
        lab.service("web", 1, taskDefinition="app")

    def do(self, what: str, number: int) -> None:
        getattr(self, f"_{what}")(number)

    def _define(self) -> None:
        self.defined += 1
        variables = [{"name": "RELEASE", "value": str(self.defined)}]
        app = {"name": "app", "image": f"{URI}:stable", "environment": variables}
        self.lab.define("app", executionRoleArn=self.role, containerDefinitions=[app])

    def _push(self, _: int) -> None:
        self.pushed += 1
        push_image(self.ecr, "app", "stable", f"content {self.pushed}")

    def _clean(self, _: int) -> None:
        """Every image that has lost its tag goes, whoever runs it."""
        held = self.ecr.describe_images(repositoryName="app")["imageDetails"]
        gone = [{"imageDigest": one["imageDigest"]} for one in held if not one.get("imageTags")]
        if gone:
            self.ecr.batch_delete_image(repositoryName="app", imageIds=gone)

    def _lose(self, _: int) -> None:
        for arn in self.lab.arns(serviceName="web")[:1]:
            self.lab.stop(arn)

    def _force(self, _: int) -> None:
        self.lab.update(forceNewDeployment=True)

    def _move(self, _: int) -> None:
        """The same revision in another subnet: a deployment that keeps what the one before had found."""
        before = self.digest(self.lab.describe()["deployments"][0]["id"])
        self.moved += 1
        subnet = self.lab.subnets[self.moved % 2]
        self.lab.update(networkConfiguration=self.lab.network(subnet))
        assert self.digest(self.lab.describe()["deployments"][0]["id"]) == before

    def _redefine(self, _: int) -> None:
        self._define()
        self.lab.update(taskDefinition="app")

    def _scale(self, desired: int) -> None:
        self.lab.update(desiredCount=desired)

    def _advance(self, seconds: int) -> None:
        self.lab.clock.advance(seconds)

    def digest(self, deployment: str) -> str | None:
        """The digest that a deployment has established, as its revision shows it."""
        found = self.lab.held_service().deployments
        (held,) = (one for one in found if one.id == deployment)
        arns = [held.revision.service_revision_arn]
        (revision,) = self.lab.ecs.describe_service_revisions(serviceRevisionArns=arns)[
            "serviceRevisions"
        ]
        return revision["containerImages"][0].get("imageDigest")

    def check(self) -> None:
        """What has been established stays, and every task of the deployment that pulled has it."""
        every = [*self.lab.arns(), *self.lab.arns(desiredStatus="STOPPED")]
        tasks = [self.lab.task(arn) for arn in every]
        for deployment in [one["id"] for one in self.lab.describe()["deployments"]]:
            digest = self.digest(deployment)
            assert self.known.setdefault(deployment, digest or "") in ("", digest)
            self.known[deployment] = digest or ""
            own = [one for one in tasks if one["startedBy"] == deployment]
            pulled = {one["containers"][0].get("imageDigest") for one in own} - {None}
            assert not digest or pulled <= {digest}
            assert digest or not pulled or _failed(own) >= 3


def _failed(tasks: list[dict[str, Any]]) -> int:
    return len([one for one in tasks if one.get("stopCode") == "TaskFailedToStart"])


@pytest.mark.slow
@settings(
    max_examples=25,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=st.lists(STEPS, min_size=5, max_size=20))
def test_a_deployment_is_of_one_image(make_lab: Any, steps: list[tuple[str, int]]) -> None:
    lab = make_lab()
    try:
        story = Story(lab)
        for what, number in steps:
            story.do(what, number)
            story.check()
    finally:
        lab.aws.close()
