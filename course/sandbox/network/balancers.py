"""What a service is told of the learner's load balancers: target groups, and Classic ones by name.

An adapter: it looks into moto's Elastic Load Balancing, both versions of it.

AWS: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-load-balancing.html
"""

from typing import Any

from moto.elb.models import elb_backends
from moto.elbv2.models import elbv2_backends


class Balancers:
    """Looks load balancers up, in one Region of one account."""

    def __init__(self, account_id: str, region: str) -> None:
        self._account_id = account_id
        self._region = region

    def target_type(self, target_group_arn: str) -> str | None:
        """``instance``, ``ip`` ... of a target group; None for one that does not exist."""
        group = self._group(target_group_arn)
        return None if group is None else str(group.target_type)

    def has_load_balancer(self, target_group_arn: str) -> bool:
        """Whether a listener, or a rule of one, sends requests to this target group."""
        group = self._group(target_group_arn)
        return group is not None and bool(group.load_balancer_arns)

    def classic_exists(self, name: str) -> bool:
        """Whether there is a Classic Load Balancer of this name; an Application one is none."""
        return name in elb_backends[self._account_id][self._region].load_balancers

    def _group(self, arn: str) -> Any:
        return elbv2_backends[self._account_id][self._region].target_groups.get(arn)
