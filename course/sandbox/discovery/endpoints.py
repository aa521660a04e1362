"""Endpoints of Service Connect as tasks see them: who knows which, which tasks answer, and why not. Pure.

A task knows the endpoints that existed when its deployment began, and so do tasks
that replace it: whoever is to know a newer one has to be deployed anew. Answered is by
tasks that are registered and healthy.

AWS: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-connect-concepts-deploy.html
"""

from collections.abc import Iterable

from course.sandbox.discovery.resources import UNHEALTHY, Instance
from course.sandbox.ecs.container_health import passes_all
from course.sandbox.ecs.resources import Connection, Endpoint, Service, Task


def known(task: Task) -> tuple[Endpoint, ...]:
    """The endpoints that a task can resolve: none for one that no service with Service Connect started."""
    connection = _connection(task)
    return connection.known if connection else ()


def serves(instance: Instance) -> bool:
    """Whether the proxies send requests to an instance: to a task whose containers are well."""
    task = instance.task
    if task is None or instance.is_sick or task.health_status == UNHEALTHY:
        return False
    return passes_all(task.containers) is not False


def why_unknown(task: Task, host: str, services: Iterable[Service]) -> str:
    """Why a task does not know a name that is an endpoint; empty for one that is none."""
    connection = _connection(task)
    for service in services:
        offered = service.primary.connection if service.deployments else None
        if service.status != "ACTIVE" or offered is None:
            continue
        if host not in [one.dns_name for one in offered.own]:
            continue
        if connection is None:
            return (
                f"{host} is an endpoint of Service Connect in {offered.namespace_name}, which only "
                "tasks of services with Service Connect in that namespace know"
            )
        if connection.namespace_arn != offered.namespace_arn:
            return f"{host} is an endpoint of {offered.namespace_name}, not of {connection.namespace_name}"
        return f"{host} is newer than this task's deployment: deploy its service anew"
    return ""


def _connection(task: Task) -> Connection | None:
    return task.deployment.connection if task.deployment else None
