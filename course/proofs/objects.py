"""Proofs on clusters, task definitions, tasks and services."""

from contextlib import suppress
from typing import Any

from botocore.exceptions import ParamValidationError, WaiterError

from course.exercises.roles import create_execution_role
from course.proofs.account import Account
from course.proofs.proof import observed, tried
from course.proofs.worlds import (
    CLUSTER,
    WEB,
    begin,
    refused,
    register,
    serve,
    service,
    shell,
    tasks,
    update,
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
    if refused(lambda: register(aws, given)):
        return False
    if option == "standalone":
        begin(aws, "web")
    else:
        percents = {"minimumHealthyPercent": 0} if option == "percent" else {}
        serve(aws, "web", deploymentConfiguration=percents or None)
    aws.clock.advance(minutes=30)
    return len(tasks(aws, "STOPPED") + tasks(aws)) == 1


@tried("exam-objects-002", mutated={"has_it": True})
def a_variable_comes_to_the_tasks(aws: Account, option: str, has_it: bool = False) -> bool:
    """Change a variable in the way of the option, and look into the service's task."""
    wanted = {"environment": [{"name": "LEVEL", "value": "debug"}]}
    serve(aws, register(aws, wanted if has_it else {}))
    if option in ("both", "register"):
        revision = register(aws, wanted)
    if option == "both":
        update(aws, taskDefinition=revision)
    if option == "update":
        with suppress(ParamValidationError):  # UpdateService knows no overrides
            update(aws, overrides={"containerOverrides": [{"name": "app", **wanted}]})
    if option == "restart":
        for one in tasks(aws):
            aws.client("ecs").stop_task(cluster=CLUSTER, task=one["taskArn"])
    aws.clock.advance(minutes=4)
    (running,) = tasks(aws)
    return "LEVEL" in aws.sandbox.inside(running["taskArn"]).environment


@observed(
    "exam-objects-003",
    says={
        "on": "2 of revision 1",
        "stop": "0",
        "previous": "2 of revision 2",
        "refused": "refused",
    },
    mutated={"deploys": True},
)
def a_revision_in_use_is_deregistered(aws: Account, deploys: bool = False) -> str:
    """Deregister the revision that a service runs, ask the service for two tasks, and see what there is."""
    first = register(aws)
    serve(aws, first)
    second = register(aws)
    if deploys:
        update(aws, taskDefinition=second)
    if refused(aws.client("ecs").deregister_task_definition, taskDefinition=first):
        return "refused"
    update(aws, desiredCount=2)
    running = [one for one in tasks(aws) if one["lastStatus"] == "RUNNING"]
    revisions = {one["taskDefinitionArn"].rpartition(":")[2] for one in running}
    return f"{len(running)} of revision {' and '.join(revisions)}" if running else "0"


@tried("exam-objects-004", mutated={"crashes": False})
def a_sidecar_crashes(aws: Account, option: str, crashes: bool = True) -> bool:
    """Deploy app and sidecar as the option says; the task with both must outlive the sidecar."""
    sidecar = {"name": "sidecar", **shell("sleep 20", "exit 1" if crashes else "sleep 9999")}
    app = {}
    if option == "essential":
        sidecar["essential"] = False
    if option == "depends":
        app = {"dependsOn": [{"containerName": "sidecar", "condition": "START"}]}
    if option == "services":
        serve(aws, register(aws, sidecar, family="sidecar"), serviceName="sidecar")
    made = register(aws, *([app] if option == "services" else [app, sidecar]))
    serve(aws, made, desiredCount=4 if option == "count" else 1)
    lost = [one for one in tasks(aws, "STOPPED") if one["taskDefinitionArn"] == made]
    beside = [one for one in tasks(aws) if len(one["containers"]) == 2]
    return not lost and bool(beside)


@observed(
    "exam-objects-008",
    says={"then": "revision 2", "always": "revision 3", "first": "revision 1", "none": "refused"},
    mutated={"deployed": True},
)
def a_service_of_a_family(aws: Account, deployed: bool = False) -> str:
    """Make a service of a family with two revisions, register a third, lose a task, and see what replaces it."""
    for _ in range(2):
        register(aws, family="shop")
    if refused(serve, aws=aws, definition="shop"):
        return "refused"
    register(aws, family="shop")
    if deployed:
        update(aws, taskDefinition="shop")
    (old,) = tasks(aws)
    aws.client("ecs").stop_task(cluster=CLUSTER, task=old["taskArn"])
    aws.clock.advance(minutes=3)
    (running,) = tasks(aws)
    return f"revision {running['taskDefinitionArn'].rpartition(':')[2]}"


@observed(
    "fargate-services-002",
    says={
        "health": "one deployment, later COMPLETED",
        "failed": "failed tasks",
        "two": "two deployments",
        "bug": "gave up",
    },
    mutated={"image": "registry.example.com/web-needs:1"},
)
def stable_and_in_progress(aws: Account, image: str = WEB) -> str:
    """Wait until a new service is stable, and see what its deployment was waiting for."""
    serve(aws, register(aws, {"image": image}), minutes=0)
    asked = {"cluster": CLUSTER, "services": ["web"]}
    try:
        aws.client("ecs").get_waiter("services_stable").wait(**asked)
    except WaiterError:
        return "gave up"
    (first, *others) = service(aws)["deployments"]
    if others:
        return "two deployments"
    if first["rolloutState"] != "IN_PROGRESS":
        return str(first["rolloutState"])
    aws.clock.advance(minutes=1)
    (first,) = service(aws)["deployments"]
    return (
        "failed tasks" if first["failedTasks"] else f"one deployment, later {first['rolloutState']}"
    )
