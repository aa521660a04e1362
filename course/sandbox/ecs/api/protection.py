"""Task scale-in protection: keep a service's task from being scaled in or rolled over for a while.

AWS: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-scale-in-protection.html
"""

from datetime import datetime, timedelta
from typing import Any

from moto.core.responses import ActionResult

from course.sandbox.ecs.api.base import EcsOperations, missing, short_name
from course.sandbox.ecs.api.treatment import behaves
from course.sandbox.ecs.errors import invalid_parameter
from course.sandbox.ecs.resources import Cluster, Service, Task

MINUTES = 120
"""How long protection lasts unless the call says otherwise."""

LONGEST = 2880
SET_AT_ONCE = 10
ASKED_AT_ONCE = 100


class ProtectionOperations(EcsOperations):
    """The operations on task protection, one method each."""

    @behaves("api/test_protection.py::test_two_hours_unless_told_otherwise")
    def update_task_protection(self) -> ActionResult:
        """UpdateTaskProtection of up to 10 tasks, for 1 to 2,880 minutes from now.

        Failures: MISSING, TASK_NOT_VALID (no task of a service that is meant to run),
        DEPLOYMENT_BLOCKED (more tasks are protected than the service wants).
        """
        cluster, names = self.cluster(), self.given("tasks", [])
        enabled, until = self.given("protectionEnabled", False), self._expiry()
        self._check_names(names, SET_AT_ONCE)
        self.plane.world.record(
            "you", f"UpdateTaskProtection, {'enabled' if enabled else 'disabled'}"
        )
        return self._answer(cluster, names, enabled, until)

    def _answer(
        self, cluster: Cluster, names: list[str], enabled: bool, until: datetime
    ) -> ActionResult:
        protected, failures = [], []
        for name in names:
            task = self._task(cluster, name)
            reason = self._why_not(task, enabled)
            if task is None or reason:
                failures.append({**missing(self._arn(cluster, name)), "reason": reason})
            else:
                self.plane.protect(task, until if enabled else None)
                protected.append(self._shown(task))
        return ActionResult({"protectedTasks": protected, "failures": failures})

    @behaves("api/test_protection.py::test_two_hours_unless_told_otherwise")
    def get_task_protection(self) -> ActionResult:
        """GetTaskProtection of up to 100 tasks; without names, of all tasks of services."""
        cluster = self.cluster()
        held = self.ecs.tasks.get(cluster.cluster_name, {}).values()
        services = [one.task_arn for one in held if one.deployment and one.wanted]
        names = self.given("tasks") or services[:ASKED_AT_ONCE]
        self._check_names(names or ["none"], ASKED_AT_ONCE)
        shown, failures = [], []
        for name in names:
            task = self._task(cluster, name)
            reason = self._why_not(task, False)
            if task is None or reason:
                failures.append({**missing(self._arn(cluster, name)), "reason": reason})
            else:
                shown.append(self._shown(task))
        return ActionResult({"protectedTasks": shown, "failures": failures})

    def _expiry(self) -> datetime:
        minutes = self.given("expiresInMinutes", MINUTES)
        if not 1 <= minutes <= LONGEST:
            raise invalid_parameter(
                f"expiresInMinutes must be between 1 and {LONGEST}, not {minutes}."
            )  # our words
        return self.plane.world.clock.now() + timedelta(minutes=minutes)

    def _check_names(self, names: list[str], most: int) -> None:
        if not 1 <= len(names) <= most:
            raise invalid_parameter(f"Name 1 to {most} tasks, not {len(names)}.")  # our words

    def _task(self, cluster: Cluster, name: str) -> Task | None:
        return self.ecs.tasks.get(cluster.cluster_name, {}).get(self._arn(cluster, name))

    def _arn(self, cluster: Cluster, name: str) -> str:
        if name.startswith("arn:"):
            return name
        return self.ecs.arn(f"task/{cluster.cluster_name}/{short_name(name)}")

    def _why_not(self, task: Task | None, enabled: bool) -> str:
        """The reason of a failure, or nothing."""
        if task is None:
            return "MISSING"
        if task.deployment is None or not task.wanted:
            return "TASK_NOT_VALID"
        service = self.ecs.services.get(
            f"{short_name(task.cluster_arn)}:{task.group.removeprefix('service:')}"
        )
        blocked = enabled and service is not None and self._is_blocked(service)
        return "DEPLOYMENT_BLOCKED" if blocked else ""

    def _is_blocked(self, service: Service) -> bool:
        """Whether more tasks are protected already than the service wants."""
        now = self.plane.world.clock.now()
        tasks = [task for one in service.deployments for task in one.wanted_tasks()]
        return sum(task.is_protected(now) for task in tasks) > service.desired_count

    def _shown(self, task: Task) -> dict[str, Any]:
        protected = task.is_protected(self.plane.world.clock.now())
        shown: dict[str, Any] = {"taskArn": task.task_arn, "protectionEnabled": protected}
        if protected:
            shown["expirationDate"] = task.protected_until
        return shown
