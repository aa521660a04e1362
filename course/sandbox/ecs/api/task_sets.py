"""Task sets: create, describe, scale, make primary, delete. For the EXTERNAL deployment controller.

AWS: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-external.html
"""

from datetime import datetime
from typing import Any

from moto.core.responses import ActionResult
from moto.ecs.responses import DESCRIBE_TASK_SETS_TAGS

from course.sandbox.ecs.api.base import EcsOperations, missing, short_name
from course.sandbox.ecs.api.treatment import behaves
from course.sandbox.ecs.capacity import check_associated
from course.sandbox.ecs.errors import (
    Refused,
    invalid_parameter,
    service_not_active,
    service_not_found,
)
from course.sandbox.ecs.launch import platform_family, platform_version
from course.sandbox.ecs.registry_rules import check_registries
from course.sandbox.ecs.resources import Cluster, Service, TaskDefinition, TaskSet
from course.sandbox.ecs.validation import (
    check_launch,
    check_public_address,
    check_tags,
    launch_type_of,
)

NO_SCALE = {"value": 0.0, "unit": "PERCENT"}
"""What a task set gets that is created without a scale: no tasks."""


class TaskSetOperations(EcsOperations):
    """The operations on task sets, one method each."""

    @behaves("api/test_task_sets.py::test_a_task_set_has_its_share_of_the_desired_count")
    def create_task_set(self) -> ActionResult:
        """CreateTaskSet: tasks of a revision, as many as the scale makes of the desired count."""
        service = self._external_service()
        cluster, definition = self.cluster(), self.definition(self.given("taskDefinition", ""))
        strategy = cluster.default_capacity_provider_strategy
        launch_type = launch_type_of(self.params, strategy)
        if not self.given("launchType"):
            check_associated(
                self.given("capacityProviderStrategy", strategy), cluster.capacity_providers
            )
        check_launch(definition, launch_type, self.params)
        self.check_network(definition, self.given("networkConfiguration"))
        check_public_address(self.given("networkConfiguration"), launch_type)
        check_tags(self.given("tags", []))
        registries = self.given("serviceRegistries", [])
        check_registries(definition, registries, self.cloud_map.registry)
        task_set = self._new(service, cluster, definition, launch_type)
        service.task_sets.append(task_set)
        self._retarget(service, task_set, "CreateTaskSet")
        return ActionResult({"taskSet": task_set})

    def _new(
        self, service: Service, cluster: Cluster, definition: TaskDefinition, launch_type: str
    ) -> TaskSet:
        scale, now = self._scale(self.given("scale", NO_SCALE)), self._now
        id = f"ecs-svc/{self.plane.world.random.randrange(10**18, 10**19)}"
        by_strategy = not self.given("launchType") and self.given(
            "capacityProviderStrategy", cluster.default_capacity_provider_strategy
        )
        version = self.given("platformVersion", "LATEST") if launch_type == "FARGATE" else None
        place = f"{cluster.cluster_name}/{service.service_name}"
        return TaskSet(
            id=id,
            status="ACTIVE",
            task_definition=definition.task_definition_arn,
            desired_count=0,
            created_at=now,
            updated_at=now,
            launch_type=None if by_strategy else launch_type,
            capacity_provider_strategy=by_strategy or [],
            platform_version=platform_version(definition, version) if version else None,
            platform_family=platform_family(definition) if version else None,
            network_configuration=self.network,
            task_set_arn=self.ecs.arn(f"task-set/{place}/{id}"),
            service_arn=service.service_arn,
            cluster_arn=cluster.cluster_arn,
            external_id=self.given("externalId"),
            scale=scale,
            load_balancers=self.given("loadBalancers", []),
            service_registries=self.given("serviceRegistries", []),
            tags=self.given("tags", []),
            stability_status_at=now,
        )

    @behaves("api/test_task_sets.py::test_two_task_sets_share_the_service")
    def describe_task_sets(self) -> ActionResult:
        """DescribeTaskSets: those named, or all of the service; unknown ones are MISSING."""
        service = self._external_service()
        self.show_tags_if_asked(DESCRIBE_TASK_SETS_TAGS)
        names = self.given("taskSets", [])
        if not names:
            return ActionResult({"taskSets": service.task_sets, "failures": []})
        found = [self._find(service, name) for name in names]
        failures = [missing(name) for name, held in zip(names, found, strict=True) if held is None]
        return ActionResult({"taskSets": [one for one in found if one], "failures": failures})

    @behaves("api/test_task_sets.py::test_a_scale_moves_tasks")
    def update_task_set(self) -> ActionResult:
        """UpdateTaskSet: another scale, and so another number of tasks."""
        service = self._external_service()
        task_set = self._existing(service, self.given("taskSet", ""))
        if task_set.status == "DRAINING":
            raise invalid_parameter("The task set is being deleted.")  # our words
        task_set.scale = self._scale(self.given("scale", {}))
        self._retarget(service, task_set, "UpdateTaskSet")
        return ActionResult({"taskSet": task_set})

    @behaves("api/test_task_sets.py::test_the_primary_task_set_gives_the_service_its_revision")
    def update_service_primary_task_set(self) -> ActionResult:
        """UpdateServicePrimaryTaskSet: this set serves; what was primary is ACTIVE."""
        service = self._external_service()
        task_set = self._existing(service, self.given("primaryTaskSet", ""))
        if task_set.status == "DRAINING":
            raise invalid_parameter("The task set is being deleted.")  # our words
        for other in service.task_sets:
            if other.status == "PRIMARY" and other is not task_set:
                other.status, other.updated_at = "ACTIVE", self._now
        task_set.status, task_set.updated_at = "PRIMARY", self._now
        for member in ("launch_type", "platform_version", "platform_family"):
            setattr(service, member, getattr(task_set, member))
        service.capacity_provider_strategy = task_set.capacity_provider_strategy
        service.network_configuration = task_set.network_configuration
        self.plane.world.record(
            "you", f"UpdateServicePrimaryTaskSet {service.service_name} to {task_set.id}"
        )
        return ActionResult({"taskSet": task_set})

    @behaves("api/test_task_sets.py::test_a_deleted_task_set_drains_and_is_gone")
    def delete_task_set(self) -> ActionResult:
        """DeleteTaskSet: DRAINING until its tasks are gone; one that is scaled above 0 needs force."""
        service = self._external_service()
        task_set = self._existing(service, self.given("taskSet", ""))
        if task_set.scale["value"] and not self.given("force"):
            raise invalid_parameter(  # our words
                "The task set is scaled above 0: scale it down, or delete it with force."
            )
        task_set.status = "DRAINING"
        self._retarget(service, task_set, "DeleteTaskSet")
        return ActionResult({"taskSet": task_set})

    @property
    def _now(self) -> datetime:
        return self.plane.world.clock.now()

    def _retarget(self, service: Service, task_set: TaskSet, did: str) -> None:
        """Tell the set how many tasks it is to have, and the scheduler to look."""
        task_set.aim(service.desired_count)
        task_set.hold_until, task_set.updated_at = None, self._now
        service.steady_since = None
        self.plane.touch(service)
        scale = "" if did == "DeleteTaskSet" else f", scale {task_set.scale['value']:g} %"
        self.plane.world.record("you", f"{did} {service.service_name} {task_set.id}{scale}")

    def _external_service(self) -> Service:
        """The ACTIVE service of the call, which must leave its deployments to somebody else."""
        service = self.find_service(self.cluster(), self.given("service", ""))
        if service is None:
            raise service_not_found()
        if service.status != "ACTIVE":
            raise service_not_active()
        if service.deployment_controller["type"] != "EXTERNAL":
            raise invalid_parameter(  # our words
                "Task sets are for services whose deployment controller is EXTERNAL."
            )
        return service

    def _find(self, service: Service, name: str) -> TaskSet | None:
        wanted = short_name(name)
        return next((one for one in service.task_sets if short_name(one.id) == wanted), None)

    def _existing(self, service: Service, name: str) -> TaskSet:
        found = self._find(service, name)
        if found is None:
            raise Refused("TaskSetNotFoundException", "The task set was not found.")  # our words
        return found

    def _scale(self, given: dict[str, Any]) -> dict[str, Any]:
        value, unit = float(given.get("value") or 0), given.get("unit") or "PERCENT"
        if not 0 <= value <= 100 or unit != "PERCENT":
            raise invalid_parameter(
                f"scale is 0 to 100 PERCENT of the desired count, not {value:g} {unit}."
            )  # ours
        return {"value": value, "unit": unit}
