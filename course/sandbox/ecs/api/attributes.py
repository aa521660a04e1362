"""Attributes of container instances: put, listed, deleted; placement constraints ask for them.

AWS: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-placement-constraints.html
"""

import re
from typing import Any

from moto.core.responses import ActionResult

from course.sandbox.ecs.api.base import EcsOperations
from course.sandbox.ecs.api.treatment import behaves
from course.sandbox.ecs.errors import Refused, invalid_parameter
from course.sandbox.ecs.resources import ContainerInstance

SHOWN = "api/test_attributes.py::test_a_constraint_places_by_an_attribute"
MOST_CUSTOM = 10
NAME = re.compile(r"[A-Za-z0-9\-_./\\]{1,128}")
VALUE = re.compile(r"(?! )[A-Za-z0-9\-_.@/\\: ]{1,128}(?<! )")


class AttributeOperations(EcsOperations):
    """The operations on attributes, one method each."""

    @behaves(SHOWN)
    def put_attributes(self) -> ActionResult:
        """PutAttributes: a name, perhaps with a value, on container instances; at most ten of one's own."""
        targets = self._targets()
        for one, instance in targets:
            _check(one)
            added = {other["name"] for other, where in targets if where is instance}
            if len(instance.custom | added) > MOST_CUSTOM:
                raise Refused(  # our words
                    "AttributeLimitExceededException",
                    f"A resource carries at most {MOST_CUSTOM} custom attributes.",
                )
        for one, instance in targets:
            instance.attributes[one["name"]] = one.get("value")
            instance.custom.add(one["name"])
            self.plane.instances.tell_cluster(instance)
        return ActionResult({"attributes": self.given("attributes")})

    @behaves(SHOWN)
    def delete_attributes(self) -> ActionResult:
        """DeleteAttributes: by name; a value that is named must be the one that is there."""
        for one, instance in self._targets():
            if one.get("value") in (None, instance.attributes.get(one["name"])):
                instance.attributes.pop(one["name"], None)
                instance.custom.discard(one["name"])
                self.plane.instances.tell_cluster(instance)
        return ActionResult({"attributes": self.given("attributes")})

    @behaves("api/test_attributes.py::test_attributes_are_listed_by_name_and_value")
    def list_attributes(self) -> ActionResult:
        """ListAttributes of the cluster's instances, by name and value."""
        cluster = self.cluster()
        wanted, value = self.given("attributeName"), self.given("attributeValue")
        if value is not None and wanted is None:
            raise invalid_parameter("attributeValue needs an attributeName.")  # our words
        found = [
            {"targetId": one.container_instance_arn, "name": name, "value": held}
            for one in self.ecs.instances_of(cluster.cluster_name)
            for name, held in one.attributes.items()
            if wanted in (None, name) and value in (None, held)
        ]
        return self.page("attributes", found)

    def _targets(self) -> list[tuple[dict[str, Any], ContainerInstance]]:
        """Each attribute of the call with the instance it belongs to; all are checked before any is used."""
        cluster, targets = self.cluster(), []
        for one in self.given("attributes", []):
            held = self.find_instance(cluster, one.get("targetId") or "")
            if held is None or held.status == "INACTIVE":
                raise Refused(  # our words
                    "TargetNotFoundException",
                    f"The target {one.get('targetId')!r} is no container instance of this cluster.",
                )
            targets.append((one, held))
        return targets


def _check(attribute: dict[str, Any]) -> None:
    """Refuse a name or a value with characters that AWS does not take."""
    name, value = attribute["name"], attribute.get("value")
    if not NAME.fullmatch(name):
        raise invalid_parameter(f"{name!r} is no name for an attribute.")  # our words
    if value is not None and not VALUE.fullmatch(value):
        raise invalid_parameter(f"{value!r} is no value for an attribute.")  # our words
