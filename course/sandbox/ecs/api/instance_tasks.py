"""Tasks on container instances: placed by RunTask, or started by StartTask where the call says.

AWS: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_StartTask.html
"""

from collections import Counter
from typing import Any

from moto.core.responses import ActionResult

from course.sandbox.ecs.api.base import EcsOperations, missing, nowhere_to_run, short_name
from course.sandbox.ecs.api.treatment import behaves
from course.sandbox.ecs.awaiting import MOST_WAITING, Awaits, steps, waiting
from course.sandbox.ecs.capacity import choose_provider, scales_itself
from course.sandbox.ecs.errors import client_exception, invalid_parameter, role_not_assumable
from course.sandbox.ecs.launch import Launch, emptiest_subnet
from course.sandbox.ecs.overrides import check_overrides
from course.sandbox.ecs.placement import Demand, NotPlaced, Step, why_not
from course.sandbox.ecs.places import candidate_of, demand_of, find_place, share_of
from course.sandbox.ecs.resources import Cluster, ContainerInstance, Task, TaskDefinition
from course.sandbox.ecs.task_roles import not_assumable
from course.sandbox.ecs.validation import check_launch, check_public_address

STARTED_AT_ONCE = 10

Failures = list[dict[str, str]]


class InstanceTaskOperations(EcsOperations):
    """StartTask, and what of RunTask concerns container instances."""

    def run_on_instances(
        self, cluster: Cluster, definition: TaskDefinition, count: int
    ) -> tuple[list[Task], Failures]:
        """RunTask for tasks on instances: what finds no place now is a failure.

        Under managed scaling it waits in PROVISIONING instead.
        """
        waits = scales_itself(self.ecs, self.provider(cluster, Counter()))
        if not waits and not self.ecs.instances_of(cluster.cluster_name):
            raise nowhere_to_run()
        if waits and len(waiting(self.ecs, cluster.cluster_name)) + count > MOST_WAITING:
            raise client_exception(  # our words
                f"No more than {MOST_WAITING} tasks of a cluster can be in the PROVISIONING state."
            )
        check_public_address(self.given("networkConfiguration"), "EC2")
        self.check_roles(cluster, definition)
        self.plane.world.record(self.actor, f"RunTask {definition.name}, count {count}")
        tasks: list[Task] = []
        failures: Failures = []
        providers: Counter[str] = Counter()
        demand = self._demand(definition)
        for _ in range(count):
            provider = self.provider(cluster, providers)
            found = self._place_one(cluster, definition, demand, provider)
            if isinstance(found, NotPlaced) and not scales_itself(self.ecs, provider):
                failures = [{"arn": arn, "reason": reason} for arn, reason in found.failures]
                break
            providers[provider or ""] += 1
            tasks.append(self._launch_on(found, cluster, definition, demand, provider))
        return tasks, failures

    @behaves("api/test_start_task.py::test_it_starts_where_the_call_says")
    def start_task(self) -> ActionResult:
        """StartTask: on up to ten named container instances, one task on each, if it fits there."""
        cluster, definition = self.cluster(), self.definition(self.given("taskDefinition"))
        names = self.given("containerInstances", [])
        if not 1 <= len(names) <= STARTED_AT_ONCE:
            raise invalid_parameter(
                f"Name 1 to {STARTED_AT_ONCE} container instances, not {len(names)}."
            )  # our words
        check_overrides(definition, self.given("overrides", {}))
        self.check_new_tags("taskLongArnFormat", "task")
        self.check_network(definition, self.given("networkConfiguration"))
        check_launch(definition, "EC2", self.params)
        check_public_address(self.given("networkConfiguration"), "EC2")
        self.check_roles(cluster, definition)
        self.plane.world.record("you", f"StartTask {definition.name}")
        return ActionResult(self._start_on(cluster, definition, names))

    def _start_on(
        self, cluster: Cluster, definition: TaskDefinition, names: list[str]
    ) -> dict[str, Any]:
        tasks, failures, demand = [], Failures(), self._demand(definition)
        for name in names:
            instance = self.find_instance(cluster, name)
            if instance is None:
                path = f"container-instance/{cluster.cluster_name}/{short_name(name)}"
                failures.append(missing(self.ecs.arn(path)))
                continue
            reason = _inactive(instance) or why_not(demand, candidate_of(instance))
            if reason:
                failures.append({"arn": instance.container_instance_arn, "reason": reason})
            else:
                tasks.append(self._launch_on(instance, cluster, definition, demand, None))
        return {"tasks": tasks, "failures": failures}

    def _place_one(
        self, cluster: Cluster, definition: TaskDefinition, demand: Demand, provider: str | None
    ) -> ContainerInstance | NotPlaced:
        """Among the cluster's instances, or those of the capacity provider whose turn it is."""
        every = self.ecs.instances_of(cluster.cluster_name)
        return find_place(
            demand,
            [one for one in every if provider in (None, one.capacity_provider_name)],
            strategy=self.given("placementStrategy", []),
            constraints=self._constraints(definition),
            random=self.plane.world.random,
        )

    def _constraints(self, definition: TaskDefinition) -> tuple[Step, ...]:
        return steps(definition.placement_constraints, self.given("placementConstraints", []))

    def _demand(self, definition: TaskDefinition) -> Demand:
        return demand_of(
            definition,
            self.given("overrides", {}),
            group=self.given("group", f"family:{definition.family}"),
            zones=self._zones(),
        )

    def _zones(self) -> set[str]:
        """The Availability Zones of the subnets, which is where the network interface can be."""
        network = self.given("networkConfiguration", {}).get("awsvpcConfiguration") or {}
        zones = (
            self.plane.availability_zone(self.region, one) for one in network.get("subnets", [])
        )
        return {zone for zone in zones if zone}

    def _launch_on(
        self,
        place: ContainerInstance | NotPlaced,
        cluster: Cluster,
        definition: TaskDefinition,
        demand: Demand,
        provider: str | None,
    ) -> Task:
        """A task on its instance, or one that waits for an instance."""
        instance = None if isinstance(place, NotPlaced) else place
        strategy = steps(self.given("placementStrategy", []))
        wants = Awaits(demand, strategy, self._constraints(definition))
        network = self.given("networkConfiguration", {}).get("awsvpcConfiguration")
        return self.plane.launch(
            Launch(
                region=self.region,
                cluster=cluster,
                definition=definition,
                group=demand.group,
                launch_type="EC2",
                capacity_provider=provider,
                network=network,
                subnet_id=self._subnet_at(instance, network) if instance else None,
                availability_zone=instance.availability_zone if instance else None,
                overrides=self.given("overrides", {}),
                started_by=self.given("startedBy"),
                tags=self.tags(definition),
                managed_tags=self.given("enableECSManagedTags", False),
                enable_execute_command=self.given("enableExecuteCommand", False),
                instance=instance,
                share=share_of(demand) if instance else None,
                awaits=None if instance else wants,
            )
        )

    def _subnet_at(self, instance: ContainerInstance, network: dict[str, Any] | None) -> str | None:
        """The subnet in the instance's Availability Zone, where awsvpc's interface is made."""
        return emptiest_subnet(
            self.plane.tasks.interfaces(self.region).those_in(network, instance.availability_zone),
            Counter(),
        )

    def check_roles(self, cluster: Cluster, definition: TaskDefinition) -> None:
        """Refuse a launch with a role that ECS cannot assume for the task. Raises ClientException."""
        role = not_assumable(definition, self.given("overrides", {}), cluster.cluster_arn)
        if role:
            raise client_exception(role_not_assumable(role))

    def provider(self, cluster: Cluster, placed: Counter[str]) -> str | None:
        """The capacity provider the next task of the call goes to; None where a launch type is named."""
        strategy = self.strategy(cluster)
        if self.given("launchType") or not strategy:
            return None
        return choose_provider(strategy, placed)

    def strategy(self, cluster: Cluster) -> list[dict[str, Any]]:
        """The call's capacity provider strategy, or the cluster's default."""
        default = cluster.default_capacity_provider_strategy
        return list(self.given("capacityProviderStrategy", default))

    def tags(self, definition: TaskDefinition) -> list[dict[str, str]]:
        """The tags of the call's tasks, with the task definition's where they are propagated."""
        from_definition = self.given("propagateTags") == "TASK_DEFINITION"
        return [*(definition.tags if from_definition else []), *self.given("tags", [])]


def _inactive(instance: ContainerInstance) -> str | None:
    """The failure of an instance that takes no tasks; for DRAINING no reason of AWS's was found."""
    return None if instance.status == "ACTIVE" else instance.status
