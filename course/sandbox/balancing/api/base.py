"""What the operations of Elastic Load Balancing have in common: the control plane, and a look at every target.

AWS: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/Welcome.html
"""

from typing import Any, ClassVar, Protocol

from moto.elbv2.responses import ELBV2Response

from course.sandbox.balancing.provisioning import Provisioning
from course.sandbox.balancing.target_groups import TargetGroups
from course.sandbox.ecs.errors import Refused
from course.sandbox.network.interfaces import Interfaces


class Tasks(Protocol):
    """Where the control plane keeps the targets of its tasks."""

    target_groups: TargetGroups

    def interfaces(self, region: str) -> Interfaces: ...


class Plane(Protocol):
    """The part of the control plane these operations lean on."""

    @property
    def tasks(self) -> Tasks: ...
    @property
    def provisioning(self) -> Provisioning: ...


class Elbv2Operations(ELBV2Response):
    """moto's answers, with the control plane at hand."""

    plane: ClassVar[Plane]

    @property
    def groups(self) -> TargetGroups:
        return self.plane.tasks.target_groups

    @property
    def interfaces(self) -> Interfaces:
        return self.plane.tasks.interfaces(self.region)

    def changed(self, what: str) -> None:
        """The learner has changed something: told on the timeline, and every target is looked at."""
        self.groups.world.record("you", what)
        self.look()

    def look(self) -> None:
        """Which balancers a group has now, and how its targets stand."""
        backend, balancers = self.elbv2_backend, self.groups.balancers(self.region)
        for arn, group in backend.target_groups.items():
            found = balancers.group(arn)
            group.load_balancer_arns = [one.arn for one in found.fronts] if found else []
        self.groups.look(self.region)

    def group(self) -> Any:
        """moto's target group of the call. Raises Refused where there is none."""
        found = self.elbv2_backend.target_groups.get(self._get_param("TargetGroupArn"))
        if found is None:
            raise Refused("TargetGroupNotFound", "One or more target groups not found")
        return found


def name_of(arn: str) -> str:
    """The name in the ARN of a load balancer or a target group."""
    parts = arn.split("/")
    return parts[-2] if len(parts) > 1 else arn
