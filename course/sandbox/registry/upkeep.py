"""Upkeep of registries on the virtual clock: scans end, previews end, lifecycle policies run.

AWS promises only that an image expires within 24 hours after it meets a rule.
Here a policy runs once a day, first twelve hours after it was put: our model.

AWS: https://docs.aws.amazon.com/AmazonECR/latest/userguide/LifecyclePolicies.html
"""

from collections import defaultdict

from course.sandbox.registry import scanning
from course.sandbox.registry.kept import (
    PolicyRun,
    Preview,
    Repository,
    held_images,
    kept,
    remove_image,
)
from course.sandbox.registry.lifecycle_policy import Expiry, Rule, expiring
from course.sandbox.registry.scanning import Packages, Scan
from course.sandbox.world import World

HOUR = 3600.0
FIRST_RUN = 12 * HOUR
EACH_RUN = 24 * HOUR
PREVIEW = 5.0
"""Seconds: from putting a policy to its first run, between runs, and for a preview."""


class RegistryUpkeep:
    """What ECR does by itself in one world, a while after it was asked."""

    def __init__(self, world: World) -> None:
        self.world = world

    def scan(self, repository: Repository, digest: str, packages: Packages | None) -> Scan:
        """Begin to scan an image with these packages; it is IN_PROGRESS for a while."""
        begun = kept(repository).scans[digest] = Scan(self.world.clock.now())
        self.world.clock.after(scanning.SECONDS, self._end_scan, begun, packages)
        return begun

    def _end_scan(self, scan: Scan, packages: Packages | None) -> None:
        scan.end(packages, self.world.clock.now())

    def put_policy(self, repository: Repository, rules: list[Rule]) -> None:
        """Let these rules run from now on, in place of those that were there before."""
        run = kept(repository).policy = PolicyRun(rules)
        self.world.clock.after(FIRST_RUN, self._run_policy, repository, run)

    def _run_policy(self, repository: Repository, run: PolicyRun) -> None:
        """Expire what the rules say, and run again; a policy that was replaced or deleted ends."""
        if kept(repository).policy is not run:
            return
        now = run.evaluated = self.world.clock.now()
        found = expiring(run.rules, held_images(repository), now)
        for one in found:
            remove_image(repository, one.image.digest)
        self._tell(repository.name, found)
        self.world.clock.after(EACH_RUN, self._run_policy, repository, run)

    def _tell(self, repository: str, found: list[Expiry]) -> None:
        by_rule: dict[int, list[str]] = defaultdict(list)
        for one in found:
            by_rule[one.rule_priority] += one.image.tags or ("an untagged image",)
        for priority, names in sorted(by_rule.items()):
            why = f"lifecycle policy, rule {priority}"
            self.world.record("registry", f"{repository}: {', '.join(names)} expired", why=why)

    def preview(self, repository: Repository, text: str, rules: list[Rule]) -> Preview:
        """Begin a dry run of these rules."""
        begun = kept(repository).preview = Preview(text, rules)
        self.world.clock.after(PREVIEW, self._end_preview, repository, begun)
        return begun

    def _end_preview(self, repository: Repository, preview: Preview) -> None:
        now = self.world.clock.now()
        preview.expiring = expiring(preview.rules, held_images(repository), now)
        preview.status = "COMPLETE"
