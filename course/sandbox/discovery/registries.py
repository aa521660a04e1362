"""Registers the tasks of services with Cloud Map, keeps their health there, and takes them out.

A task is registered while it is ACTIVATING, and taken out once it is DEACTIVATING. Its custom
health follows its container health checks; without any it is HEALTHY from the start.

AWS: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-discovery.html
"""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Any, Protocol

from course.sandbox.discovery.cloud_map import CloudMap, TooManyInstances
from course.sandbox.discovery.resources import HEALTHY, UNHEALTHY, Instance, Registry
from course.sandbox.ecs import events
from course.sandbox.ecs.container_health import passes_all
from course.sandbox.ecs.resources import Task
from course.sandbox.ecs.task_health import is_checked, is_healthy
from course.sandbox.ecs.task_lifecycle import seconds
from course.sandbox.network.vpc_picture import instance_place
from course.sandbox.world import ACCOUNT_ID, World


class Tasks(Protocol):
    """What instances ask of the progress of their tasks."""

    def recounted(self, task: Task) -> AbstractContextManager[None]: ...


class Registries:
    """Carries the instances of tasks through their lives in one world."""

    def __init__(self, world: World, tasks: Tasks) -> None:
        self.world = world
        self._tasks = tasks
        self._news: list[tuple[Task, str]] = []

    def cloud_map(self, arn: str) -> CloudMap:
        """Cloud Map in the Region of an ARN."""
        return CloudMap(ACCOUNT_ID, arn.split(":")[3])

    def news(self) -> list[tuple[Task, str]]:
        """Event messages since the last call, each with a task of the service it is for."""
        told, self._news = self._news, []
        return told

    # --- A service's tasks

    def register_task(self, task: Task) -> None:
        """Register a task with every registry of its deployment; the task is out of the counts."""
        for given in task.service_registries:
            registry = self.cloud_map(given["registryArn"]).registry(given["registryArn"])
            if registry is None:
                self._fail(task, f"there is no Cloud Map service {given['registryArn']}")
            else:
                self._register(task, registry, given)

    def _register(self, task: Task, registry: Registry, given: Mapping[str, Any]) -> None:
        attributes = _attributes(task, _port(task, given), self._health_of(task, registry))
        instance = Instance(
            registry.id, registry.arn, task.id, attributes, registry.checked, task=task
        )
        try:
            self.cloud_map(registry.arn).register(instance)
        except TooManyInstances as full:
            self._fail(task, str(full))
            return
        task.registrations.append(instance)
        self._say(instance, f"registered in {registry.dns_name}", HEALTHY)

    def _health_of(self, task: Task, registry: Registry) -> str:
        return (_health(task) if registry.checked else "") or ""

    def _fail(self, task: Task, why: str) -> None:
        name = task.group.removeprefix("service:")
        self._news.append((task, events.not_registered(name, task.id, why)))

    def deregister_task(self, task: Task) -> None:
        """Take a task out of its registries; the task is out of the counts."""
        held, task.registrations = task.registrations, []
        for instance in held:
            cloud_map = self.cloud_map(instance.service_arn)
            registry = cloud_map.registry(instance.service_arn)
            if registry and instance in cloud_map.instances(instance.service_arn):
                cloud_map.deregister(instance.service_arn, instance.instance_id)
                self._say(instance, f"deregistered from {registry.dns_name}")
            instance.turn += 1

    def disconnect(self, service_arn: str) -> None:
        """A service is no more: what Service Connect made for it goes with it (our model)."""
        self.cloud_map(service_arn).unmake_registries(service_arn)

    def heed(self, task: Task) -> None:
        """A container of the task may have another health: its instances are to follow."""
        status = _health(task)
        for instance in task.registrations:
            self.ask(instance, status)

    # --- Health

    def ask(self, instance: Instance, status: str) -> None:
        """UpdateInstanceCustomHealthStatus: it holds after half a minute; asking again changes nothing."""
        if not instance.checked or instance.asked == status:
            return
        instance.asked = status
        instance.turn += 1
        wait = seconds("health", profile=self.world.profile, launch_type="CLOUD_MAP")
        self.world.clock.after(wait, self._set, instance, instance.turn)

    def _set(self, instance: Instance, turn: int) -> None:
        if turn != instance.turn or instance.health_status == instance.asked:
            return
        self.cloud_map(instance.service_arn).note_health(instance)
        self._say(instance, f"{instance.health_status} -> {instance.asked} in Cloud Map")
        if instance.task is None:
            self._give(instance)
            return
        with self._tasks.recounted(instance.task):
            self._give(instance)

    def _give(self, instance: Instance) -> None:
        """Give an instance the health it was asked to have, and count it in its task's."""
        instance.health_status = instance.asked
        instance.was_healthy = instance.was_healthy or instance.asked == HEALTHY
        task = instance.task
        if task and is_checked(task):
            task.healthy = is_healthy(task)
        elif task and instance.is_sick:
            task.healthy = False

    def _say(self, instance: Instance, text: str, unless: str = "") -> None:
        subject = instance.task.id if instance.task else ""
        status = instance.health_status
        shown = text if not unless or status in (unless, "UNKNOWN") else f"{text}, {status}"
        shown = shown if subject else f"{instance.instance_id} {shown}"
        self.world.record("cloudmap", shown, subject=subject)


def _health(task: Task) -> str:
    """What ECS tells Cloud Map of a task; that one whose checks have yet to pass is UNHEALTHY is our model."""
    return UNHEALTHY if passes_all(task.containers) is False else HEALTHY


def _port(task: Task, given: Mapping[str, Any]) -> int | None:
    """The port that goes with the address: as given, the container's own, or its instance's."""
    if given.get("port"):
        return int(given["port"])
    port = given.get("containerPort")
    if port is None or task.interface:
        return port
    for container in task.containers:
        for binding in container.network_bindings:
            if container.name == given["containerName"] and binding["containerPort"] == port:
                return int(binding["hostPort"])
    return None


def _attributes(task: Task, port: int | None, health: str) -> dict[str, str]:
    """What ECS says of a task in Cloud Map, as the guide of 2023 lists it, and output of 2019."""
    region = task.task_arn.split(":")[3]
    own = task.interface.detail("privateIPv4Address") if task.interface else None
    machine = task.instance.ec2_instance_id if task.instance else None
    host = instance_place(ACCOUNT_ID, region, machine) if machine else None
    external = getattr(task.deployment, "external_id", None)
    every = {
        "AWS_INSTANCE_IPV4": own or (host.address if host else None),
        "AWS_INSTANCE_PORT": None if port is None else str(port),
        "AWS_INIT_HEALTH_STATUS": health,
        "AVAILABILITY_ZONE": task.availability_zone,
        "REGION": region,
        "ECS_SERVICE_NAME": task.group.removeprefix("service:"),
        "ECS_CLUSTER_NAME": task.cluster_arn.rsplit("/", 1)[-1],
        "ECS_TASK_DEFINITION_FAMILY": task.family,
        "EC2_INSTANCE_ID": machine,
        "ECS_TASK_SET_EXTERNAL_ID": external,
    }
    return {name: value for name, value in every.items() if value}
