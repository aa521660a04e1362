"""Container instances and their attributes: registered, counted, listed; moto holds them.

A cluster that has one cannot be deleted. No task is placed on one until ECS on
EC2 is modelled, and RunTask says so.

AWS: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_instances.html
"""

import json
from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.models import ec2_backends

from course.sandbox.ecs.api.base import EcsOperations
from course.sandbox.ecs.api.treatment import behaves, stored
from course.sandbox.ecs.errors import Refused, client_exception, invalid_parameter
from course.sandbox.ecs.resources import Cluster

INSTANCES = "api/test_container_instances.py::test_a_cluster_with_an_instance_stays"
STATE = "api/test_container_instances.py::test_the_state_of_an_instance_is_kept"
ATTRIBUTES = "api/test_container_instances.py::test_attributes_are_kept"


class ContainerInstanceOperations(EcsOperations):
    """The operations on container instances, one method each; moto holds the instances."""

    @behaves(INSTANCES)
    def register_container_instance(self) -> Any:
        """RegisterContainerInstance; without an identity document it is refused."""
        self._cluster_is_there()
        instance = _instance_of(self.given("instanceIdentityDocument", ""))
        if instance not in _ec2_instances(self.ecs.account_id, self.region):
            raise invalid_parameter(  # our words
                "instanceIdentityDocument must be the JSON document of an EC2 instance that is there, "
                'such as {"instanceId": "i-..."}.'
            )
        return super().register_container_instance()

    @behaves(INSTANCES)
    def deregister_container_instance(self) -> Any:
        """DeregisterContainerInstance: it is gone, and the cluster's count is one less."""
        cluster = self._cluster_is_there()
        self._known(self.given("containerInstance", ""))
        answer = super().deregister_container_instance()
        cluster.registered_container_instances_count -= 1  # moto forgets to
        return answer

    @behaves(INSTANCES)
    def describe_container_instances(self) -> Any:
        """DescribeContainerInstances; what is not there comes back as a failure MISSING."""
        self._cluster_is_there()
        if not self.given("containerInstances"):
            raise client_exception("Container Instances cannot be empty.")  # as moto 5.2.5 has it
        self._held()
        return super().describe_container_instances()

    @behaves(INSTANCES)
    def list_container_instances(self) -> ActionResult:
        """ListContainerInstances: ARNs, by status."""
        self._cluster_is_there()
        status = self.given("status")
        arns = sorted(
            one.container_instance_arn
            for one in self._held().values()
            if status in (None, one.status)
        )
        return self.page("containerInstanceArns", arns)

    @stored(STATE)
    def update_container_instances_state(self) -> Any:
        """UpdateContainerInstancesState: ACTIVE or DRAINING; nothing moves off, since nothing runs there."""
        self._cluster_is_there()
        if self.given("status") not in ("ACTIVE", "DRAINING"):
            raise invalid_parameter("status must be ACTIVE or DRAINING.")  # our words
        self._held()
        return super().update_container_instances_state()

    @stored(ATTRIBUTES)
    def put_attributes(self) -> ActionResult:
        """PutAttributes: a name, perhaps with a value, on container instances."""
        for one, instance in self._targets():
            instance.attributes[one["name"]] = one.get("value")
        return ActionResult({"attributes": self.given("attributes")})

    @stored(ATTRIBUTES)
    def delete_attributes(self) -> ActionResult:
        """DeleteAttributes: by name; a value that is named must be the one that is there."""
        for one, instance in self._targets():
            if one.get("value") in (None, instance.attributes.get(one["name"])):
                instance.attributes.pop(one["name"], None)
        return ActionResult({"attributes": self.given("attributes")})

    @stored(ATTRIBUTES)
    def list_attributes(self) -> ActionResult:
        """ListAttributes of the cluster's instances, by name and value."""
        self._cluster_is_there()
        wanted, value = self.given("attributeName"), self.given("attributeValue")
        found = [
            {"targetId": one.container_instance_arn, "name": name, "value": held}
            for one in self._held().values()
            for name, held in one.attributes.items()
            if wanted in (None, name) and value in (None, held)
        ]
        return self.page("attributes", found)

    def _cluster_is_there(self) -> Cluster:
        """The call's cluster; moto is asked by its plain name."""
        cluster = self.cluster()
        self.params["cluster"] = cluster.cluster_name
        return cluster

    def _held(self) -> dict[str, Any]:
        """moto's container instances of the cluster, by id."""
        held: Any = self.ecs_backend
        instances: dict[str, Any] = held.container_instances.setdefault(self.params["cluster"], {})
        return instances

    def _known(self, name: str) -> None:
        if name.rsplit("/", 1)[-1] not in self._held():
            raise invalid_parameter("Referenced container instance was not found.")  # our words

    def _targets(self) -> list[tuple[dict[str, Any], Any]]:
        """Each attribute of the call with the instance it belongs to; all are checked before any is used."""
        self._cluster_is_there()
        targets = []
        for one in self.given("attributes", []):
            held = self._held().get((one.get("targetId") or "").rsplit("/", 1)[-1])
            if held is None:
                raise Refused(  # our words
                    "TargetNotFoundException",
                    f"The target {one.get('targetId')!r} is no container instance of this cluster.",
                )
            targets.append((one, held))
        return targets


def _instance_of(document: str) -> str | None:
    """The EC2 instance an identity document names, or None for what is no such document."""
    try:
        return str(json.loads(document)["instanceId"])
    except (ValueError, TypeError, KeyError):
        return None


def _ec2_instances(account_id: str, region: str) -> set[str]:
    """The ids of the Region's EC2 instances."""
    return {one.id for one in ec2_backends[account_id][region].all_instances()}
