"""Tasks, deployments and services as plain objects, for the rules."""

from collections.abc import Callable
from datetime import timedelta
from itertools import count
from typing import Any

import pytest

from course.sandbox.clock import START
from course.sandbox.ecs.resources import Attachment, Deployment, Service, Task

ARN = "arn:aws:ecs:us-east-1:123456789012"
_ids = count(1)

STATES = {
    "provisioning": ("RUNNING", "PROVISIONING"),
    "pending": ("RUNNING", "PENDING"),
    "activating": ("RUNNING", "ACTIVATING"),
    "running": ("RUNNING", "RUNNING"),
    "healthy": ("RUNNING", "RUNNING"),
    "unhealthy": ("RUNNING", "RUNNING"),
    "protected": ("RUNNING", "RUNNING"),
    "asked": ("STOPPED", "RUNNING"),
    "deactivating": ("STOPPED", "DEACTIVATING"),
    "stopping": ("STOPPED", "STOPPING"),
    "deprovisioning": ("STOPPED", "DEPROVISIONING"),
}
"""A word for each (desiredStatus, lastStatus) that the tables below use."""


def make_task(state: str = "running", subnet: str | None = "subnet-a") -> Task:
    desired, last = STATES[state]
    details = [{"name": "subnetId", "value": subnet}]
    return Task(
        task_arn=f"{ARN}:task/lab/{next(_ids):032x}",
        cluster_arn=f"{ARN}:cluster/lab",
        task_definition_arn=f"{ARN}:task-definition/web:1",
        group="service:web",
        created_at=START,
        containers=[],
        stage=last.lower(),
        last_status=last,
        desired_status=desired,
        healthy=state in ("healthy", "protected"),
        health_status="UNHEALTHY" if state == "unhealthy" else "UNKNOWN",
        started_at=START if last == "RUNNING" else None,
        protected_until=START + timedelta(hours=2) if state == "protected" else None,
        attachments=[Attachment("a", details=details)] if subnet else [],
    )


def make_deployment(*tasks: Task, number: int = 1, **more: Any) -> Deployment:
    made = Deployment(
        id=f"ecs-svc/{number}",
        status="PRIMARY",
        task_definition=f"{ARN}:task-definition/web:{number}",
        desired_count=0,
        created_at=START,
        updated_at=START,
        **more,
    )
    for task in tasks:
        task.deployment = made
        made.tasks[task.task_arn] = task
        made.count(task, +1)
    return made


def make_service(
    desired: int, *deployments: Deployment, minimum: int = 100, maximum: int = 200, **more: Any
) -> Service:
    """A service whose first deployment is the newest."""
    for older in deployments[1:]:
        older.status = "ACTIVE"
    return Service(
        service_arn=f"{ARN}:service/lab/web",
        service_name="web",
        cluster_arn=f"{ARN}:cluster/lab",
        desired_count=desired,
        created_at=START - timedelta(hours=1),
        role_arn="",
        deployment_configuration={"minimumHealthyPercent": minimum, "maximumPercent": maximum},
        deployments=list(deployments),
        **more,
    )


@pytest.fixture
def task() -> Callable[..., Task]:
    return make_task


@pytest.fixture
def service_of() -> Callable[..., Service]:
    """``service_of(2, "healthy running")``: desired 2, and the tasks of each deployment by state."""

    def make(desired: int, *states: str, **more: Any) -> Service:
        deployments = [
            make_deployment(*map(make_task, words.split()), number=len(states) - i)
            for i, words in enumerate(states)
        ]
        return make_service(desired, *deployments, **more)

    return make


@pytest.fixture
def deployment_of() -> Callable[..., Deployment]:
    return make_deployment
