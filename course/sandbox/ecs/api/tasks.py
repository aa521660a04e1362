"""Tasks: run, stop, list, describe.

AWS: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RunTask.html
"""

from collections import Counter
from dataclasses import replace
from typing import Any

from moto.core.responses import ActionResult
from moto.ecs.responses import DESCRIBE_TASKS_TAGS

from course.sandbox.ecs.api.base import missing, short_name
from course.sandbox.ecs.api.instance_tasks import InstanceTaskOperations
from course.sandbox.ecs.api.treatment import behaves
from course.sandbox.ecs.capacity import check_associated
from course.sandbox.ecs.errors import invalid_parameter, service_not_found
from course.sandbox.ecs.launch import Launch, emptiest_subnet
from course.sandbox.ecs.overrides import check_overrides, check_size
from course.sandbox.ecs.resources import Cluster, Task, TaskDefinition
from course.sandbox.ecs.run_tokens import (
    Launched,
    as_asked,
    check_token,
    launched_before,
    remember,
)
from course.sandbox.ecs.stop_reasons import by_user
from course.sandbox.ecs.validation import (
    check_count,
    check_launch,
    launch_type_of,
)

DESCRIBED_AT_ONCE = 100

NO_CAPACITY = (
    "Capacity is unavailable at this time. Please try again later or in a different "
    "availability zone"
)
"""The reason of a failure of RunTask when Fargate Spot has no room."""


class TaskOperations(InstanceTaskOperations):
    """The operations on tasks, one method each."""

    @behaves("api/test_tasks.py::test_the_attachment_is_the_interface_that_ec2_shows")
    def run_task(self) -> ActionResult:
        """RunTask: starts 1 to 10 tasks that nobody will replace."""
        cluster = self.cluster()
        before = self._launched_before(cluster)
        if before:
            return ActionResult(before)
        definition = self.definition(self.given("taskDefinition"))
        count = self.given("count", 1)
        check_count(count)
        check_overrides(definition, self.given("overrides", {}))
        self.check_new_tags("taskLongArnFormat", "task")
        launch_type = launch_type_of(self.params, cluster.default_capacity_provider_strategy)
        if not self.given("launchType"):
            check_associated(self.strategy(cluster), cluster.capacity_providers)
        self.check_network(definition, self.given("networkConfiguration"))
        check_launch(definition, launch_type, self.params)
        check_size(definition, self.given("overrides", {}), launch_type)
        if self.given("propagateTags") == "SERVICE":
            raise invalid_parameter("RunTask has no service to propagate tags from.")  # our words
        if launch_type != "FARGATE":
            placed, missed = self.run_on_instances(cluster, definition, count)
            self._remember(cluster, placed, missed)
            return ActionResult({"tasks": placed, "failures": missed})
        self.check_roles(cluster, definition)
        self.plane.world.record(self.actor, f"RunTask {definition.name}, count {count}")
        tasks = self._run(cluster, definition, count)
        failures = [{"reason": NO_CAPACITY}] * (count - len(tasks))
        self._remember(cluster, tasks, failures)
        return ActionResult({"tasks": tasks, "failures": failures})

    def _launched_before(self, cluster: Cluster) -> Any:
        """The answer that a RunTask with this client token has had already, or None."""
        token = self.given("clientToken")
        if token is None:
            return None
        check_token(token)
        asked, now = as_asked(self.params), self.plane.world.clock.now()
        return launched_before(self.ecs.run_tokens, cluster.cluster_name, token, asked, now)

    def _remember(
        self, cluster: Cluster, tasks: list[Task], failures: list[dict[str, str]]
    ) -> None:
        token, now = self.given("clientToken"), self.plane.world.clock.now()
        if token is not None:
            launched = Launched(as_asked(self.params), now, tuple(tasks), tuple(failures))
            remember(self.ecs.run_tokens, cluster.cluster_name, token, launched)

    def _run(self, cluster: Cluster, definition: TaskDefinition, count: int) -> list[Task]:
        network = self.given("networkConfiguration", {}).get("awsvpcConfiguration")
        subnets: Counter[str] = Counter()
        providers: Counter[str] = Counter()
        tasks = []
        for _ in range(count):
            subnet, provider = emptiest_subnet(network, subnets), self.provider(cluster, providers)
            subnets[subnet or ""] += 1
            providers[provider or ""] += 1
            if not self.plane.world.has_capacity(provider):
                continue
            tasks.append(
                self.plane.launch(
                    Launch(
                        region=self.region,
                        cluster=cluster,
                        definition=definition,
                        group=self.given("group", f"family:{definition.family}"),
                        launch_type="FARGATE",
                        capacity_provider=provider,
                        platform_version=self.given("platformVersion"),
                        network=network,
                        subnet_id=subnet,
                        availability_zone=self.plane.availability_zone(self.region, subnet),
                        overrides=self.given("overrides", {}),
                        started_by=self.given("startedBy"),
                        tags=self.tags(definition),
                        managed_tags=self.given("enableECSManagedTags", False),
                        enable_execute_command=self.given("enableExecuteCommand", False),
                    )
                )
            )
        return tasks

    @behaves("api/test_tasks.py::test_a_stopped_task")
    def describe_tasks(self) -> ActionResult:
        """DescribeTasks, up to 100; what is not there comes back as a failure MISSING."""
        cluster, names = self.cluster(), self.given("tasks", [])
        if not 1 <= len(names) <= DESCRIBED_AT_ONCE:
            raise invalid_parameter(
                f"Name 1 to {DESCRIBED_AT_ONCE} tasks, not {len(names)}."
            )  # ours
        self.show_tags_if_asked(DESCRIBE_TASKS_TAGS)
        tasks, failures = [], []
        for name in names:
            task = self._find_task(cluster, name)
            if task:
                tasks.append(_with_proxy(task))
            else:
                arn = self.ecs.arn(f"task/{cluster.cluster_name}/{short_name(name)}")
                failures.append(missing(arn))
        return ActionResult({"tasks": tasks, "failures": failures})

    def _find_task(self, cluster: Cluster, name: str) -> Task | None:
        arn = (
            name if name.startswith("arn:") else self.ecs.arn(f"task/{cluster.cluster_name}/{name}")
        )
        return self.ecs.tasks.get(cluster.cluster_name, {}).get(arn)

    @behaves("api/test_tasks.py::test_list_shows_what_is_meant_to_run")
    def list_tasks(self) -> ActionResult:
        """ListTasks by desiredStatus (RUNNING unless asked otherwise), service, family ..."""
        cluster = self.cluster()
        service = self.given("serviceName")
        if service and self.find_service(cluster, service) is None:
            raise service_not_found()
        wanted = {
            "desired_status": self.given("desiredStatus", "RUNNING"),
            "family": self.given("family"),
            "started_by": self.given("startedBy"),
            "launch_type": self.given("launchType"),
            "group": f"service:{short_name(service)}" if service else None,
            "container_instance_arn": self._instance_arn(cluster),
        }
        filters = {name: value for name, value in wanted.items() if value is not None}
        tasks = self.ecs.tasks.get(cluster.cluster_name, {}).values()
        arns = [
            task.task_arn
            for task in tasks
            if all(getattr(task, name) == value for name, value in filters.items())
        ]
        return self.page("taskArns", arns)

    def _instance_arn(self, cluster: Cluster) -> str | None:
        """The container instance that the call filters by, if it does."""
        name = self.given("containerInstance")
        found = self.find_instance(cluster, name) if name else None
        if name and found is None:
            raise invalid_parameter("Referenced container instance was not found.")  # our words
        return found.container_instance_arn if found else None

    @behaves("api/test_tasks.py::test_a_stopped_task")
    def stop_task(self) -> ActionResult:
        """StopTask: desiredStatus STOPPED now, lastStatus in its own time."""
        cluster, name = self.cluster(), self.given("task")
        task = self._find_task(cluster, name)
        if task is None:
            raise invalid_parameter("The referenced task was not found")
        self.plane.world.record("you", f"StopTask {task.id[:8]}")
        self.plane.tasks.stop(task, by_user(self.given("reason")))
        return ActionResult({"task": _with_proxy(task)})


def _with_proxy(task: Task) -> Task:
    """The task with Service Connect's container before its own, as DescribeTasks shows it (output of 2024)."""
    if task.proxy is None:
        return task
    began = any(one.last_status != "PENDING" for one in task.containers)
    over = task.last_status in ("DEPROVISIONING", "STOPPED")
    status = "STOPPED" if over else "RUNNING" if began else "PENDING"
    interfaces = task.containers[0].network_interfaces if began else []
    proxy = replace(
        task.proxy,
        last_status=status,
        health_status="HEALTHY" if status == "RUNNING" else "UNKNOWN",
        network_interfaces=interfaces,
    )
    return replace(task, containers=[proxy, *task.containers])
