"""Services: create, describe, list, update, delete.

AWS: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_services.html
"""

from typing import Any

from moto.core.responses import ActionResult
from moto.ecs.responses import DESCRIBE_SERVICES_TAGS

from course.sandbox.authorize.trust import ECS
from course.sandbox.ecs.api.base import missing
from course.sandbox.ecs.api.service_making import OF_TASK_SETS, ServiceMaking
from course.sandbox.ecs.api.treatment import behaves
from course.sandbox.ecs.errors import invalid_parameter, service_not_active, service_not_found
from course.sandbox.ecs.resources import Cluster, Service, TaskDefinition
from course.sandbox.ecs.service_rules import (
    PERCENTS,
    check_deployment_configuration,
    check_external,
    check_scheduling,
    controller_of,
    outside,
)
from course.sandbox.ecs.validation import check_launch, check_name, check_public_address
from course.sandbox.identity import service_linked

DESCRIBED_AT_ONCE = 10


class ServiceOperations(ServiceMaking):
    """The operations on services, one method each."""

    @behaves("api/test_services.py::test_its_tasks_say_whose_they_are")
    def create_service(self) -> ActionResult:
        """CreateService: the answer is the service before the scheduler has looked at it."""
        cluster, name = self.cluster(), self.given("serviceName")
        check_name(name, "serviceName")
        self.check_new_tags("serviceLongArnFormat", "service")
        again = self._same_service(cluster, name)
        if again:
            return ActionResult({"service": again})
        external = controller_of(self.params) == "EXTERNAL"
        service = self._external(cluster, name) if external else self._rolling(cluster, name)
        self.ecs.services[service.key] = service
        cluster.active_services_count += 1
        self.plane.touch(service)
        return ActionResult({"service": service})

    def _rolling(self, cluster: Cluster, name: str) -> Service:
        """A service of ECS's own deployment controller, with its first deployment."""
        definition = self.definition(self.given("taskDefinition", ""))
        launch_type = self._launch_type(cluster)
        check_scheduling(self.params, launch_type)
        desired = self._desired_count()
        self.check_network(definition, self.given("networkConfiguration"))
        check_public_address(self.given("networkConfiguration"), launch_type)
        check_launch(definition, launch_type, self.params)
        self._check_balancers(definition)
        config, arn = self._connect_config(cluster), self._arn_of(cluster, name)
        plan = self._plan(config, definition, launch_type, arn)
        service = self._new_service(cluster, name, desired)
        if self.given("role") and definition.network_mode != "awsvpc":
            service.role_arn = self.given("role")  # awsvpc needs the service-linked one
        self._place(service, cluster, launch_type)
        self._deploy(service, definition, plan)
        self.plane.world.record(
            "you", f"CreateService {name}, desired {desired}, {definition.name}"
        )
        return service

    def _external(self, cluster: Cluster, name: str) -> Service:
        """A service that starts nothing: an EXTERNAL controller brings task sets."""
        check_scheduling(self.params, "EC2")
        check_external(self.params, OF_TASK_SETS)
        if (self.given("serviceConnectConfiguration") or {}).get("enabled"):
            raise invalid_parameter(
                "Service Connect needs the ECS deployment controller."
            )  # our words
        desired = self._not_negative(self.given("desiredCount", 0))
        self.plane.world.record("you", f"CreateService {name}, desired {desired}, EXTERNAL")
        return self._new_service(cluster, name, desired)

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

    def _arn_of(self, cluster: Cluster, name: str) -> str:
        return self.ecs.arn(f"service/{cluster.cluster_name}/{name}")

    def _new_service(self, cluster: Cluster, name: str, desired: int) -> Service:
        config = self.given("deploymentConfiguration", {})
        check_deployment_configuration(config, controller_of(self.params))
        strategy = self.given("schedulingStrategy", "REPLICA")
        service = Service(
            service_arn=self._arn_of(cluster, name),
            service_name=name,
            cluster_arn=cluster.cluster_arn,
            desired_count=desired,
            created_at=self.plane.world.clock.now(),
            role_arn=service_linked.arn_of(ECS, self.ecs.account_id),
            deployment_configuration={**PERCENTS[strategy], **config},
            client_token=self.given("clientToken"),
        )
        self._keep(service)
        return service

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
                failures.append(missing(self._arn_of_none(name)))
        return ActionResult({"services": services, "failures": failures})

    def _arn_of_none(self, name: str) -> str:
        """The ARN of a service that is not there, without its cluster.

        So users saw it in 2022, with long ARNs long since the rule
        (amazon-ecs-deploy-task-definition#312 and #369).
        """
        return name if name.startswith("arn:") else self.ecs.arn(f"service/{name}")

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
        self._check_update(service)
        desired = self._not_negative(self.given("desiredCount", service.desired_count))
        if service.deployments:
            self._redeploy(service, desired)
        service.deployment_configuration |= self.given("deploymentConfiguration", {})
        self._keep(service)
        self._aim(service, desired)
        self.plane.world.record("you", f"UpdateService {service.service_name}{self._said()}")
        return ActionResult({"service": service})

    def _check_update(self, service: Service) -> None:
        """Refuse what no service can be told, before anything is changed."""
        controller = service.deployment_controller["type"]
        if self.given("deploymentController") and controller_of(self.params) != controller:
            raise outside("Another deployment controller for a service that is there already")
        check_deployment_configuration(self.given("deploymentConfiguration", {}), controller)
        if controller == "EXTERNAL":
            check_external(self.params, (*OF_TASK_SETS, "forceNewDeployment"))
        given = {**self.params, "schedulingStrategy": service.scheduling_strategy}
        check_scheduling(given, "EC2")

    def _redeploy(self, service: Service, desired: int) -> None:
        """Take over what the tasks are made of, and start a deployment where that has changed."""
        definition, network = self._definition_for(service), self._network_for(service)
        launch_type = self._launch_type_for(service)
        check_launch(definition, launch_type, self.params)
        if self._given_of(("networkConfiguration", "taskDefinition")):
            self.check_network(definition, network)
        check_public_address(network, launch_type)
        self._check_balancers(definition)
        config = self._connect_config(self.cluster()) or service.service_connect_configuration
        plan = self._plan(config, definition, launch_type, service.service_arn)
        forced = self.given("forceNewDeployment") or self._changed(service, definition)
        service.desired_count, service.network_configuration = desired, network
        self._place_again(service, launch_type)
        self._keep(service)
        if forced:
            self._deploy(service, definition, plan)

    def _network_for(self, service: Service) -> dict[str, Any] | None:
        return self.network or service.network_configuration

    def _definition_for(self, service: Service) -> TaskDefinition:
        if self.given("taskDefinition"):
            return self.definition(self.given("taskDefinition"))
        current = self.find_definition(service.primary.task_definition)
        assert current is not None, "a service's own task definition is never forgotten"
        return current

    def _aim(self, service: Service, desired: int) -> None:
        """Tell the service its desired count, and the scheduler to look."""
        service.aim(desired)
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
        service.status = "DRAINING"
        self.cluster().active_services_count -= 1
        self._aim(service, 0)
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
