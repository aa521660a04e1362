"""Elastic Load Balancing's API where moto falls short: refusals, states, and targets by id and port.

Everything else of the service is moto's. After each call that changes anything
the targets are looked at again.

AWS: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/Welcome.html
"""

from course.sandbox.balancing.api.listeners import Listeners
from course.sandbox.balancing.api.load_balancers import LoadBalancers
from course.sandbox.balancing.api.target_groups import TargetGroupOperations


class Elbv2Api(LoadBalancers, Listeners, TargetGroupOperations):
    """moto's Elastic Load Balancing with what it lacks, one method per operation."""
