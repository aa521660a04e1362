"""Services: create, describe, list, update, delete.

AWS: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_services.html
"""

from typing import Any

from botocore import xform_name
from moto.core.responses import ActionResult
from moto.ecs.responses import DESCRIBE_SERVICES_TAGS

from course.sandbox.ecs.api.base import EcsOperations, missing, short_name
from course.sandbox.ecs.api.treatment import behaves
from course.sandbox.ecs.errors import invalid_parameter, service_not_active, service_not_found
from course.sandbox.ecs.launch import FARGATE_PLATFORM, platform_family
from course.sandbox.ecs.resources import Cluster, Deployment, Service, TaskDefinition
from course.sandbox.ecs.validation import check_launch, check_name, check_network, launch_type_of

DESCRIBED_AT_ONCE = 10
SERVICE_ROLE = "role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS"

PERCENTS = {"maximumPercent": 200, "minimumHealthyPercent": 100}
"""Defaults of a REPLICA service."""

KEPT = (
    "availabilityZoneRebalancing",
    "loadBalancers",
    "serviceRegistries",
    "placementConstraints",
    "placementStrategy",
    "healthCheckGracePeriodSeconds",
    "schedulingStrategy",
    "deploymentController",
    "tags",
    "enableECSManagedTags",
    "propagateTags",
    "enableExecuteCommand",
)
"""Parameters of CreateService and UpdateService that a service simply keeps."""

STARTS_DEPLOYMENT = (
    "taskDefinition",
    "networkConfiguration",
    "platformVersion",
    "loadBalancers",
    "serviceRegistries",
    "serviceConnectConfiguration",
    "volumeConfigurations",
    "vpcLatticeConfigurations",
)
"""Parameters of UpdateService that start a new deployment, by the API's own documentation."""


class ServiceOperations(EcsOperations):
    """The operations on services, one method each."""

    @behaves("api/test_services.py::test_its_tasks_say_whose_they_are")
    def create_service(self) -> ActionResult:
        """CreateService: the answer is the service before the scheduler has looked at it."""
        cluster, name = self.cluster(), self.given("serviceName")
        check_name(name, "serviceName")
        again = self._same_service(cluster, name)
        if again:
            return ActionResult({"service": again})
        definition = self.definition(self.given("taskDefinition", ""))
        desired = self._desired_count()
        service = self._new_service(cluster, name, desired, definition)
        self.ecs.services[service.key] = service
        cluster.active_services_count += 1
        self.plane.touch(service)
        self.plane.world.record(
            "you", f"CreateService {name}, desired {desired}, {definition.name}"
        )
        return ActionResult({"service": service})

    def _same_service(self, cluster: Cluster, name: str) -> Service | None:
        """The same service, for a call repeated with its client token; otherwise the name must be free."""
        found = self.find_service(cluster, name)
        if found is None or found.status == "INACTIVE":
            return None
        if found.status == "DRAINING":
            raise invalid_parameter("Unable to Start a service that is still Draining.")
        token = self.given("clientToken")
        if token is None or token != found.client_token:
            raise invalid_parameter("Creation of service was not idempotent.")
        return found

    def _desired_count(self) -> int:
        count = self.given("desiredCount")
        if count is None and self.given("schedulingStrategy", "REPLICA") == "REPLICA":
            raise invalid_parameter(
                "desiredCount is required for the REPLICA strategy."
            )  # our words
        return self._not_negative(int(count or 0))

    def _not_negative(self, count: int) -> int:
        if count < 0:
            raise invalid_parameter(f"desiredCount cannot be negative, but it is {count}.")  # ours
        return count

    def _new_service(
        self, cluster: Cluster, name: str, desired: int, definition: TaskDefinition
    ) -> Service:
        launch_type = launch_type_of(self.params, cluster.default_capacity_provider_strategy)
        check_launch(definition, launch_type, self.params)
        self._check_network(definition, self.given("networkConfiguration"))
        service = Service(
            service_arn=self.ecs.arn(f"service/{cluster.cluster_name}/{name}"),
            service_name=name,
            cluster_arn=cluster.cluster_arn,
            desired_count=desired,
            created_at=self.plane.world.clock.now(),
            role_arn=f"arn:aws:iam::{self.ecs.account_id}:{SERVICE_ROLE}",
            deployment_configuration={**PERCENTS, **self.given("deploymentConfiguration", {})},
            client_token=self.given("clientToken"),
        )
        self._keep(service)
        self._place(service, cluster, launch_type)
        self._deploy(service, definition)
        return service

    def _check_network(self, definition: TaskDefinition, config: dict[str, Any] | None) -> None:
        check_network(definition, config, self.plane.tasks.interfaces(self.region))

    def _keep(self, service: Service) -> None:
        for member in KEPT:
            if self.given(member) is not None:
                setattr(service, xform_name(member), self.given(member))

    def _place(self, service: Service, cluster: Cluster, launch_type: str) -> None:
        """Where its tasks run: a launch type, or a capacity provider strategy in its place."""
        by_launch_type = bool(self.given("launchType"))
        strategy = self.given(
            "capacityProviderStrategy", cluster.default_capacity_provider_strategy
        )
        service.capacity_provider_strategy = [] if by_launch_type else strategy
        service.launch_type = None if service.capacity_provider_strategy else launch_type
        if launch_type == "FARGATE":
            service.platform_version = self.given("platformVersion", "LATEST")
        service.network_configuration = self.given("networkConfiguration")

    def _deploy(self, service: Service, definition: TaskDefinition) -> None:
        """Put a new PRIMARY deployment before the others, which become ACTIVE ones on their way out."""
        now = self.plane.world.clock.now()
        fargate = service.platform_version is not None
        version = (
            FARGATE_PLATFORM if service.platform_version == "LATEST" else service.platform_version
        )
        service.platform_family = platform_family(definition) if fargate else None
        deployment = Deployment(
            id=f"ecs-svc/{self.plane.world.random.randrange(10**18, 10**19)}",
            status="PRIMARY",
            task_definition=definition.task_definition_arn,
            desired_count=service.desired_count,
            created_at=now,
            updated_at=now,
            launch_type=service.launch_type,
            capacity_provider_strategy=service.capacity_provider_strategy,
            platform_version=version,
            platform_family=service.platform_family,
            network_configuration=service.network_configuration,
            service_connect_configuration=service.service_connect_configuration,
            volume_configurations=service.volume_configurations,
        )
        containers = definition.container_definitions
        images = [{"containerName": one["name"], "image": one["image"]} for one in containers]
        self.plane.begin_deployment(service, deployment, images)

    @behaves("api/test_services.py::test_a_new_revision_rolls_in")
    def describe_services(self) -> ActionResult:
        """DescribeServices, up to 10; in any status, with the newest 100 events each."""
        cluster, names = self.cluster(), self.given("services", [])
        if not 1 <= len(names) <= DESCRIBED_AT_ONCE:
            raise invalid_parameter(
                f"Name 1 to {DESCRIBED_AT_ONCE} services, not {len(names)}."
            )  # ours
        self.show_tags_if_asked(DESCRIBE_SERVICES_TAGS)
        services, failures = [], []
        for name in names:
            service = self.find_service(cluster, name)
            if service:
                services.append(service)
            else:
                arn = self.ecs.arn(f"service/{cluster.cluster_name}/{short_name(name)}")
                failures.append(missing(arn))
        return ActionResult({"services": services, "failures": failures})

    @behaves("api/test_services.py::test_lists_come_ten_to_a_page")
    def list_services(self) -> ActionResult:
        """ListServices: ARNs of ACTIVE services, ten a page unless asked otherwise."""
        cluster = self.cluster()
        launch_type, strategy = self.given("launchType"), self.given("schedulingStrategy")
        arns = [
            service.service_arn
            for key, service in self.ecs.services.items()
            if key.startswith(f"{cluster.cluster_name}:")
            and service.status == "ACTIVE"
            and launch_type in (None, service.launch_type)
            and strategy in (None, service.scheduling_strategy)
        ]
        return self.page("serviceArns", arns, default=10)

    @behaves("api/test_services.py::test_two_to_five_to_none")
    def update_service(self) -> ActionResult:
        """UpdateService: a new desired count moves tasks; a new revision starts a deployment."""
        service = self._active_service(self.given("service"))
        network = self.given("networkConfiguration", service.network_configuration)
        definition = self._definition_for(service)
        launch_type = "EC2" if service.platform_version is None else "FARGATE"
        check_launch(definition, launch_type, self.params)
        if self._changes(("networkConfiguration", "taskDefinition")):
            self._check_network(definition, network)
        desired = self._not_negative(self.given("desiredCount", service.desired_count))
        service.network_configuration = network
        service.platform_version = self.given("platformVersion", service.platform_version)
        service.desired_count = desired
        service.deployment_configuration |= self.given("deploymentConfiguration", {})
        service.capacity_provider_strategy = self.given(
            "capacityProviderStrategy", service.capacity_provider_strategy
        )
        self._keep(service)
        if self.given("forceNewDeployment") or any(self._changes(STARTS_DEPLOYMENT)):
            self._deploy(service, definition)
        self._aim(service)
        self.plane.world.record("you", f"UpdateService {service.service_name}{self._said()}")
        return ActionResult({"service": service})

    def _definition_for(self, service: Service) -> TaskDefinition:
        if self.given("taskDefinition"):
            return self.definition(self.given("taskDefinition"))
        current = self.find_definition(service.primary.task_definition)
        assert current is not None, "a service's own task definition is never forgotten"
        return current

    def _changes(self, members: tuple[str, ...]) -> list[str]:
        return [member for member in members if self.given(member) is not None]

    def _aim(self, service: Service) -> None:
        """Tell the newest deployment the desired count, and the scheduler to look."""
        service.primary.desired_count = service.desired_count
        service.primary.hold_until = None
        service.steady_since, service.blocked = None, False
        self.plane.touch(service)

    def _said(self) -> str:
        shown = {
            "desiredCount": "desired",
            "taskDefinition": "to",
            "forceNewDeployment": "force new deployment",
        }
        parts = [
            f"{word} {self.given(name)}" for name, word in shown.items() if name in self.params
        ]
        return f", {', '.join(parts)}" if parts else ""

    @behaves("api/test_services.py::test_deleted_in_the_middle_of_a_deployment_it_leaves_no_task")
    def delete_service(self) -> ActionResult:
        """DeleteService: DRAINING until its tasks are gone, then INACTIVE."""
        service = self._active_service(self.given("service"))
        if service.desired_count and not self.given("force"):
            raise invalid_parameter("The service cannot be stopped while it is scaled above 0.")
        service.status, service.desired_count = "DRAINING", 0
        self.cluster().active_services_count -= 1
        self._aim(service)
        forced = ", force" if self.given("force") else ""
        self.plane.world.record("you", f"DeleteService {service.service_name}{forced}")
        return ActionResult({"service": service})

    def _active_service(self, name: str) -> Service:
        service = self.find_service(self.cluster(), name)
        if service is None:
            raise service_not_found()
        if service.status != "ACTIVE":
            raise service_not_active()
        return service
