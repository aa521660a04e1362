"""Proofs on clusters, task definitions, tasks and services."""

from typing import Any

from course.exercises.roles import create_execution_role
from course.proofs.account import Account
from course.proofs.proof import tried
from course.proofs.worlds import (
    begin,
    refused,
    register,
    serve,
    shell,
    tasks,
)


@tried("fargate-definitions-001", mutated={"launch": "EC2"})
def registered_without(aws: Account, option: str, launch: str = "FARGATE") -> bool:
    """Leave one member out of a task definition, and see whether it is refused."""
    role = create_execution_role(aws, "program")
    port = {"containerPort": 8080, "hostPort": 8080}
    whole = {"image": "registry.example.com/web:1", "name": "app", "portMappings": [port]}
    given: dict[str, Any] = {
        "family": "web",
        "requiresCompatibilities": [launch],
        "networkMode": "awsvpc",
        "cpu": "256",
        "memory": "512",
        "taskRoleArn": role,
        "containerDefinitions": [whole | {"memory": 512}],
    }
    left_out = {
        "size": ("cpu", "memory"),
        "awsvpc": ("networkMode",),
        "task-role": ("taskRoleArn",),
    }
    for name in left_out.get(option, ()):
        del given[name]
    if option == "container-memory":
        del given["containerDefinitions"][0]["memory"]
    if option == "host-port":
        del port["hostPort"]
    return bool(refused(aws.client("ecs").register_task_definition, **given))


@tried("fargate-services-001", mutated={"ends": False})
def the_report_runs_once(aws: Account, option: str, ends: bool = True) -> bool:
    """Deploy a report of ten minutes as the option says, let an hour pass, and count the tasks that there were."""
    report = shell("sleep 600", "exit 0") if ends else {}
    more: dict[str, Any] = {}
    if option == "nonessential":
        more = {"essential": False}
    if option == "health":
        check = "test ! -e /tmp/report"  # it fails once the report is written
        more = {"healthCheck": {"command": ["CMD-SHELL", check], "interval": 30}}
    given = report | more
    if refused(register, aws=aws, family="tried") or refused(_register, aws=aws, container=given):
        return False
    if option == "standalone":
        begin(aws, "web")
    else:
        percents = {"minimumHealthyPercent": 0} if option == "percent" else {}
        serve(aws, "web", deploymentConfiguration=percents or None)
    aws.clock.advance(minutes=30)
    return len(tasks(aws, "STOPPED") + tasks(aws)) == 1


def _register(aws: Account, container: dict[str, Any]) -> None:
    register(aws, container)
