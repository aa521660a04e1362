"""Lifecycle policies: put, run by the clock, and tried out beforehand.

AWS: https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_PutLifecyclePolicy.html
"""

from typing import Any

from moto.core.responses import ActionResult
from moto.ecr.exceptions import LifecyclePolicyNotFoundException

from course.sandbox.registry.api.base import EcrOperations, refused
from course.sandbox.registry.kept import Preview, kept
from course.sandbox.registry.lifecycle_policy import Expiry
from course.sandbox.registry.policy_text import read_policy


class LifecyclePolicies(EcrOperations):
    """The policy of a repository, and its preview."""

    def put_lifecycle_policy(self) -> ActionResult:
        """Set the policy; what meets a rule expires within 24 hours."""
        repository, text = self.repository(), self.given("lifecyclePolicyText")
        rules = read_policy(text)
        repository.lifecycle_policy = text
        self.plane.registries.put_policy(repository, rules)
        return ActionResult({**self.place(repository), "lifecyclePolicyText": text})

    def get_lifecycle_policy(self) -> ActionResult:
        """The policy, and when it last ran."""
        return ActionResult(self._policy())

    def delete_lifecycle_policy(self) -> ActionResult:
        """No policy any more: nothing expires."""
        repository, answer = self.repository(), self._policy()
        repository.lifecycle_policy = kept(repository).policy = None
        return ActionResult(answer)

    def _policy(self) -> dict[str, Any]:
        repository = self.repository()
        if not repository.lifecycle_policy:
            raise LifecyclePolicyNotFoundException(repository.name, repository.registry_id)
        run = kept(repository).policy
        return {
            **self.place(repository),
            "lifecyclePolicyText": repository.lifecycle_policy,
            "lastEvaluatedAt": run.evaluated if run else None,
        }

    def start_lifecycle_policy_preview(self) -> ActionResult:
        """Begin a dry run, of the given rules or of the repository's own policy."""
        repository = self.repository()
        text = self.given("lifecyclePolicyText", repository.lifecycle_policy)
        if not text:
            raise LifecyclePolicyNotFoundException(repository.name, repository.registry_id)
        rules, before = read_policy(text), kept(repository).preview
        if before is not None and before.status == "IN_PROGRESS":
            raise refused(
                "LifecyclePolicyPreviewInProgressException",
                "The previous lifecycle policy preview request has not completed. "
                "Wait and try again.",
            )
        begun = self.plane.registries.preview(repository, text, rules)
        return ActionResult(
            {**self.place(repository), "lifecyclePolicyText": text, "status": begun.status}
        )

    def get_lifecycle_policy_preview(self) -> ActionResult:
        """What a dry run found: each image that would expire, with the rule that says so."""
        repository = self.repository()
        preview = kept(repository).preview
        if preview is None:
            raise refused(
                "LifecyclePolicyPreviewNotFoundException",
                "There is no dry run for this repository.",
            )
        more = {
            **self.place(repository),
            "lifecyclePolicyText": preview.text,
            "status": preview.status,
            "summary": {"expiringImageTotalCount": len(preview.expiring)},
        }
        return self.page("previewResults", self._results(preview), more)

    def _results(self, preview: Preview) -> list[dict[str, Any]]:
        status = self.given("filter", {}).get("tagStatus", "ANY")
        wanted = self.given("imageIds")
        return [
            _result(one)
            for one in preview.expiring
            if status == "ANY" or bool(one.image.tags) is (status == "TAGGED")
            if wanted is None or any(_is_named(one, image_id) for image_id in wanted)
        ]


def _result(one: Expiry) -> dict[str, Any]:
    return {
        "imageTags": list(one.image.tags),
        "imageDigest": one.image.digest,
        "imagePushedAt": one.image.pushed_at,
        "action": {"type": "EXPIRE"},
        "appliedRulePriority": one.rule_priority,
    }


def _is_named(one: Expiry, image_id: dict[str, str]) -> bool:
    tag, digest = image_id.get("imageTag"), image_id.get("imageDigest")
    return (tag is None or tag in one.image.tags) and digest in (None, one.image.digest)
