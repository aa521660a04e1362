"""Tells the event bus what happens in ECS: each state change once, if somebody may want to hear it.

AWS: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_cwe_events.html
     https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_service_events.html
"""

from typing import Any

from course.sandbox.ecs.resources import ContainerInstance, Deployment, Service, Task
from course.sandbox.observability.eventbridge.bus import Bus
from course.sandbox.observability.eventbridge.ecs_details import (
    ACTION,
    DEPLOYMENT,
    INSTANCE,
    TASK,
    action_detail,
    deployment_detail,
    instance_detail,
    task_detail,
)
from course.sandbox.world import World


class EcsEvents:
    """What ECS tells of itself in one world."""

    def __init__(self, world: World, bus: Bus) -> None:
        self._world = world
        self._bus = bus

    def task(self, task: Task) -> None:
        """A task has another status, or another one is wanted of it; its version has counted that."""
        region = _region(task.task_arn)
        if self._bus.wants(region, TASK):
            detail = task_detail(task, self._world.clock.now())
            self._bus.tell(region, TASK, detail, task.task_arn)

    def instance(self, instance: ContainerInstance) -> None:
        """A container instance, its agent or what is left of it has changed."""
        region = _region(instance.container_instance_arn)
        if self._bus.wants(region, INSTANCE):
            detail = instance_detail(instance, self._world.clock.now())
            self._bus.tell(region, INSTANCE, detail, instance.container_instance_arn)

    def action(self, service: Service, name: str, **more: Any) -> None:
        """The service scheduler has done, or failed to do, something."""
        region = _region(service.service_arn)
        if self._bus.wants(region, ACTION):
            detail = action_detail(service.cluster_arn, name, self._world.clock.now(), more)
            self._bus.tell(region, ACTION, detail, service.service_arn)

    def deployment(self, service: Service, deployment: Deployment, name: str, reason: str) -> None:
        """A deployment of a service is in progress, completed or failed."""
        region = _region(service.service_arn)
        if self._bus.wants(region, DEPLOYMENT):
            detail = deployment_detail(deployment, name, self._world.clock.now(), reason)
            self._bus.tell(region, DEPLOYMENT, detail, service.service_arn)


def _region(arn: str) -> str:
    return arn.split(":", 4)[3]
