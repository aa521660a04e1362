"""What a service's tasks are made of and where they run: kept, compared, put into a deployment.

AWS: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateService.html
"""

from typing import Any

from botocore import xform_name

from course.sandbox.authorize.roles import find_role
from course.sandbox.authorize.trust import ECS, asked_by_ecs, assuming
from course.sandbox.balancing.balancers import Balancers
from course.sandbox.ecs.api.connecting import Connecting, Plan
from course.sandbox.ecs.balancer_rules import (
    check_infrastructure_roles,
    check_load_balancers,
    check_service_role,
)
from course.sandbox.ecs.capacity import check_associated
from course.sandbox.ecs.image_versions import carried_over
from course.sandbox.ecs.launch import platform_family, platform_version
from course.sandbox.ecs.registry_rules import check_registries
from course.sandbox.ecs.resources import Cluster, Deployment, Service, TaskDefinition
from course.sandbox.ecs.service_rules import check_strategy_change
from course.sandbox.ecs.validation import launch_type_of

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
    "serviceConnectConfiguration",
    "volumeConfigurations",
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
"""Parameters of UpdateService that start a new deployment, by the API's own documentation.

Where one of them says what the service is already, nothing starts: that is what
forceNewDeployment is for.
"""

OF_TASK_SETS = ("taskDefinition", "launchType", "capacityProviderStrategy", "networkConfiguration")
"""Parameters that a service under an EXTERNAL deployment controller leaves to its task sets."""


class ServiceMaking(Connecting):
    """What CreateService and UpdateService have in common."""

    def _launch_type(self, cluster: Cluster) -> str:
        """FARGATE or EC2, by a strategy over providers that the cluster has."""
        default = cluster.default_capacity_provider_strategy
        launch_type = launch_type_of(self.params, default)
        if not self.given("launchType"):
            strategy = self.given("capacityProviderStrategy", default)
            check_associated(strategy, cluster.capacity_providers)
        return launch_type

    def _check_balancers(self, definition: TaskDefinition) -> None:
        """What the call names of load balancers, registries and roles is there, and goes with the tasks."""
        balancers = Balancers(self.ecs.account_id, self.region)
        check_load_balancers(definition, self.given("loadBalancers", []), balancers)
        check_registries(definition, self.given("serviceRegistries", []), self.cloud_map.registry)
        check_service_role(self.params, self._assumable)
        check_infrastructure_roles(self.params, self._assumable)

    def _assumable(self, role: str) -> bool:
        """Whether a role is there and trusts ECS itself."""
        found = find_role(role, self.ecs.account_id)
        given = asked_by_ecs(self.region, self.ecs.account_id)
        return found is not None and assuming(found.trust, ECS, given).allowed

    def _keep(self, service: Service) -> None:
        for member in KEPT:
            if self.given(member) is not None:
                setattr(service, xform_name(member), self._kept(member))

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
        service.network_configuration = self.network

    def _deploy(self, service: Service, definition: TaskDefinition, plan: Plan | None) -> None:
        """Put a new PRIMARY deployment before the others, which become ACTIVE ones on their way out."""
        now = self.plane.world.clock.now()
        fargate = service.platform_version is not None
        version = platform_version(definition, service.platform_version) if fargate else None
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
            connection=self._connection(plan, service.service_arn),
            volume_configurations=service.volume_configurations,
        )
        images = carried_over(definition.container_definitions, self._before(service, definition))
        self.plane.begin_deployment(service, deployment, images)

    def _before(self, service: Service, definition: TaskDefinition) -> Deployment | None:
        """The deployment whose digests a new one keeps: of the same revision, unless force asks anew."""
        if self.given("forceNewDeployment") or not service.deployments:
            return None
        same = service.primary.task_definition == definition.task_definition_arn
        return service.primary if same else None

    def _launch_type_for(self, service: Service) -> str:
        """Where the tasks run from now on. Raises for a strategy that changes without force."""
        now = "EC2" if service.platform_version is None else "FARGATE"
        strategy = self.params.get("capacityProviderStrategy")
        check_strategy_change(service, self.params)
        if not strategy:
            return now
        check_associated(strategy, self.cluster().capacity_providers)
        return launch_type_of({"capacityProviderStrategy": strategy}, [])

    def _place_again(self, service: Service, launch_type: str) -> None:
        """A strategy that is given replaces the launch type; an empty one gives it back."""
        strategy = self.params.get("capacityProviderStrategy")
        if strategy is not None:
            service.capacity_provider_strategy = strategy
            service.launch_type = None if strategy else launch_type
        version = self.given("platformVersion", service.platform_version or "LATEST")
        service.platform_version = version if launch_type == "FARGATE" else None

    def _changed(self, service: Service, definition: TaskDefinition) -> bool:
        """Whether a parameter that starts a deployment says something new."""
        new = definition.task_definition_arn != service.task_definition
        rest = [one for one in self._given_of(STARTS_DEPLOYMENT) if one != "taskDefinition"]
        return new or any(
            self._kept(member) != getattr(service, xform_name(member), None) for member in rest
        )

    def _kept(self, member: str) -> Any:
        """A parameter as the service would keep it."""
        if member == "serviceConnectConfiguration":
            return self._connect_config(self.cluster())
        return self.network if member == "networkConfiguration" else self.given(member)

    def _given_of(self, members: tuple[str, ...]) -> list[str]:
        return [member for member in members if self.given(member) is not None]
