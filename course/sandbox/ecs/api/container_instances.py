"""Container instances: registered, described, drained, deregistered.

The agent on an instance registers it by itself; a learner may play the agent.

AWS: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_instances.html
"""

import json
from dataclasses import replace
from typing import Any

from moto.core.responses import ActionResult

from course.sandbox.ecs.api.base import EcsOperations, missing, short_name
from course.sandbox.ecs.api.treatment import behaves
from course.sandbox.ecs.cluster_query import BadExpression, parse
from course.sandbox.ecs.ec2_hosts import find_host, newest_agent
from course.sandbox.ecs.errors import Refused, client_exception, invalid_parameter
from course.sandbox.ecs.places import candidate_of
from course.sandbox.ecs.resources import Cluster, ContainerInstance
from course.sandbox.ecs.validation import check_tags

INSTANCES = "api/test_container_instances.py::test_a_cluster_with_an_instance_stays"
STATE = "api/test_draining.py::test_drained_a_service_moves_off_and_a_standalone_task_stays"
UPDATE = "api/test_container_instances.py::test_an_older_agent_updates_itself"
DESCRIBED_AT_ONCE = 100
UPDATED_AT_ONCE = 10


class ContainerInstanceOperations(EcsOperations):
    """The operations on container instances, one method each."""

    @behaves(INSTANCES)
    def register_container_instance(self) -> ActionResult:
        """RegisterContainerInstance, which the agent calls; without an identity document it is refused."""
        cluster = self.cluster()
        check_tags(self.given("tags", []))
        named = _instance_of(self.given("instanceIdentityDocument", ""))
        host = find_host(self.ecs.account_id, self.region, named) if named else None
        if host is None or host.state != "running":
            raise invalid_parameter(  # our words
                "instanceIdentityDocument must be the JSON document of an EC2 instance that runs, "
                'such as {"instanceId": "i-..."}.'
            )
        instance = self.plane.instances.register(self.ecs, cluster, host)
        instance.version_info |= self.given("versionInfo", {})
        instance.attributes |= {
            one["name"]: one.get("value") for one in self.given("attributes", [])
        }
        instance.tags = self.given("tags", instance.tags)
        return ActionResult({"containerInstance": instance})

    @behaves(INSTANCES)
    def deregister_container_instance(self) -> ActionResult:
        """DeregisterContainerInstance: INACTIVE; its tasks keep it from that, unless by force."""
        instance = self._known(self.cluster(), self.given("containerInstance", ""))
        if instance.tasks and not self.given("force"):
            raise invalid_parameter("Found running tasks on the instance.")
        self.plane.world.record("you", f"DeregisterContainerInstance {instance.id}")
        self.plane.instances.deregister(instance)
        return ActionResult({"containerInstance": instance})

    @behaves(INSTANCES)
    def describe_container_instances(self) -> ActionResult:
        """DescribeContainerInstances, up to 100; what is not there comes back as a failure MISSING."""
        found, failures = self._named(self.cluster(), DESCRIBED_AT_ONCE)
        if "TAGS" not in self.given("include", []):
            found = [replace(one, tags=[]) for one in found]
        return ActionResult({"containerInstances": found, "failures": failures})

    @behaves("api/test_container_instances.py::test_listed_by_status_and_by_query")
    def list_container_instances(self) -> ActionResult:
        """ListContainerInstances: ARNs, by status and by an expression of the cluster query language."""
        cluster, status = self.cluster(), self.given("status")
        held = self.ecs.container_instances.get(cluster.cluster_name, {}).values()
        try:
            matches = parse(self.given("filter")) if self.given("filter") else None
        except BadExpression as wrong:
            raise invalid_parameter(f"The filter cannot be read: {wrong}") from wrong  # our words
        arns = [
            one.container_instance_arn
            for one in held
            if (one.status == status if status else one.status != "INACTIVE")
            and (matches is None or matches(candidate_of(one)))
        ]
        return self.page("containerInstanceArns", sorted(arns))

    @behaves(STATE)
    def update_container_instances_state(self) -> ActionResult:
        """UpdateContainerInstancesState: DRAINING moves service tasks off, ACTIVE lets tasks in again."""
        cluster, status = self.cluster(), self.given("status")
        if status not in ("ACTIVE", "DRAINING"):
            raise invalid_parameter("status must be ACTIVE or DRAINING.")  # our words
        found, failures = self._named(cluster, UPDATED_AT_ONCE)
        for instance in found:
            if instance.status == "INACTIVE":
                raise invalid_parameter(  # our words
                    f"Container instance {instance.id} is INACTIVE: only one that is ACTIVE or "
                    "DRAINING can be updated."
                )
        for instance in found:
            self.plane.world.record("you", f"UpdateContainerInstancesState {instance.id}, {status}")
            self.plane.instances.set_status(instance, status)
        return ActionResult({"containerInstances": found, "failures": failures})

    @behaves(UPDATE)
    def update_container_agent(self) -> ActionResult:
        """UpdateContainerAgent: to the version of the newest ECS-optimized AMI, step by step."""
        instance = self._known(self.cluster(), self.given("containerInstance", ""))
        current, newest = instance.version_info.get("agentVersion"), newest_agent(self.region)
        if not current:
            raise Refused("MissingVersionException", "The agent's version is not known.")  # ours
        if instance.agent_update_status not in (None, "UPDATED", "FAILED"):
            raise Refused(  # our words
                "UpdateInProgressException", "There is already an update in progress."
            )
        if current == newest:
            raise Refused(
                "NoUpdateAvailableException",
                "There is no update available for your container agent.",
            )
        self.plane.world.record("you", f"UpdateContainerAgent {instance.id}")
        self.plane.instances.update_agent(instance, newest)
        return ActionResult({"containerInstance": instance})

    def _named(
        self, cluster: Cluster, most: int
    ) -> tuple[list[ContainerInstance], list[dict[str, str]]]:
        """The instances the call names, and a failure for each that is not there."""
        names = self.given("containerInstances", [])
        if not names:
            raise client_exception("Container Instances cannot be empty.")  # as moto 5.2.5 has it
        if len(names) > most:
            raise invalid_parameter(
                f"Name 1 to {most} container instances, not {len(names)}."
            )  # ours
        found, failures = [], []
        for name in names:
            instance = self.find_instance(cluster, name)
            if instance:
                found.append(instance)
            else:
                path = f"container-instance/{cluster.cluster_name}/{short_name(name)}"
                failures.append(missing(self.ecs.arn(path)))
        return found, failures

    def _known(self, cluster: Cluster, name: str) -> ContainerInstance:
        found = self.find_instance(cluster, name)
        if found is None or found.status == "INACTIVE":
            raise invalid_parameter("Referenced container instance was not found.")  # our words
        return found


def _instance_of(document: str) -> str | None:
    """The EC2 instance an identity document names, or None for what is no such document."""
    try:
        named: Any = json.loads(document)["instanceId"]
    except (ValueError, TypeError, KeyError):
        return None
    return named if isinstance(named, str) else None
